"""Reading an import file: rows in, documents or named problems out.

Laws:
  * Nothing is created here; a row becomes a document or a problem with its row and column.
  * A bad row never stops the good ones; a file that cannot be read at all is one error.
  * CSV: the first line names the columns: ``unit``, a field, or ``field.cell`` for one cell of a
    count matrix or a part of a place. A field that is itself called ``unit`` has the column
    ``field_unit``, as in exported tables. Lists are separated by ``;``. A group is a JSON list.
  * Each column stands once, and a field comes whole or in cells: nothing is overwritten unseen.
  * JSONL: one ``{"unit", "fields"}`` document a line, as ``record new`` reads it; a name that is
    not known refuses the line.
  * A cell that an export guarded with an apostrophe against formulas loses that apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType
from fieldapp.errors import InvalidRecordError, ProtocolError
from fieldapp.protocol import strict_json
from fieldapp.services.documents import unit_and_fields, unknown_name

LIST_SEPARATOR = ";"
GUARDED = ("'=", "'+", "'-", "'@", "'\t", "'\r")
MAX_CELL_CHARACTERS = 1_000_000
COLUMN_SHOWN = 40
PLACE_CELLS = ("lat", "lon")
OWN_UNIT = "unit"
TAKEN = "field_"
_DIGITS = re.compile(r"-?[0-9]{1,18}")


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
        name, found = unknown_name(document), unit_and_fields(document)
        if name is not None:
            yield BadRow(number, name, "import_name_unknown")
        elif found is None:
            yield BadRow(number, "", "import_line_not_document")
        else:
            yield ImportRow(number, *found)


def read_csv(text: str, record_type: RecordType) -> Iterator[ImportRow | BadRow]:
    """Read rows of a CSV file against a record type's declaration.

    Raises:
        InvalidRecordError: no heading, or a column that stands twice or that the type does not
            declare.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        heading = [name.strip() for name in next(reader, [])]
    except csv.Error as problem:
        raise InvalidRecordError("invalid_file", reason="csv", row=0) from problem
    if not heading:
        raise InvalidRecordError("invalid_file", reason="empty")
    columns = _columns(heading, record_type)
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

    def meets(self, other: _Column) -> bool:
        """Tell whether both columns would fill the same place."""
        return (self.spec, self.field) == (other.spec, other.field) and (
            not (self.cell and other.cell) or self.cell == other.cell
        )


def _columns(heading: list[str], record_type: RecordType) -> list[_Column]:
    """Find what each column of the heading holds."""
    if len(heading) == 1 and LIST_SEPARATOR in heading[0]:
        raise InvalidRecordError("import_semicolons")
    columns: list[_Column] = []
    for name in heading:
        column = _column(name, record_type)
        if any(column.meets(other) for other in columns):
            raise InvalidRecordError("import_column_twice", column=name[:COLUMN_SHOWN])
        columns.append(column)
    return columns


def _column(name: str, record_type: RecordType) -> _Column:
    if name == OWN_UNIT:
        return _Column(name, name, "", None)
    field, dot, cell = name.partition(".")
    if field == TAKEN + OWN_UNIT:
        field = OWN_UNIT
    spec = record_type.field(field)
    if spec is None or (dot and cell not in _cells(spec)):
        raise InvalidRecordError("import_column_unknown", column=name[:COLUMN_SHOWN])
    return _Column(name, field, cell, spec)


def _cells(spec: FieldSpec) -> tuple[str, ...]:
    """The parts of a field that may have columns of their own."""
    if spec.kind is Kind.PLACE:
        return PLACE_CELLS
    return spec.option_keys() if spec.kind is Kind.COUNT_MATRIX else ()


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


def _whole_number(text: str) -> int:
    """Read plain digits; separators, other scripts and exponents raise ValueError."""
    if not _DIGITS.fullmatch(text.strip()):
        raise ValueError(text)
    return int(text)


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
    Kind.INTEGER: _whole_number,
    Kind.MONEY: _whole_number,
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
        return float(text) if spec.kind is Kind.PLACE else _whole_number(text)
    if spec.multiple:
        return _list(text)
    return _READ_BY_KIND.get(spec.kind, _stripped)(text)
