"""From the store to files that others open: CSV tables and JSON documents.

Laws:
  * Who wrote a record is a stable code unless identities were asked for; a record's own fields are
    equal either way. Records about officers leave with identities only, and with the names by
    which the officers are known at the moment of the export.
  * No cell of text can start a formula: an apostrophe goes before = + - @ and control characters.
    Numbers stay numbers.
  * CSV is UTF-8 with a byte order mark and CRLF, one file per table that has rows; JSONL is one
    document a line, its fields equal to what was entered.
  * Files can be read by their owner only. Each is the older one or the new one, never a half.
  * An export takes the place of an older one, and of no file that somebody else put there.
"""

import base64
import csv
import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Table, func, select

from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import write_private
from fieldapp.storage.hq.shape import RECORD_COLUMNS, Shape
from fieldapp.storage.hq.store import HqStore

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
IDENTITY_TYPES: Final = frozenset({"officer"})
_IDENTITY_COLUMNS: Final = ("author", "officer")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_CODE_LETTERS: Final = 10
_JSON_COLUMNS: Final = tuple(
    column for column in RECORD_COLUMNS if column not in {"document", "conflicts"}
)

Row = TypeVar("Row")

Names = Mapping[str, str]
"""Officers' names by their device, as text."""


@dataclass(frozen=True, slots=True)
class StableCodes:
    """Names people by codes that stay the same from export to export.

    The key is the vault's: without it a code cannot be matched to a person by trying names.
    """

    key: bytes

    def code(self, kind: str, identity: str) -> str:
        """Return the code of an identity."""
        tag = hmac.new(self.key, f"{kind}\0{identity}".encode(), hashlib.sha256).digest()
        return base64.b32encode(tag).decode("ascii").lower()[:_CODE_LETTERS]


def count_documents(store: HqStore, codes: StableCodes | None) -> int:
    """Count the records that an export would write."""
    with store.reading() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(shape.table)).scalar_one()
            for _, shape in _shapes(store, codes)
        )


def exported_ids(store: HqStore, codes: StableCodes | None) -> set[str]:
    """Return the ids of the records that an export would write."""
    with store.reading() as connection:
        return {
            id_
            for _, shape in _shapes(store, codes)
            for id_ in connection.execute(select(shape.table.c.id)).scalars()
        }


def export_csv(
    store: HqStore, folder: Path, codes: StableCodes | None, names: Names | None = None
) -> dict[str, int]:
    """Write one CSV file per table that has rows.

    Args:
        store: the store to read.
        folder: where the files go; it exists.
        codes: what stands in place of identities; None writes identities as they are.
        names: the officers' names, used with identities only.

    Returns:
        The rows of each file by its name.

    Raises:
        StorageError: the disk is full or refuses.
    """
    written: dict[str, int] = {}
    with store.reading() as connection:
        for table in _tables(store, codes):
            rows = _cells(connection, table, codes, names or {})
            form = partial(csv_bytes, _header(table))
            if count := _write(folder / f"{table.name}.csv", rows, form):
                written[f"{table.name}.csv"] = count
    return written


def export_jsonl(
    store: HqStore, folder: Path, codes: StableCodes | None, names: Names | None = None
) -> dict[str, int]:
    """Write one JSONL file per record type that has records; see ``export_csv``."""
    written: dict[str, int] = {}
    with store.reading() as connection:
        for key, shape in _shapes(store, codes):
            rows = documents(connection, key, shape, codes, names or {})
            if count := _write(folder / f"{key}.jsonl", rows, partial(map, _line)):
                written[f"{key}.jsonl"] = count
    return written


def foreign_file(store: HqStore, folder: Path, codes: StableCodes | None) -> str | None:
    """Name a file that lies where an export would write and that none wrote; None without one.

    Raises:
        StorageError: the disk refuses.
    """
    starts = {f"{key}.jsonl": f'{{"type": "{key}", '.encode() for key, _ in _shapes(store, codes)}
    for table in _tables(store, codes):
        starts[f"{table.name}.csv"] = BYTE_ORDER_MARK + ",".join(_header(table)[:2]).encode()
    with disk_errors():
        for name, start in starts.items():
            path = folder / name
            if path.is_file() and not _begins(path, start):
                return name
    return None


def _begins(path: Path, start: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(start)) == start


def documents(
    connection: Connection, key: str, shape: Shape, codes: StableCodes | None, names: Names
) -> Iterator[dict[str, Any]]:
    """Yield the documents of a type, oldest first, each with its ``fields`` as entered."""
    columns = [shape.table.c[column] for column in (*_JSON_COLUMNS, "document")]
    order = (shape.table.c.created_at, shape.table.c.id)
    for row in connection.execute(select(*columns).order_by(*order)).mappings():
        head = {column: row[column] for column in _JSON_COLUMNS}
        head |= _identities(row["author"], row["officer"], codes, names)
        yield {"type": key, **head, "fields": json.loads(row["document"])}


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a CSV file piece by piece: byte order mark, header, rows, each ended by CRLF."""
    yield BYTE_ORDER_MARK
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
        yield _drain(buffer)
    yield _drain(buffer)


def safe_cell(value: object) -> object:
    """Return a cell that a spreadsheet takes as what it is.

    >>> safe_cell("=1+1"), safe_cell("Mkomani"), safe_cell(-5), safe_cell(None)
    ("'=1+1", 'Mkomani', -5, '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def _identities(
    author: str, officer: str | None, codes: StableCodes | None, names: Names
) -> dict[str, str]:
    """Who wrote a record: as codes, or by device and name."""
    if codes is None:
        return {"author": author, "officer": officer or names.get(author, "")}
    named = {"author": author, "officer": officer}
    return {column: codes.code(column, who) if who else "" for column, who in named.items()}


class _Counted:
    """Rows that are counted while they pass."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self.count += 1
            yield row


def _write(
    path: Path, rows: Iterator[Row], form: Callable[[Iterable[Row]], Iterator[bytes]]
) -> int:
    """Write a file and count its rows; without a row, an older export's goes."""
    first = list(islice(rows, 1))
    counted = _Counted(chain(first, rows))
    with disk_errors():
        if first:
            write_private(path, form(counted))
        else:
            path.unlink(missing_ok=True)
    return counted.count


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8") + b"\n"


def _drain(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _shapes(store: HqStore, codes: StableCodes | None) -> Iterator[tuple[str, Shape]]:
    for key, shape in store.shapes.items():
        if key not in IDENTITY_TYPES or codes is None:
            yield key, shape


def _tables(store: HqStore, codes: StableCodes | None) -> Iterator[Table]:
    for _, shape in _shapes(store, codes):
        yield from shape.tables()
    yield store.tally


def _header(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.name != "document"]


def _cells(
    connection: Connection, table: Table, codes: StableCodes | None, names: Names
) -> Iterator[list[Any]]:
    header = _header(table)
    is_record = "document" in table.columns
    author, officer = (header.index(column) if is_record else 0 for column in _IDENTITY_COLUMNS)
    order = [table.c.created_at, table.c.id] if is_record else list(table.columns)[:3]
    columns = [table.c[column] for column in header]
    for row in connection.execute(select(*columns).order_by(*order)):
        cells = list(row)
        if is_record:
            cells[author], cells[officer] = _identities(
                cells[author], cells[officer], codes, names
            ).values()
        yield cells
