"""The page that is read before sealing."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.record_types import record_type
from fieldapp.services.places import Places
from fieldapp.services.summary import summary_lines
from tests.support.country import gazetteer


def lines(fields: dict[str, Any], language: str = "en") -> dict[str, str]:
    return lines_of("meeting", fields, language)


def lines_of(type_key: str, fields: dict[str, Any], language: str = "en") -> dict[str, str]:
    found = summary_lines(
        record_type(type_key), fields, Places(gazetteer()), language, "Record {}".format
    )
    return {line.label.in_language(language): line.value for line in found}


def test_values_become_words() -> None:
    assert lines(
        {
            "venue": "Fig tree",
            "meeting_type": "workshop",
            "date": "2025-11-20",
            "areas": ["KE-005-S021", "KE-999"],
            "ward": "KE-005-W0105",
            "attendance": {"total": 79, "female": 8, "male": 71},
            "previous_confirmed": True,
            "agenda": [{"id": "te47c1jd", "title": "Wells", "topic": "sara"}, {"title": "Peace"}],
        }
    ) == {
        "Kind of meeting": "Workshop or training",
        "Date": "20/11/2025",
        "Venue": "Fig tree",
        "Ward": "Mkomani, Lamu West",
        "Areas covered": "Lamu East, KE-999",
        "Attendance": "Total 79, Female 8, Male 71",
        "Previous minutes confirmed": "Yes",
        "Agenda": "1. Wells · Problem solving (SARA)\n2. Peace",
    }


def test_an_option_of_another_version_is_shown_as_it_is() -> None:
    assert lines({"meeting_type": "moon_landing"}) == {"Kind of meeting": "moon_landing"}


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Workshop or training"), ("sw", "Warsha au mafunzo")]
)
def test_words_are_those_of_the_language(language: str, word: str) -> None:
    assert list(lines({"meeting_type": "workshop"}, language).values()) == [word]


@pytest.mark.parametrize(("language", "word"), [("en", "No"), ("sw", "Hapana")])
def test_no_is_said_too(language: str, word: str) -> None:
    assert list(lines({"previous_confirmed": False}, language).values()) == [word]


def test_the_ids_that_link_an_item_are_not_read_out() -> None:
    matter = {
        "id": "prgyhp2s",
        "text": "Mend the well.",
        "meeting": "k9fwxn4h40a5h7savq5h6xhcv8",
        "resolution": "59q4k0jm",
        "due": "2025-12-23",
        "status": "carried_forward",
    }
    assert lines({"matters_arising": [matter]}) == {
        "Matters arising": "1. Mend the well. · 23/12/2025 · Carried forward"
    }


@pytest.mark.parametrize(("language", "month"), [("en", "October 2026"), ("sw", "Oktoba 2026")])
def test_a_month_is_said_in_words(language: str, month: str) -> None:
    assert list(lines_of("return", {"month": "2026-10-01"}, language).values()) == [month]


def test_linked_records_are_said_by_their_titles() -> None:
    assert lines({"body": "a" * 26, "concerns": ["b" * 26, "c" * 26]}) == {
        "Committee or forum": f"Record {'a' * 26}",
        "Concerns raised": f"Record {'b' * 26}, Record {'c' * 26}",
    }


def test_moments_money_and_places_are_written_as_people_do() -> None:
    response = {"reported_at": "2026-11-20T09:05:00+03:00"}
    assert lines_of("response", response) == {"Time reported": "20/11/2026 09:05"}
    assert lines_of("activity", {"budget": 1250000}) == {"Budget (KSh)": "KSh 1,250,000"}
    assert lines({"place": {"lat": -2.27, "lon": 40.9}}) == {"Place on the map": "-2.27, 40.9"}
