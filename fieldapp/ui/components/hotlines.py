"""Numbers to ring, as buttons: who answers, and when the number was last verified.

Laws:
  * A button opens the dialler; the officer presses call.
  * A number that nobody verified says so beside it; a service without a number has no button.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.hotlines import EMERGENCY, Hotline, hotline
from fieldapp.domain.local_contacts import EMERGENCY_OFFICES
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.local_numbers import LocalCalls
from fieldapp.ui.components.surfaces import banner, card, stack
from fieldapp.ui.context import later
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP, GAP_SMALL
from fieldapp.ui.words import Words

CALL_STYLE = ft.ButtonStyle(
    bgcolor=ft.Colors.ERROR,
    color=ft.Colors.ON_ERROR,
    icon_color=ft.Colors.ON_ERROR,
    padding=ft.Padding.symmetric(vertical=18, horizontal=12),
)


def emergency_panel(app: AppState, *, is_short: bool = False) -> ft.Control:
    """Return the two numbers that are rung before anything is written, on red ground.

    The station and the health facility whose numbers were written down follow at once.
    """
    calls = [_red_call(app, hotline(key).number) for key in EMERGENCY]
    row: ft.Control = (
        ft.Column(calls, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True)
        if app.words.is_large
        else ft.Row([ft.Container(call, expand=True) for call in calls], spacing=10)
    )
    says: ft.Control = banner(
        app.t("ui.care.emergency_text"),
        ft.Icons.PHONE_IN_TALK,
        tone="bad",
        heading=app.t("ui.care.emergency"),
    )
    if is_short:
        says = text.strong(app.t("ui.care.danger"), ft.Colors.ERROR)
    return ft.Column(
        [says, row, LocalCalls(EMERGENCY_OFFICES)],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def _red_call(app: AppState, number: str) -> ft.Control:
    return ft.FilledButton(
        content=app.t("ui.care.call", number=number),
        icon=ft.Icons.CALL,
        on_click=later(app.platform.call, number),
        style=CALL_STYLE,
        width=float("inf"),
    )


def first_calls(app: AppState, lines: Sequence[Hotline]) -> list[ft.Control]:
    """Return the first verified number as one large button, or nothing."""
    line = next((line for line in lines if line.number and line.verified), None)
    if line is None:
        return []
    name = f"{app.t('ui.care.call', number=line.number)}: {app.words.text(line.service)}"
    call = later(app.platform.call, line.number.replace(" ", ""))
    return [side_button(name, call, icon=ft.Icons.CALL)]


def hotline_card(app: AppState, heading: str, lines: Sequence[Hotline]) -> ft.Control:
    """Return numbers below each other, under a heading unless the page has it already."""
    head = [text.heading(heading)] if heading else []
    return card([*head, *(_line(app, line) for line in lines)], spacing=GAP)


def _line(app: AppState, line: Hotline) -> ft.Control:
    words = app.words
    named: list[ft.Control] = [text.body(words.text(line.service))]
    if line.number:
        named.insert(0, text.strong(line.number))
    told = stack(named, spacing=0)
    below = stack(_notes(words, line), spacing=0)
    if not line.number:
        return stack([told, below], spacing=0)
    button = _call_button(app, line)
    if words.is_large:
        return stack([told, below, button], spacing=GAP_SMALL)
    head = ft.Row([ft.Container(told, expand=True), button], spacing=12)
    return stack([head, below], spacing=4)


def _notes(words: Words, line: Hotline) -> list[ft.Control]:
    """Return when one may ring and when the number was verified; what nobody verified is apart."""
    note = words.text(line.note) if line.note is not None else ""
    verified = verified_words(words, line)
    if line.verified:
        return [text.note(" ".join(part for part in (note, verified) if part))]
    return [*([text.note(note)] if note else []), text.note(verified, _ink_of(line))]


def verified_words(words: Words, line: Hotline) -> str:
    """Return when a number was last verified, or that nobody did."""
    if not line.number:
        return words.t("ui.hotline.unknown")
    if line.verified is None:
        return words.t("ui.hotline.unverified")
    year, month = line.verified.split("-")
    return words.t("ui.hotline.verified", month=f"{month}/{year}")


def _ink_of(line: Hotline) -> str:
    return ft.Colors.ON_SURFACE_VARIANT if line.verified else ft.Colors.TERTIARY


def _call_button(app: AppState, line: Hotline) -> ft.Control:
    name = app.t("ui.care.call", number=line.number)
    call = later(app.platform.call, line.number.replace(" ", ""))
    return ft.Semantics(
        label=f"{name}, {app.words.text(line.service)}",
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=call,
        content=ft.FilledTonalButton(
            content=app.t("ui.hotline.call"), icon=ft.Icons.CALL, on_click=call, data=name
        ),
    )
