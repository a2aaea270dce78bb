"""The hybrid clock and days in Kenya."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.clock import (
    HybridClock,
    best_time_ms,
    instant_millis,
    instant_text,
    is_held_back,
    kenya_date,
    make_stamp,
    month_of,
    stamp_millis,
)

DAY_MS = 86_400_000
NOW = 1_763_802_000_000


@given(st.lists(st.integers(0, 2**47), min_size=1, max_size=30))
def test_stamps_grow_whatever_the_clock_does(readings: list[int]) -> None:
    clock, last = HybridClock(), 0
    for now_ms in readings:
        clock, stamp, _ = clock.tick(now_ms)
        assert stamp > last
        last = stamp


def test_a_stamp_is_the_time_when_the_clock_moves() -> None:
    _, stamp, unsure = HybridClock().tick(NOW, build_ms=NOW - 1)
    assert stamp_millis(stamp) == NOW
    assert not unsure


def test_a_clock_before_the_build_date_is_overruled_and_marked() -> None:
    _, stamp, unsure = HybridClock().tick(5, build_ms=NOW)
    assert stamp_millis(stamp) == NOW
    assert unsure


def test_a_negative_clock_still_captures() -> None:
    _, stamp, _ = HybridClock().tick(-5)
    assert stamp == 1


def test_a_received_stamp_moves_the_clock_forward_only() -> None:
    clock = HybridClock(make_stamp(NOW))
    assert clock.receive(make_stamp(NOW - 1), NOW) == clock
    assert clock.receive(make_stamp(NOW + 1), NOW).last == make_stamp(NOW + 1)


def test_a_held_back_stamp_does_not_pull_the_clock_along() -> None:
    future = make_stamp(NOW + DAY_MS + 1)
    assert is_held_back(future, NOW)
    assert not is_held_back(make_stamp(NOW + DAY_MS), NOW)
    assert HybridClock().receive(future, NOW) == HybridClock()


def test_best_time_is_the_later_of_own_and_server() -> None:
    assert best_time_ms(5, 9) == 9
    assert best_time_ms(5) == 5


@pytest.mark.parametrize(
    ("hour", "day"), [("20:59:59+00:00", 11), ("21:00:00+00:00", 12), ("00:30:00+03:00", 11)]
)
def test_a_day_begins_at_midnight_in_kenya(hour: str, day: int) -> None:
    assert kenya_date(instant_millis(f"2018-10-11T{hour}")) == date(2018, 10, day)


def test_instants_are_written_with_kenyas_offset() -> None:
    assert instant_text(1_539_237_600_000) == "2018-10-11T09:00:00+03:00"
    assert instant_millis("2018-10-11T06:00Z") == 1_539_237_600_000


@pytest.mark.parametrize("text", ["2018-10-11", "2018-10-11T09:00", "2018-13-01T09:00Z", "soon"])
def test_an_instant_without_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"offset|month|format|isoformat"):
        instant_millis(text)


def test_a_month_is_named_by_year_and_number() -> None:
    assert month_of(date(2018, 1, 31)) == "2018-01"
