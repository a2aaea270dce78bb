"""Records of one kind as a table, for a window that is wide enough: the columns it declares.

Laws:
  * A column that is empty in every row is not drawn; words get more room than days and numbers.
  * A matrix of counts is its total here; the record itself tells the rest.
  * A draft and a record that is kept close have no values here: their title stands instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType
from fieldapp.services.views import RecordRow
from fieldapp.ui.components import text
from fieldapp.ui.components.matrix import TOTAL, counted
from fieldapp.ui.components.rows import row_badges
from fieldapp.ui.forms import EMPTY
from fieldapp.ui.paging import Found
from fieldapp.ui.words import Words

MOST_COLUMNS = 5
UNIT_SHARE, TICK_SHARE, WORDS_SHARE, NUMBER_SHARE = 3, 6, 5, 3
NUMBERS = {Kind.DATE, Kind.TIME, Kind.INTEGER, Kind.COUNT_MATRIX, Kind.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a table of one kind has today."""

    specs: Sequence[FieldSpec]


def columns_of(declared: RecordType, rows: Mapping[str, Mapping[str, Any]]) -> Columns:
    """Return the declared columns that any row fills in; all of them while nothing is known."""
    specs = [spec for name in declared.list_columns if (spec := declared.field(name)) is not None]
    filled = [
        spec for spec in specs if any(row.get(spec.name) not in EMPTY for row in rows.values())
    ]
    return Columns((filled or specs)[:MOST_COLUMNS])


def table_head(columns: Columns, words: Words) -> ft.Control:
    """Return the names of the columns."""
    cells = [
        _cell(text.label(words.text(spec.label), ft.Colors.ON_SURFACE), _share(spec))
        for spec in columns.specs
    ]
    cells.append(_cell(text.label(words.t("ui.form.unit"), ft.Colors.ON_SURFACE), UNIT_SHARE))
    cells.append(_cell(text.label(words.t("ui.records.how_far"), ft.Colors.ON_SURFACE), TICK_SHARE))
    return ft.Container(
        ft.Row(cells, spacing=16), padding=ft.Padding.symmetric(vertical=8, horizontal=14)
    )


def table_row(
    columns: Columns,
    row: RecordRow,
    found: Found[RecordRow],
    words: Words,
    on_open: Callable[[], None],
) -> ft.Control:
    """Return one record as a line of the table."""
    cells = _values(columns, row, found, words)
    cells.append(_cell(text.note(row.unit_name), UNIT_SHARE))
    badges = ft.Row(row_badges(row, words), wrap=True, spacing=6, run_spacing=6)
    cells.append(_cell(badges, TICK_SHARE))

    def tap(_: object) -> None:
        on_open()

    return ft.Container(
        key=row.id,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        padding=ft.Padding.symmetric(vertical=12, horizontal=14),
        ink=True,
        on_click=tap,
        data=row.title,
        content=ft.Row(cells, spacing=16),
    )


def _values(
    columns: Columns, row: RecordRow, found: Found[RecordRow], words: Words
) -> list[ft.Control]:
    """Return a row's own cells; one whose values are not told has its title in the first."""
    values = found.beside.get(row.id)
    told = [
        _value(spec, (values or {}).get(spec.name), found.names, words) for spec in columns.specs
    ]
    if values is None and told:
        told[0] = row.title
    shares = [_share(spec) for spec in columns.specs]
    return [_cell(text.body(said), share) for said, share in zip(told, shares, strict=True)]


def _share(spec: FieldSpec) -> int:
    return NUMBER_SHARE if spec.kind in NUMBERS else WORDS_SHARE


def _cell(content: ft.Control, share: int) -> ft.Control:
    return ft.Container(content, expand=share)


def _value(spec: FieldSpec, value: object, names: Mapping[str, str], words: Words) -> str:
    if value in EMPTY:
        return ""
    if spec.kind is Kind.COUNT_MATRIX and isinstance(value, Mapping):
        total = value.get(TOTAL)
        return str(counted(spec, value) if total is None else total)
    return words.value(spec, value, names)
