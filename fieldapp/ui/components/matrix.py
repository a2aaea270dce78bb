"""A count matrix: big number pads in pairs, sums while one types, and plain words on what is off.

Laws:
  * The total of a matrix that has one is counted by itself while any part is given, until somebody
    types another; it can be typed alone as an estimate.
  * What does not add up is said at once, with the numbers, and never blocks typing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from fieldapp.domain.attendance import Finding, findings
from fieldapp.domain.fields import FieldSpec, Option
from fieldapp.domain.meeting_choices import AGE_CELLS, SEX_CELLS
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button
from fieldapp.ui.components.inputs import entry, error_line, field_border
from fieldapp.ui.components.surfaces import grid
from fieldapp.ui.context import use_app
from fieldapp.ui.forms import FormState
from fieldapp.ui.theme import RADIUS
from fieldapp.ui.words import Words

TOTAL = "total"
DIGITS = 24
BLOCK_OF = {"age": "ui.matrix.age", "pwd": "ui.matrix.other"}


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


def blocks_of(spec: FieldSpec) -> list[tuple[str, list[Option]]]:
    """Return the cells in the order of typing: by sex with the total, by age, then the rest."""
    sex = [option for option in spec.options if option.key in SEX_CELLS]
    total = [option for option in spec.options if option.key == TOTAL]
    age = [option for option in spec.options if option.key in AGE_CELLS]
    if not (sex and total and age):
        return [("", list(spec.options))]
    placed = {option.key for option in (*sex, *total, *age)}
    rest = [option for option in spec.options if option.key not in placed]
    blocks = [("ui.matrix.sex", [*sex, *total]), ("ui.matrix.age", age), ("ui.matrix.other", rest)]
    return [(name, options) for name, options in blocks if options]


@guarded
def CountMatrix(
    spec: FieldSpec, form: FormState, words: Words, path: str, *, is_titled: bool = False
) -> ft.Control:
    """The number fields of one matrix; the page's own title may say its name already."""
    cells: Mapping[str, Any] = form.value(path) or {}
    across = 1 if words.is_large else 4 if use_app().wide else 2

    def take(key: str, typed: str) -> None:
        before = counted(spec, form.value(path))
        form.set_number(f"{path}/{key}", typed)
        held: Mapping[str, Any] = form.value(path) or {}
        after = counted(spec, held)
        follows = held.get(TOTAL) in {None, before}
        if TOTAL in spec.option_keys() and key != TOTAL and follows:
            form.set_number(f"{path}/{TOTAL}", "" if after is None else str(after))

    def pad(option: Option) -> ft.Control:
        return _pad(
            words.text(option.label),
            form.number_text(f"{path}/{option.key}"),
            lambda typed: take(option.key, typed),
            error=_error(form, words, f"{path}/{option.key}"),
            # Large text has its own size, which is larger still.
            size=None if words.is_large else DIGITS,
        )

    rows = _head(spec, form, words, path, is_titled=is_titled)
    for name, options in blocks_of(spec):
        if name:
            rows.append(text.label(words.t(name), ft.Colors.PRIMARY))
        rows.append(grid([pad(option) for option in options], across, at_bottom=True))
        if name in {"", "ui.matrix.sex"} and (total := counted(spec, cells)) is not None:
            rows.append(_total_line(words, total))
        rows += _said(name, cells, words, lambda total: take(TOTAL, str(total)))
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        padding=14,
        content=ft.Column(
            rows,
            spacing=10,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            tight=True,
        ),
    )


def _head(
    spec: FieldSpec, form: FormState, words: Words, path: str, *, is_titled: bool
) -> list[ft.Control]:
    rows: list[ft.Control] = [] if is_titled else [text.label(words.text(spec.label))]
    if spec.help:
        rows.append(text.note(words.text(spec.help)))
    if error := _error(form, words, path):
        rows.append(error_line(error))
    return rows


def _pad(
    label: str,
    value: str,
    on_change: Callable[[str], None],
    *,
    error: str | None,
    size: int | None,
) -> ft.Control:
    """Return one number: its name above, whatever its length, and a field of large digits."""
    field = entry(
        label,
        value,
        on_change,
        keyboard_type=ft.KeyboardType.NUMBER,
        text_align=ft.TextAlign.CENTER,
        text_style=ft.TextStyle(size=size, weight=ft.FontWeight.W_700),
        border=field_border(ft.Colors.ERROR, width=1.5) if error else field_border(),
        content_padding=ft.Padding.symmetric(vertical=14, horizontal=8),
    )
    name = ft.Semantics(exclude_semantics=True, content=text.note(label, ft.Colors.ON_SURFACE))
    lines: list[ft.Control] = [name, field, *([error_line(error)] if error else [])]
    return ft.Column(
        lines, spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def _total_line(words: Words, total: int) -> ft.Control:
    return _line(words.t("ui.matrix.total", count=total), ft.Icons.FUNCTIONS, ft.Colors.PRIMARY)


def _said(
    block: str, cells: Mapping[str, Any], words: Words, mend: Callable[[int], None]
) -> list[ft.Control]:
    """Say below a block what its counts say to each other, with one tap to mend a total."""
    lines: list[ft.Control] = []
    for found in findings(cells) if block else ():
        if BLOCK_OF.get(found.code.partition("_")[0], "ui.matrix.sex") != block:
            continue
        lines.append(_finding(found, words))
        if found.code.startswith("sex_"):
            by_sex = found.params["sum"]
            offer = words.t("ui.matrix.use_sum", count=by_sex)
            lines.append(quiet_button(offer, lambda _, n=by_sex: mend(n), icon=ft.Icons.DONE))
    return lines


def _finding(found: Finding, words: Words) -> ft.Control:
    told = words.t(f"ui.matrix.say_{found.code}", **found.params)
    if found.is_wrong:
        return _line(told, ft.Icons.ERROR_OUTLINE, ft.Colors.ERROR)
    return _line(told, ft.Icons.INFO_OUTLINE, ft.Colors.ON_SURFACE_VARIANT)


def _line(words: str, icon: ft.IconData, color: str) -> ft.Control:
    return ft.Semantics(
        live_region=True,
        content=ft.Row(
            [
                ft.Icon(icon, color=color, size=22),
                ft.Container(text.note(words, color), expand=True),
            ],
            spacing=8,
        ),
    )


def _error(form: FormState, words: Words, path: str) -> str | None:
    found = form.problem(path)
    return words.problem(found) if found else None
