"""Matters arising: what the last meeting resolved and nobody has finished.

Laws:
  * Only open resolutions are carried, in their order, with their due date and status.
  * Each matter names the meeting and the item it comes from, so that closing it can be followed.
  * "Overdue" is computed from the due date; it is never stored.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldapp.domain.choices import OPEN_ACTION_KEYS
from fieldapp.domain.fields import Fields
from fieldapp.domain.paths import is_item_id
from fieldapp.domain.rules import day, items_of


def matters_arising(previous: Fields, meeting: str) -> list[dict[str, Any]]:
    """Return the items of ``matters_arising`` that a new meeting starts with.

    Args:
        previous: the document of the body's previous meeting.
        meeting: that meeting's record id, as text.
    """
    found: list[dict[str, Any]] = []
    for group, link in (("matters_arising", None), ("resolutions", meeting)):
        for _, item in items_of(previous, group):
            if item.get("status") in (None, *OPEN_ACTION_KEYS):
                found.append(_carried(item, link))
    return found


def _carried(item: Fields, meeting: str | None) -> dict[str, Any]:
    """Copy what matters of a resolution, or of a matter that was carried before."""
    kept = {name: item[name] for name in ("text", "due", "progress") if item.get(name)}
    kept["status"] = "carried_forward"
    if meeting is None:
        return kept | {n: item[n] for n in ("meeting", "resolution") if item.get(n)}
    kept["meeting"] = meeting
    if is_item_id(item.get("id")):
        kept["resolution"] = item["id"]
    return kept


def is_overdue(item: Fields, today: date) -> bool:
    """Tell whether a resolution, matter or action is open after its due date."""
    due = day(item.get("due"))
    return due is not None and due < today and item.get("status") in (None, *OPEN_ACTION_KEYS)
