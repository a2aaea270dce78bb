"""Minutes: the statutory layout, in counts, with no case and no exact place in them."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.minutes import Named, minutes
from fieldapp.domain.minutes_blocks import Part, Table, as_text
from tests.support.factories import golden_fields

NAMED = Named(place="Mkomani, Lamu West", body="Mkomani committee", ward="Mkomani")
COMMITTEE: dict[str, Any] = {
    "meeting_type": "cpc_loc",
    "date": "2026-10-04",
    "start_time": "10:00",
    "end_time": "12:30",
    "venue": "Chief's office",
    "chair": "Committee chairperson",
    "secretary": "Committee secretary",
    "members_total": 15,
    "members_present": 8,
    "apologies": 3,
    "absent": 4,
    "attendance": {"total": 8, "female": 3, "male": 5},
    "previous_confirmed": True,
    "matters_arising": [
        {"text": "Light the path", "status": "done", "due": "2026-09-01", "progress": "Two lamps."}
    ],
    "agenda": [{"title": "Boda-boda stage", "notes": "It is too near the school."}],
    "concerns": ["0" * 26, "1" * 26],
    "concerns_more": 3,
    "resolutions": [
        {"text": "Move the stage", "responsible": "Chief", "agency": "roads",
            "due": "2026-11-01", "status": "in_progress"}
    ],
    "feedback": "The dark path was lit.",
    "aob": "None.",
    "next_date": "2026-11-04",
    "next_venue": "School",
    "place": {"lat": -2.27, "lon": 40.9},
    "confirmed_on": "2026-11-04",
}  # fmt: skip


def text(fields: dict[str, Any], language: str = "en") -> str:
    return as_text(minutes(fields, NAMED, language))


def test_the_parts_stand_in_the_statutory_order() -> None:
    found = text(COMMITTEE)
    order = [
        "MINUTES OF: COMMUNITY POLICING COMMITTEE, LOCATION - MKOMANI COMMITTEE",
        "Held on 04/10/2026 at Chief's office",
        "From 10:00 to 12:30",
        "PRESENT",
        "Members present: 8 of 15. Quorum: yes (8 needed, more than half).",
        "ABSENT WITH APOLOGY\n3",
        "ABSENT WITHOUT APOLOGY\n4",
        "AGENDA\n1. Boda-boda stage",
        "MIN 1: Preliminaries",
        "MIN 2: Confirmation of the previous minutes",
        "MIN 3: Matters arising\nLight the path - Completed - 01/09/2026 - Two lamps.",
        "MIN 4: Boda-boda stage\nIt is too near the school.",
        "MIN 5: Resolutions",
        "1. Move the stage",
        "Responsible: Chief / Roads (KeRRA, KURA)",
        "Due: 01/11/2026",
        "Status: In progress",
        "MIN 6: Concerns raised",
        "Number of concerns raised: 5.",
        "MIN 7: Feedback to the community",
        "MIN 8: Any other business",
        "MIN 9: Adjournment and next meeting",
        "Next meeting: 04/11/2026, School.",
        "CONFIRMED AS A TRUE RECORD",
        "Chairperson (Committee chairperson): ____",
        "Secretary (Committee secretary): ____",
    ]
    places = [found.index(words) for words in order]
    assert places == sorted(places)


def test_no_exact_place_and_no_concern_leaves() -> None:
    found = text(COMMITTEE)
    assert "-2.27" not in found
    assert "0" * 26 not in found


def test_what_was_not_filled_in_is_left_out() -> None:
    found = text({"meeting_type": "baraza_chief", "date": "2026-10-04", "venue": "Fig tree"})
    for heading in ("MIN 1", "AGENDA", "APOLOGY", "Resolutions", "next meeting"):
        assert heading not in found
    assert "PRESENT\n-" in found


def test_an_estimate_is_called_one() -> None:
    fields = {"meeting_type": "baraza_chief", "date": "2026-10-04", "attendance": {"total": 200}}
    assert "Total: 200 (an estimate)." in text(fields)


@pytest.mark.parametrize("language", ["en", "sw"])
def test_the_golden_workshop_reads_in_both_languages(language: str) -> None:
    found = text(golden_fields(), language)
    for fact in ("11/10/2018", "Lamu Museum Hall (Mwanaarafa)", "79", "71", "PHSS IV"):
        assert fact in found
    kind = {"en": "MINUTES OF: WORKSHOP OR TRAINING", "sw": "KUMBUKUMBU ZA: WARSHA AU MAFUNZO"}
    assert kind[language] in found
    assert "{" not in found


def test_braces_that_somebody_typed_stay_as_they_are() -> None:
    fields = COMMITTEE | {"venue": "{place}", "chair": "{0}"}
    assert "at {place}" in text(fields)


def test_numbers_are_given_once_and_without_gaps() -> None:
    blocks = minutes(COMMITTEE, NAMED, "sw")
    numbered = [b.heading for b in blocks if isinstance(b, Part) and b.heading.startswith("KUMB.")]
    assert [heading.split(":")[0] for heading in numbered] == [f"KUMB. {n}" for n in range(1, 10)]
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert [len(row) for row in table.rows] == [len(table.columns)]


def test_who_was_present_by_group_needs_no_total() -> None:
    dialogue = {
        "meeting_type": "peace_dialogue",
        "date": "2026-10-04",
        "end_date": "2026-10-05",
        "venue": "School",
        "attendance_by": [{"group": "youth", "female": 3, "male": 4}, {"group": "elders"}],
        "parties": [{"group": "youth", "side": "North", "female": 2}],
    }
    found = text(dialogue)
    assert "Held on 04/10/2026 - 05/10/2026 at School" in found
    present = found.partition("PRESENT\n")[2].partition("\n\n")[0]
    assert present == "Youth: Female 3, Male 4\nElders: -\nYouth (North): Female 2"


def test_nobody_counted_is_a_dash() -> None:
    assert "PRESENT\n-\n" in text({"meeting_type": "peace_dialogue", "date": "2026-10-04"})
