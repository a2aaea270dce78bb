"""Sample records: valid, reproducible, and with the numbers they promise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from statistics import fmean

import jsonschema  # type: ignore[import-untyped]
import pytest

from fieldapp.domain import sample_records as standing
from fieldapp.domain.clock import instant_millis
from fieldapp.domain.record_types import record_type
from fieldapp.domain.samples import (
    MALINDI,
    Sample,
    commitment_meeting,
    concern,
    golden_meeting,
    meeting,
    records,
    restricted_concern,
    slow_responses,
)
from fieldapp.domain.schema import schema
from fieldapp.domain.validation import check, tidy
from fieldapp.protocol.ids import UnitId
from tests.support.factories import SUB_COUNTY, TODAY, seeded, seeded_entries, seeded_records

COMMITMENT = TODAY - timedelta(days=40)


def minutes(sample: Sample) -> float:
    row = sample.fields["response_log"][0]
    return (instant_millis(row["arrived_at"]) - instant_millis(row["reported_at"])) / 60_000


def assert_good(sample: Sample) -> None:
    assert check(sample.type, sample.unit, sample.fields, today=TODAY) == []
    document = {"unit": sample.unit, "fields": sample.fields}
    jsonschema.Draft202012Validator(schema(record_type(sample.type))).validate(document)
    assert tidy(sample.type, UnitId(sample.unit), sample.fields) == (sample.unit, sample.fields)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_malindis_response_times_average_exactly_as_reported(seed: int) -> None:
    samples = slow_responses(seeded(seed), COMMITMENT)
    assert len(samples) == 20
    early = [s for s in samples if date.fromisoformat(s.fields["date"]) < COMMITMENT]
    late = [s for s in samples if date.fromisoformat(s.fields["date"]) >= COMMITMENT]
    assert len(early) == len(late) == 10
    assert fmean(minutes(s) for s in early) == 50.0
    assert fmean(minutes(s) for s in late) == 22.5
    assert {s.unit for s in samples} == {MALINDI}


@pytest.mark.parametrize("seed", range(40))
def test_every_sample_is_a_valid_document(seed: int) -> None:
    chance = seeded(seed)
    for maker in (concern, meeting, restricted_concern):
        assert_good(maker(chance, SUB_COUNTY, TODAY))


def test_the_named_samples_are_valid() -> None:
    for sample in (golden_meeting(), commitment_meeting(COMMITMENT)):
        assert_good(sample)
    for sample in slow_responses(seeded(5), COMMITMENT):
        assert_good(sample)


@pytest.mark.parametrize(
    "make",
    [
        standing.area_committee,
        standing.peace_committee,
        standing.cluster,
        standing.mediation,
        standing.tension,
        standing.response,
        lambda unit, today: standing.problem(unit, today, ["0" * 26, "1" * 26]),
        lambda unit, today: standing.break_in(unit, today, 30),
    ],
)
def test_what_stands_in_an_area_is_valid(make: Callable[[str, date], Sample]) -> None:
    assert_good(make(SUB_COUNTY, TODAY))


def test_the_same_seed_gives_the_same_records() -> None:
    assert records(seeded(1), SUB_COUNTY, TODAY, 9) == records(seeded(1), SUB_COUNTY, TODAY, 9)
    assert seeded_records(1, 5) != seeded_records(2, 5)


def test_a_seeded_concern_is_about_a_kilobyte() -> None:
    sizes = [len(entry) for entry in seeded_entries(7, 200) if b'"y":"concern"' in entry]
    assert 850 < fmean(sizes) < 1150
