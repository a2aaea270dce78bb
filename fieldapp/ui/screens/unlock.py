"""The lock: a PIN, how long to wait after a wrong one, and what a forgotten one leads to.

Laws:
  * Nothing is given up before the officer read what is kept and what is lost, and said so twice.
"""

from __future__ import annotations

import asyncio

import flet as ft

from fieldapp.services.views import HomeState
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_line
from fieldapp.ui.components.pin_field import PinField
from fieldapp.ui.components.shell import brand, gate_view
from fieldapp.ui.components.surfaces import banner, card, gap
from fieldapp.ui.context import later, use_app
from fieldapp.ui.state import AppState


@ft.component
def UnlockScreen() -> ft.View:
    """One field; the key on the keyboard or the button opens."""
    app = use_app()
    pin, set_pin = ft.use_state("")
    is_busy, set_busy = ft.use_state(False)
    wait, set_wait = ft.use_state(0)
    is_forgotten, set_forgotten = ft.use_state(False)

    async def unlock() -> None:
        if is_busy or wait or not pin:
            return
        set_busy(True)
        opened = await app.unlock(pin)
        set_busy(False)
        set_pin("")
        if not opened and app.failure is not None:
            set_wait(int(app.failure.params.get("retry_after_seconds", 0) or 0))

    async def count_down() -> None:
        if wait:
            await asyncio.sleep(1)
            set_wait(wait - 1)

    ft.use_effect(count_down, dependencies=[wait])
    field = PinField(app.t("ui.unlock.pin"), pin, set_pin, app.words, on_submit=later(unlock))
    button = main_button(
        app.t("ui.unlock.wait", seconds=wait) if wait else app.t("ui.unlock"),
        later(unlock),
        icon=ft.Icons.LOCK_OPEN,
        disabled=bool(wait) or not pin,
        busy=is_busy,
    )
    controls: list[ft.Control] = [
        brand(app.words),
        gap(8),
        card([*_heading(app), gap(4), field, button], padding=20),
    ]
    if app.failure is not None:
        controls.append(failure_line(app.failure, app.words))
    controls.append(
        ForgottenPin()
        if is_forgotten
        else quiet_button(app.t("ui.unlock.forgotten"), lambda _: set_forgotten(True))
    )
    controls.append(_language_button(app))
    return gate_view(app, controls)


def _heading(app: AppState) -> list[ft.Control]:
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
        set_kept(await app.attempt(app.services.access.sealed_waiting) or 0)

    async def give_up() -> None:
        set_busy(True)
        given_up = await app.attempt(app.services.access.forget_pin)
        set_busy(False)
        if given_up is not None:
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
