"""The meeting: the golden workshop, counts that add up, and days in order."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind
from fieldapp.domain.meeting_choices import MEETING_TYPES
from fieldapp.domain.record_type import Tier
from fieldapp.domain.record_types import record_type
from fieldapp.domain.record_types.meeting import female_share, is_estimate
from fieldapp.domain.routing import routed
from fieldapp.domain.text import Text
from fieldapp.domain.validation import check, tidy
from fieldapp.domain.values import check_value
from tests.support.factories import SUB_COUNTY, TODAY, golden_fields, meeting_fields


def problems(**changed: Any) -> list[FieldProblem]:
    return check("meeting", SUB_COUNTY, meeting_fields(**changed), today=TODAY)


def codes(**changed: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in problems(**changed)]


def test_the_small_meeting_is_good() -> None:
    assert problems() == []


def test_the_golden_workshop_holds_every_fact() -> None:
    golden = golden_fields()
    assert check("meeting", SUB_COUNTY, golden, today=TODAY) == []
    assert golden["meeting_type"] == "workshop"
    assert golden["date"] == "2018-10-11"
    assert golden["venue"] == "Lamu Museum Hall (Mwanaarafa)"
    assert golden["ward"] == "KE-005-W0105"
    assert golden["areas"] == ["KE-005-S021", "KE-005-S022"]
    assert golden["attendance"] == {"total": 79, "female": 8, "male": 71}
    assert golden["funder"] == "Government of Japan"
    assert golden["programme"] == "PHSS IV"
    assert set(golden["programme_areas"]) == {"KE-001", "KE-002", "KE-003", "KE-005"}
    assert {"moi", "nctc", "eacc", "county_police", "capc", "aps"} <= set(golden["agencies"])
    assert len(golden["topics"]) == 10
    assert "Lamu County Action Plan" in golden["linked_plan"]
    assert round(100 * (female_share(golden) or 0), 1) == 10.1


def test_a_golden_workshop_is_not_changed_by_tidying() -> None:
    assert tidy("meeting", SUB_COUNTY, golden_fields()) == (SUB_COUNTY, golden_fields())


def test_a_total_alone_is_an_estimate() -> None:
    assert codes(attendance={"total": 300}) == []
    assert is_estimate(meeting_fields(attendance={"total": 300}))
    assert not is_estimate(golden_fields())
    assert not is_estimate({})


@pytest.mark.parametrize(
    ("attendance", "code"),
    [
        ({"total": 79, "female": 8, "male": 70}, "attendance_sum"),
        ({"total": 79, "female": 8, "male": 71, "intersex": 1}, "attendance_sum"),
        ({"total": 10, "female": 11}, "attendance_sum"),
        ({"total": 10, "under_18": 6, "age_18_34": 5}, "attendance_age"),
        ({"total": 10, "pwd": 11}, "attendance_pwd"),
        ({"female": 1}, "attendance_total"),
        ({"total": -1}, "out_of_range"),
        ({"total": 1.5}, "not_a_whole_number"),
        ({"total": True}, "not_a_whole_number"),
        ({"totals": 1}, "unknown_count"),
        ([1], "not_counts"),
    ],
)
def test_counts_that_cannot_be_are_refused(attendance: Any, code: str) -> None:
    assert codes(attendance=attendance) == [("attendance", code)]


@pytest.mark.parametrize(
    "attendance",
    [
        {"total": 79, "female": 8, "male": 70, "intersex": 1},
        {"total": 79, "female": 8},
        {"total": 10, "under_18": 5, "age_18_34": 5, "pwd": 10},
        {"total": 8.0},
        {},
    ],
)
def test_counts_that_may_be_are_taken(attendance: Any) -> None:
    assert codes(attendance=attendance) == []


def test_the_sum_is_told_with_its_numbers() -> None:
    found = problems(attendance={"total": 79, "female": 8, "male": 70})
    assert found == [FieldProblem("attendance", "attendance_sum", {"sum": 78, "total": 79})]


def test_a_group_is_not_larger_than_the_total() -> None:
    rows = [{"group": "youth", "female": 20, "male": 21}, {"group": "elders", "male": 40}]
    assert codes(attendance_by=rows) == [("attendance_by/0", "attendance_group")]


def test_whole_floats_become_whole_numbers() -> None:
    _, tidied = tidy("meeting", SUB_COUNTY, meeting_fields(attendance={"total": 8.0}))
    assert repr(tidied["attendance"]) == "{'total': 8}"


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"date": None}, "date", "required"),
        ({"date": "2025-11-23"}, "date", "date_in_future"),
        ({"date": "2025-02-30"}, "date", "not_a_date"),
        ({"date": "20251101"}, "date", "not_a_date"),
        ({"date": 5}, "date", "not_a_date"),
        ({"meeting_type": ""}, "meeting_type", "required"),
        ({"meeting_type": "party"}, "meeting_type", "not_a_choice"),
        ({"meeting_type": ["cpf"]}, "meeting_type", "not_a_choice"),
        ({"venue": "\x00"}, "venue", "not_readable_text"),
        ({"venue": "\ud800x"}, "venue", "not_readable_text"),
        ({"venue": "\u202e\u200b "}, "venue", "not_readable_text"),
        ({"discussion": "\ufeff\n\u00ad"}, "discussion", "not_readable_text"),
        ({"venue": "x" * 201}, "venue", "too_long"),
        ({"venue": 5}, "venue", "not_text"),
        ({"next_date": "2025-11-20"}, "next_date", "next_not_after"),
        ({"end_date": "2025-11-19"}, "end_date", "end_date_before_date"),
        ({"start_time": "10:00", "end_time": "10:00"}, "end_time", "end_before_start"),
        ({"start_time": "24:00"}, "start_time", "not_a_time"),
        ({"confirmed_on": "2025-11-19"}, "confirmed_on", "confirmed_before_meeting"),
        ({"classification": "restricted"}, "classification", "cannot_be_restricted"),
        ({"ethnicity": "x"}, "ethnicity", "field_unknown"),
        ({"members_total": 9}, "members_total", "field_not_allowed_here"),
        ({"ward": "KE-005"}, "ward", "not_a_ward"),
        ({"areas": ["KE-005", "KE-005"]}, "areas", "listed_twice"),
        ({"areas": "KE-005"}, "areas", "not_a_list"),
        ({"areas": ["XX"]}, "areas", "not_a_unit"),
        ({"concerns": ["x"]}, "concerns", "not_a_record"),
        ({"topics": ["sara", "sara"]}, "topics", "listed_twice"),
        ({"topics": "sara"}, "topics", "not_a_list"),
        ({"topics": ["tea"]}, "topics", "not_a_choice"),
        ({"place": {"lat": -2.271, "lon": 40.9}}, "place", "place_too_exact"),
        ({"place": {"lat": 51.5, "lon": 0.1}}, "place", "not_a_place"),
        ({"place": {"lat": -2.27}}, "place", "not_a_place"),
        ({"place": {"lat": "x", "lon": 40.0}}, "place", "not_a_place"),
        ({"referrals_made": -1}, "referrals_made", "out_of_range"),
        ({"agenda": "x"}, "agenda", "not_a_list"),
        ({"agenda": [{"title": "x", "id": "1"}]}, "agenda/0/id", "not_an_item_id"),
        ({"agenda": [{"title": "x", "mood": "y"}]}, "agenda/0/mood", "field_unknown"),
        ({"agenda": [{"notes": "x"}]}, "agenda/0/title", "required"),
        ({"agenda": [{"title": "x"}] * 41}, "agenda", "too_many_items"),
        (
            {"resolutions": [{"text": "x", "due": "2025-11-19"}]},
            "resolutions/0/due",
            "due_before_meeting",
        ),
        (
            {"resolutions": [{"text": "x", "closed_on": "2025-11-21"}]},
            "resolutions/0/closed_on",
            "closed_does_not_fit",
        ),
        (
            {"resolutions": [{"text": "x", "status": "done", "closed_on": "2025-11-19"}]},
            "resolutions/0/closed_on",
            "closed_does_not_fit",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_where_it_is(changed: dict[str, Any], path: str, code: str) -> None:
    assert codes(**changed) == [(path, code)]


@pytest.mark.parametrize(
    "changed",
    [
        {"date": "2018-10-11"},
        {"date": "2025-11-22"},
        {"next_date": "2026-02-01"},
        {"end_date": "2025-11-21", "start_time": "14:00", "end_time": "09:00"},
        {"resolutions": [{"text": "x", "status": "done", "closed_on": "2025-11-20"}]},
        {"place": {"lat": -2.27, "lon": 40.9}},
        {"discussion": "first line\nsecond line\ttabbed"},
    ],
)
def test_what_is_right_is_taken(changed: dict[str, Any]) -> None:
    assert codes(**changed) == []


def test_two_items_may_not_share_an_id() -> None:
    items = [{"id": "aaaaaaaa", "title": "x"}, {"id": "aaaaaaaa", "title": "y"}]
    assert codes(agenda=items) == [("agenda/aaaaaaaa/id", "item_id_twice")]


def test_all_kinds_of_meetings_exist() -> None:
    assert len(MEETING_TYPES) == 15
    committee = {"meeting_type": "cpc_loc", "members_total": 15}
    assert codes(**committee, members_present=8, apologies=4, absent=3) == []
    assert codes(**committee, members_present=8, apologies=4, absent=4) == [
        ("members_total", "members_sum")
    ]


def test_a_policing_committee_has_a_civilian_chair() -> None:
    assert codes(meeting_type="cpc_area", chair_kind="police") == [
        ("chair_kind", "chair_must_be_civilian")
    ]
    assert codes(meeting_type="cpc_area", chair_kind="civilian") == []


def test_a_wrong_unit_is_told() -> None:
    found = check("meeting", "XX", meeting_fields(), today=TODAY)
    assert [(p.path, p.code) for p in found] == [("unit", "not_a_unit")]


def test_fields_of_another_version_may_stay_as_they_were() -> None:
    later = meeting_fields(colour="blue")
    assert check("meeting", SUB_COUNTY, later, today=TODAY, carried={"colour": "blue"}) == []
    changed = check("meeting", SUB_COUNTY, later, today=TODAY, carried={"colour": "red"})
    assert [(p.path, p.code) for p in changed] == [("colour", "field_unknown")]


@pytest.mark.parametrize(
    ("changed", "cls", "tier"),
    [
        ({}, "ordinary", Tier.ORDINARY),
        ({"classification": "open"}, "ordinary", Tier.ORDINARY),
        ({"classification": "confidential"}, "confidential", Tier.CONFIDENTIAL),
        ({"classification": "restricted", "meeting_type": "csic"}, "csic", Tier.RESTRICTED),
    ],
)
def test_the_classification_decides_who_reads(
    changed: dict[str, Any], cls: str, tier: Tier
) -> None:
    found = routed("meeting", SUB_COUNTY, meeting_fields(**changed))
    assert (found.cls.value, found.tier) == (cls, tier)


def test_a_security_committee_starts_confidential() -> None:
    _, tidied = tidy("meeting", SUB_COUNTY, meeting_fields(meeting_type="csic"))
    assert tidied["classification"] == "confidential"


def test_a_meeting_is_named_by_title_or_kind() -> None:
    title = record_type("meeting").title
    assert title(golden_fields()).en.startswith("One-day sensitisation")
    assert title(meeting_fields()).sw == "Baraza la chifu"
    assert title({}).en == "Meeting"
    assert (
        record_type("meeting").subtitle(meeting_fields()).en == "2025-11-20, Chief's office grounds"
    )
    assert record_type("meeting").subtitle({}).sw == "Hakuna tarehe"


def test_no_resident_is_listed() -> None:
    groups = [spec for spec in record_type("meeting").fields if spec.kind is Kind.GROUP]
    named = [g.name for g in groups if any(sub.name == "name" for sub in g.subfields)]
    assert named == ["facilitators", "partners"]


def test_a_kind_without_an_editor_is_refused() -> None:
    sheet = FieldSpec("sheet", Kind.FILE, Text("Sheet", "Orodha"))
    assert check_value(sheet, b"x", TODAY) == ("field_not_supported", {})


def test_too_many_units_are_refused() -> None:
    areas = [f"KE-{number:03d}" for number in range(101)]
    assert codes(areas=areas) == [("areas", "too_many_items")]
    assert codes(areas=areas[:100]) == []
