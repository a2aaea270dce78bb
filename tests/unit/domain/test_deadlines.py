"""By when a concern awaits its first action."""

from __future__ import annotations

import pytest

from fieldapp.domain.clock import instant_millis
from fieldapp.domain.deadlines import first_action_due

RECORDED = instant_millis("2026-11-20T09:00:00+03:00")


def due(fields: dict[str, object], paths: tuple[str, ...] = ()) -> int | None:
    return first_action_due("concern", fields, paths, RECORDED)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"urgency": "U2", "date": "2026-11-10", "time": "07:30"}, "2026-11-11T07:30:00+03:00"),
        ({"urgency": "U1", "date": "2026-11-10", "time": "07:30"}, "2026-11-10T08:30:00+03:00"),
        ({"urgency": "U2", "date": "2026-11-10"}, "2026-11-12T00:00:00+03:00"),
        ({"urgency": "U3", "week_of": "2026-11-02"}, "2026-11-16T00:00:00+03:00"),
        ({"urgency": "U4"}, "2026-12-20T09:00:00+03:00"),
        ({"urgency": "U2", "date": "soon", "time": "late"}, "2026-11-21T09:00:00+03:00"),
        ({"category": "homicide"}, "2026-11-20T10:00:00+03:00"),
    ],
)
def test_the_target_of_its_urgency_is_counted_from_when_it_happened(
    fields: dict[str, object], expected: str
) -> None:
    assert due(fields) == instant_millis(expected)


@pytest.mark.parametrize("status", [None, "open", "verified", "not_verified", "reopened"])
def test_a_concern_that_nobody_has_taken_up_awaits_an_action(status: str | None) -> None:
    assert due({"urgency": "U1", "status": status}) == RECORDED + 3_600_000


@pytest.mark.parametrize("status", ["assigned", "in_progress", "resolved", "closed"])
def test_a_concern_that_was_taken_up_awaits_nothing(status: str) -> None:
    assert due({"urgency": "U1", "status": status}) is None


@pytest.mark.parametrize("path", ["actions/x/text", "response_log/x/station", "escalations/x/to"])
def test_any_answer_ends_the_wait(path: str) -> None:
    assert due({"urgency": "U1"}, ("urgency", path)) is None


def test_a_meeting_and_a_concern_without_any_urgency_await_nothing() -> None:
    assert first_action_due("meeting", {"date": "2026-11-10"}, (), RECORDED) is None
    assert due({"category": "something new"}) is None
