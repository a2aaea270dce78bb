"""Single inputs: text, number, yes or no, one of a few.

Laws:
  * Each input is given its value on every render and reports each change at once.
  * Its name and its help stand above it, whatever the size of the text; what is wrong is written
    below it, with an icon where the input has no own line for it.
  * One line that may be long grows downwards; what was typed never slides out of sight sideways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.surfaces import grid, stack
from fieldapp.ui.theme import GAP_SMALL, RADIUS_FIELD

OnChange = Callable[[str], None]
MOST_IN_HALF, MOST_IN_PART = 10, 16
"""So many letters fit beside a circle in half a phone, and in a part of a wide window."""
PHONE_ABREAST = 2
MANY = 4
NAME_GAP = 6
GROWING: dict[str, Any] = {"multiline": True, "min_lines": 1, "max_lines": 4}
UNDRAWN = ft.TextStyle(size=0.1, color=ft.Colors.TRANSPARENT)
"""How a name looks that is spoken only, because it is drawn elsewhere."""


def entry(
    label: str,
    value: str,
    on_change: OnChange,
    *,
    error: str | None = None,
    grows: bool = False,
    **more: Any,  # noqa: ANN401  whatever the field itself takes
) -> ft.TextField:
    """Return the field alone, in the app's look; ``more`` are the field's own properties.

    One that ``grows`` is as high as its words and still takes one line: a new line is a space.

    Its name is spoken by screen readers and drawn by ``named``: a name that floats in the border is
    cut off by the border as soon as text is large or the name is long.
    """
    looks: dict[str, Any] = {
        "label_style": UNDRAWN,
        "border": field_border(),
        "content_padding": ft.Padding.symmetric(vertical=16, horizontal=16),
    }

    def changed(event: ft.Event[ft.TextField]) -> None:
        typed = str(event.control.value or "")
        on_change(typed.replace("\n", " ") if grows else typed)

    return ft.TextField(
        # Without a key of its own a field would take over what was typed into the one that stood
        # in its place before.
        key=label,
        label=label,
        value=value,
        error=error,
        on_change=changed,
        filled=True,
        fill_color=ft.Colors.SURFACE_CONTAINER_LOWEST,
        error_max_lines=4,
        **(looks | (GROWING if grows else {}) | more),
    )


def field_border(color: str = ft.Colors.OUTLINE, *, width: float = 1) -> ft.OutlineInputBorder:
    """Return the border of every field at rest; what has the focus is drawn by the theme."""
    # No gap for a name that is not drawn there.
    return ft.OutlineInputBorder(
        border_radius=RADIUS_FIELD, gap_padding=0, side=ft.BorderSide(width, color)
    )


def named(label: str, helper: str | None, field: ft.Control) -> ft.Control:
    """Return a field below its name and its help, which large text never cuts off."""
    name = ft.Semantics(exclude_semantics=True, content=text.label(label))
    help_line = [text.note(helper)] if helper else []
    return stack([name, *help_line, field], NAME_GAP)


def text_input(
    label: str,
    value: str,
    on_change: OnChange,
    *,
    error: str | None = None,
    helper: str | None = None,
    **more: Any,  # noqa: ANN401  whatever the field itself takes
) -> ft.Control:
    """Return a field for text below its name."""
    return named(label, helper, entry(label, value, on_change, error=error, **more))


def search_input(label: str, value: str, on_change: OnChange) -> ft.TextField:
    """Return a field that narrows a list, with its name inside."""
    return entry(
        label,
        value,
        on_change,
        prefix_icon=ft.Icons.SEARCH,
        label_style=None,
        border=ft.OutlineInputBorder(
            border_radius=RADIUS_FIELD, side=ft.BorderSide(1, ft.Colors.OUTLINE)
        ),
        content_padding=ft.Padding.symmetric(vertical=14, horizontal=12),
    )


LONG: dict[str, Any] = {
    "multiline": True,
    "min_lines": 3,
    "max_lines": 10,
    "capitalization": ft.TextCapitalization.SENTENCES,
}
"""What a field for several sentences takes."""


def long_input(
    label: str, value: str, on_change: OnChange, *, error: str | None, helper: str | None
) -> ft.Control:
    """Return a text field for several sentences."""
    return text_input(label, value, on_change, error=error, helper=helper, **LONG)


def number_input(
    label: str,
    value: str,
    on_change: OnChange,
    *,
    error: str | None = None,
    helper: str | None = None,
    prefix: str | None = None,
) -> ft.Control:
    """Return a field with a number pad."""
    return text_input(
        label,
        value,
        on_change,
        error=error,
        helper=helper,
        prefix=prefix,
        keyboard_type=ft.KeyboardType.NUMBER,
    )


def yes_no(
    label: str, *, value: bool, on_change: Callable[[bool], None], helper: str | None
) -> ft.Control:
    """Return a switch with its words before it."""
    words: list[ft.Control] = [text.body(label)]
    if helper:
        words.append(text.note(helper))
    return ft.Container(
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS_FIELD,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        padding=ft.Padding.symmetric(vertical=10, horizontal=16),
        content=ft.Row(
            [
                ft.Column(words, spacing=2, expand=True, tight=True),
                ft.Semantics(
                    label=label,
                    content=ft.Switch(
                        value=value,
                        data=label,
                        on_change=lambda e: on_change(bool(e.control.value)),
                    ),
                ),
            ],
            spacing=12,
        ),
    )


def one_of(  # noqa: PLR0913  a field is told everything it shows
    label: str,
    options: Sequence[tuple[str, str, str]],
    value: str | None,
    on_change: Callable[[str], None],
    *,
    error: str | None = None,
    helper: str | None = None,
    abreast: int = 1,
) -> ft.Control:
    """Return a few choices, each (key, words, hint); of short ones at most so many ``abreast``."""
    rows: list[ft.Control] = [text.label(label)]
    if helper:
        rows.append(text.note(helper))
    choices = [
        (words, _choice(key, words, hint, is_on=key == value, on_tap=on_change))
        for key, words, hint in options
    ]
    rows.append(
        ft.RadioGroup(
            value=value or "",
            data=label,
            on_change=lambda e: on_change(str(e.control.value or "")),
            content=stack(_lines(choices, abreast), GAP_SMALL),
        )
    )
    if error:
        rows.append(error_line(error))
    return stack(rows, GAP_SMALL)


def abreast_for(options: Sequence[tuple[str, str, str]]) -> int:
    """Return how many choices stand beside each other: two where all are short and many."""
    are_short = all(len(words) <= MOST_IN_HALF and not hint for _, words, hint in options)
    return PHONE_ABREAST if are_short and len(options) >= MANY else 1


def _lines(choices: Sequence[tuple[str, ft.Control]], abreast: int) -> list[ft.Control]:
    """Return choices of a few letters beside each other, longer ones on a line of their own."""
    lines: list[ft.Control] = []
    most = MOST_IN_PART if abreast > PHONE_ABREAST else MOST_IN_HALF
    for is_short, group in groupby(choices, lambda one: len(one[0]) <= most):
        cells = [choice for _, choice in group]
        if is_short and abreast > 1:
            lines.append(grid(cells, min(abreast, len(cells)), spacing=GAP_SMALL, as_high=True))
        else:
            lines += cells
    return lines


def _choice(
    key: str, words: str, hint: str, *, is_on: bool, on_tap: Callable[[str], None]
) -> ft.Control:
    # The radio's own label would be cut off at the end of its line: it is spoken, not drawn.
    radio = ft.Radio(value=key, label=words, label_style=UNDRAWN)
    drawn = ft.Semantics(exclude_semantics=True, content=text.body(words))
    lines: list[ft.Control] = [ft.Row([radio, ft.Container(drawn, expand=True)], spacing=2)]
    if hint:
        lines.append(ft.Container(text.note(hint), padding=ft.Padding.only(left=42, bottom=6)))
    return ft.Container(
        bgcolor=ft.Colors.PRIMARY_CONTAINER if is_on else ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.PRIMARY if is_on else ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS_FIELD,
        padding=ft.Padding.symmetric(vertical=4, horizontal=8),
        ink=True,
        on_click=lambda _: on_tap(key),
        content=ft.Column(lines, spacing=0, tight=True, alignment=ft.MainAxisAlignment.CENTER),
    )


def error_line(words: str) -> ft.Control:
    """Return what is wrong, below an input that has no line for it."""
    return ft.Row(
        [
            ft.Icon(ft.Icons.ERROR_OUTLINE, color=ft.Colors.ERROR, size=20),
            ft.Container(text.note(words, ft.Colors.ERROR), expand=True),
        ],
        spacing=8,
    )
