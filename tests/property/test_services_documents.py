"""What ``record schema`` describes is accepted by ``record new``, or refused by a named rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.schema import schema
from fieldapp.errors import FieldAppError
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import Country, make_template
from tests.support.factories import meeting_fields
from tests.support.strategies import documents

KEYS = tuple(declared.key for declared in record_types())
THE_LARGEST = ("meeting", "concern")
SCHEMAS = {key: schema(record_type(key)) for key in KEYS}
UNITS = ("KE", "KE-005", "KE-005-S022", "KE-003-S016", "KE-999")
QUICK = settings(
    max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    folder: Path = make_template(tmp_path_factory.mktemp("template"))
    found = Country(folder.rename(folder.parent / "country"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def hq(country: Country) -> Services:
    return country.unlocked("hq")


def attempt(hq: Services, key: str, unit: str, fields: dict[str, Any]) -> str | set[str]:
    """Record a document; return its record, or the codes that refused it."""
    try:
        return hq.records.create(key, unit, fields)
    except ProblemsError as refused:
        return {problem.code for problem in refused.problems}
    except FieldAppError as refused:
        return {refused.code}


def test_a_document_of_many_long_texts_is_refused_by_a_rule_that_the_schema_names(
    hq: Services, country: Country
) -> None:
    resolutions = [{"text": "x" * 900, "number": number} for number in range(1, 61)]
    agenda = [{"title": "t", "notes": "\u2603" * 900} for _ in range(40)]
    fields = meeting_fields(resolutions=resolutions, agenda=agenda)
    document = {"unit": country.mkomani, "fields": fields}
    jsonschema.Draft202012Validator(SCHEMAS["meeting"]).validate(document)
    assert attempt(hq, "meeting", country.mkomani, fields) == {"limit_exceeded"}
    for key in KEYS:
        assert "limit_exceeded" in SCHEMAS[key]["x-rules"]


@pytest.mark.parametrize("key", THE_LARGEST)
@QUICK
@given(data=st.data())
def test_a_described_document_is_recorded_or_refused_by_a_rule_that_the_schema_names(
    hq: Services, country: Country, key: str, data: st.DataObject
) -> None:
    record_as_described(hq, country, key, data)


@pytest.mark.parametrize("key", sorted(set(KEYS) - set(THE_LARGEST)))
@settings(QUICK, max_examples=1)
@given(data=st.data())
def test_so_is_one_of_every_other_type(
    hq: Services, country: Country, key: str, data: st.DataObject
) -> None:
    record_as_described(hq, country, key, data)


def record_as_described(hq: Services, country: Country, key: str, data: st.DataObject) -> None:
    document = data.draw(documents(SCHEMAS[key]))
    known = st.sampled_from((*UNITS, country.mkomani))
    unit = data.draw(known | st.just(document["unit"]))
    fields = document["fields"]
    answer = attempt(hq, key, unit, fields)
    if not isinstance(answer, str):
        assert answer <= set(SCHEMAS[key]["x-rules"])
        return
    shown = hq.records.show(answer)
    assert shown.state == "sealed"
    empty = {name for name, value in fields.items() if value in ("", [], {}, None)}
    assert set(fields) - set(shown.fields) <= empty
