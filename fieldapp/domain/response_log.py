"""When the police were told, set out, came and had done: one time after another.

Laws:
  * The four times follow one another. A time may be left out, the first may not.
  * A further call after the last was resolved begins a response of its own.
  * Documents are never changed in place: a new list comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fieldapp.domain.fields import Fields

GROUP = "response_log"
FIRST, *_REST = ("reported_at", "dispatched_at", "arrived_at", "resolved_at")
STEPS = (FIRST, *_REST)
Item = Mapping[str, Any]


def running(fields: Fields) -> Item | None:
    """Return the last response that is not resolved, or None."""
    items = fields.get(GROUP) or ()
    last = items[-1] if items else None
    return last if last is not None and not last.get(STEPS[-1]) else None


def open_steps(item: Item | None) -> tuple[str, ...]:
    """Return the times that may be noted next: those after the latest, or the first.

    >>> open_steps({"reported_at": "2026-11-22T10:00+03:00"})
    ('dispatched_at', 'arrived_at', 'resolved_at')
    """
    if item is None:
        return (FIRST,)
    latest = max((place for place, step in enumerate(STEPS) if item.get(step)), default=-1)
    return STEPS[latest + 1 :] if latest >= 0 else (FIRST,)


def noted(
    fields: Fields, step: str, at: str, new_item_id: Callable[[], str]
) -> list[dict[str, Any]]:
    """Return the responses with one time noted, in the running one or in a new one."""
    items = [dict(item) for item in fields.get(GROUP) or ()]
    if running(fields) is not None:
        items[-1][step] = at
        return items
    return [*items, {"id": new_item_id(), step: at}]
