"""Schema and check agree, and neither falls over on anything."""

from __future__ import annotations

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.paths import changes, flatten, is_path, nest
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.schema import schema
from fieldapp.domain.validation import check, drop_hidden, tidy
from fieldapp.protocol.units import parse_unit
from tests.support.factories import SUB_COUNTY, TODAY
from tests.support.strategies import documents, json_values

KEYS = tuple(declared.key for declared in record_types())
SCHEMAS = {key: schema(record_type(key)) for key in KEYS}
QUICK = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("key", KEYS)
@QUICK
@given(data=st.data())
def test_what_the_schema_describes_is_refused_only_by_a_named_rule(
    key: str, data: st.DataObject
) -> None:
    document = data.draw(documents(SCHEMAS[key]))
    jsonschema.Draft202012Validator(SCHEMAS[key]).validate(document)
    for fields in (
        document["fields"],
        tidy(key, parse_unit(document["unit"]), document["fields"])[1],
    ):
        codes = {p.code for p in check(key, document["unit"], fields, today=TODAY)}
        assert codes <= set(SCHEMAS[key]["x-rules"])


@pytest.mark.parametrize("key", KEYS)
@QUICK
@given(data=st.data())
def test_garbage_is_answered_with_problems_never_with_an_exception(
    key: str, data: st.DataObject
) -> None:
    names = [spec.name for spec in record_type(key).fields]
    garbage = data.draw(st.dictionaries(st.sampled_from([*names, "nonsense"]), json_values))
    unit, tidied = tidy(key, SUB_COUNTY, garbage)
    for fields in (garbage, tidied, drop_hidden(key, garbage)):
        for problem in check(key, unit, fields, today=TODAY):
            assert problem.code
    record_type(key).title(garbage)
    record_type(key).subtitle(garbage)


@QUICK
@given(data=st.data())
def test_a_document_goes_flat_and_back(data: st.DataObject) -> None:
    fields = data.draw(documents(SCHEMAS["meeting"]))["fields"]
    numbers = iter(range(10**6))
    flat = flatten(fields, new_item_id=lambda: f"{next(numbers):08d}")
    assert all(is_path(path) for path in flat)
    there = nest(flat)
    assert flatten(there, new_item_id=_none_needed) == flat
    assert changes("meeting", there, there, new_item_id=_none_needed) == {}


@QUICK
@given(data=st.data())
def test_changes_turn_one_document_into_the_other(data: st.DataObject) -> None:
    numbers = iter(range(10**6))

    def new_item_id() -> str:
        return f"{next(numbers):08d}"

    old, new = (
        _with_ids(data.draw(documents(SCHEMAS["meeting"]))["fields"], new_item_id) for _ in "ab"
    )
    changed = changes("meeting", old, new, new_item_id=new_item_id)
    flat = flatten(old, new_item_id=_none_needed) | changed
    living = {p: v for p, v in flat.items() if v is not None}
    gone = {p for p, v in flat.items() if v is None and p.count("/") == 1}
    kept = {p: v for p, v in living.items() if p.rpartition("/")[0] not in gone}
    assert nest(kept) == nest(flatten(new, new_item_id=_none_needed))


def _with_ids(fields: dict[str, Any], new_item_id: Any) -> dict[str, Any]:
    return nest(flatten(fields, new_item_id=new_item_id))


def _none_needed() -> str:
    pytest.fail("an item that has an id was given a new one")
