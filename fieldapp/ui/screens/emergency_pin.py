"""Choosing the emergency PIN, which deletes the vault and looks like a wrong one.

Laws:
  * The screen is the same whether one is set or not, and so is what it answers: who forces an
    officer to open it learns nothing.
  * The PIN is asked for each change.
"""

from __future__ import annotations

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.new_pin import NewPin, new_pin_inputs
from fieldapp.ui.components.pin_field import PinField
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.context import later, use_app


@ft.component
def EmergencyPinScreen() -> ft.View:
    """What it does, the PIN, another one typed twice, and a way to have none."""
    app = use_app()
    own, set_own = ft.use_state("")
    pin, set_pin = ft.use_state(NewPin())
    is_done, set_done = ft.use_state(False)
    is_busy, set_busy = ft.use_state(False)

    async def keep(second: str | None) -> None:
        set_busy(True)
        await app.attempt(app.services.access.set_duress_pin, own, second)
        is_kept = app.failure is None
        app.notice_lock()
        set_busy(False)
        set_own("")
        set_pin(NewPin())
        set_done(is_kept)

    controls: list[ft.Control] = [
        text.body(app.t("ui.emergency.what")),
        text.note(app.t("ui.emergency.never_shown")),
        PinField(app.t("ui.pin.old"), own, set_own, app.words),
        *new_pin_inputs(app.words, pin, set_pin, label=app.t("ui.emergency.choose")),
        main_button(
            app.t("ui.emergency.set"),
            later(keep, pin.first),
            disabled=not (own and pin.is_good),
            busy=is_busy,
        ),
        side_button(app.t("ui.emergency.none"), later(keep, None), disabled=not own or is_busy),
    ]
    if is_done:
        controls.append(
            banner(app.t("ui.emergency.done"), ft.Icons.CHECK_CIRCLE, tone="good", live=True)
        )
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    heading = app.t("ui.emergency.heading")
    return page_view(app, "/settings/emergency", heading, column(app, controls))
