"""From a record type's declaration to its tables.

Laws:
  * One table per type; one child table per repeat group and per field that holds several values.
    Nothing here names a type or a field: what is declared has a column.
  * A field whose name is taken by one of our own columns is called ``field_NAME``.
  * A count matrix has one column per cell, a place one per coordinate.
  * A value that does not fit its column (a hostile or newer author's) leaves the column empty; the
    document beside it still has it.
  * A document is laid out in one pass over what it says.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Boolean, Column, Integer, MetaData, Numeric, Table, Text
from sqlalchemy.schema import CreateTable

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType

RECORD_COLUMNS: Final = (
    "id",
    "unit",
    "county",
    "sub_county",
    "author",
    "author_role",
    "officer",
    "tier",
    "created_at",
    "updated_at",
    "document",
    "conflicts",
)
ITEM_COLUMNS: Final = ("record", "item", "rank")
_OWN_COLUMNS: Final = frozenset((*RECORD_COLUMNS, *ITEM_COLUMNS))
_COORDINATES: Final = ("lat", "lon")
_LARGEST: Final = 1 << 53
_LISTED: Final = "(SELECT value FROM json_each(?))"

Read = Callable[[Any], Any]
Rows = defaultdict[str, list[tuple[Any, ...]]]
"""Rows by the statement that inserts them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a table: its name, its type, and how it is read from a field's value."""

    column: str
    type: Any
    name: str
    read: Read


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the fields of a record, or of one item of a group, go.

    Attributes:
        insert: takes rows into the table as they are; SQLAlchemy's own care for each row costs more
            than SQLite.
        places: says for each field in which places of a row its columns stand.
        values: the tables of fields that hold several values.
    """

    table: Table
    insert: str
    cells: tuple[Cell, ...] = ()
    places: Mapping[str, tuple[tuple[int, Read], ...]] = field(default_factory=dict)
    values: Mapping[str, "Shape"] = field(default_factory=dict)
    groups: Mapping[str, "Shape"] = field(default_factory=dict)

    def tables(self) -> Iterable[Table]:
        """Yield the table and those of all its children."""
        yield self.table
        for child in (*self.values.values(), *self.groups.values()):
            yield from child.tables()

    def removals(self) -> Iterable[str]:
        """Yield the statements that take the rows of records away; each is given their ids."""
        for table in self.tables():
            key = "id" if table is self.table else "record"
            yield f'DELETE FROM "{table.name}" WHERE {key} IN {_LISTED}'  # noqa: S608

    def lay_out(
        self, rows: Rows, own: tuple[Any, ...], fields: Mapping[str, Any], item: str | None = None
    ) -> None:
        """Add the rows of a document, or of an item, and those of its children.

        Args:
            rows: what is added to: by the statement that inserts them.
            own: what stands in our own columns, the record first.
            fields: what the document or the item says.
            item: the item's key.
        """
        record = own[0]
        row = [*own, *([None] * len(self.cells))]
        for name, value in fields.items():
            if (places := self.places.get(name)) is not None:
                for place, read in places:
                    row[place] = read(value)
            elif (several := self.values.get(name)) is not None:
                rows[several.insert] += [(record, item, text) for text in _texts(value)]
            elif (group := self.groups.get(name)) is not None:
                for rank, inner in enumerate(_items(value), start=1):
                    key = str(inner.get("id", rank))
                    group.lay_out(rows, (record, key, rank), inner, key)
        rows[self.insert].append(tuple(row))


def record_shape(declared: RecordType, metadata: MetaData) -> Shape:
    """Declare the tables of a record type."""
    own: list[Column[Any]] = [Column("id", Text, primary_key=True)]
    own += [Column(name, Text) for name in RECORD_COLUMNS if name not in {"id", "conflicts"}]
    own += [Column("conflicts", Integer)]
    return _shape(declared.key, declared.fields, own, metadata)


def fingerprint(metadata: MetaData) -> str:
    """Return a short name of all tables together; it changes when a declaration does."""
    statements = [str(CreateTable(table)) for table in metadata.sorted_tables]
    return hashlib.sha256("\n".join(sorted(statements)).encode()).hexdigest()[:16]


def _shape(
    table: str, specs: tuple[FieldSpec, ...], own: list["Column[Any]"], metadata: MetaData
) -> Shape:
    cells = tuple(cell for spec in specs for cell in _cells(spec))
    places: dict[str, tuple[tuple[int, Read], ...]] = {}
    for place, cell in enumerate(cells, start=len(own)):
        places[cell.name] = (*places.get(cell.name, ()), (place, cell.read))
    made = Table(table, metadata, *own, *(Column(cell.column, cell.type) for cell in cells))
    return Shape(
        table=made,
        insert=_insert(made),
        cells=cells,
        places=places,
        values={
            spec.name: _values_shape(f"{table}_{spec.name}", metadata)
            for spec in specs
            if _holds_several(spec)
        },
        groups={
            spec.name: _shape(f"{table}_{spec.name}", spec.subfields, _item_columns(), metadata)
            for spec in specs
            if spec.kind is Kind.GROUP
        },
    )


def _values_shape(table: str, metadata: MetaData) -> Shape:
    made = Table(table, metadata, *_value_columns())
    return Shape(made, _insert(made))


def _insert(table: Table) -> str:
    marks = ", ".join("?" for _ in table.columns)
    return f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - our own declarations


def _item_columns() -> list["Column[Any]"]:
    return [
        Column("record", Text, nullable=False, index=True),
        Column("item", Text, nullable=False),
        Column("rank", Integer, nullable=False),
    ]


def _value_columns() -> list["Column[Any]"]:
    return [
        Column("record", Text, nullable=False, index=True),
        Column("item", Text),
        Column("value", Text, nullable=False),
    ]


def _holds_several(spec: FieldSpec) -> bool:
    return spec.kind is Kind.MULTI_CHOICE or spec.multiple


def _cells(spec: FieldSpec) -> Iterable[Cell]:
    """Yield the columns of one field; none for what has a table of its own."""
    column = f"field_{spec.name}" if spec.name in _OWN_COLUMNS else spec.name
    if spec.kind is Kind.GROUP or _holds_several(spec):
        return
    if spec.kind is Kind.COUNT_MATRIX:
        for key in spec.option_keys():
            yield Cell(f"{column}_{key}", Integer, spec.name, _part(key, _whole))
    elif spec.kind is Kind.PLACE:
        for key in _COORDINATES:
            yield Cell(f"{column}_{key}", Numeric(asdecimal=False), spec.name, _part(key, _number))
    else:
        sort, read = _SINGLE.get(spec.kind, (Text, _text))
        yield Cell(column, sort, spec.name, read)


def _part(key: str, read: Read) -> Read:
    return lambda value: read(value.get(key)) if isinstance(value, dict) else None


def _how_many(value: object) -> int | None:
    return len(value) if isinstance(value, list) else None


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number == int(number) else None


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) <= _LARGEST else None


def _yes_or_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [text for text in found if isinstance(text, str)]


def _items(value: object) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else []
    return [item for item in found if isinstance(item, dict)]


_SINGLE: Final[Mapping[Kind, tuple[Any, Read]]] = {
    Kind.INTEGER: (Integer, _whole),
    Kind.MONEY: (Integer, _whole),
    Kind.BOOLEAN: (Boolean, _yes_or_no),
    Kind.PHOTO: (Integer, _how_many),
    Kind.AUDIO: (Integer, _how_many),
}
