"""Telling the server at once what an office has just decided.

Laws:
  * A deed is kept here before this begins; without a link it waits for the next sync and is said
    to wait, in words.
  * It waits for a running exchange and then makes its own: that one may have begun too early.
"""

from __future__ import annotations

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.context import later, use_app
from fieldapp.ui.runs import SyncState


@guarded
def Published(run: SyncState) -> ft.Control:
    """How far the news of a deed has come."""
    app = use_app()
    is_asked, set_asked = ft.use_state(False)

    async def tell() -> None:
        if not (is_asked or run.is_running):
            set_asked(True)
            # A task of its own: an effect is called off when it is asked again.
            later(app.sync)()

    ft.use_effect(tell, dependencies=[run.is_running])
    if not is_asked or run.is_running:
        return ft.Semantics(
            live_region=True,
            content=ft.Row(
                [
                    ft.ProgressRing(width=22, height=22, stroke_width=2.5),
                    ft.Container(text.note(app.t("ui.published.telling")), expand=True),
                ],
                spacing=14,
            ),
        )
    if run.failure is not None:
        return banner(
            app.words.error(run.failure.code, run.failure.params),
            ft.Icons.SCHEDULE_SEND,
            tone="care",
            heading=app.t("ui.published.waits"),
            actions=[
                side_button(app.t("ui.published.again"), later(app.sync), icon=ft.Icons.SYNC),
            ],
            live=True,
        )
    return banner(app.t("ui.published.done"), ft.Icons.CLOUD_DONE, tone="good", live=True)
