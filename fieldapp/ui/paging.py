"""A long list, page by page: the first page at once, the next ones as they are scrolled to.

Laws:
  * A search is asked once typing rests, off the event loop; a newer question replaces the older.
  * What is shown grows by a page at a time and is read again when records changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast

import flet as ft

from fieldapp.domain.record_types import record_type
from fieldapp.services.views import RecordRow
from fieldapp.ui.context import SETTLE_SECONDS, later
from fieldapp.ui.shown_places import places_in
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import CONTENT_WIDTH, GAP

PAGE = 50
NEAR_THE_END = 900
"""So many points before the last row the next page is asked for."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows."""

    search: str = ""
    state: str = "all"
    type: str = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """What a question gave so far.

    Attributes:
        beside: what else the list tells, by name: columns of a row, the size of a group.
        names: what people call the places of the columns.
    """

    wanted: Wanted
    rows: Sequence[Row]
    total: int
    beside: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything is shown."""
        return len(self.rows) >= self.total


@dataclass(frozen=True, slots=True)
class Pages(Generic[Row]):
    """The rows that are shown, and how to get more of them."""

    found: Found[Row] | None
    more: Callable[..., None]


Ask = Callable[[Wanted, int, int], Awaitable[Found[Row] | None]]
"""Asks for a page: what is wanted, how many rows to pass over, how many at most."""


class _Asked:
    """Whether a page is on its way, kept between two drawings."""

    def __init__(self) -> None:
        self.is_running = False
        self.wanted = Wanted()


def use_pages(
    wanted: Wanted, ask: Ask[Row], name: Callable[[Row], str], *, again: Sequence[object]
) -> Pages[Row]:
    """Return what a question gave so far, and ask again when it or something else changes.

    Args:
        wanted: the question.
        ask: gives a page of its answer.
        name: what tells two rows apart.
        again: what else the answer depends on.
    """
    found, set_found = ft.use_state(cast("Found[Row] | None", None))
    asked, _ = ft.use_state(_Asked())

    async def first() -> None:
        before = asked.wanted
        asked.wanted = wanted
        if wanted.search != before.search:
            await asyncio.sleep(SETTLE_SECONDS)
        same = found is not None and found.wanted == wanted
        limit = max(PAGE, len(found.rows)) if same and found is not None else PAGE
        page = await ask(wanted, 0, limit)
        set_found(lambda _: page)

    async def following() -> None:
        if found is None or found.is_whole or asked.is_running:
            return
        asked.is_running = True
        try:
            page = await ask(wanted, len(found.rows), PAGE)
        finally:
            asked.is_running = False
        if page is not None:
            set_found(lambda old: _joined(old, page, name))

    ft.use_effect(first, dependencies=[wanted, *again])
    return Pages(found, later(following))


def use_records(app: AppState, wanted: Wanted, *, with_columns: bool) -> Pages[RecordRow]:
    """Return the pages of the list of records."""

    async def ask(asked: Wanted, offset: int, limit: int) -> Found[RecordRow] | None:
        return await _records(app, asked, offset, limit, with_columns=with_columns)

    return use_pages(wanted, ask, lambda row: row.id, again=[with_columns, app.revision])


def long_list(
    app: AppState, rows: Sequence[ft.Control], more: Callable[..., None], padding: ft.Padding
) -> ft.ListView:
    """Return rows that the client builds as they are scrolled to; near the end more are asked."""

    def scrolled(event: ft.OnScrollEvent) -> None:
        app.touch()
        if event.pixels > event.max_scroll_extent - NEAR_THE_END:
            more()

    return ft.ListView(
        list(rows), expand=True, padding=padding, on_scroll=scrolled, scroll_interval=200
    )


def list_padding(app: AppState) -> ft.Padding:
    """Return what keeps a long list to the width that is read well; on a phone the whole width."""
    side = GAP if not app.wide else max(GAP, (app.width - CONTENT_WIDTH) // 2 + GAP)
    return ft.Padding.only(left=side, right=side, top=12, bottom=2 * GAP)


def _joined(
    old: Found[Row] | None, page: Found[Row], name: Callable[[Row], str]
) -> Found[Row] | None:
    """Put a page behind what is shown, unless another question was asked meanwhile."""
    if old is None or old.wanted != page.wanted:
        return old
    known = {name(row) for row in old.rows}
    rows = [*old.rows, *(row for row in page.rows if name(row) not in known)]
    beside, names = {**old.beside, **page.beside}, {**old.names, **page.names}
    return replace(page, rows=rows, beside=beside, names=names)


async def _records(
    app: AppState, wanted: Wanted, offset: int, limit: int, *, with_columns: bool
) -> Found[RecordRow] | None:
    state = None if wanted.state == "all" else wanted.state
    records = app.services.records
    page = await app.look(
        records.find, wanted.search, wanted.type or None, None, state, offset, limit
    )
    if page is None:
        return None
    rows, total = page
    sealed = [row.id for row in rows if row.state == "sealed"]
    if not with_columns or not sealed:
        return Found(wanted, rows, total)
    columns = await app.look(records.columns, sealed) or {}
    declared = record_type(wanted.type)
    places = {key for held in columns.values() for key in places_in(declared, held)}
    names = await app.look(records.place_names, sorted(places)) if places else {}
    return Found(wanted, rows, total, columns, names or {})
