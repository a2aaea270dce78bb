"""What the store can say about response times.

Laws:
  * A response counts if it was reported and somebody arrived, not before the report.
  * The log of a concern and a station's own log are both counted; a line of the station that names
    a concern with a log of its own is the same response, and counts once.
  * Figures always come with their n; below five nothing but n's bound is told.
  * Days are days in Kenya.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median
from typing import Any

from sqlalchemy import Select, select

from fieldapp.domain.clock import instant_millis, kenya_date
from fieldapp.storage.hq.refresh import SUPPRESS_BELOW
from fieldapp.storage.hq.store import HqStore

_MS_PER_MINUTE = 60_000
Times = Select[Any]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Response times of a period; the figures are None below five responses."""

    n: int | None
    shown: str
    mean: float | None
    median: float | None


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """Response times before a day, and from it on."""

    before: Minutes
    after: Minutes


def response_times(store: HqStore, sub_county: str, since: date) -> ResponseTimes:
    """Compare the minutes from report to arrival before a day with those from it on."""
    before: list[float] = []
    after: list[float] = []
    for reported_ms, arrived_ms in _responses(store, sub_county):
        period = after if kenya_date(reported_ms) >= since else before
        period.append((arrived_ms - reported_ms) / _MS_PER_MINUTE)
    return ResponseTimes(_minutes(before), _minutes(after))


def _responses(store: HqStore, sub_county: str) -> Iterable[tuple[int, int]]:
    with store.reading() as connection:
        for statement in (_logged(store, sub_county), _imported(store, sub_county)):
            for row in connection.execute(statement):
                try:
                    reported, arrived = (instant_millis(at) for at in row)
                except ValueError:
                    continue
                if arrived >= reported:
                    yield reported, arrived


def _logged(store: HqStore, sub_county: str) -> Times:
    """Ask for the times that were noted on the pages of concerns."""
    concern = store.shapes["concern"]
    log = concern.groups["response_log"].table
    return (
        select(log.c.reported_at, log.c.arrived_at)
        .join(concern.table, concern.table.c.id == log.c.record)
        .where(concern.table.c.sub_county == sub_county)
        .where(log.c.reported_at.is_not(None), log.c.arrived_at.is_not(None))
    )


def _imported(store: HqStore, sub_county: str) -> Times:
    """Ask for the lines of stations' logs that no concern has noted itself."""
    own = store.shapes["response"].table
    log = store.shapes["concern"].groups["response_log"].table
    noted = select(log.c.record).where(log.c.record == own.c.concern)
    return (
        select(own.c.reported_at, own.c.arrived_at)
        .where(own.c.sub_county == sub_county)
        .where(own.c.reported_at.is_not(None), own.c.arrived_at.is_not(None))
        .where(~noted.exists())
    )


def _minutes(times: list[float]) -> Minutes:
    n = len(times)
    if n < SUPPRESS_BELOW:
        return Minutes(None, f"<{SUPPRESS_BELOW}", None, None)
    return Minutes(n, str(n), round(fmean(times), 1), round(median(times), 1))
