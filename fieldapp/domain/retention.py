"""How long a phone shows what it recorded: each type declares a line per tier.

Laws:
  * Time runs from the day a record was sealed, or from the day it was closed; what is not closed
    stays.
  * The narrowest line that fits a document counts: its category before its tier.
  * A type that declares no line is kept for as long as the vault is.
  * A sealed batch outlives what is shown of it: while any of its records is shown it is their
    history, and for ninety days after headquarters opened it it is the copy that a lost server
    gets back.

Realises domain 7.5, the column "on device", and DESIGN section 10.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from fieldapp.domain.fields import Fields

MONTH_DAYS: Final = 30.44
GONE: Final = "gone"
"""The word in a card's extra that tells since which day the text is gone."""
SEALED_DAYS: Final = 90
"""How long this device holds back what it sealed after headquarters opened it."""
_CLOSED: Final = "closed"


class Since(StrEnum):
    """From when the time runs."""

    SEALED = "sealed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Keeping:
    """One line: how long, from when, and for which documents of the type.

    Attributes:
        tier: only documents of this tier; None for all.
        category: only documents of this category; None for all.
    """

    days: int
    since: Since = Since.SEALED
    tier: str | None = None
    category: str | None = None

    def fits(self, tier: str, fields: Fields) -> bool:
        """Whether the line is about a document."""
        of_tier = self.tier in (None, tier)
        return of_tier and self.category in (None, fields.get("category"))


def months(count: int) -> int:
    """Return a number of months in days, never too few.

    >>> months(12), months(24)
    (366, 731)
    """
    return int(count * MONTH_DAYS) + 1


def keeping_of(lines: Iterable[Keeping], tier: str, fields: Fields) -> Keeping | None:
    """Return the line that counts for a document."""
    fitting = [line for line in lines if line.fits(tier, fields)]
    return max(
        fitting, key=lambda line: (line.category is not None, line.tier is not None), default=None
    )


def kept_until(line: Keeping, fields: Fields, sealed_on: date, changed_on: date) -> date | None:
    """Return the last day on which a record is shown; None while its time does not run.

    Args:
        line: what counts for the document.
        fields: the document.
        sealed_on: the day of its first sealing.
        changed_on: the day of its last change, on which it was closed if it says no other.
    """
    since = sealed_on if line.since is Since.SEALED else _closed_on(fields, changed_on)
    return None if since is None else since + timedelta(days=line.days)


def sealed_until(opened_on: date) -> date:
    """Return the last day on which this device keeps what it sealed.

    Args:
        opened_on: the day on which headquarters signed that it opened it.

    >>> sealed_until(date(2027, 1, 1)).isoformat()
    '2027-04-01'
    """
    return opened_on + timedelta(days=SEALED_DAYS)


def _closed_on(fields: Fields, changed_on: date) -> date | None:
    said = _day(fields.get("closed_on"))
    if said is not None:
        return said
    is_closed = any(fields.get(name) == _CLOSED for name in ("status", "stage"))
    return changed_on if is_closed else None


def _day(value: Any) -> date | None:  # noqa: ANN401  any JSON value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
