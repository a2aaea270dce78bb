"""The store's file: its tables, how far it follows the vault, and how rows are replaced.

Laws:
  * The number of the last change taken over stands in the same transaction as the rows: a kill at
    any instant leaves a store that is behind, never one that is wrong. A power cut may lose the
    newest chunks, which are then taken over again.
  * Tables of another version of the declarations are dropped and made anew; the vault is the
    truth and the store only a view of it.
  * The file can be read by its owner only. It is plaintext: the disk below it must be encrypted.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, delete, insert, select

from fieldapp.domain.record_types import record_types
from fieldapp.storage.database import Database
from fieldapp.storage.hq.documents import Counted, Document
from fieldapp.storage.hq.shape import RECORD_COLUMNS, Rows, Shape, fingerprint, record_shape

_POSITION: Final = "position"
_TALLY_DUE: Final = "tally_due"
_TABLES: Final = "tables"
_PAGE_BYTES: Final = 8_192
"""Rows of this store are long and come by the thousand: larger pages mean fewer of them."""

_FIND_TYPES: Final = "SELECT id, type FROM hq_records WHERE id IN (SELECT value FROM json_each(?))"
_FORGET_TYPES: Final = "DELETE FROM hq_records WHERE id IN (SELECT value FROM json_each(?))"
_NOTE_TYPE: Final = "INSERT INTO hq_records VALUES (?, ?)"


class HqStore:
    """The flat tables of one store file."""

    def __init__(self, path: Path) -> None:
        self._metadata = MetaData()
        self.shapes: Mapping[str, Shape] = {
            declared.key: record_shape(declared, self._metadata) for declared in record_types()
        }
        self.tally = Table(
            "restricted_tally",
            self._metadata,
            Column("category_group", Text, primary_key=True),
            Column("month", Text, primary_key=True),
            Column("sub_county", Text, primary_key=True),
            Column("n", Integer),
            Column("shown", Text, nullable=False),
        )
        self._types = Table(
            "hq_records",
            self._metadata,
            Column("id", Text, primary_key=True),
            Column("type", Text, nullable=False),
            sqlite_with_rowid=False,
        )
        self._state = Table(
            "hq_state",
            MetaData(),
            Column("key", Text, primary_key=True),
            Column("value", Text, nullable=False),
        )
        self.database = Database(path, page_bytes=_PAGE_BYTES)
        self._make_tables()

    def _make_tables(self) -> None:
        wanted = fingerprint(self._metadata)
        with self.database.writing() as connection:
            self._state.create(connection, checkfirst=True)
            if self._get(connection, _TABLES) != wanted:
                self._make_anew(connection)

    def _make_anew(self, connection: Connection) -> None:
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)
        self._state.create(connection)
        self._metadata.create_all(connection)
        self._set(connection, _TABLES, fingerprint(self._metadata))

    def rebuild(self) -> None:
        """Empty the store; the next refresh takes everything over again."""
        with self.database.writing() as connection:
            self._make_anew(connection)

    def position(self) -> int:
        """Return the vault's change number up to which the store follows it."""
        with self.database.reading() as connection:
            return int(self._get(connection, _POSITION) or 0)

    def is_tally_due(self) -> bool:
        """Tell whether a restricted record changed since the counts were made."""
        with self.database.reading() as connection:
            return self._get(connection, _TALLY_DUE) == "1"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one unchanging state of the store."""
        with self.database.reading() as connection:
            yield connection

    def replace(
        self,
        position: int,
        records: Sequence[str],
        found: Iterable[Document | Counted | None],
    ) -> None:
        """Take a chunk of changes over, with the position it leads to.

        Args:
            position: the last change number of the chunk.
            records: ids of all changed records; their old rows go.
            found: what may be held of each as it stands now; looked at one by one, so that no
                document outlives its rows.
        """
        rows: Rows = defaultdict(list)
        tally_due = False
        for one in found:
            if isinstance(one, Document):
                self.shapes[one.type].lay_out(rows, one[: len(RECORD_COLUMNS)], one.fields)
                rows[_NOTE_TYPE].append((one.id, one.type))
            else:
                tally_due = True
        with self.database.writing(durable=False) as connection:
            self._remove(connection, records)
            for statement, values in rows.items():
                if values:
                    connection.exec_driver_sql(statement, values)
            self._set(connection, _POSITION, str(position))
            if tally_due:
                self._set(connection, _TALLY_DUE, "1")

    def replace_tally(self, counts: Sequence[Mapping[str, Any]]) -> None:
        """Put new counts in place of the old ones."""
        with self.database.writing() as connection:
            connection.execute(delete(self.tally))
            if counts:
                connection.execute(insert(self.tally), counts)
            self._set(connection, _TALLY_DUE, "0")

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def _remove(self, connection: Connection, records: Sequence[str]) -> None:
        """Remove the rows of records from the tables of the type that each was of."""
        run = connection.exec_driver_sql
        gone = defaultdict(list)
        for record, type_key in run(_FIND_TYPES, (json.dumps(records),)):
            gone[type_key].append(record)
        for type_key, found in gone.items():
            ids = (json.dumps(found),)
            for statement in self.shapes[type_key].removals():
                run(statement, ids)
            run(_FORGET_TYPES, ids)

    def _get(self, connection: Connection, key: str) -> str | None:
        statement = select(self._state.c.value).where(self._state.c.key == key)
        value: str | None = connection.execute(statement).scalar()
        return value

    def _set(self, connection: Connection, key: str, value: str) -> None:
        connection.execute(delete(self._state).where(self._state.c.key == key))
        connection.execute(insert(self._state), {"key": key, "value": value})
