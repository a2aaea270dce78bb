"""The pictures and voice notes of a record, as its page shows them; each opens at a press."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.services.media_views import MediaView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.media_line import MediaLine
from fieldapp.ui.components.surfaces import card, keyed
from fieldapp.ui.context import use_app, use_loaded


@guarded
def RecordMedia(record_id: str) -> ft.Control:
    """A card with what a record holds, or nothing."""
    app = use_app()
    fetched, set_fetched = ft.use_state(0)

    async def load() -> Sequence[MediaView] | None:
        return await app.look(app.services.media.of_record, record_id)

    found = use_loaded(load, [record_id, app.revision, fetched]) or ()
    ft.use_effect(lambda: None, dependencies=[record_id], cleanup=app.platform.hush)
    if not found:
        return ft.Container()
    rows: list[ft.Control] = [text.heading(app.t("ui.media.heading"))]
    rows += [
        keyed(view.id, MediaLine(view, place, fetched=lambda: set_fetched(lambda n: n + 1)))
        for place, view in enumerate(found, start=1)
    ]
    return card(rows)
