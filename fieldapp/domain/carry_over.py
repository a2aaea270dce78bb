"""What a new meeting takes over from the last one of its body: who, where, and what is unfinished.

Laws:
  * Only what tends to stay is taken over: never a count of people, a day, a story or a topic.
  * Only open resolutions are carried, in their order, with their due date and status.
  * Each matter names the meeting and the item it comes from, so that closing it can be followed.
  * "Overdue" is computed from the due date; it is never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fieldapp.domain.choices import OPEN_ACTION_KEYS
from fieldapp.domain.fields import Fields
from fieldapp.domain.paths import is_item_id
from fieldapp.domain.rules import day, items_of


@dataclass(frozen=True, slots=True)
class LastTime:
    """The last meeting of a body: its record, its day, and what the next one may begin with."""

    record_id: str
    day: str
    fields: Fields


STAYS: Final = (
    "meeting_type", "body", "body_name", "classification", "venue", "ward", "village", "languages",
    "convener", "chair", "chair_kind", "secretary", "members_total",
)  # fmt: skip
"""The fields of a meeting that are mostly the same next time."""


def taken_over(previous: Fields, meeting: str) -> dict[str, Any]:
    """Return what a new meeting of the same body starts with, matters arising included.

    Args:
        previous: the document of the body's previous meeting.
        meeting: that meeting's record id, as text.
    """
    kept = {name: previous[name] for name in STAYS if previous.get(name)}
    if previous.get("next_venue"):
        kept["venue"] = previous["next_venue"]
    if matters := matters_arising(previous, meeting):
        kept["matters_arising"] = matters
    return kept


def is_same_series(wanted: Fields, previous: Fields) -> bool:
    """Tell whether a meeting belongs to the series that another one goes on with.

    A body that both name decides; without one, the kind does.
    """
    if wanted.get("body") or wanted.get("body_name"):
        return all(wanted.get(name) == previous.get(name) for name in ("body", "body_name"))
    kind = wanted.get("meeting_type")
    return kind is None or kind == previous.get("meeting_type")


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
