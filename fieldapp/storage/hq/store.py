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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, delete, insert, select

from fieldapp.domain.record_types import record_types
from fieldapp.storage.database import Database
from fieldapp.storage.hq.documents import Document
from fieldapp.storage.hq.shape import Shape, fingerprint, record_shape

_POSITION: Final = "position"
_TALLY_DUE: Final = "tally_due"
_TABLES: Final = "tables"

Rows = dict[Table, list[tuple[Any, ...]]]


class HqStore:
    """The flat tables of one store file."""

    def __init__(self, path: Path) -> None:
        self._metadata = MetaData()
        self.shapes: Mapping[str, Shape] = {
            declared.key: record_shape(declared, self._metadata) for declared in record_types()
        }
        tables = (table for shape in self.shapes.values() for table in shape.tables())
        self._inserts = {table: _insert(table) for table in tables}
        self.tally = Table(
            "restricted_tally",
            self._metadata,
            Column("category_group", Text, primary_key=True),
            Column("month", Text, primary_key=True),
            Column("sub_county", Text, primary_key=True),
            Column("n", Integer),
            Column("shown", Text, nullable=False),
        )
        self._state = Table(
            "hq_state",
            MetaData(),
            Column("key", Text, primary_key=True),
            Column("value", Text, nullable=False),
        )
        self.database = Database(path)
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
        documents: Iterable[Document],
        *,
        tally_due: bool,
    ) -> None:
        """Take a chunk of changes over, with the position it leads to.

        Args:
            position: the last change number of the chunk.
            records: ids of all changed records; their old rows go.
            documents: those of them that are open, as they stand now.
            tally_due: a restricted record is among them.
        """
        rows = self._rows(documents)
        with self.database.writing(durable=False) as connection:
            for shape in self.shapes.values():
                _remove(connection, shape, records)
            for table, values in rows.items():
                connection.exec_driver_sql(self._inserts[table], values)
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

    def _rows(self, documents: Iterable[Document]) -> Rows:
        rows: Rows = {}
        for document in documents:
            shape = self.shapes[document.type]
            own = (
                document.id,
                document.unit,
                document.county,
                document.sub_county,
                document.author,
                document.author_role,
                document.officer,
                document.tier,
                document.created_at,
                document.updated_at,
                json.dumps(document.fields),
                document.conflicts,
            )
            _add(rows, shape, document.fields, own=own, item=None)
        return rows

    def _get(self, connection: Connection, key: str) -> str | None:
        statement = select(self._state.c.value).where(self._state.c.key == key)
        value: str | None = connection.execute(statement).scalar()
        return value

    def _set(self, connection: Connection, key: str, value: str) -> None:
        connection.execute(delete(self._state).where(self._state.c.key == key))
        connection.execute(insert(self._state), {"key": key, "value": value})


def _remove(connection: Connection, shape: Shape, records: Sequence[str]) -> None:
    """Remove the rows of records, looking for children only where there is a record."""
    own = shape.table.name
    query = f'SELECT id FROM "{own}" WHERE id IN (SELECT value FROM json_each(?))'  # noqa: S608
    gone = list(connection.exec_driver_sql(query, (json.dumps(records),)).scalars())
    if not gone:
        return
    key = shape.table.c.id
    for table in shape.tables():
        column = key if table is shape.table else table.c.record
        connection.execute(delete(table).where(column.in_(gone)))


def _insert(table: Table) -> str:
    """Return the statement that takes rows as they are; SQLAlchemy's own costs more than SQLite."""
    marks = ", ".join("?" for _ in table.columns)
    return f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - our own declarations


def _add(
    rows: Rows, shape: Shape, fields: Mapping[str, Any], *, own: tuple[Any, ...], item: str | None
) -> None:
    """Add the row of a document or an item, and those of its children."""
    record = own[0]
    rows.setdefault(shape.table, []).append(shape.row(own, fields))
    for several in shape.values:
        for value in _texts(fields.get(several.name)):
            rows.setdefault(several.table, []).append((record, item, value))
    for name, group in shape.groups.items():
        for rank, inner in enumerate(_items(fields.get(name)), start=1):
            key = str(inner.get("id", rank))
            _add(rows, group, inner, own=(record, key, rank), item=key)


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [text for text in found if isinstance(text, str)]


def _items(value: object) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else []
    return [item for item in found if isinstance(item, dict)]
