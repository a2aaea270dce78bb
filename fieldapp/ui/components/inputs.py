"""Single inputs: text, number, yes or no, one of a few.

Laws:
  * Each input is given its value on every render and reports each change at once.
  * What is wrong is written below the input, with an icon where the input has no own line for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.theme import RADIUS_FIELD

OnChange = Callable[[str], None]


def text_input(
    label: str,
    value: str,
    on_change: OnChange,
    *,
    error: str | None = None,
    helper: str | None = None,
    **more: Any,  # noqa: ANN401  whatever the field itself takes
) -> ft.TextField:
    """Return a text field in the app's look; ``more`` are the field's own properties."""
    return ft.TextField(
        # Without a key of its own a field would take over what was typed into the one that stood
        # in its place before.
        key=label,
        label=label,
        value=value,
        error=error,
        helper=helper,
        on_change=lambda e: on_change(str(e.control.value or "")),
        filled=True,
        fill_color=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.OutlineInputBorder(border_radius=RADIUS_FIELD),
        content_padding=ft.Padding.symmetric(vertical=18, horizontal=16),
        error_max_lines=4,
        helper_max_lines=4,
        helper_style=ft.TextStyle(color=ft.Colors.ON_SURFACE_VARIANT),
        **more,
    )


def long_input(
    label: str, value: str, on_change: OnChange, *, error: str | None, helper: str | None
) -> ft.TextField:
    """Return a text field for several sentences."""
    return text_input(
        label,
        value,
        on_change,
        error=error,
        helper=helper,
        multiline=True,
        min_lines=3,
        max_lines=10,
        align_label_with_hint=True,
        capitalization=ft.TextCapitalization.SENTENCES,
    )


def number_input(
    label: str,
    value: str,
    on_change: OnChange,
    *,
    error: str | None = None,
    helper: str | None = None,
    prefix: str | None = None,
) -> ft.TextField:
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


def one_of(
    label: str,
    options: Sequence[tuple[str, str, str]],
    value: str | None,
    on_change: Callable[[str], None],
    *,
    error: str | None = None,
    helper: str | None = None,
) -> ft.Control:
    """Return a few choices below each other; each is (key, words, hint)."""
    rows: list[ft.Control] = [text.label(label)]
    if helper:
        rows.append(text.note(helper))
    rows.append(
        ft.RadioGroup(
            value=value or "",
            data=label,
            on_change=lambda e: on_change(str(e.control.value or "")),
            content=ft.Column(
                [
                    _choice(key, words, hint, is_on=key == value, on_tap=on_change)
                    for key, words, hint in options
                ],
                spacing=8,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                tight=True,
            ),
        )
    )
    if error:
        rows.append(error_line(error))
    return ft.Column(
        rows, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def _choice(
    key: str, words: str, hint: str, *, is_on: bool, on_tap: Callable[[str], None]
) -> ft.Control:
    lines: list[ft.Control] = [
        ft.Radio(
            value=key,
            label=words,
            label_style=ft.TextStyle(weight=ft.FontWeight.W_500),
        )
    ]
    if hint:
        lines.append(ft.Container(text.note(hint), padding=ft.Padding.only(left=42, bottom=6)))
    return ft.Container(
        bgcolor=ft.Colors.PRIMARY_CONTAINER if is_on else ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.PRIMARY if is_on else ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS_FIELD,
        padding=ft.Padding.symmetric(vertical=4, horizontal=8),
        ink=True,
        on_click=lambda _: on_tap(key),
        content=ft.Column(lines, spacing=0, tight=True),
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
