"""Quick delete behind the lock: the same panel as on it."""

from __future__ import annotations

import flet as ft

from fieldapp.ui.components.quick_delete import QuickDelete
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.context import navigate, use_app


@ft.component
def QuickDeleteScreen() -> ft.View:
    """What goes, what is kept, and the slide."""
    app = use_app()
    panel = QuickDelete(lambda: navigate("/settings"), is_titled=True)
    return page_view(app, "/settings/delete", app.t("ui.delete.heading"), column(app, [panel]))
