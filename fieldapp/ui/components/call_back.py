"""The call-back contact on the page of a concern: given by its author, read by one office.

Laws:
  * Before anything is typed it says which office will read it, and that nobody else can.
  * What is typed is no draft: it lives in its field until it is sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import flet as ft

from fieldapp.domain.text import Text
from fieldapp.services.views import SourceView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.story import Writing, done
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import use_app, use_loaded


class _Found(NamedTuple):
    """Who would read a contact, and those that this device reads."""

    holder: Text | None
    sources: Sequence[SourceView]


@guarded
def CallBack(record_id: str) -> ft.Control:
    """The contact of the person who gave information, where there may be one."""
    app = use_app()
    gives, set_gives = ft.use_state(False)

    async def load() -> _Found | None:
        sources = await app.look(app.services.sources.of_record, record_id)
        holder = await app.look(app.services.sources.holder, record_id)
        return _Found(holder, sources or ())

    async def give(words: str) -> bool:
        return await done(app, app.services.sources.give, record_id, words)

    found = use_loaded(load, [record_id, app.revision])
    if found is None or (found.holder is None and not found.sources):
        return ft.Container()
    parts: list[ft.Control] = [text.heading(app.t("ui.source.heading"))]
    for one in found.sources:
        parts += [text.note(app.t("ui.source.code", code=one.code)), text.copyable(one.contact)]
    if found.holder is not None and not found.sources:
        office = app.words.text(found.holder)
        parts.append(text.body(app.t("ui.source.who", office=office)))
        if gives:
            parts.append(Writing("ui.source.contact", "ui.source.seal", "ui.source.help", give))
        else:
            parts.append(
                side_button(
                    app.t("ui.source.give"),
                    lambda _: set_gives(True),
                    icon=ft.Icons.PHONE_CALLBACK,
                )
            )
    return card(parts, spacing=14)
