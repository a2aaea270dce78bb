"""The monthly return: which month is due, how long there is, and what its records count up to.

Laws:
  * A month is due on a day of the next one; what was not returned stays due until it is.
  * Counts only. What is restricted, or complains about an official, is counted by its desk alone.
  * A sex is only counted where every meeting counted it: a sum of some would say too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fieldapp.domain.fields import Fields
from fieldapp.domain.follow_ups import CLOSED
from fieldapp.domain.record_type import Tier
from fieldapp.domain.routing import tier_of
from fieldapp.domain.rules import count, day, items_of

RETURN_DAY: Final = 5
LAST_SAFE_DAY: Final = 28
_MONTHS: Final = 12
_SEXES: Final = ("female", "male")


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first day, and the day on which its return is due."""

    first: date
    due: date

    def days_left(self, today: date) -> int:
        """How many days are left; below zero when the day has passed."""
        return (self.due - today).days

    def holds(self, moment: date | None) -> bool:
        """Whether a day lies in the month."""
        return moment is not None and (moment.year, moment.month) == (
            self.first.year,
            self.first.month,
        )


def month_of(moment: date, return_day: int = RETURN_DAY) -> Month:
    """Return the month of a day, which is due on a day of the next month.

    >>> month_of(date(2026, 12, 24)).due
    datetime.date(2027, 1, 5)
    """
    years, months = divmod(moment.month, _MONTHS)
    following = date(moment.year + years, months + 1, 1)
    return Month(moment.replace(day=1), following.replace(day=_safe(return_day)))


def month_before(moment: date, return_day: int = RETURN_DAY) -> Month:
    """Return the month before the month of a day."""
    first = moment.replace(day=1)
    before = date.fromordinal(first.toordinal() - 1)
    return month_of(before, return_day)


@dataclass(frozen=True, slots=True)
class Dated:
    """A record of some month, as far as it counts: its type, document and day of sealing."""

    type: str
    fields: Fields
    sealed_on: date

    @property
    def happened_on(self) -> date:
        """The day that the record is about; the day of sealing where it says none."""
        return day(self.fields.get("date")) or self.sealed_on


def counted(month: Month, records: Iterable[Dated], still_open: int) -> dict[str, Any]:
    """Return the fields of a month's return.

    Args:
        month: which one.
        records: meetings and concerns; what lies outside the month is passed over.
        still_open: how many resolutions are open by now.
    """
    known = list(records)
    meetings = [one for one in known if one.type == "meeting"]
    held = [one.fields for one in meetings if month.holds(one.happened_on)]
    concerns = [
        one
        for one in known
        if one.type == "concern" and month.holds(one.happened_on) and _may_count(one.fields)
    ]
    found: dict[str, Any] = {
        "month": month.first.isoformat(),
        "meetings": len(held),
        "concerns": len(concerns),
        "resolutions_open": still_open,
        "resolutions_done": sum(_done_in(month, one) for one in meetings),
    }
    if (people := _participants(held)) is not None:
        found["participants"] = people
    return found


def nothing(month: Month) -> dict[str, Any]:
    """Return the fields of a return that says that nothing happened."""
    return {
        "month": month.first.isoformat(),
        "meetings": 0,
        "concerns": 0,
        "nothing_to_report": True,
    }


def _safe(return_day: int) -> int:
    return min(max(return_day, 1), LAST_SAFE_DAY)


def _may_count(fields: Fields) -> bool:
    is_open = tier_of("concern", fields) is not Tier.RESTRICTED
    return is_open and fields.get("about_official") is not True


def _done_in(month: Month, meeting: Dated) -> int:
    """Count the resolutions of a meeting that were completed in the month."""
    done = [
        item
        for _, item in items_of(meeting.fields, "resolutions")
        if item.get("status") in CLOSED - {"dropped"}
    ]
    days = [day(item.get("closed_on")) or meeting.happened_on for item in done]
    return sum(month.holds(moment) for moment in days)


def _participants(held: Sequence[Fields]) -> dict[str, int] | None:
    cells = [found for fields in held if (found := _cells(fields.get("attendance")))]
    if not cells:
        return None
    people = {"total": sum(one.get("total", 0) for one in cells)}
    if all(sex in one for one in cells for sex in _SEXES):
        people |= {sex: sum(one[sex] for one in cells) for sex in _SEXES}
    return people


def _cells(value: object) -> dict[str, int]:
    if not isinstance(value, Mapping):
        return {}
    found = {str(key): count(cell) for key, cell in value.items()}
    return {key: cell for key, cell in found.items() if cell is not None}
