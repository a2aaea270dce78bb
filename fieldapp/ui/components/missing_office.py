"""What stands in a notice's way: its place has no office of all officers yet.

Only an administrator is offered to make it; anybody else reads whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.domain.offices import ADMIN, ALL
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import later, use_app

NO_OFFICE_OF_ALL = "no_office_of_all"


@guarded
def MissingOffice(unit: str, made: Callable[[], None]) -> ft.Control:
    """The refusal, and the one deed that ends it; ``made`` is called when the office is there."""
    app = use_app()
    is_busy, set_busy = ft.use_state(False)

    async def make() -> None:
        set_busy(True)
        await app.attempt(app.services.organisation.create_office, unit, ALL)
        set_busy(False)
        if app.failure is None:
            app.forget_failures()
            made()

    officer, told = app.officer, app.told
    is_ours = officer is not None and officer.desk == ADMIN and app.is_admin
    if told is None or told.code != NO_OFFICE_OF_ALL or not is_ours:
        return failure_banner(app) or ft.Container()
    parts = [text.heading(app.t("ui.notice.first")), text.body(app.t("ui.notice.first_hint"))]
    button = main_button(
        app.t("ui.notice.make_office"), later(make), icon=ft.Icons.GROUP_ADD, busy=is_busy
    )
    return card([*parts, button], spacing=14)
