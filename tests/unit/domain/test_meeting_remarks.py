"""What a meeting's resolutions say of themselves on a later day."""

from __future__ import annotations

from fieldapp.domain.record_type import Facts
from fieldapp.domain.record_types import record_type
from tests.support.factories import SUB_COUNTY, TODAY, meeting_fields

RESOLUTIONS = [
    {"text": "Light", "due": "2025-11-21", "status": "in_progress", "number": 4},
    {"text": "Bridge", "due": "2025-11-21", "status": "done"},
    {"text": "Patrol", "due": "2025-11-22"},
    {"text": "Well", "status": "dropped"},
]


def said(**changed: object) -> list[tuple[str, str, bool]]:
    facts = Facts(meeting_fields(**changed), SUB_COUNTY, TODAY)
    found = record_type("meeting").remarks(facts)
    return [(remark.text.en, remark.text.sw, remark.is_care) for remark in found]


def test_what_is_settled_is_counted_and_what_is_late_is_named() -> None:
    assert said(resolutions=RESOLUTIONS) == [
        ("Settled: 2 of 4.", "Yaliyokamilika au kuachwa: 2 kati ya 4.", False),
        (
            "Resolution 4 is overdue since 21/11/2025.",
            "Azimio 4 limechelewa tangu 21/11/2025.",
            True,
        ),
    ]


def test_a_meeting_that_resolved_nothing_says_nothing() -> None:
    assert said() == []
