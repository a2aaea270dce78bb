"""Numbers of offices nearby: whose they are, how they are spelt, and where they are shown."""

from __future__ import annotations

import pytest

from fieldapp.domain.categories import CATEGORIES, category
from fieldapp.domain.local_contacts import (
    LONGEST_NAME,
    LocalContact,
    contact_problems,
    dialled,
    of_offices,
    offices_of,
)
from fieldapp.domain.taxonomy import Category

STATION = LocalContact("OCS", "Lamu police station", "0712 345 678", "2026-11-22")
HOSPITAL = LocalContact("H", "Lamu hospital", "+254712345679", "2026-11-22")


@pytest.mark.parametrize("number", ["999", "0712 345 678", "+254 (712) 345-678", "1195"])
def test_a_number_is_taken_as_people_write_it(number: str) -> None:
    assert contact_problems("OCS", "Lamu police station", number) == []
    assert dialled(number).lstrip("+").isdigit()


@pytest.mark.parametrize("number", ["", "12", "07x2345678", "*483*306#", "0" * 14, "+", "٠٧١٢٣٤"])
def test_what_no_phone_dials_is_refused(number: str) -> None:
    (problem,) = contact_problems("H", "Lamu hospital", number)
    assert (problem.path, problem.code) == ("number", "not_a_phone_number")


@pytest.mark.parametrize(
    ("office", "name", "field"),
    [("999", "Police", "office"), ("mine", "x", "office"), ("OCS", " ", "name"),
     ("OCS", "x" * (LONGEST_NAME + 1), "name")],
)  # fmt: skip
def test_a_number_belongs_to_a_named_office(office: str, name: str, field: str) -> None:
    assert [problem.path for problem in contact_problems(office, name, "0712345678")] == [field]


def test_they_are_shown_in_the_order_in_which_offices_are_told() -> None:
    assert of_offices([STATION, HOSPITAL], ("H", "GD", "OCS")) == [HOSPITAL, STATION]
    assert of_offices([STATION], ("KWS",)) == []


@pytest.mark.parametrize("chosen", CATEGORIES, ids=lambda one: one.key)
def test_a_category_shows_whom_it_tells_and_danger_shows_help_first(chosen: Category) -> None:
    offices = offices_of(chosen)
    assert set(chosen.tell) <= set(offices)
    assert len(offices) == len(set(offices))
    if chosen.urgency == "U1":
        assert offices[:2] == ("OCS", "H")


def test_a_complaint_of_the_police_shows_no_station() -> None:
    found = category("police_conduct")
    assert found is not None
    assert "OCS" not in offices_of(found)
