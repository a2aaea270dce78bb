"""Follow-ups: every promise once, in whatever type it stands, until somebody closes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from fieldapp.domain.follow_ups import (
    Matter,
    Noted,
    choices_at,
    group_of,
    matters_of,
    progress_changes,
    promise_groups,
    reason_of,
    still_open,
)
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type, record_types

TODAY = date(2026, 11, 22)
LAMP = {"id": "lamp0001", "text": "Mend the lamp", "responsible": "Ward admin", "due": "2026-11-20"}
DITCH = {"id": "ditch001", "text": "Clear the ditch", "status": "done"}
MEETING = {"meeting_type": "baraza_chief", "resolutions": [LAMP, DITCH]}


def kept(type_key: str, fields: Mapping[str, Any]) -> tuple[RecordType, list[Matter]]:
    declared = record_type(type_key)
    return declared, matters_of(declared, fields)


def open_texts(**records: tuple[str, Mapping[str, Any]]) -> list[str]:
    by_record = {name: kept(*record) for name, record in records.items()}
    return [matter.text.en for _, matter in still_open(by_record, TODAY)]


def test_promises_stand_in_meetings_concerns_problems_and_reviews() -> None:
    found = {
        declared.key: [group.name for group in promise_groups(declared)]
        for declared in record_types()
        if promise_groups(declared)
    }
    assert found == {
        "meeting": ["resolutions", "matters_arising"],
        "concern": ["actions"],
        "problem": ["actions"],
        "review": ["decisions"],
    }


def test_what_is_done_is_not_open() -> None:
    assert open_texts(a=("meeting", MEETING)) == ["Mend the lamp"]


def test_a_promise_is_overdue_the_day_after_its_day() -> None:
    _, (lamp, ditch) = kept("meeting", MEETING)
    assert lamp.is_overdue(TODAY)
    assert not lamp.is_overdue(date(2026, 11, 20))
    assert not ditch.is_overdue(TODAY)
    assert (lamp.responsible, lamp.status) == ("Ward admin", "not_started")


def test_a_resolution_that_is_carried_on_is_listed_once_where_it_was_made() -> None:
    carried = {"id": "carry001", "text": "Mend the lamp", "meeting": "a", "resolution": "lamp0001"}
    later = {"matters_arising": [{**carried, "status": "carried_forward"}]}
    assert open_texts(a=("meeting", MEETING), b=("meeting", later)) == ["Mend the lamp"]
    assert open_texts(b=("meeting", later)) == ["Mend the lamp"]


def test_a_later_meeting_closes_the_resolution_of_an_earlier_one() -> None:
    carried = {"id": "carry001", "text": "Mend the lamp", "meeting": "a", "resolution": "lamp0001"}
    later = {"matters_arising": [{**carried, "status": "done"}]}
    assert open_texts(a=("meeting", MEETING), b=("meeting", later)) == []


@pytest.mark.parametrize(
    ("type_key", "name"), [("mediation", "follow_up_on"), ("problem", "next_review_on")]
)
def test_a_record_asks_to_be_looked_at_again(type_key: str, name: str) -> None:
    fields = {"title": "The well at Kashmiri", name: "2026-11-01"}
    assert open_texts(a=(type_key, fields)) == ["The well at Kashmiri"]


@pytest.mark.parametrize(("expires", "count"), [("2026-11-30", 1), ("2026-11-22", 0)])
def test_a_tension_alert_asks_for_nothing_once_it_has_ended(expires: str, count: int) -> None:
    assert len(open_texts(a=("tension", {"kind": "land", "expires_on": expires}))) == count


def test_the_state_of_a_promise_is_chosen_from_its_own_words() -> None:
    meeting, problem = record_type("meeting"), record_type("problem")
    assert "in_progress" in [o.key for o in choices_at(meeting, "resolutions/lamp0001")]
    assert "completed" in [o.key for o in choices_at(problem, "actions/a0000001")]
    assert [o.key for o in choices_at(problem, "next_review_on")] == ["carried_forward", "done"]
    assert choices_at(meeting, "venue") == ()


def test_a_note_adds_a_dated_line_and_closes_what_is_done() -> None:
    noted = Noted("resolutions/lamp0001", "done", "The county mended it", "Photo in the file")
    fields = {"resolutions": [{**LAMP, "progress": "01/11/2026: Letter sent"}]}
    assert progress_changes(record_type("meeting"), fields, noted, TODAY) == {
        "resolutions/lamp0001/status": "done",
        "resolutions/lamp0001/progress": (
            "01/11/2026: Letter sent\n22/11/2026: The county mended it"
        ),
        "resolutions/lamp0001/evidence": "Photo in the file",
        "resolutions/lamp0001/closed_on": "2026-11-22",
    }


def test_opening_a_promise_again_takes_its_closing_day_back() -> None:
    noted = Noted("resolutions/ditch001", "in_progress")
    changes = progress_changes(record_type("meeting"), MEETING, noted, TODAY)
    assert changes == {
        "resolutions/ditch001/status": "in_progress",
        "resolutions/ditch001/closed_on": None,
    }


def test_looking_again_moves_the_day_or_ends_it() -> None:
    problem, tension = record_type("problem"), record_type("tension")
    later = Noted("next_review_on", "carried_forward")
    assert progress_changes(problem, {}, later, TODAY) == {"next_review_on": "2026-12-06"}
    over = Noted("next_review_on", "done")
    assert progress_changes(problem, {}, over, TODAY) == {"next_review_on": None}
    ended = Noted("expires_on", "done")
    assert progress_changes(tension, {}, ended, TODAY) == {"expires_on": "2026-11-22"}


def test_the_reason_is_made_of_the_officers_words() -> None:
    noted = Noted("resolutions/lamp0001", "done", "The county mended it", "Photo")
    declared = record_type("meeting")
    assert reason_of(declared, noted, "en") == ("Follow-up: Completed. The county mended it. Photo")
    assert reason_of(declared, noted, "sw").startswith("Ufuatiliaji: Imekamilika")


def test_a_long_story_keeps_its_newest_words() -> None:
    noted = Noted("resolutions/lamp0001", "in_progress", "Newest")
    fields = {"resolutions": [{**LAMP, "progress": "x" * 1_000}]}
    changes = progress_changes(record_type("meeting"), fields, noted, TODAY)
    told = changes["resolutions/lamp0001/progress"]
    assert len(told) == 1_000
    assert told.endswith("22/11/2026: Newest")


def test_a_promise_without_words_is_passed_over() -> None:
    fields = {"resolutions": [{"id": "empty001", "text": "  "}, {"id": "empty002"}, LAMP]}
    assert open_texts(a=("meeting", fields)) == ["Mend the lamp"]


def test_a_reason_is_never_longer_than_an_amendment_takes() -> None:
    noted = Noted("resolutions/lamp0001", "done", "y" * 1_000, "z" * 500)
    assert len(reason_of(record_type("meeting"), noted, "en")) == 1_000


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (date(2026, 11, 21), "late"),
        (date(2026, 11, 22), "week"),
        (date(2026, 11, 28), "week"),
        (date(2026, 11, 29), "later"),
        (None, "never"),
    ],
)
def test_a_day_belongs_to_one_group(due: date | None, group: str) -> None:
    assert group_of(due, date(2026, 11, 22)) == group
