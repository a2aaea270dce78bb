"""Offices in words: no key of a desk or level, each place named."""

from __future__ import annotations

import pytest

from fieldapp.domain.offices import desk_label, office_label
from fieldapp.domain.taxonomy import DESKS
from fieldapp.protocol.units import Level


@pytest.mark.parametrize(
    ("desk", "level", "en", "sw"),
    [
        (
            "admin",
            "sub_county",
            "Sub-county administration office, Lamu West",
            "Ofisi ya utawala ya kaunti ndogo, Lamu West",
        ),
        ("admin", "location", "Chief's office, Lamu West", "Ofisi ya chifu, Lamu West"),
        ("admin", "republic", "Headquarters", "Makao makuu"),
        ("gender", "republic", "Gender desk, headquarters", "Dawati la jinsia, makao makuu"),
        ("gender", "county", "Gender desk, Lamu West", "Dawati la jinsia, Lamu West"),
    ],
)
def test_an_office_is_named_as_people_name_it(desk: str, level: str, en: str, sw: str) -> None:
    assert office_label(desk, level, "Lamu West").as_dict() == {"en": en, "sw": sw}


@pytest.mark.parametrize("level", [level.name.lower() for level in Level])
@pytest.mark.parametrize("desk", ["admin", *(option.key for option in DESKS)])
def test_no_key_of_a_desk_or_level_is_shown_at_any_level(desk: str, level: str) -> None:
    shown = office_label(desk, level, "Mkomani")
    assert "_" not in shown.en + shown.sw
    assert desk not in shown.sw.split()
    assert shown.en != shown.sw


def test_a_desk_of_a_newer_version_is_an_office() -> None:
    assert desk_label("maritime").as_dict() == {"en": "Office", "sw": "Ofisi"}
