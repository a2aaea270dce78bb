"""What stands before a restricted record until the PIN was given once more.

Laws:
  * Outside its desk a restricted record is read by its author alone, and not by whoever was handed
    the open phone. Leaving the page draws the veil again.
  * A record whose text the desk has taken over has nothing left to hide.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.domain.offices import ADMIN
from fieldapp.domain.record_type import Tier
from fieldapp.services.views import RecordView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button
from fieldapp.ui.components.confirm_pin import ConfirmByPin, Deed
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import use_app
from fieldapp.ui.state import AppState


def is_kept_close(app: AppState, record: RecordView) -> bool:
    """Tell whether a record is shown only after the PIN."""
    desk = app.officer.desk if app.officer else ADMIN
    return record.tier == Tier.RESTRICTED and desk == ADMIN and bool(record.fields)


@guarded
def Veil(lift: Callable[[], None]) -> ft.Control:
    """Say what is hidden and why, and ask for the PIN."""
    app = use_app()
    is_asking, set_asking = ft.use_state(False)

    async def show() -> None:
        lift()

    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.LOCK_OUTLINE, color=ft.Colors.PRIMARY),
                ft.Container(text.heading(app.t("ui.row.veiled")), expand=True),
            ]
        ),
        text.body(app.t("ui.veil.why")),
        main_button(
            app.t("ui.veil.show"), lambda _: set_asking(True), icon=ft.Icons.VISIBILITY_OUTLINED
        ),
    ]
    if is_asking:
        deed = Deed(app.t("ui.row.veiled"), app.t("ui.veil.why"), app.t("ui.veil.show"), show)
        lines.append(ConfirmByPin(deed, lambda: set_asking(False)))
    return card(lines, padding=20)
