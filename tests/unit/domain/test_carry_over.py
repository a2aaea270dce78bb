"""Matters arising from the previous meeting."""

from __future__ import annotations

import pytest

from fieldapp.domain.carry_over import (
    is_overdue,
    is_same_series,
    matters_arising,
    taken_over,
)
from fieldapp.domain.validation import check
from tests.support.factories import SUB_COUNTY, TODAY, meeting_fields

MEETING = "0" * 26
EARLIER = "1" * 26
PREVIOUS = {
    "matters_arising": [
        {"text": "Old", "status": "in_progress", "meeting": EARLIER, "resolution": "cccccccc"},
        {"text": "Settled", "status": "done"},
    ],
    "resolutions": [
        {"id": "aaaaaaaa", "text": "Light", "due": "2025-11-01", "status": "not_started"},
        {"id": "bbbbbbbb", "text": "Bridge", "status": "done"},
        {"text": "Patrol"},
    ],
}


def test_open_matters_are_carried_with_their_origin() -> None:
    assert matters_arising(PREVIOUS, MEETING) == [
        {
            "text": "Old", "status": "carried_forward", "meeting": EARLIER,
            "resolution": "cccccccc",
        },
        {
            "text": "Light", "due": "2025-11-01", "status": "carried_forward",
            "meeting": MEETING, "resolution": "aaaaaaaa",
        },
        {"text": "Patrol", "status": "carried_forward", "meeting": MEETING},
    ]  # fmt: skip


def test_what_is_carried_is_a_valid_part_of_the_next_meeting() -> None:
    fields = meeting_fields(matters_arising=matters_arising(PREVIOUS, MEETING))
    assert check("meeting", SUB_COUNTY, fields, today=TODAY) == []


@pytest.mark.parametrize(
    ("item", "overdue"),
    [
        ({"due": "2025-11-21"}, True),
        ({"due": "2025-11-22"}, False),
        ({"due": "2025-11-21", "status": "done"}, False),
        ({"due": "2025-11-21", "status": "carried_forward"}, True),
        ({}, False),
    ],
)
def test_overdue_is_open_after_the_due_date(*, item: dict[str, str], overdue: bool) -> None:
    assert is_overdue(item, TODAY) is overdue


LAST_TIME = {
    **PREVIOUS,
    "meeting_type": "cpc_loc",
    "body_name": "Mkomani committee",
    "date": "2025-10-20",
    "venue": "Chief's office",
    "chair": "Committee chairperson",
    "chair_kind": "civilian",
    "members_total": 15,
    "members_present": 11,
    "languages": ["sw"],
    "attendance": {"total": 11},
    "discussion": "Long.",
    "topics": ["sara"],
}


def test_who_and_where_are_taken_over_but_no_count_day_or_story() -> None:
    taken = taken_over(LAST_TIME, MEETING)
    assert taken == {
        "meeting_type": "cpc_loc",
        "body_name": "Mkomani committee",
        "venue": "Chief's office",
        "chair": "Committee chairperson",
        "chair_kind": "civilian",
        "members_total": 15,
        "languages": ["sw"],
        "matters_arising": matters_arising(LAST_TIME, MEETING),
    }
    assert check("meeting", SUB_COUNTY, {"date": "2025-11-20", **taken}, today=TODAY) == []


def test_the_venue_that_was_announced_wins() -> None:
    assert taken_over({**LAST_TIME, "next_venue": "Fort"}, MEETING)["venue"] == "Fort"


@pytest.mark.parametrize(
    ("wanted", "same"),
    [
        ({}, True),
        ({"meeting_type": "cpc_loc"}, True),
        ({"meeting_type": "baraza_chief"}, False),
        ({"meeting_type": "cpc_loc", "body_name": "Mkomani committee"}, True),
        ({"meeting_type": "cpc_loc", "body_name": "Langoni committee"}, False),
        ({"meeting_type": "cpc_loc", "body": "1" * 26}, False),
    ],
)
def test_a_series_is_known_by_its_body_and_else_by_its_kind(
    *, wanted: dict[str, str], same: bool
) -> None:
    assert is_same_series(wanted, LAST_TIME) is same
