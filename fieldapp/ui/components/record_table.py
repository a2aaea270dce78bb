"""Records of one kind as a table, for a window that is wide enough: the columns it declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import flet as ft

from fieldapp.domain.record_type import RecordType
from fieldapp.services.views import RecordRow
from fieldapp.ui.components import text
from fieldapp.ui.components.rows import row_badges
from fieldapp.ui.forms import EMPTY
from fieldapp.ui.paging import Found
from fieldapp.ui.words import Words

MOST_COLUMNS = 5
UNIT_SHARE, TICK_SHARE, COLUMN_SHARE = 3, 4, 4


def table_head(declared: RecordType, words: Words) -> ft.Control:
    """Return the names of the columns."""
    names = [words.text(declared.field(name).label) for name in _columns(declared)]  # type: ignore[union-attr]
    cells = [_cell(text.label(name, ft.Colors.ON_SURFACE), COLUMN_SHARE) for name in names]
    cells.append(_cell(text.label(words.t("ui.form.unit"), ft.Colors.ON_SURFACE), UNIT_SHARE))
    cells.append(_cell(text.label(words.t("ui.records.how_far"), ft.Colors.ON_SURFACE), TICK_SHARE))
    return ft.Container(
        ft.Row(cells, spacing=16), padding=ft.Padding.symmetric(vertical=8, horizontal=14)
    )


def table_row(
    declared: RecordType,
    row: RecordRow,
    found: Found[RecordRow],
    words: Words,
    on_open: Callable[[], None],
) -> ft.Control:
    """Return one record as a line of the table."""
    values = found.beside.get(row.id, {})
    cells = [
        _cell(text.body(_value(declared, name, values, found.names, words)), COLUMN_SHARE)
        for name in _columns(declared)
    ]
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


def _columns(declared: RecordType) -> Sequence[str]:
    return declared.list_columns[:MOST_COLUMNS]


def _cell(content: ft.Control, share: int) -> ft.Control:
    return ft.Container(content, expand=share)


def _value(
    declared: RecordType,
    name: str,
    values: Mapping[str, Any],
    names: Mapping[str, str],
    words: Words,
) -> str:
    spec = declared.field(name)
    value = values.get(name)
    return "" if spec is None or value in EMPTY else words.value(spec, value, names)
