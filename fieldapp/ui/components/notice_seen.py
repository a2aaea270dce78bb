"""A notice that is opened as a record is read: noted on this device, and told nobody."""

from __future__ import annotations

import flet as ft

from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.context import use_app

NOTICE = "notice"


@guarded
def NoticeSeen(record_id: str) -> ft.Control:
    """Nothing to see: it notes once that the notice was opened."""
    app = use_app()

    async def note() -> None:
        await app.look(app.services.answers.mark_read, record_id)
        await app.refresh()

    ft.use_effect(note, dependencies=[record_id])
    return ft.Container()
