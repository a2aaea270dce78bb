"""The lock: who it is, a PIN, how long to wait after a wrong one, and what else one can do here.

Laws:
  * A phone of several officers tells numbers and colours, never a name, an office or a count.
  * Nothing is given up before the officer read what is kept and what is lost, and said so twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import flet as ft

from fieldapp.services.phone_view import OfficerChoice
from fieldapp.services.views import HomeState
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_line
from fieldapp.ui.components.marks import mark_disc, officer_words
from fieldapp.ui.components.pin_field import PinField
from fieldapp.ui.components.quick_delete import QuickDelete
from fieldapp.ui.components.shell import brand, gate_view
from fieldapp.ui.components.surfaces import banner, card, gap, keyed, stack
from fieldapp.ui.context import later, navigate, use_app
from fieldapp.ui.sharing import (
    add_officer,
    choose_officer,
    chosen_of,
    look_at_first,
    officers_of,
)
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import RADIUS


@ft.component
def UnlockScreen() -> ft.View:
    """The lock of one officer; on a shared phone, first who it is."""
    app = use_app()
    officers = officers_of(app)
    chosen = chosen_of(app, officers)
    opened, set_opened = ft.use_state(("", ""))

    def open_panel(name: str) -> None:
        set_opened((app.chosen, name))

    # What was opened on one officer's lock never stands on another's.
    panel = opened[1] if opened[0] == app.chosen else ""
    controls: list[ft.Control] = [brand(app.words), gap(8)]
    if len(officers) > 1 and chosen is None:
        controls += [_who(app, officers), _language_button(app)]
        return gate_view(app, controls)
    if panel == "delete":
        # Alone, so that the whole of it is seen on the smallest screen.
        alone = keyed(f"delete {app.chosen}", QuickDelete(lambda: open_panel("")))
        return gate_view(app, [*controls, alone])
    controls.append(keyed(f"lock {app.chosen}", PinCard(chosen if len(officers) > 1 else None)))
    if panel == "forgotten":
        controls.append(ForgottenPin())
    else:
        controls += _further(app, officers, open_panel)
    controls.append(_language_button(app))
    return gate_view(app, controls)


def _further(
    app: AppState, officers: Sequence[OfficerChoice], open_panel: Callable[[str], None]
) -> list[ft.Control]:
    """What else the lock screen leads to."""
    found = [
        quiet_button(app.t("ui.unlock.forgotten"), lambda _: open_panel("forgotten")),
        quiet_button(app.t("ui.delete.heading"), lambda _: open_panel("delete")),
    ]
    if len(officers) > 1:
        found.append(quiet_button(app.t("ui.officers.other"), lambda _: _show(app, "")))
    elif officers:
        found.append(quiet_button(app.t("ui.officers.add"), lambda _: add_officer(app)))
    return found


def _who(app: AppState, officers: Sequence[OfficerChoice]) -> ft.Control:
    rows = [_officer_row(app, one, partial(_show, app, one.key)) for one in officers]
    return card(
        [
            text.title(app.t("ui.officers.who")),
            text.note(app.t("ui.officers.apart")),
            gap(4),
            *rows,
            quiet_button(
                app.t("ui.officers.add"), lambda _: add_officer(app), icon=ft.Icons.PERSON_ADD
            ),
        ],
        padding=20,
    )


def _officer_row(
    app: AppState, officer: OfficerChoice, on_click: Callable[..., None]
) -> ft.Control:
    name = officer_words(officer, app.words)
    arrow = ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT)
    arrow.visible = not app.words.is_large
    return ft.Semantics(
        label=name,
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=on_click,
        content=ft.Container(
            bgcolor=ft.Colors.SURFACE_CONTAINER,
            border_radius=RADIUS,
            padding=ft.Padding.symmetric(vertical=12, horizontal=14),
            ink=True,
            on_click=on_click,
            data=name,
            content=ft.Row(
                [
                    mark_disc(officer),
                    ft.Container(text.strong(name), expand=True),
                    arrow,
                ],
                spacing=14,
            ),
        ),
    )


def _show(app: AppState, key: str, _: object = None) -> None:
    choose_officer(app, key)
    navigate("/")  # What another officer had open is not this one's to come back to.


@guarded
def PinCard(officer: OfficerChoice | None) -> ft.Control:
    """One field; the key on the keyboard or the button opens."""
    app = use_app()
    pin, set_pin = ft.use_state("")
    is_busy, set_busy = ft.use_state(False)
    wait, set_wait = ft.use_state(0)

    async def unlock() -> None:
        if is_busy or wait or not pin:
            return
        set_busy(True)
        # Emptied now and not after the answer, which would take away what is typed meanwhile.
        set_pin("")
        opened = await app.unlock(pin)
        set_busy(False)
        if not opened and app.failure is not None:
            set_wait(int(app.failure.params.get("retry_after_seconds", 0) or 0))

    async def count_down() -> None:
        if wait:
            await asyncio.sleep(1)
            set_wait(wait - 1)

    ft.use_effect(count_down, dependencies=[wait])
    button = main_button(
        app.t("ui.unlock.wait", seconds=wait) if wait else app.t("ui.unlock"),
        later(unlock),
        icon=ft.Icons.LOCK_OPEN,
        disabled=bool(wait) or not pin,
        busy=is_busy,
    )
    field = PinField(app.t("ui.unlock.pin"), pin, set_pin, app.words, on_submit=later(unlock))
    parts = [card([*_heading(app, officer), gap(4), field, button], padding=20)]
    if app.failure is not None:
        parts.append(failure_line(app.failure, app.words))
    return stack(parts)


def _heading(app: AppState, officer: OfficerChoice | None) -> list[ft.Control]:
    if officer is not None:
        name = ft.Container(text.title(officer_words(officer, app.words)), expand=True)
        return [ft.Row([mark_disc(officer), name]), text.note(app.t("ui.unlock.intro"))]
    icon = ft.Icon(ft.Icons.LOCK_OUTLINE, color=ft.Colors.PRIMARY)
    return [
        ft.Row([icon, text.title(app.t("ui.unlock"))]),
        text.note(app.t("ui.unlock.intro")),
    ]


@ft.component
def ForgottenPin() -> ft.Control:
    """What a forgotten PIN means; starting anew takes two presses."""
    app = use_app()
    kept, set_kept = ft.use_state(0)
    is_sure, set_sure = ft.use_state(False)
    is_busy, set_busy = ft.use_state(False)

    async def look() -> None:
        set_kept(await app.look(app.services.access.sealed_waiting) or 0)

    async def give_up() -> None:
        set_busy(True)
        given_up = await app.attempt(app.services.access.forget_pin)
        set_busy(False)
        if given_up is not None:
            look_at_first(app)
            if app.phone is None:
                app.phase = HomeState.NEW

    ft.use_effect(look, dependencies=[])
    lines: list[ft.Control] = [
        text.strong(app.t("ui.unlock.forgotten")),
        text.body(app.t("ui.unlock.forgotten_text")),
    ]
    if kept:
        lines.append(text.body(app.t("ui.unlock.forgotten_kept", count=kept)))
    if is_sure:
        lines += [
            banner(app.t("ui.unlock.forgotten_lost"), ft.Icons.WARNING_AMBER, tone="bad"),
            main_button(app.t("ui.unlock.start_anew_sure"), later(give_up), busy=is_busy),
            quiet_button(app.t("ui.back"), lambda _: set_sure(False)),
        ]
    else:
        lines.append(side_button(app.t("ui.unlock.start_anew"), lambda _: set_sure(True)))
    return card(lines, padding=20)


def _language_button(app: AppState) -> ft.Control:
    other = "sw" if app.language == "en" else "en"
    return quiet_button(
        {"en": "English", "sw": "Kiswahili"}[other],
        later(app.choose_language, other),
        icon=ft.Icons.TRANSLATE,
    )
