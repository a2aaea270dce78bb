"""Asking for the PIN again before something that another hand on the device must not do.

Laws:
  * The deed happens only after the vault's own check of the PIN, which also counts wrong tries.
  * What was typed is forgotten when the question closes, whatever the answer was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.pin_field import PinField
from fieldapp.ui.components.surfaces import stack
from fieldapp.ui.context import later, use_app
from fieldapp.ui.theme import DIALOG_INSET


@dataclass(frozen=True, slots=True)
class Deed:
    """What the PIN is asked for: a question, what it means, the button, and the deed itself.

    ``check`` takes the PIN where the deed's own service asks for it; the vault does otherwise.
    """

    question: str
    meaning: str
    button: str
    run: Callable[[], Awaitable[object]]
    is_dangerous: bool = False
    check: Callable[[str], Awaitable[bool]] | None = None


@guarded
def ConfirmByPin(deed: Deed, close: Callable[[], None]) -> ft.Control:
    """The question, over any screen; ``close`` takes it away."""
    app = use_app()
    pin, set_pin = ft.use_state("")
    is_busy, set_busy = ft.use_state(False)
    is_tried, set_tried = ft.use_state(False)

    async def confirm() -> None:
        if is_busy or not pin:
            return
        set_busy(True)
        set_tried(True)
        is_right = await (deed.check or app.confirm_pin)(pin)
        set_busy(False)
        set_pin("")
        if is_right:
            close()
            await deed.run()

    parts: list[ft.Control] = [
        text.body(deed.meaning),
        PinField(app.t("ui.unlock.pin"), pin, set_pin, app.words, on_submit=later(confirm)),
    ]
    if is_tried and not is_busy and (failure := failure_banner(app)) is not None:
        parts.append(failure)
    ft.use_dialog(
        ft.AlertDialog(
            title=ft.Text(deed.question),
            content=ft.Container(stack(parts), width=420),
            scrollable=True,
            inset_padding=DIALOG_INSET,
            actions=[
                quiet_button(app.t("ui.cancel"), lambda _: close()),
                quiet_button(deed.button, later(confirm), danger=deed.is_dangerous),
            ],
            on_dismiss=lambda _: close(),
        )
    )
    return ft.Container()
