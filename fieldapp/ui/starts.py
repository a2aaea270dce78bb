"""Beginning one record from others: which types offer it, and what they fill in.

Laws:
  * What is offered follows from the declarations (``Start``); nothing here names a type.
  * What a declaration refuses to begin is not offered, and says nothing of why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.domain.fields import Fields
from fieldapp.domain.record_type import RecordType, Start
from fieldapp.services.views import RecordView
from fieldapp.ui.context import later
from fieldapp.ui.state import AppState

OWN_BEGINNINGS = {"concern": "/concern"}
"""Types that are begun on a screen of their own, by their keys."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that may be begun, and how."""

    declared: RecordType
    start: Start


def offers(app: AppState, type_key: str) -> Iterator[Offer]:
    """Give what this officer may begin from records of a type."""
    for declared in app.types:
        for start in declared.starts:
            if start.type == type_key:
                yield Offer(declared, start)


def offers_from(app: AppState, record: RecordView) -> list[tuple[Offer, Fields]]:
    """Return what may be begun from one record, with what it fills in."""
    documents = {record.id: record.fields}
    filled = ((offer, offer.start.fill(documents)) for offer in offers(app, record.type))
    return [(offer, fields) for offer, fields in filled if fields is not None]


def begin(
    app: AppState, type_key: str, fields: Mapping[str, Any] | None = None
) -> Callable[..., None]:
    """Return a handler that begins a record and opens its form."""

    async def run() -> None:
        page = ft.context.page
        if fields is None and type_key in OWN_BEGINNINGS:
            page.navigate(OWN_BEGINNINGS[type_key])
            return
        draft = await app.new_record(type_key, fields)
        if draft is not None:
            page.navigate(f"/draft/{draft}")

    return later(run)


async def filled_from(app: AppState, offer: Offer, record_ids: Sequence[str]) -> Fields | None:
    """Read the chosen records and return what they fill in; None where it is refused."""
    found: dict[str, Fields] = {}
    for record_id in record_ids:
        record = await app.attempt(app.services.records.show, record_id)
        if record is None:
            return None
        found[record.id] = record.fields
    return offer.start.fill(found)
