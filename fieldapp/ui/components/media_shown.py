"""The pictures and voice notes of a record, as its page shows them; one opens at a press.

What is opened is handed to the client as bytes: no address, no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import flet as ft

from fieldapp.services.media_views import MediaView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button
from fieldapp.ui.components.failure import failure_line
from fieldapp.ui.components.media_tile import media_tile
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.runs import Failure
from fieldapp.ui.theme import DIALOG_INSET


@guarded
def RecordMedia(record_id: str) -> ft.Control:
    """A card with what a record holds, or nothing."""
    app = use_app()
    opened, set_opened = ft.use_state(cast("bytes | None", None))
    failure, set_failure = ft.use_state(cast("Failure | None", None))

    async def load() -> Sequence[MediaView] | None:
        return await app.attempt(app.services.media.of_record, record_id)

    found = use_loaded(load, [record_id, app.revision]) or ()

    async def show(view: MediaView) -> None:
        content = await app.attempt(app.services.media.read, view.id)
        set_failure(lambda _: app.failure)
        set_opened(lambda _: content)

    ft.use_dialog(
        ft.AlertDialog(
            title=ft.Text(app.t("ui.media.heading")),
            content=ft.Image(
                src=opened, fit=ft.BoxFit.CONTAIN, semantics_label=app.t("ui.media.heading")
            ),
            inset_padding=DIALOG_INSET,
            actions=[quiet_button(app.t("ui.close"), lambda _: set_opened(lambda _: None))],
            on_dismiss=lambda _: set_opened(lambda _: None),
        )
        if opened is not None
        else None
    )
    if not found:
        return ft.Container()
    rows: list[ft.Control] = [text.heading(app.t("ui.media.heading"))]
    rows += [
        media_tile(
            view,
            place,
            app.words,
            show=later(show, view) if view.kind == "photo" else None,
        )
        for place, view in enumerate(found, start=1)
    ]
    if failure is not None:
        rows.append(failure_line(failure, app.words))
    return card(rows)
