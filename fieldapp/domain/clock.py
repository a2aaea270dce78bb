"""The hybrid logical clock, best time, and days as people in Kenya count them.

Laws:
  * A stamp is 64 bits: 48 bits of UTC milliseconds, then a 16-bit counter. Stamps of one device
    only grow, whatever its clock does.
  * Capture never stops: a clock that stands before the app's build date is overruled and the
    entry is marked "clock unsure"; nothing here raises on drift.
  * A stamp far ahead of the reader's best time is held back: it neither wins a conflict nor pulls
    the reader's own clock along.
  * Days, months and shown hours are East Africa Time, a constant of the organisation.

Realises decision 20 of the protocol: clocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

BUILD_MS = 1_795_305_600_000
"""When this version was built (22 Nov 2026): no true clock stands before it."""
COUNTER_BITS = 16
COUNTER_MASK = (1 << COUNTER_BITS) - 1
HELD_BACK_AFTER_MS = 24 * 60 * 60 * 1000
EAST_AFRICA_TIME = timezone(timedelta(hours=3), "EAT")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


def make_stamp(millis: int, counter: int = 0) -> int:
    """Join milliseconds and counter into one stamp."""
    return millis << COUNTER_BITS | counter


def stamp_millis(stamp: int) -> int:
    """Return the UTC milliseconds of a stamp."""
    return stamp >> COUNTER_BITS


def best_time_ms(own_ms: int, server_ms: int = 0) -> int:
    """Return the later of the own clock and the last time a server signed."""
    return max(own_ms, server_ms)


def is_held_back(stamp: int, best_ms: int) -> bool:
    """Tell whether a stamp lies more than a day ahead of the best time known."""
    return stamp_millis(stamp) > best_ms + HELD_BACK_AFTER_MS


@dataclass(frozen=True, slots=True)
class HybridClock:
    """The last stamp that this device gave out or followed."""

    last: int = 0

    def tick(self, now_ms: int, build_ms: int = 0) -> tuple[HybridClock, int, bool]:
        """Give out the next stamp.

        Args:
            now_ms: the device's clock, corrected by the server's offset where one is known.
            build_ms: when this version of the app was built; no true clock stands before it.

        Returns:
            The moved clock, the stamp, and whether the device's clock cannot be right.
        """
        floor = max(now_ms, build_ms, 0)
        stamp = max(make_stamp(floor), self.last + 1)
        return HybridClock(stamp), stamp, now_ms < build_ms

    def receive(self, stamp: int, best_ms: int) -> HybridClock:
        """Follow a stamp from another device, unless it is held back."""
        if stamp <= self.last or is_held_back(stamp, best_ms):
            return self
        return HybridClock(stamp)


def kenya_datetime(ms: int) -> datetime:
    """Return an instant as wall time in Kenya."""
    return datetime.fromtimestamp(ms / 1000, tz=EAST_AFRICA_TIME)


def kenya_date(ms: int) -> date:
    """Return the day an instant falls on in Kenya.

    >>> kenya_date(1_539_205_200_000)
    datetime.date(2018, 10, 11)
    """
    return kenya_datetime(ms).date()


def instant_text(ms: int) -> str:
    """Write an instant as JSON prints it.

    >>> instant_text(1_539_237_600_000)
    '2018-10-11T09:00:00+03:00'
    """
    return kenya_datetime(ms).isoformat(timespec="seconds")


def instant_millis(text: str) -> int:
    """Read an ISO 8601 instant that names its offset.

    Raises:
        ValueError: it is no instant, or names no offset.
    """
    if _INSTANT.fullmatch(text) is None:
        message = "not an instant with an offset"
        raise ValueError(message)
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def month_of(day: date) -> str:
    """Return the month of a day as ``YYYY-MM``."""
    return f"{day.year:04d}-{day.month:02d}"
