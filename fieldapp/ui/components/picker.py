"""A field that opens a list to choose from, with search: for more choices than fit a page.

Laws:
  * The field is a button called "label, value", so a screen reader says what is chosen.
  * The list shows groups under their headings and at most 60 rows; search narrows it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import icon_button
from fieldapp.ui.components.inputs import error_line, named, search_input
from fieldapp.ui.components.surfaces import stack
from fieldapp.ui.theme import DIALOG_INSET, GAP_SMALL, RADIUS_FIELD
from fieldapp.ui.words import Words

MOST_ROWS = 80
FITS = 8
"""What fits without scrolling needs no search."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a picker."""

    key: str
    words: str
    hint: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class PickerField:
    """What a picker is about: the field's words and what it holds."""

    label: str
    choices: Sequence[Choice]
    chosen: Collection[str]
    many: bool = False
    required: bool = False
    error: str | None = None
    helper: str | None = None
    icon: ft.IconData = ft.Icons.EXPAND_MORE


def field_button(  # noqa: PLR0913  a field is told everything it shows
    label: str,
    value: str,
    icon: ft.IconData,
    on_click: Callable[..., Any],
    *,
    error: str | None = None,
    helper: str | None = None,
    prompt: str = "",
    trailing: ft.Control | None = None,
) -> ft.Control:
    """Return something that looks like an input and opens a dialog; empty, it says a prompt."""
    border = ft.Colors.ERROR if error else ft.Colors.OUTLINE
    shown = text.body(value) if value else text.body(prompt, ft.Colors.ON_SURFACE_VARIANT)
    inside: list[ft.Control] = [
        ft.Container(shown, expand=True),
        ft.Icon(icon, color=ft.Colors.ON_SURFACE_VARIANT),
    ]
    button: ft.Control = ft.Semantics(
        label=f"{label}: {value}" if value else label,
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=on_click,
        content=ft.Container(
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(1, border),
            border_radius=RADIUS_FIELD,
            padding=ft.Padding.symmetric(vertical=14, horizontal=16),
            ink=True,
            on_click=on_click,
            data=label,
            content=ft.Row(inside, spacing=12),
        ),
    )
    if trailing is not None:
        button = ft.Row([ft.Container(button, expand=True), trailing], spacing=4)
    below = [error_line(error)] if error else []
    return stack([named(label, helper, button), *below], spacing=4)


@guarded
def Picker(
    field: PickerField, words: Words, on_change: Callable[[tuple[str, ...]], None]
) -> ft.Control:
    """A field whose value is chosen from a searchable list."""
    is_open, set_open = ft.use_state(False)
    search, set_search = ft.use_state("")

    def close(_: object = None) -> None:
        set_open(False)
        set_search("")

    def toggle(key: str) -> None:
        if not field.many:
            on_change((key,))
            close()
        elif key in field.chosen:
            on_change(tuple(other for other in field.chosen if other != key))
        else:
            on_change((*field.chosen, key))

    ask = Search(search, set_search, is_needed=len(field.choices) > FITS)
    found = matching(field.choices, search)
    ft.use_dialog(choice_dialog(field, words, ask, found, toggle, close) if is_open else None)
    shown = ", ".join(c.words for c in field.choices if c.key in field.chosen)
    return field_button(
        field.label,
        shown,
        field.icon,
        lambda _: set_open(True),
        error=field.error,
        helper=field.helper,
        prompt=words.t("ui.choose"),
        trailing=clear_button(field, words, on_change),
    )


def clear_button(
    field: PickerField, words: Words, on_change: Callable[[tuple[str, ...]], None]
) -> ft.Control | None:
    """Return the way back to nothing, where the field may be left out."""
    if not any(field.chosen) or field.many or field.required:
        return None
    return icon_button(
        f"{words.t('ui.clear')}: {field.label}", ft.Icons.CLOSE, lambda _: on_change(())
    )


def matching(choices: Sequence[Choice], search: str) -> list[Choice]:
    """Return the choices whose words hold every word of the search."""
    wanted = search.casefold().split()
    return [
        choice
        for choice in choices
        if all(part in f"{choice.words} {choice.hint} {choice.group}".casefold() for part in wanted)
    ]


@dataclass(frozen=True, slots=True)
class Search:
    """What is typed above a list, and who takes it; short lists need none."""

    typed: str
    take: Callable[[str], None]
    is_needed: bool = True


def choice_dialog(
    field: PickerField,
    words: Words,
    search: Search,
    found: Sequence[Choice],
    toggle: Callable[[str], None],
    close: Callable[..., None],
) -> ft.AlertDialog:
    """Return the list to choose from; ``found`` is what the search left."""
    rows: list[ft.Control] = []
    group = ""
    for choice in found[:MOST_ROWS]:
        if choice.group != group:
            group = choice.group
            rows.append(
                ft.Container(
                    text.label(group, ft.Colors.PRIMARY),
                    padding=ft.Padding.only(left=8, top=14, bottom=4),
                )
            )
        rows.append(_row(choice, chosen=choice.key in field.chosen, many=field.many, tap=toggle))
    if len(found) > MOST_ROWS:
        rows.append(ft.Container(text.note(words.t("ui.picker.more")), padding=GAP_SMALL))
    if not found:
        rows.append(ft.Container(text.body(words.t("ui.picker.nothing")), padding=GAP_SMALL))
    body: list[ft.Control] = []
    if search.is_needed:
        body.append(search_input(words.t("ui.search"), search.typed, search.take))
    body.append(ft.ListView(rows, expand=True, spacing=0))
    return ft.AlertDialog(
        modal=False,
        title=ft.Text(field.label, theme_style=ft.TextThemeStyle.TITLE_LARGE),
        title_padding=ft.Padding.only(left=20, right=20, top=20, bottom=8),
        content_padding=ft.Padding.symmetric(horizontal=12),
        inset_padding=DIALOG_INSET,
        content=ft.Container(
            width=520,
            height=640 if search.is_needed else 120 + 60 * max(2, len(field.choices)),
            content=ft.Column(body, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        ),
        actions=[ft.TextButton(words.t("ui.done" if field.many else "ui.close"), on_click=close)],
        on_dismiss=close,
    )


def _row(choice: Choice, *, chosen: bool, many: bool, tap: Callable[[str], None]) -> ft.Control:
    on = ft.Icons.CHECK_BOX if many else ft.Icons.RADIO_BUTTON_CHECKED
    off = ft.Icons.CHECK_BOX_OUTLINE_BLANK if many else ft.Icons.RADIO_BUTTON_UNCHECKED
    return ft.ListTile(
        leading=ft.Icon(
            on if chosen else off,
            color=ft.Colors.PRIMARY if chosen else ft.Colors.ON_SURFACE_VARIANT,
        ),
        title=ft.Text(choice.words, theme_style=ft.TextThemeStyle.BODY_LARGE),
        subtitle=text.note(choice.hint) if choice.hint else None,
        on_click=lambda _: tap(choice.key),
        content_padding=ft.Padding.symmetric(horizontal=8),
        min_height=52,
        horizontal_spacing=12,
        data=choice.words,
        shape=ft.RoundedRectangleBorder(radius=RADIUS_FIELD),
    )
