"""Every declaration: words in both languages, sections that show all, unique names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from fieldapp.domain.agencies import AGENCIES, PEOPLE
from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.fields import FieldSpec, Kind, Option
from fieldapp.domain.record_type import RecordType, Tier
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.schema import DIALECT, schema
from fieldapp.domain.taxonomy import (
    CONTACTS,
    DESKS,
    FIRST_ACTION_HOURS,
    GROUPS,
    KPS_GROUPS,
    TIER_LABELS,
    URGENCIES,
    contact_label,
)
from fieldapp.domain.text import Text, same
from fieldapp.domain.values import DATE_PATTERN
from fieldapp.errors import UnknownRecordTypeError
from tests.support.factories import golden_fields

TYPES = record_types()


def specs_of(declared: RecordType) -> Iterator[FieldSpec]:
    for spec in declared.fields:
        yield spec
        yield from spec.subfields


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(UnknownRecordTypeError):
        record_type("spaceship")


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_every_field_is_on_exactly_one_page(declared: RecordType) -> None:
    shown = [name for section in declared.sections for name in section.names]
    assert sorted(shown) == sorted(spec.name for spec in declared.fields)


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_names_are_unique_and_options_too(declared: RecordType) -> None:
    names = [spec.name for spec in declared.fields]
    assert len(set(names)) == len(names)
    for spec in specs_of(declared):
        keys = spec.option_keys()
        assert len(set(keys)) == len(keys)
        needs = {Kind.CHOICE, Kind.MULTI_CHOICE, Kind.COUNT_MATRIX}
        assert bool(keys) is (spec.kind in needs)


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_conditions_name_fields_that_exist_and_their_choices(declared: RecordType) -> None:
    for spec in declared.fields:
        for condition in spec.visible_when:
            other = declared.field(condition.name)
            assert other is not None
            if other.kind is Kind.CHOICE:
                assert condition.values <= set(other.option_keys())


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_links_point_to_declared_types(declared: RecordType) -> None:
    keys = {other.key for other in TYPES}
    assert all(s.link_type in keys for s in specs_of(declared) if s.kind is Kind.LINK)


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_the_schema_is_one_with_words_and_rules(declared: RecordType) -> None:
    found = schema(declared)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$schema"] == DIALECT
    assert found["x-labels"] == declared.label.as_dict()
    assert {rule.name for rule in declared.rules} <= set(found["x-rules"])
    for spec in declared.fields:
        shape = found["properties"]["fields"]["properties"][spec.name]
        assert shape["x-labels"] == {"en": spec.label.en, "sw": spec.label.sw}


def test_the_schema_takes_the_golden_workshop_and_refuses_a_typo() -> None:
    validator = jsonschema.Draft202012Validator(schema(record_type("meeting")))
    document: dict[str, Any] = {"unit": "KE-005-S022", "fields": golden_fields()}
    assert validator.is_valid(document)
    document["fields"]["atendance"] = {"total": 79}
    assert not validator.is_valid(document)


def test_a_day_of_the_schema_is_a_day_of_the_calendar() -> None:
    known = set()
    for year in (1899, 1900, 1999, 2000, 2023, 2024, 2096, 2099, 2100):
        for month in range(14):
            for day in range(33):
                text = f"{year:04d}-{month:02d}-{day:02d}"
                if re.search(DATE_PATTERN, text):
                    known.add(text)
    days = (date(year, 1, 1) for year in (1900, 1999, 2000, 2023, 2024, 2096, 2099))
    assert known == {
        (first + timedelta(days=n)).isoformat()
        for first in days
        for n in range(366)
        if (first + timedelta(days=n)).year == first.year
    }


def test_the_schema_hides_what_the_form_hides() -> None:
    validator = jsonschema.Draft202012Validator(schema(record_type("concern")))
    hidden = {"unit": "KE-005-S022", "fields": {"category": "rape", "narrative": "x"}}
    assert not validator.is_valid(hidden)
    shown = {"unit": "KE-005-S022", "fields": {"category": "theft", "narrative": "x"}}
    assert validator.is_valid(shown)
    assert not validator.is_valid({"unit": "KE", "fields": {"category": "other"}})


def test_paths_lead_to_their_declaration() -> None:
    meeting = record_type("meeting")
    assert meeting.spec_at("title") is meeting.field("title")
    assert meeting.spec_at("resolutions/ab12cd34") is meeting.field("resolutions")
    found = meeting.spec_at("resolutions/ab12cd34/text")
    assert found is not None
    assert found.label.en == "Resolution"
    assert meeting.spec_at("nonsense") is None
    assert meeting.spec_at("resolutions/ab12cd34/nonsense") is None


def test_lists_have_columns() -> None:
    assert record_type("meeting").list_columns == (
        "meeting_type", "title", "date", "venue", "attendance",
    )  # fmt: skip


def _keys(options: tuple[Option, ...]) -> set[str]:
    assert len({o.key for o in options}) == len(options)
    return {o.key for o in options}


def test_categories_use_known_groups_contacts_statistics_and_urgencies() -> None:
    assert {c.group for c in CATEGORIES} == _keys(GROUPS)
    assert {key for c in CATEGORIES for key in c.tell} <= _keys(CONTACTS)
    assert {c.kps for c in CATEGORIES if c.kps} <= _keys(KPS_GROUPS)
    assert {c.desk for c in CATEGORIES if c.desk} == _keys(DESKS)
    assert set(FIRST_ACTION_HOURS) == _keys(URGENCIES)
    assert set(TIER_LABELS) == set(Tier)
    assert not _keys(AGENCIES) & _keys(PEOPLE)
    assert contact_label("OCS").en == "Officer Commanding Station"
    assert contact_label("somebody").sw == "somebody"


def test_kiswahili_keeps_to_the_agreed_words() -> None:
    words = [t.sw.casefold() for d in TYPES for s in specs_of(d) for t in (s.label, s.help) if t]
    words += [c.label.sw.casefold() for c in CATEGORIES]
    for never in (
        "mkoa",
        "wilaya",
        "diwani",
        "mpelelezi",
        "jasusi",
        "za kidini",
        "ulinzi shirikishi",
    ):
        assert not [text for text in words if never in text]


def test_a_text_needs_both_languages() -> None:
    with pytest.raises(ValueError, match="every language"):
        Text("Title", " ")
    assert same("Lamu").in_language("sw") == "Lamu"
    assert Text("Yes", "Ndiyo").in_language("xx") == "Yes"
