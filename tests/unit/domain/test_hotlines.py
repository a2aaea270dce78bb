"""Numbers to ring and the path that comes before a record."""

from __future__ import annotations

import re

import pytest

from fieldapp.domain.categories import CATEGORIES, OVERSIGHT_KEYS, category
from fieldapp.domain.first_steps import first_path
from fieldapp.domain.hotlines import HOTLINES, Hotline, hotline, hotlines_of
from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import Category, Form

VERIFIED_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def words_of(key: str, language: str = "en") -> str:
    row = category(key)
    assert row is not None
    path = first_path(row)
    assert path is not None
    return " ".join(step.in_language(language) for step in path.steps)


def numbers_of(key: str) -> list[str]:
    row = category(key)
    assert row is not None
    return [found.number for found in hotlines_of(row)]


@pytest.mark.parametrize("row", HOTLINES, ids=lambda row: row.key)
def test_each_number_says_when_it_was_last_verified_or_that_nobody_did(row: Hotline) -> None:
    found = hotline(row.key)
    assert found.verified is None or VERIFIED_MONTH.fullmatch(found.verified)
    assert found.number == "" or re.fullmatch(r"[0-9 ]{3,12}", found.number)
    assert found.service.en != found.number


def test_numbers_from_general_knowledge_are_not_called_verified() -> None:
    for key in ("nacada", "ipoa", "eacc", "gvrc"):
        assert hotline(key).verified is None
    for key in ("police", "police_mobile", "gbv", "child", "dci"):
        assert hotline(key).verified == "2026-02"


def test_services_without_a_known_number_are_left_to_be_filled_in_locally() -> None:
    assert {row.key for row in HOTLINES if not row.number} == {"kws", "ncic", "ntsa", "coast_guard"}


@pytest.mark.parametrize("row", CATEGORIES, ids=lambda row: row.key)
def test_an_emergency_rings_the_police_first(row: Category) -> None:
    numbers = [line.number for line in hotlines_of(row)]
    if row.urgency == "U1" and row.form is Form.STANDARD and row.key != "small_arms":
        assert numbers[:2] == ["999", "112"]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("key", ["rape", "defilement"])
def test_sexual_violence_says_hospital_first_and_that_nothing_is_washed(key: str) -> None:
    english, swahili = words_of(key), words_of(key, "sw")
    assert "72 hours" in english
    assert "saa 72" in swahili
    assert "not wash" in english
    assert "P3" in english
    assert "free" in english
    assert "1195" in numbers_of(key)


def test_the_survivor_decides_except_a_child() -> None:
    assert "survivor decides" in words_of("rape")
    assert "survivor decides" in words_of("gbv")
    assert "survivor decides" not in words_of("defilement")
    assert "must be reported" in words_of("defilement")


@pytest.mark.parametrize("key", [row.key for row in CATEGORIES if row.group == "children"])
def test_a_child_is_helped_by_116(key: str) -> None:
    assert "116" in numbers_of(key)


def test_a_worry_about_radicalisation_is_met_with_support_not_police() -> None:
    assert not {"999", "112", "0800 722 203"} & set(numbers_of("ve_concern"))
    assert "family" in words_of("ve_concern")
    assert numbers_of("terror_tip")[0] == "999"


@pytest.mark.parametrize("key", OVERSIGHT_KEYS)
def test_a_complaint_goes_past_the_chain(key: str) -> None:
    assert "past" in words_of(key)
    assert {"corruption": "1551", "police_conduct": "1559"}[key] in numbers_of(key)


@pytest.mark.parametrize("row", CATEGORIES, ids=lambda row: row.key)
def test_every_restricted_category_shows_a_path_first(row: Category) -> None:
    path = first_path(row)
    if row.tier is Tier.RESTRICTED or row.urgency == "U1":
        assert path is not None
        assert path.steps
    else:
        assert path is None
