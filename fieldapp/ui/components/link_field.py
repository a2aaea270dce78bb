"""A field that points to other records: chosen by title from a searched list, never typed as ids.

Laws:
  * The list is asked from the services as it is searched, so that thousands of records are no
    burden; what is chosen already is named even where the list does not hold it.
  * It holds nothing that the seal would refuse, such as a restricted concern.
  * A record that this device does not hold is said to be elsewhere, and stays chosen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.domain.values import short_number
from fieldapp.services.views import RecordRow
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.picker import (
    Choice,
    PickerField,
    Search,
    choice_dialog,
    clear_button,
    field_button,
)
from fieldapp.ui.context import SETTLE_SECONDS, use_app, use_loaded
from fieldapp.ui.forms import FormState
from fieldapp.ui.state import AppState


@dataclass(frozen=True, slots=True)
class Link:
    """What a link field is about: its words, its path in a form, and what it holds."""

    label: str
    form: FormState
    path: str
    chosen: Sequence[str]
    many: bool = False
    required: bool = False
    error: str | None = None
    helper: str | None = None


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a search found, and what is chosen already."""

    found: Sequence[RecordRow]
    chosen: Sequence[RecordRow]

    def offered(self, search: str) -> Sequence[RecordRow]:
        """Return what the list shows: what is chosen comes first while nothing is searched."""
        if search:
            return self.found
        known = {row.id for row in self.chosen}
        return [*self.chosen, *(row for row in self.found if row.id not in known)]


def _use_rows(app: AppState, link: Link, search: str, *, is_open: bool) -> _Rows:
    """Ask for what the list shows, once typing rests, and for what is chosen."""

    async def load_found() -> Sequence[RecordRow] | None:
        if not is_open:
            return None
        if search:
            await asyncio.sleep(SETTLE_SECONDS)
        form = link.form
        asked = form.record_type.key, form.unit, form.document(), link.path, search
        return await app.look(app.services.records.linkable, *asked) or ()

    async def load_chosen() -> Sequence[RecordRow] | None:
        if not link.chosen:
            return ()
        return await app.look(app.services.records.named, tuple(link.chosen))

    found = use_loaded(load_found, [is_open, search, link.path]) or ()
    chosen = use_loaded(load_chosen, [tuple(link.chosen), app.revision]) or ()
    return _Rows(found, chosen)


@guarded
def LinkField(link: Link, on_change: Callable[[tuple[str, ...]], None]) -> ft.Control:
    """Records chosen by their titles."""
    app = use_app()
    is_open, set_open = ft.use_state(False)
    search, set_search = ft.use_state("")
    rows = _use_rows(app, link, search, is_open=is_open)

    def close(_: object = None) -> None:
        set_open(False)
        set_search("")

    def toggle(key: str) -> None:
        if not link.many:
            on_change((key,))
            close()
        else:
            without = tuple(other for other in link.chosen if other != key)
            on_change(without if key in link.chosen else (*link.chosen, key))

    field = _field(link)
    choices = [_choice(app, row) for row in rows.offered(search)]
    ask = Search(search, set_search)
    dialog = choice_dialog(field, app.words, ask, choices, toggle, close)
    ft.use_dialog(dialog if is_open else None)
    return field_button(
        link.label,
        _titles(app, link, rows),
        ft.Icons.LINK,
        lambda _: set_open(True),
        error=link.error,
        helper=link.helper,
        prompt=app.t("ui.choose"),
        trailing=clear_button(field, app.words, on_change),
    )


def _field(link: Link) -> PickerField:
    return PickerField(link.label, (), tuple(link.chosen), many=link.many, required=link.required)


def _titles(app: AppState, link: Link, rows: _Rows) -> str:
    known = {row.id: row.title for row in (*rows.found, *rows.chosen)}
    return ", ".join(
        known.get(key, app.t("ui.link.elsewhere", number=short_number(key))) for key in link.chosen
    )


def _choice(app: AppState, row: RecordRow) -> Choice:
    """Name a record with its place and day, because titles repeat."""
    return Choice(row.id, row.title, app.words.line(row.subtitle, row.unit_name))
