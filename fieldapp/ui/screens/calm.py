"""The calm screen that stands where another one broke.

Law: it asks no service for anything, so that it can be drawn whatever is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import TypeVar, cast

import flet as ft

from fieldapp.services.views import HomeState
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import calm_banner, report
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.shell import column, gate_view, page_view
from fieldapp.ui.context import later, navigate, use_app

C = TypeVar("C")


@cache
def guarded_screen(screen: Callable[[], C]) -> Callable[[], C]:
    """Return a screen that shows a calm one when it raises while it is drawn.

    The same screen gives the same answer: a new one would forget what it was showing.
    """
    draw = getattr(screen, "__component_impl__", screen)

    @wraps(draw)
    def guarded() -> C:
        use_app().arrive(ft.use_route_location())
        try:
            return cast("C", draw())
        # Whatever a screen raises, the page must live on: drawing is the last step of all.
        except Exception as problem:  # noqa: BLE001
            return cast("C", CalmScreen(report(problem)))

    return ft.component(guarded)


@ft.component
def CalmScreen(code: str) -> ft.View:
    """What stands where a screen broke."""
    app = use_app()
    controls: list[ft.Control] = [
        calm_banner(app, code),
        main_button(app.t("ui.fault.home"), lambda _: navigate("/"), icon=ft.Icons.HOME),
    ]
    if app.phase is not HomeState.UNLOCKED:
        return gate_view(app, controls)
    controls.append(side_button(app.t("ui.lock"), later(app.lock), icon=ft.Icons.LOCK_OUTLINE))
    controls.append(text.note(app.t("ui.fault.tell")))
    return page_view(app, "/", app.t("ui.fault.heading"), column(app, controls), is_end=True)
