"""Units and officers: the small types that carry names."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.record_type import Tier
from fieldapp.domain.record_types import record_type
from fieldapp.domain.routing import routed
from fieldapp.domain.validation import check
from tests.support.factories import LOCATION, SUB_COUNTY, TODAY

UNIT = {"unit": LOCATION, "name": "Mkomani", "level": "location"}
OFFICER = {"name": "Amina Invented", "role": "chief", "title": "Chief, Mkomani"}


@pytest.mark.parametrize(("key", "fields", "cls"), [
    ("unit", UNIT, "ordinary"), ("officer", OFFICER, "ordinary"),
])  # fmt: skip
def test_names_travel_in_records(key: str, fields: dict[str, Any], cls: str) -> None:
    assert check(key, SUB_COUNTY, fields, today=TODAY) == []
    found = routed(key, SUB_COUNTY, fields)
    assert (found.cls.value, found.tier, found.unit) == (cls, Tier.ORDINARY, SUB_COUNTY)
    assert found.accused_unit is None


@pytest.mark.parametrize(("key", "fields", "title", "subtitle"), [
    ("unit", UNIT, "Mkomani", "Lokesheni"), ("unit", {}, "Eneo la utawala", "Eneo la utawala"),
    ("officer", OFFICER, "Amina Invented", "Chifu"), ("officer", {}, "Afisa", "Afisa"),
])  # fmt: skip
def test_lists_show_name_and_level_or_role(
    key: str, fields: dict[str, Any], title: str, subtitle: str
) -> None:
    declared = record_type(key)
    assert (declared.title(fields).sw, declared.subtitle(fields).sw) == (title, subtitle)


@pytest.mark.parametrize(("key", "fields", "first", "last", "code"), [
    ("unit", UNIT, "valid_from", "valid_to", "valid_out_of_order"),
    ("officer", OFFICER, "since", "until", "office_out_of_order"),
])  # fmt: skip
def test_an_end_is_not_before_its_beginning(
    key: str, fields: dict[str, Any], first: str, last: str, code: str
) -> None:
    wrong = fields | {first: "2025-02-01", last: "2025-01-31"}
    assert [(p.path, p.code) for p in check(key, SUB_COUNTY, wrong, today=TODAY)] == [(last, code)]
    assert (
        check(key, SUB_COUNTY, fields | {first: "2025-02-01", last: "2025-02-01"}, today=TODAY)
        == []
    )
