"""How long an exchange still takes: by bytes first, by what was measured then."""

from __future__ import annotations

from fieldapp.ui.pace import Pace


def test_before_anything_moved_the_last_rate_tells() -> None:
    pace = Pace(began=100.0, forecast=42.0)
    assert pace.left(100.0) == 45
    assert pace.left(120.0) == 25


def test_a_part_that_is_done_tells_how_long_the_rest_takes() -> None:
    pace = Pace(100.0, 10.0).noted(110.0, "sending", 0, 8).noted(114.0, "sending", 2, 8)
    assert pace.left(114.0) == 15
    assert pace.noted(134.0, "sending", 4, 8).left(134.0) == 25


def test_a_first_step_that_was_fast_promises_nothing() -> None:
    assert Pace(0.0, 40.0).noted(0.1, "sending", 1, 3).left(0.2) == 40


def test_a_new_stage_begins_its_own_measure() -> None:
    sending = Pace(100.0, 10.0).noted(101.0, "sending", 1, 2)
    opening = sending.noted(150.0, "opening", 1, 11)
    assert opening.stage_began == 150.0
    assert opening.noted(152.0, "opening", 5, 11).left(153.5) == 5


def test_it_is_never_less_than_a_few_seconds() -> None:
    assert Pace(0.0, 10.0).left(500.0) == 5


def test_minutes_are_told_as_minutes() -> None:
    assert Pace(0.0, 130.0).left(0.0) == 180
