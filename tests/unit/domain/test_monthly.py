"""The monthly return: when it is due, and what its counts leave out."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.domain.monthly import Dated, Month, counted, month_before, month_of, nothing
from fieldapp.domain.record_types import record_type
from fieldapp.domain.validation import check, defaults

NOVEMBER = month_of(date(2026, 11, 22))
SEALED = date(2026, 11, 22)


def meeting(day: str, **fields: object) -> Dated:
    return Dated("meeting", {"meeting_type": "baraza_chief", "date": day, **fields}, SEALED)


def concern(day: str, category: str = "theft", **fields: object) -> Dated:
    return Dated("concern", {"category": category, "date": day, **fields}, SEALED)


@pytest.mark.parametrize(
    ("today", "due"),
    [("2026-11-22", "2026-12-05"), ("2026-12-31", "2027-01-05"), ("2028-01-31", "2028-02-05")],
)
def test_a_month_is_due_on_the_fifth_of_the_next(today: str, due: str) -> None:
    assert month_of(date.fromisoformat(today)).due == date.fromisoformat(due)


def test_the_day_can_be_set_but_never_outside_a_month() -> None:
    assert month_of(date(2026, 1, 9), 31).due == date(2026, 2, 28)
    assert month_of(date(2026, 1, 9), 0).due == date(2026, 2, 1)


def test_the_month_before_january_is_december() -> None:
    assert month_before(date(2027, 1, 3)) == Month(date(2026, 12, 1), date(2027, 1, 5))


def test_days_left_go_below_zero_once_the_day_has_passed() -> None:
    assert NOVEMBER.days_left(date(2026, 12, 5)) == 0
    assert NOVEMBER.days_left(date(2026, 11, 30)) == 5
    assert NOVEMBER.days_left(date(2026, 12, 7)) == -2


def test_only_the_month_itself_is_counted() -> None:
    records = [
        meeting("2026-11-02", attendance={"total": 40, "female": 18, "male": 22}),
        meeting("2026-11-20", attendance={"total": 60, "female": 30, "male": 30}),
        meeting("2026-10-31", attendance={"total": 900, "female": 900, "male": 0}),
        concern("2026-11-05"),
        concern("2026-12-01"),
    ]
    assert counted(NOVEMBER, records, still_open=3) == {
        "month": "2026-11-01",
        "meetings": 2,
        "concerns": 1,
        "resolutions_open": 3,
        "resolutions_done": 0,
        "participants": {"total": 100, "female": 48, "male": 52},
    }


def test_restricted_concerns_and_complaints_are_left_to_their_desks() -> None:
    records = [
        concern("2026-11-05", "gbv"),
        concern("2026-11-05", "defilement"),
        concern("2026-11-05", "corruption"),
        concern("2026-11-05", about_official=True),
        concern("2026-11-05", "theft"),
    ]
    assert counted(NOVEMBER, records, 0)["concerns"] == 1


def test_a_sex_that_one_meeting_did_not_count_is_not_summed() -> None:
    records = [
        meeting("2026-11-02", attendance={"total": 40, "female": 18, "male": 22}),
        meeting("2026-11-20", attendance={"total": 60}),
    ]
    assert counted(NOVEMBER, records, 0)["participants"] == {"total": 100}


def test_resolutions_count_in_the_month_in_which_they_were_closed() -> None:
    resolutions = [
        {"id": "a", "text": "Lamp", "status": "done", "closed_on": "2026-11-03"},
        {"id": "b", "text": "Well", "status": "done", "closed_on": "2026-12-03"},
        {"id": "c", "text": "Road", "status": "dropped", "closed_on": "2026-11-03"},
        {"id": "d", "text": "Gate", "status": "not_started"},
    ]
    records = [meeting("2026-10-01", resolutions=resolutions)]
    assert counted(NOVEMBER, records, 0)["resolutions_done"] == 1


def test_both_kinds_of_return_can_be_sealed_as_they_are() -> None:
    today = date(2026, 12, 2)
    preset = defaults("return", today)
    for fields in (nothing(NOVEMBER), counted(NOVEMBER, [meeting("2026-11-02")], 1)):
        assert check("return", "KE-005-S022", {**preset, **fields}, today=today) == []
    assert record_type("return").title(nothing(NOVEMBER)).sw == "Ripoti ya mwezi Novemba 2026"
