"""Reading an import file: rows in, documents or named problems out.

Laws:
  * Nothing is created here; a row becomes a document or a problem with its row and column.
  * A bad row never stops the good ones; a file that cannot be read at all is one error.
  * CSV: the first line names the columns: ``unit``, a field, or ``field.cell`` for one cell of a
    count matrix or a part of a place. Lists are separated by ``;``. A group is a JSON list.
  * JSONL: one ``{"unit", "fields"}`` document a line, as ``record new`` reads it.
  * A cell that an export guarded with an apostrophe against formulas loses that apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType
from fieldapp.errors import InvalidRecordError, ProtocolError
from fieldapp.protocol import strict_json

LIST_SEPARATOR = ";"
GUARDED = ("'=", "'+", "'-", "'@", "'\t", "'\r")
MAX_CELL_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row as a document; ``number`` counts from 1, the heading not counted."""

    number: int
    unit: str | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that is no document: where and why."""

    number: int
    column: str
    code: str


def read_jsonl(text: str) -> Iterator[ImportRow | BadRow]:
    """Read one document a line; empty lines are passed over."""
    number = 0
    for line in text.split("\n"):
        if not line.strip():
            continue
        number += 1
        try:
            document = strict_json.loads(line.strip().encode())
        except ProtocolError:
            yield BadRow(number, "", "import_line_not_json")
            continue
        fields = document.get("fields") if isinstance(document, dict) else None
        unit = document.get("unit") if isinstance(document, dict) else None
        if not isinstance(fields, dict) or not isinstance(unit, str | None):
            yield BadRow(number, "", "import_line_not_document")
            continue
        yield ImportRow(number, unit, fields)


def read_csv(text: str, record_type: RecordType) -> Iterator[ImportRow | BadRow]:
    """Read rows of a CSV file against a record type's declaration.

    Raises:
        InvalidRecordError: no heading, or a column that the type does not declare.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        heading = [name.strip() for name in next(reader, [])]
    except csv.Error as problem:
        raise InvalidRecordError("invalid_file", reason="csv", row=0) from problem
    columns = [_column(name, record_type) for name in heading]
    if not columns:
        raise InvalidRecordError("invalid_file", reason="empty")
    number = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield BadRow(number + 1, "", "import_row_not_csv")
            return
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        yield _row(number, columns, cells)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    field: str
    cell: str
    spec: FieldSpec | None


def _column(name: str, record_type: RecordType) -> _Column:
    field, _, cell = name.partition(".")
    spec = record_type.field(field)
    if name != "unit" and spec is None:
        raise InvalidRecordError("invalid_file", reason="column", what=name[:40])
    return _Column(name, field, cell, None if name == "unit" else spec)


def _row(number: int, columns: list[_Column], cells: list[str]) -> ImportRow | BadRow:
    if len(cells) != len(columns):
        return BadRow(number, "", "import_row_length")
    unit: str | None = None
    fields: dict[str, Any] = {}
    for column, raw in zip(columns, cells, strict=True):
        text = raw[1:] if raw.startswith(GUARDED) else raw
        if not text.strip():
            continue
        if column.spec is None:
            unit = text.strip()
            continue
        try:
            value = _value(column.spec, column.cell, text)
        except ValueError:
            return BadRow(number, column.name, "import_cell_unreadable")
        if column.cell:
            fields.setdefault(column.field, {})[column.cell] = value
        else:
            fields[column.field] = value
    return ImportRow(number, unit, fields)


def _boolean(text: str) -> bool:
    """Read yes and no in both languages; anything else raises ValueError."""
    words = {"true": True, "yes": True, "1": True, "ndiyo": True}
    words |= {"false": False, "no": False, "0": False, "la": False, "hapana": False}
    found = words.get(text.strip().lower())
    if found is None:
        raise ValueError(text)
    return found


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(LIST_SEPARATOR) if part.strip()]


def _stripped(text: str) -> str:
    return text.strip()


def _json(text: str) -> object:
    """Read strict JSON; what is none raises ValueError."""
    try:
        return strict_json.loads(text.encode())
    except ProtocolError as problem:
        raise ValueError(text) from problem


_READ_BY_KIND: Mapping[Kind, Callable[[str], Any]] = {
    Kind.INTEGER: int,
    Kind.MONEY: int,
    Kind.BOOLEAN: _boolean,
    Kind.MULTI_CHOICE: _list,
    Kind.GROUP: _json,
    Kind.COUNT_MATRIX: _json,
    Kind.PLACE: _json,
    Kind.LONG_TEXT: str,
}


def _value(spec: FieldSpec, cell: str, text: str) -> object:
    """Read a cell as the kind of its field; raises ValueError where it cannot be one."""
    if cell:
        return float(text) if spec.kind is Kind.PLACE else int(text)
    if spec.multiple:
        return _list(text)
    return _READ_BY_KIND.get(spec.kind, _stripped)(text)
