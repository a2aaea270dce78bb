"""The pictures and voice notes of a record, as its page shows them; each opens at a press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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
        for place, view in numbered(found)
    ]
    return card(rows)


def numbered(found: Sequence[MediaView]) -> Iterator[tuple[int, MediaView]]:
    """Count pictures and voice notes each by themselves, as the form does."""
    counted: Counter[str] = Counter()
    for view in found:
        counted[view.kind] += 1
        yield counted[view.kind], view
