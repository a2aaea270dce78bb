"""One record on a page of its own."""

from __future__ import annotations

import flet as ft

from fieldapp.ui.components.record_body import RecordBody
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.context import use_app


@ft.component
def RecordScreen() -> ft.View:
    """A record on a page of its own."""
    app = use_app()
    record_id = ft.use_route_params().get("rid", "")
    return page_view(
        app,
        f"/records/{record_id}",
        app.t("ui.record"),
        column(app, [RecordBody(record_id)]),
    )
