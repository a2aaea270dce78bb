"""Hints: what may point at a person, and when a room lacks women or men."""

from __future__ import annotations

import pytest

from fieldapp.domain.hints import hints, hints_in_text
from fieldapp.domain.samples import concern, meeting
from fieldapp.i18n import has_text
from tests.support.factories import (
    SUB_COUNTY,
    TODAY,
    concern_fields,
    golden_fields,
    meeting_fields,
    seeded,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Call 0722123456", "hint.phone_number"),
        ("+254 722 123 456 saw it", "hint.phone_number"),
        ("His ID is 23456789.", "hint.id_number"),
        ("the son of the teacher", "hint.kinship"),
        ("Mtoto wa mwalimu", "hint.kinship"),
        ("Mr. Otieno was there", "hint.titled_name"),
        ("Mzee Juma alikuwepo", "hint.titled_name"),
        ("John Mwangi took two goats", "hint.person_name"),
        ("Walimwona Fatuma sokoni", "hint.person_name"),
        ("A man called Kiptoo was seen", "hint.person_name"),
        ("Anaitwa Baya na anaishi hapo", "hint.person_name"),
        ("jina lake ni Charo", "hint.person_name"),
        ("Mama Zawadi aliona", "hint.titled_name"),
        ("Somali thieves came", "hint.community_accused"),
        ("Wamijikenda walivamia usiku", "hint.community_accused"),
        ("Wezi hao ni Wakamba", "hint.community_accused"),
    ],
)
def test_words_that_may_point_at_a_person_are_named(text: str, code: str) -> None:
    assert code in hints_in_text(text)
    assert has_text(code)


@pytest.mark.parametrize(
    "text",
    [
        "Two bicycles were taken from the market at 22:00.",
        "OB number 12/11/10/2018",
        "The chief of Mkomani called the OCS on 999.",
        "Thieves came at night.",
        "The meeting was held in Kiswahili.",
        "KSh 120,000 were lost.",
        "Grace period until Friday; hope and joy returned, mercy was shown.",
        "Ng'ombe saba waliibwa karibu na Mto Tana, Kata ya Witu.",
        "Chifu wa Mkomani alipiga simu kwa Mkuu wa Kituo.",
        "Mama Ngina Street is dark at night.",
        "The Peter's Bridge is broken and Saint Mary Hospital is full.",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert hints_in_text(text) == ()


def test_a_hint_names_the_field_and_never_the_words() -> None:
    found = hints("concern", concern_fields(narrative="Call 0722123456"))
    assert [(h.path, h.code, dict(h.params)) for h in found] == [
        ("narrative", "hint.phone_number", {})
    ]
    rows = [{"id": "aaaaaaaa", "text": "Mr Otieno to pay"}]
    assert [h.path for h in hints("concern", concern_fields(actions=rows))] == [
        "actions/aaaaaaaa/text"
    ]


@pytest.mark.parametrize(("female", "hinted"), [(8, True), (33, True), (34, False), (67, True)])
def test_a_room_with_less_than_a_third_of_one_sex_is_hinted(*, female: int, hinted: bool) -> None:
    fields = meeting_fields(attendance={"total": 100, "female": female, "male": 100 - female})
    assert bool(hints("meeting", fields)) is hinted


def test_the_golden_workshop_has_the_two_thirds_hint_only() -> None:
    assert [h.code for h in hints("meeting", golden_fields())] == ["hint.two_thirds"]


def test_cards_of_officers_are_about_names() -> None:
    assert hints("officer", {"name": "Dr Baraka Mwamba"}) == []


def test_sample_records_point_at_nobody() -> None:
    chance = seeded(4)
    for _ in range(50):
        assert hints("concern", concern(chance, SUB_COUNTY, TODAY).fields) == []
        found = hints("meeting", meeting(chance, SUB_COUNTY, TODAY).fields)
        assert {h.code for h in found} <= {"hint.two_thirds"}
