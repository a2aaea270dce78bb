"""The monthly tally of a desk is all that the administrations learn of its cases."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fieldapp.errors import NoRightError
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import LAMU_WEST, PIN, Country

MONDAY = "2027-01-04"
MONTH = "2027-01"


def report(category: str = "gbv", week: str = MONDAY) -> dict[str, Any]:
    return {
        "category": category,
        "week_of": week,
        "survivor_sex": "female",
        "survivor_age": "age_18_34",
        "consent": "yes",
        "urgency": "U2",
    }


def handed_over(country: Country, name: str) -> Services:
    """A desk of headquarters, forty days after it was handed over."""
    found = country.build(name)
    text = next((country.folder / "shares").glob(f"*{name}*")).read_text(encoding="utf-8")
    found.access.enrol(text, "Eshe Juma", PIN, phrase=country.phrases[name])
    country.sync(found, country.unlocked("hq"), country.unlocked("chief"))
    country.clock.advance(40 * 24 * 60 * 60 * 1000)
    return found


@pytest.fixture
def desk(country: Country) -> Services:
    return handed_over(country, "gender")


def sealed(chief: Services, count: int, **changed: str) -> list[str]:
    return [chief.records.create("concern", LAMU_WEST, report(**changed)) for _ in range(count)]


def test_the_tally_is_all_that_the_sub_county_learns(
    country: Country, dcc: Services, chief: Services, desk: Services
) -> None:
    sealed(chief, 2)
    country.sync(chief, dcc, desk)
    assert dcc.records.find()[0] == []
    assert desk.tallies.due() == MONTH
    (row,) = desk.tallies.seal(MONTH)
    assert (row.unit, row.group, row.count) == (LAMU_WEST, "survivor", None)
    assert desk.tallies.due() is None
    country.sync(desk, dcc)
    (found,) = dcc.records.find()[0]
    shown = dcc.records.show(found.id)
    assert (found.type, found.unit, shown.tier) == ("tally", LAMU_WEST, "ordinary")
    assert dict(shown.fields) == {
        "month": f"{MONTH}-01",
        "desk": "gender",
        "group": "survivor",
        "fewer_than_five": True,
    }
    assert "age_18_34" not in json.dumps([item.changes for item in shown.history], default=str)


def test_from_five_on_the_number_is_said_and_a_later_one_amends_it(
    country: Country, dcc: Services, chief: Services, desk: Services
) -> None:
    sealed(chief, 4)
    country.sync(chief, desk)
    (first,) = desk.tallies.seal(MONTH)
    sealed(chief, 1)
    country.sync(chief, desk)
    (second,) = desk.tallies.seal(MONTH)
    assert (first.count, second.count) == (None, 5)
    assert second.record == first.record
    country.sync(desk, dcc)
    assert dict(dcc.records.show(str(first.record)).fields) == {
        "month": f"{MONTH}-01",
        "desk": "gender",
        "group": "survivor",
        "count": 5,
    }
    assert dcc.records.find(type_key="tally")[1] == 1


def test_that_anybody_complained_of_an_official_is_not_said_below_five(country: Country) -> None:
    """One complaint in a month would be enough for those whom it is about."""
    oversight, chief = handed_over(country, "oversight"), country.unlocked("chief")
    complaint = {"category": "police_conduct", "date": MONDAY, "accused_unit": LAMU_WEST}
    for _ in range(4):
        chief.records.create("concern", LAMU_WEST, complaint)
    country.sync(chief, oversight)
    assert oversight.records.find(type_key="concern")[1] == 4
    assert oversight.tallies.count(MONTH) == []
    assert oversight.tallies.due() is None
    assert oversight.tallies.seal(MONTH) == []
    chief.records.create("concern", LAMU_WEST, complaint)
    country.sync(chief, oversight)
    (row,) = oversight.tallies.seal(MONTH)
    assert (row.unit, row.group, row.count) == (LAMU_WEST, "officials", 5)


def test_a_tally_counts_its_month_only(country: Country, chief: Services, desk: Services) -> None:
    sealed(chief, 1)
    sealed(chief, 1, week="2026-12-28")
    country.sync(chief, desk)
    assert len(desk.tallies.count(MONTH)) == 1
    assert len(desk.tallies.count("2026-12")) == 1
    assert desk.tallies.count("2026-10") == []


@pytest.mark.parametrize("month", ["soon", "2026-13", "2030-01"])
def test_only_a_month_that_is_over_is_tallied(desk: Services, month: str) -> None:
    with pytest.raises(ProblemsError):
        desk.tallies.seal(month)


def test_who_is_no_desk_tallies_nothing(dcc: Services) -> None:
    assert dcc.tallies.due() is None
    with pytest.raises(NoRightError):
        dcc.tallies.seal(MONTH)


def test_a_desk_is_told_that_a_tally_is_due(
    country: Country, chief: Services, desk: Services
) -> None:
    sealed(chief, 1)
    country.sync(chief, desk)
    assert "note.tally_due" in [note.code for note in desk.syncing.status().notes]
    desk.tallies.seal(MONTH)
    assert "note.tally_due" not in [note.code for note in desk.syncing.status().notes]


def test_a_ready_draft_waits_for_each_month_that_is_over_the_first_one_first(
    country: Country, chief: Services, desk: Services
) -> None:
    """A desk whose laptop was away for months owes each of them a tally."""
    assert desk.tallies.ready() is None
    sealed(chief, 6)
    sealed(chief, 2, category="dom_violence")
    sealed(chief, 3, week="2026-12-28")
    country.sync(chief, desk)
    first = desk.tallies.ready()
    assert first is not None
    assert first.month == "2026-12"
    assert [(row.unit_name, row.group, row.count) for row in first.rows] == [
        ("Lamu West", "survivor", None)
    ]
    assert desk.tallies.seal(first.month)[0].record
    second = desk.tallies.ready()
    assert second is not None
    assert (second.month, [row.count for row in second.rows]) == (MONTH, [8])
    desk.tallies.seal(second.month)
    assert desk.tallies.ready() is None


def test_a_month_that_runs_is_not_told(country: Country, chief: Services, desk: Services) -> None:
    sealed(chief, 6, week="2027-02-01")
    country.sync(chief, desk)
    assert desk.access.workspace().today().month == 2
    assert desk.tallies.ready() is None
