"""By when somebody should have acted on a concern: the target of its urgency.

Laws:
  * Counted from when it happened, the end of the day or week where no hour was given, else from
    when it was recorded: what is reported late is late.
  * Any answer ends it: a status beyond verification, an action, a response, an escalation.
  * "Overdue" is this instant passed; it is computed and never stored in a record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.clock import EAST_AFRICA_TIME
from fieldapp.domain.fields import Fields
from fieldapp.domain.rules import day
from fieldapp.domain.taxonomy import FIRST_ACTION_HOURS

HOUR_MS: Final = 60 * 60 * 1000
WEEK_DAYS: Final = 7
ANSWERS: Final = ("actions/", "response_log/", "escalations/")
"""How the paths of a concern begin that tell of an answer."""

_UNANSWERED: Final = frozenset({None, "open", "verified", "not_verified", "reopened"})
_PRESETS: Final = {category.key: category.urgency for category in CATEGORIES}


def first_action_due(
    type_key: str, fields: Fields, paths: Iterable[str], recorded_ms: int
) -> int | None:
    """Return the instant by which somebody should have acted, None when nothing is awaited.

    Args:
        type_key: the record's type; only a concern awaits an action.
        fields: the document, its groups may be left out.
        paths: the flat paths that hold a value.
        recorded_ms: when the record was made.
    """
    if type_key != "concern" or fields.get("status") not in _UNANSWERED:
        return None
    if any(path.startswith(ANSWERS) for path in paths):
        return None
    urgency = fields.get("urgency") or _PRESETS.get(str(fields.get("category")))
    hours = FIRST_ACTION_HOURS.get(str(urgency))
    return None if hours is None else _start_ms(fields, recorded_ms) + hours * HOUR_MS


def _start_ms(fields: Fields, recorded_ms: int) -> int:
    week, happened = day(fields.get("week_of")), day(fields.get("date"))
    if week is not None:
        return _midnight_ms(week + timedelta(days=WEEK_DAYS))
    if happened is None:
        return recorded_ms
    hour = _time(fields.get("time"))
    if hour is None:
        return _midnight_ms(happened + timedelta(days=1))
    return _ms(datetime.combine(happened, hour, EAST_AFRICA_TIME))


def _midnight_ms(of: date) -> int:
    return _ms(datetime.combine(of, time(), EAST_AFRICA_TIME))


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _time(value: object) -> time | None:
    try:
        return time.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
