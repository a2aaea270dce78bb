"""What the store can say about response times.

Laws:
  * A response counts if it was reported and somebody arrived, not before the report.
  * Figures always come with their n; below five nothing but n's bound is told.
  * Days are days in Kenya.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median

from sqlalchemy import select

from fieldapp.domain.clock import instant_millis, kenya_date
from fieldapp.storage.hq.refresh import SUPPRESS_BELOW
from fieldapp.storage.hq.store import HqStore

_MS_PER_MINUTE = 60_000


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
    concern = store.shapes["concern"]
    log = concern.groups["response_log"].table
    statement = (
        select(log.c.reported_at, log.c.arrived_at)
        .join(concern.table, concern.table.c.id == log.c.record)
        .where(concern.table.c.sub_county == sub_county)
        .where(log.c.reported_at.is_not(None), log.c.arrived_at.is_not(None))
    )
    with store.reading() as connection:
        for reported_at, arrived_at in connection.execute(statement):
            try:
                reported, arrived = instant_millis(reported_at), instant_millis(arrived_at)
            except ValueError:
                continue
            if arrived >= reported:
                yield reported, arrived


def _minutes(times: list[float]) -> Minutes:
    n = len(times)
    if n < SUPPRESS_BELOW:
        return Minutes(None, f"<{SUPPRESS_BELOW}", None, None)
    return Minutes(n, str(n), round(fmean(times), 1), round(median(times), 1))
