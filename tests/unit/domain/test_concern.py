"""The concern: categories, survivors, complaints, response times."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.categories import (
    CATEGORIES,
    MEDIATION_KEYS,
    OVERSIGHT_KEYS,
    RESTRICTED_KEYS,
    SURVIVOR_KEYS,
    TIP_KEYS,
    category,
)
from fieldapp.domain.fields import Kind
from fieldapp.domain.record_type import RecordType, Tier
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.routing import is_same_class, routed, tier_of
from fieldapp.domain.validation import check, defaults, drop_hidden, tidy
from fieldapp.protocol.channels import DESK_CLASSES, ChannelClass
from tests.support.factories import LOCATION, SUB_COUNTY, TODAY, concern_fields, visible_fields

DESKS = {
    "gender": {"dom_violence", "gbv", "rape", "elder_abuse"},
    "children": {
        "defilement", "fgm", "child_marriage", "child_abuse", "child_labour", "child_missing",
    },
    "psychosocial": {"ve_concern", "suicide_risk"},
    "nctc": {"ve_recruit", "terror_tip", "returnee"},
    "csic": {"abduction", "small_arms", "gang", "trafficking", "border_crossing"},
    "oversight": {"corruption", "police_conduct"},
}  # fmt: skip
FORBIDDEN_WORDS = (
    "national_id", "id_number", "maisha", "ethnic", "tribe", "religion", "belief", "party",
    "orientation", "hiv", "biometric", "phone", "household", "photo", "victim", "suspect",
    "risk_score", "watch", "survivor_name", "child_name", "reporter_name", "nationality",
)  # fmt: skip


def codes(unit: str = SUB_COUNTY, **changed: Any) -> list[tuple[str, str]]:
    fields = {k: v for k, v in concern_fields(**changed).items() if v is not None}
    return [(p.path, p.code) for p in check("concern", unit, fields, today=TODAY)]


def survivor(**changed: Any) -> dict[str, Any]:
    return {"category": "gbv", "week_of": "2025-11-17", "date": None, "narrative": None} | changed


def test_the_small_concern_is_good() -> None:
    assert codes() == []


@pytest.mark.parametrize("desk", DESKS)
def test_each_restricted_category_has_exactly_its_desk(desk: str) -> None:
    assert {c.key for c in CATEGORIES if c.desk == desk} == DESKS[desk]


def test_only_restricted_categories_have_a_desk() -> None:
    assert set(RESTRICTED_KEYS) == set().union(*DESKS.values())
    assert all((c.desk is not None) is (c.tier is Tier.RESTRICTED) for c in CATEGORIES)
    assert {ChannelClass(c.desk) for c in CATEGORIES if c.desk} == DESK_CLASSES


def test_there_are_more_than_fifty_categories_with_distinct_keys_and_words() -> None:
    assert len(CATEGORIES) >= 50
    assert len({c.key for c in CATEGORIES}) == len(CATEGORIES)
    assert len({c.label.en for c in CATEGORIES}) == len(CATEGORIES)
    assert len({c.label.sw for c in CATEGORIES}) == len(CATEGORIES)
    assert all(c.urgency in {"U1", "U2", "U3", "U4"} and c.tell for c in CATEGORIES)


def test_mediation_is_never_offered_for_violence_against_a_person() -> None:
    forbidden = set(RESTRICTED_KEYS) | {"homicide", "mob_justice", "assault"}
    assert not forbidden & set(MEDIATION_KEYS)
    assert codes(category="land", mediation="offered") == []
    for key in forbidden:
        spec = record_type("concern").field("mediation")
        assert spec is not None
        assert not spec.is_visible({"category": key})
    assert ("mediation", "field_not_allowed_here") in codes(
        category="homicide", mediation="offered"
    )


@pytest.mark.parametrize("key", SURVIVOR_KEYS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("narrative", "x"), ("village", "x"), ("landmark", "x"), ("ward", "KE-005-W0105"),
        ("place", {"lat": -2.2, "lon": 40.9}), ("date", "2025-11-18"), ("time", "10:00"),
        ("actions", [{"text": "x"}]), ("escalations", []), ("feedback", "x"),
        ("referral_note", "x"), ("mediation", "offered"), ("vehicle_plate", "x"),
        ("response_log", [{"reported_at": "2025-11-18T10:00+03:00"}]), ("source", "own"),
    ],
)  # fmt: skip
def test_a_survivors_record_takes_no_words_no_place_no_day(key: str, name: str, value: Any) -> None:
    fields = survivor(category=key, **{name: value})
    found = codes(**fields)
    assert found == ([] if value == [] else [(name, "field_not_allowed_here")])


@pytest.mark.parametrize("key", RESTRICTED_KEYS)
def test_no_restricted_record_has_a_place(key: str) -> None:
    shown = {spec.name for spec in visible_fields("concern", {"category": key})}
    assert not shown & {"place", "village", "ward", "landmark", "vehicle_plate", "confidential"}
    assert not shown & {"pictures", "voice_note"}


@pytest.mark.parametrize("declared", record_types(), ids=lambda declared: declared.key)
def test_no_picture_or_sound_is_asked_for_in_a_restricted_record(declared: RecordType) -> None:
    kinds = {Kind.PHOTO, Kind.AUDIO}
    for key in (*RESTRICTED_KEYS, *SURVIVOR_KEYS, *TIP_KEYS):
        for extra in ({}, {"about_official": True}):
            fields = {"category": key, **extra}
            if tier_of(declared.key, fields) is Tier.RESTRICTED:
                shown = visible_fields(declared.key, fields)
                assert [spec.name for spec in shown if spec.kind in kinds] == []


def test_a_complaint_about_an_official_takes_no_picture() -> None:
    shown = {spec.name for spec in visible_fields("concern", {"category": "land"})}
    assert {"pictures", "voice_note"} <= shown
    hidden = visible_fields("concern", {"category": "land", "about_official": True})
    assert not {"pictures", "voice_note"} & {spec.name for spec in hidden}


@pytest.mark.parametrize("key", TIP_KEYS)
def test_a_tip_asks_what_was_seen_instead_of_a_story(key: str) -> None:
    shown = {spec.name for spec in visible_fields("concern", {"category": key})}
    assert "narrative" not in shown
    assert {"tip_size", "tip_activity", "tip_location", "tip_time", "tip_equipment"} <= shown


def test_a_survivors_record_is_sealed_for_the_sub_county() -> None:
    fields = {"category": "gbv", "week_of": "2025-11-19"}
    unit, tidied = tidy("concern", LOCATION, fields)
    assert unit == SUB_COUNTY
    assert tidied["week_of"] == "2025-11-17"
    assert check("concern", unit, tidied, today=TODAY) == []
    found = check("concern", LOCATION, tidied, today=TODAY)
    assert [p.code for p in found] == ["unit_too_exact"]


def test_a_survivors_week_is_a_monday() -> None:
    assert codes(**survivor(week_of="2025-11-18")) == [("week_of", "not_a_monday")]


@pytest.mark.parametrize(
    "changed",
    [
        {"consent": "child_mandatory", "survivor_age": "age_18_34"},
        {"consent": "no", "referred_to": ["health"]},
        {"consent": "no", "services_offered": ["health"], "services_accepted": ["health"]},
    ],
)
def test_consent_is_kept(changed: dict[str, Any]) -> None:
    assert codes(**survivor(**changed)) == [("consent", "consent_does_not_fit")]


def test_accepted_services_were_offered() -> None:
    changed = {"services_offered": ["health"], "services_accepted": ["shelter"]}
    assert codes(**survivor(**changed)) == [("services_accepted", "accepted_not_offered")]


def test_a_follow_up_reference_is_a_code() -> None:
    assert codes(**survivor(follow_up_ref="F-1042")) == []
    assert codes(**survivor(follow_up_ref="Jane")) == [("follow_up_ref", "wrong_pattern")]


@pytest.mark.parametrize("key", [c.key for c in CATEGORIES])
def test_a_complaint_about_an_official_always_goes_to_oversight(key: str) -> None:
    fields = {"category": key, "about_official": True, "accused_unit": "KE-005-S022"}
    found = routed("concern", LOCATION, fields)
    assert found.cls is ChannelClass.OVERSIGHT
    assert found.accused_unit == "KE-005-S022"
    assert found.is_restricted


@pytest.mark.parametrize("key", OVERSIGHT_KEYS)
def test_conduct_of_officials_presets_the_complaint_and_asks_where(key: str) -> None:
    _, tidied = tidy("concern", SUB_COUNTY, {"category": key, "narrative": "x"})
    assert tidied["about_official"] is True
    assert [p.code for p in check("concern", SUB_COUNTY, tidied, today=TODAY)] == [
        "accused_unit_missing"
    ]
    assert routed("concern", SUB_COUNTY, {"category": key}).cls is ChannelClass.OVERSIGHT


@pytest.mark.parametrize(
    ("changed", "cls"),
    [
        ({"category": "theft"}, "ordinary"),
        ({"category": "theft", "confidential": True}, "confidential"),
        ({"category": "assault"}, "confidential"),
        ({"category": "rape"}, "gender"),
        ({"category": "fgm"}, "children"),
        ({"category": "returnee"}, "nctc"),
        ({"category": "gang"}, "csic"),
        ({"category": "nonsense"}, "confidential"),
        ({}, "confidential"),
    ],
)
def test_the_category_decides_who_reads(changed: dict[str, Any], cls: str) -> None:
    assert routed("concern", SUB_COUNTY, changed).cls.value == cls


def test_a_change_of_class_is_not_an_edit() -> None:
    assert is_same_class("concern", {"category": "theft"}, {"category": "burglary"})
    assert not is_same_class("concern", {"category": "theft"}, {"category": "rape"})


def test_urgency_is_preset_and_may_be_raised() -> None:
    assert tidy("concern", SUB_COUNTY, {"category": "arson"})[1]["urgency"] == "U1"
    raised = tidy("concern", SUB_COUNTY, {"category": "theft", "urgency": "U1"})[1]
    assert raised["urgency"] == "U1"


def log(**times: str) -> list[dict[str, str]]:
    return [{name: f"2025-11-19T{at}:00+03:00" for name, at in times.items()}]


def test_a_response_log_is_in_order() -> None:
    good = log(reported_at="10:00", dispatched_at="10:05", arrived_at="10:50")
    assert codes(category="slow_response", response_log=good) == []
    assert codes(response_log=log(reported_at="10:00", arrived_at="09:59")) == [
        ("response_log/0/arrived_at", "response_out_of_order")
    ]
    assert codes(response_log=log(arrived_at="10:00")) == [
        ("response_log/0/reported_at", "required")
    ]


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2025-11-19", "not_an_instant"),
        ("2025-11-19T10:00Z", "not_an_instant"),
        ("2025-02-30T10:00+03:00", "not_an_instant"),
        ("2025-11-23T00:00+03:00", "date_in_future"),
        (7, "not_an_instant"),
    ],
)
def test_a_moment_names_kenyas_offset(moment: Any, code: str) -> None:
    assert codes(response_log=[{"reported_at": moment}]) == [("response_log/0/reported_at", code)]


def test_an_escalation_says_for_what_and_in_order() -> None:
    row = {"to_body": "csic", "report_purpose": "for_action", "sent_on": "2025-11-20"}
    assert codes(escalations=[row]) == []
    assert codes(escalations=[{"to_body": "csic"}]) == [
        ("escalations/0/report_purpose", "required")
    ]
    assert codes(escalations=[row | {"decided_on": "2025-11-19"}]) == [
        ("escalations/0/decided_on", "escalation_out_of_order")
    ]


def test_other_must_be_described() -> None:
    assert codes(category="other") == [("other_text", "required")]
    assert codes(category="other", other_text="Noise at night") == []
    assert codes(other_text="x") == [("other_text", "field_not_allowed_here")]


def test_a_plate_is_taken_only_in_confidence() -> None:
    assert codes(category="moto_theft", vehicle_plate="KMX 001A") == [
        ("vehicle_plate", "field_not_allowed_here")
    ]
    assert codes(category="moto_theft", vehicle_plate="KMX 001A", confidential=True) == []


def test_hidden_fields_can_be_dropped_when_a_category_changes() -> None:
    kept = drop_hidden("concern", concern_fields(category="rape"))
    assert kept == {"category": "rape", "urgency": "U3"}


@pytest.mark.parametrize("word", FORBIDDEN_WORDS)
def test_what_must_not_be_known_has_no_field(word: str) -> None:
    for declared in record_types():
        for spec in declared.fields:
            assert word not in spec.name
            assert all(word not in sub.name for sub in spec.subfields)


def test_a_new_form_starts_with_its_defaults() -> None:
    assert defaults("concern", TODAY) == {
        "date": "2025-11-22", "source": "anonymous", "status": "open",
    }  # fmt: skip
    assert defaults("meeting", TODAY) == {"date": "2025-11-22", "classification": "open"}


def test_a_concern_is_named_by_its_category() -> None:
    title = record_type("concern").title
    assert title(concern_fields()).sw == "Wizi"
    assert title({"category": "other", "other_text": "Noise"}).en == "Noise"
    assert title({}).en == "Concern"
    assert record_type("concern").subtitle({"week_of": "2025-11-17"}).en == "2025-11-17"
    assert category("nonsense") is None
    assert category(["theft"]) is None


def test_the_tier_of_a_document_is_asked_by_type() -> None:
    assert tier_of("concern", {"category": "rape"}) is Tier.RESTRICTED
    assert tier_of("meeting", {}) is Tier.ORDINARY
