"""A count matrix: number fields beside each other with the total below, live.

The total of a matrix that has a ``total`` cell is counted by itself while any part is given, and
can be typed alone as an estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from fieldapp.domain.fields import FieldSpec
from fieldapp.domain.meeting_choices import SEX_CELLS
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.inputs import error_line, number_input
from fieldapp.ui.forms import FormState
from fieldapp.ui.theme import RADIUS, RADIUS_FIELD
from fieldapp.ui.words import Words

NUMBER_WIDTH = 116
TOTAL = "total"


def parts_of(spec: FieldSpec) -> tuple[str, ...]:
    """Return the cells that add up to the total."""
    keys = spec.option_keys()
    if TOTAL not in keys:
        return keys
    return tuple(key for key in keys if key in SEX_CELLS)


def counted(spec: FieldSpec, cells: Mapping[str, Any] | None) -> int | None:
    """Return the sum of the parts that are given, or None when none is."""
    given = [value for key in parts_of(spec) if isinstance(value := (cells or {}).get(key), int)]
    return sum(given) if given else None


@guarded
def CountMatrix(
    spec: FieldSpec, form: FormState, words: Words, path: str, *, is_titled: bool = False
) -> ft.Control:
    """The number fields of one matrix; the page's own title may say its name already."""
    cells: Mapping[str, Any] = form.value(path) or {}
    total = counted(spec, cells)

    def take(key: str, typed: str) -> None:
        before = counted(spec, form.value(path))
        form.set_number(f"{path}/{key}", typed)
        held: Mapping[str, Any] = form.value(path) or {}
        after = counted(spec, held)
        follows = held.get(TOTAL) in {None, before}
        if TOTAL in spec.option_keys() and key != TOTAL and follows:
            form.set_number(f"{path}/{TOTAL}", "" if after is None else str(after))

    fields: list[ft.Control] = [
        ft.Container(
            _cell(
                words.text(option.label),
                form.number_text(f"{path}/{option.key}"),
                lambda typed, key=option.key: take(key, typed),  # type: ignore[misc]
                error=_error(form, words, f"{path}/{option.key}"),
                is_large=words.is_large,
            ),
            col={"xs": 12, "md": 6},
        )
        for option in spec.options
    ]
    rows: list[ft.Control] = [] if is_titled else [text.label(words.text(spec.label))]
    if spec.help:
        rows.append(text.note(words.text(spec.help)))
    if error := _error(form, words, path):
        rows.append(error_line(error))
    rows.append(ft.ResponsiveRow(fields, spacing=28, run_spacing=10))
    if total is not None:
        rows.append(_total_line(words, total))
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        padding=14,
        content=ft.Column(
            rows, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
        ),
    )


def _cell(
    label: str,
    value: str,
    on_change: Callable[[str], None],
    *,
    error: str | None,
    is_large: bool,
) -> ft.Control:
    """Return one line of the matrix: its name, whatever its length, and a narrow field.

    The field keeps its name for screen readers; it is drawn once, before the field.
    """
    field = number_input(label, value, on_change)
    field.label_style = ft.TextStyle(size=0.1, color=ft.Colors.TRANSPARENT)
    field.width = NUMBER_WIDTH
    field.text_align = ft.TextAlign.RIGHT
    side = ft.BorderSide(1.5, ft.Colors.ERROR) if error else None
    # No gap in the border for a name that is not drawn there.
    field.border = ft.OutlineInputBorder(border_radius=RADIUS_FIELD, gap_padding=0, side=side)
    field.content_padding = ft.Padding.symmetric(vertical=14, horizontal=14)
    name = ft.Semantics(exclude_semantics=True, expand=not is_large, content=text.body(label))
    line: ft.Control = (
        ft.Column([name, field], spacing=4, tight=True)
        if is_large
        else ft.Row([name, field], spacing=12)
    )
    if error is None:
        return line
    return ft.Column([line, error_line(error)], spacing=4, tight=True)


def _total_line(words: Words, total: int) -> ft.Control:
    return ft.Semantics(
        live_region=True,
        content=ft.Row(
            [
                ft.Icon(ft.Icons.FUNCTIONS, color=ft.Colors.PRIMARY, size=22),
                text.strong(words.t("ui.matrix.total", count=total), ft.Colors.PRIMARY),
            ],
            spacing=8,
        ),
    )


def _error(form: FormState, words: Words, path: str) -> str | None:
    found = form.problem(path)
    return words.problem(found) if found else None
