"""A long list, page by page: the first page at once, the next ones as they are scrolled to.

Laws:
  * A search is asked once typing rests, off the event loop; a newer question replaces the older.
  * What is shown grows by a page at a time and is read again when records changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import flet as ft

from fieldapp.services.views import RecordRow
from fieldapp.ui.context import SETTLE_SECONDS, later
from fieldapp.ui.state import AppState

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows."""

    search: str = ""
    state: str = "all"
    type: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question gave so far; ``columns`` only where a table shows them."""

    wanted: Wanted
    rows: Sequence[RecordRow]
    total: int
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything is shown."""
        return len(self.rows) >= self.total


@dataclass(frozen=True, slots=True)
class Pages:
    """The rows that are shown, and how to get more of them."""

    found: Found | None
    more: Callable[..., None]


class _Asked:
    """Whether a page is on its way, kept between two drawings."""

    def __init__(self) -> None:
        self.is_running = False
        self.wanted = Wanted()


def use_pages(app: AppState, wanted: Wanted, *, with_columns: bool) -> Pages:
    """Return what a question gave so far, and ask again when it or the records change."""
    found, set_found = ft.use_state(cast("Found | None", None))
    asked, _ = ft.use_state(_Asked())

    async def first() -> None:
        before = asked.wanted
        asked.wanted = wanted
        if wanted.search != before.search:
            await asyncio.sleep(SETTLE_SECONDS)
        same = found is not None and found.wanted == wanted
        limit = max(PAGE, len(found.rows)) if same and found is not None else PAGE
        page = await _page(app, wanted, 0, limit, with_columns=with_columns)
        set_found(lambda _: page)

    async def following() -> None:
        if found is None or found.is_whole or asked.is_running:
            return
        asked.is_running = True
        try:
            page = await _page(app, wanted, len(found.rows), PAGE, with_columns=with_columns)
        finally:
            asked.is_running = False
        if page is not None:
            set_found(lambda old: _joined(old, page))

    ft.use_effect(first, dependencies=[wanted, with_columns, app.revision])
    return Pages(found, later(following))


def _joined(old: Found | None, page: Found) -> Found | None:
    """Put a page behind what is shown, unless another question was asked meanwhile."""
    if old is None or old.wanted != page.wanted:
        return old
    known = {row.id for row in old.rows}
    rows = [*old.rows, *(row for row in page.rows if row.id not in known)]
    return replace(page, rows=rows, columns={**old.columns, **page.columns})


async def _page(
    app: AppState, wanted: Wanted, offset: int, limit: int, *, with_columns: bool
) -> Found | None:
    state = None if wanted.state == "all" else wanted.state
    records = app.services.records
    page = await app.attempt(
        records.find, wanted.search, wanted.type or None, None, state, offset, limit
    )
    if page is None:
        return None
    rows, total = page
    sealed = [row.id for row in rows if row.state == "sealed"]
    columns = await app.attempt(records.columns, sealed) if with_columns and sealed else {}
    return Found(wanted, rows, total, columns or {})
