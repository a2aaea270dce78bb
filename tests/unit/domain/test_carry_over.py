"""Matters arising from the previous meeting."""

from __future__ import annotations

import pytest

from fieldapp.domain.carry_over import is_overdue, matters_arising
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
