"""What follows from a record without being typed, and what may be begun from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldapp.domain.fields import Fields, Kind
from fieldapp.domain.record_type import Facts, Menu, RecordType, Remark
from fieldapp.domain.record_types import record_type, record_types, rule_words
from fieldapp.domain.response_log import GROUP, STEPS
from fieldapp.domain.schema import schema
from tests.support.factories import SUB_COUNTY, TODAY

TYPES = record_types()


def remarks(key: str, fields: dict[str, Any], today: date = TODAY) -> list[Remark]:
    return record_type(key).remarks(Facts(fields, SUB_COUNTY, today))


def begun(key: str, of: str, **others: Fields) -> Fields | None:
    start = next(start for start in record_type(key).starts if start.type == of)
    return start.fill(others)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (50, 20, "Minutes to arrive (minutes): 50 before, 20 after. 30 less (60 %)."),
        (20, 50, "Minutes to arrive (minutes): 20 before, 50 after. 30 more (150 %)."),
        (7, 7, "Minutes to arrive (minutes): 7 before, 7 after. No change."),
        (0, 4, "Minutes to arrive (minutes): 0 before, 4 after. 4 more."),
    ],
)
def test_a_problem_computes_the_change_of_each_measure(before: int, after: int, said: str) -> None:
    measure = {"indicator": "Minutes to arrive", "unit": "minutes"}
    measures = [measure | {"before": before, "after": after}, measure | {"before": before}]
    assert [(r.path, r.text.en) for r in remarks("problem", {"measures": measures})] == [
        ("measures", said)
    ]


@pytest.mark.parametrize(
    ("women", "men", "is_care"), [(3, 6, False), (2, 7, True), (7, 2, True), (0, 4, True)]
)
def test_a_body_is_held_against_one_third(women: int, men: int, *, is_care: bool) -> None:
    (remark,) = remarks("body", {"composition": {"female": women, "male": men}})
    assert remark.is_care is is_care
    assert f"{women} / {women + men}" in remark.text.sw


def test_a_body_that_was_not_counted_by_sex_is_not_judged() -> None:
    assert remarks("body", {"composition": {"total": 9, "female": 2}}) == []
    assert remarks("body", {"composition": {"female": 0, "male": 0}}) == []


def test_a_term_ends_after_its_years() -> None:
    fields = {"elected_on": TODAY.replace(year=TODAY.year - 3).isoformat(), "term_years": 3}
    assert [r.path for r in remarks("body", fields)] == ["term_years"]
    assert remarks("body", fields | {"term_years": 4}) == []


def test_an_alert_is_over_on_the_day_after_its_last() -> None:
    fields = {"level": "high", "expires_on": TODAY.isoformat()}
    assert remarks("tension", fields) == []
    later = TODAY.replace(year=TODAY.year + 1)
    assert [r.is_care for r in remarks("tension", fields, later)] == [True]
    assert record_type("tension").subtitle(fields).en == f"High, until {TODAY:%d/%m/%Y}"


def test_a_response_says_how_long_it_took() -> None:
    times = {"reported_at": "2025-01-05T10:00+03:00", "arrived_at": "2025-01-05T10:38+03:00"}
    (remark,) = remarks("response", times)
    assert remark.text.en == "They came after 38 minutes."
    soon = {**times, "arrived_at": times["reported_at"].replace(":00+", ":01+")}
    assert remarks("response", soon)[0].text.en == "They came after 1 minute."
    times["arrived_at"] = "2025-01-05T09:00+03:00"
    assert remarks("response", times) == []


def test_talks_are_looked_at_again_until_the_dispute_returned() -> None:
    fields = {"follow_up_on": TODAY.isoformat()}
    assert [r.path for r in remarks("mediation", fields)] == ["follow_up_on"]
    assert remarks("mediation", fields | {"relapsed_on": TODAY.isoformat()}) == []


def test_talks_begin_from_a_concern_only_where_the_law_allows_them() -> None:
    assert begun("mediation", "concern", a={"category": "land"}) == {
        "concern": "a",
        "category": "land",
    }
    for category in ("rape", "defilement", "homicide", "theft", "corruption", None):
        assert begun("mediation", "concern", a={"category": category}) is None
    assert begun("mediation", "concern", a={"category": "land", "about_official": True}) is None


def test_a_problem_begins_from_concerns_that_are_not_restricted() -> None:
    theft, road = {"category": "theft"}, {"category": "road"}
    assert begun("problem", "concern", b=theft, a=theft) == {
        "concerns": ["a", "b"],
        "category": "theft",
    }
    assert begun("problem", "concern", a=theft, b=road) == {"concerns": ["a", "b"]}
    assert begun("problem", "concern", a=theft, b={"category": "gbv"}) is None
    assert begun("problem", "concern") is None


def test_the_times_of_the_police_are_written_in_one_place() -> None:
    """On the concern's page; a record of their own is for what a station's log brings."""
    response = record_type("response")
    assert (response.menu, response.starts) == (Menu.NOWHERE, ())
    log = record_type("concern").field(GROUP)
    assert log is not None
    assert {sub.name for sub in log.subfields} >= set(STEPS)


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_starts_rules_stages_and_ends_name_what_is_declared(declared: RecordType) -> None:
    keys = {other.key for other in TYPES}
    links = {spec.name: spec for spec in declared.fields if spec.kind is Kind.LINK}
    for start in declared.starts:
        assert start.type in keys
        assert any(spec.link_type == start.type for spec in links.values())
    for rule in declared.link_rules:
        assert rule.field in links
        assert rule.name in schema(declared)["x-rules"]
        assert rule_words(rule.name) == rule.says
    if declared.stage is not None:
        assert declared.field(declared.stage).kind is Kind.CHOICE  # type: ignore[union-attr]
    if declared.ends_on is not None:
        assert declared.field(declared.ends_on).kind is Kind.DATE  # type: ignore[union-attr]
    assert declared.remarks(Facts({}, SUB_COUNTY, TODAY)) == []


def test_what_is_begun_from_one_record_fits_its_declaration() -> None:
    made = begun("progress", "activity", a={"text": "Patrols with residents"})
    assert made == {"activity": "a"}
    assert rule_words("nobody_declared_this") is None
