"""One-tap deeds on a sealed concern: amendments in order, with a reason, never for a survivor."""

from __future__ import annotations

import pytest

from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.factories import concern_fields


def sealed(services: Services, **fields: object) -> str:
    return services.records.create("concern", None, concern_fields(**fields))


def test_one_tap_notes_the_time_of_the_police_and_says_why(chief: Services) -> None:
    record = sealed(chief, category="theft")
    chief.concerns.note_response(record, "reported_at")
    chief.concerns.note_response(record, "arrived_at")
    shown = chief.records.show(record)
    (log,) = shown.fields["response_log"]
    assert set(log) == {"id", "reported_at", "arrived_at"}
    assert log["reported_at"].endswith(":00+03:00")
    assert [one.reason for one in shown.history[1:]] == [
        "Response of the police: Time reported",
        "Response of the police: Time of arrival",
    ]
    assert chief.syncing.status().waiting >= 3


def test_a_time_may_be_set_and_must_follow_the_others(chief: Services) -> None:
    record = sealed(chief, category="theft")
    chief.concerns.note_response(record, "reported_at", "2025-11-19T10:00+03:00")
    with pytest.raises(ProblemsError):
        chief.concerns.note_response(record, "arrived_at", "2025-11-19T09:00+03:00")
    chief.concerns.note_response(record, "arrived_at", "2025-11-19T10:22+03:00")
    (log,) = chief.records.show(record).fields["response_log"]
    assert log["arrived_at"] == "2025-11-19T10:22+03:00"


def test_a_second_call_begins_a_response_of_its_own(chief: Services) -> None:
    record = sealed(chief, category="theft")
    for step in ("reported_at", "resolved_at", "reported_at"):
        chief.concerns.note_response(record, step)
    assert len(chief.records.show(record).fields["response_log"]) == 2


@pytest.mark.parametrize("purpose", ["for_action", "for_information"])
def test_a_concern_is_escalated_with_a_purpose(chief: Services, purpose: str) -> None:
    record = sealed(chief, category="theft")
    chief.concerns.escalate(record, "sub_county", purpose, " Third this month ")
    (row,) = chief.records.show(record).fields["escalations"]
    assert (row["to_body"], row["report_purpose"], row["reason"]) == (
        "sub_county", purpose, "Third this month",
    )  # fmt: skip
    assert row["sent_on"].count("-") == 2


def test_an_escalation_without_a_purpose_is_refused(chief: Services) -> None:
    record = sealed(chief, category="theft")
    with pytest.raises(ProblemsError):
        chief.concerns.escalate(record, "sub_county", "")
    assert "escalations" not in chief.records.show(record).fields


def test_a_survivors_record_has_neither(chief: Services) -> None:
    unit = "-".join(chief.access.officer().unit.split("-")[:3])
    fields = {"category": "gbv", "week_of": "2025-11-17"}
    record = chief.records.create("concern", unit, fields)
    with pytest.raises(ProblemsError):
        chief.concerns.note_response(record, "reported_at")
    with pytest.raises(ProblemsError):
        chief.concerns.escalate(record, "csic", "for_action")


def test_what_is_reported_most_leaves_out_what_is_restricted(chief: Services) -> None:
    for key in ("fire", "theft", "fire"):
        sealed(chief, category=key)
    unit = "-".join(chief.access.officer().unit.split("-")[:3])
    for _ in range(3):
        chief.records.create("concern", unit, {"category": "rape", "week_of": "2025-11-17"})
    assert chief.records.often_reported() == ["fire", "theft"]
