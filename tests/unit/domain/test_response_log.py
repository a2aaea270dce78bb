"""The times of a police response: in order, none twice, a new response after a resolved one."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.response_log import STEPS, noted, open_steps, running
from fieldapp.domain.validation import check
from tests.support.factories import SUB_COUNTY, TODAY, concern_fields

TEN, ELEVEN = "2025-11-19T10:00+03:00", "2025-11-19T11:00+03:00"


def new_id() -> str:
    return "aaaaaaaa"


def test_the_first_time_begins_a_response() -> None:
    assert open_steps(running({})) == ("reported_at",)
    assert noted({}, "reported_at", TEN, new_id) == [{"id": "aaaaaaaa", "reported_at": TEN}]


def test_a_later_time_joins_the_running_response_and_changes_nothing_in_place() -> None:
    before = {"response_log": [{"id": "bbbbbbbb", "reported_at": TEN}]}
    after = noted(before, "arrived_at", ELEVEN, new_id)
    assert after == [{"id": "bbbbbbbb", "reported_at": TEN, "arrived_at": ELEVEN}]
    assert before["response_log"] == [{"id": "bbbbbbbb", "reported_at": TEN}]
    assert open_steps(after[-1]) == ("resolved_at",)


def test_after_a_resolved_response_a_new_one_begins() -> None:
    done = {"response_log": [{"id": "bbbbbbbb", "reported_at": TEN, "resolved_at": ELEVEN}]}
    assert running(done) is None
    assert len(noted(done, "reported_at", ELEVEN, new_id)) == 2


@pytest.mark.parametrize("place", range(4))
def test_whatever_is_noted_in_order_is_a_good_record(place: int) -> None:
    fields: dict[str, Any] = concern_fields(category="slow_response")
    for hour, step in enumerate(STEPS[: place + 1]):
        assert step in open_steps(running(fields))
        fields["response_log"] = noted(fields, step, f"2025-11-19T1{hour}:00+03:00", new_id)
    assert check("concern", SUB_COUNTY, fields, today=TODAY) == []
