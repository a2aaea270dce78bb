"""Records of a changed program: fields that hold what no form would put there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from fieldapp.domain.entries import encode_entry
from fieldapp.domain.paths import flatten
from fieldapp.domain.quorum import MAJORITY
from fieldapp.domain.record_types import record_types
from fieldapp.domain.routing import class_of
from fieldapp.errors import InvalidRecordError
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import id_to_text
from fieldapp.protocol.units import parse_unit
from fieldapp.services.facade import Services
from fieldapp.services.sealing import Prepared, Writer
from tests.support.country import Country
from tests.support.factories import golden_fields, meeting_fields

WILD: tuple[Any, ...] = (
    "KE-999",
    [],
    [["a"]],
    {"a": [1]},
    {"total": "x"},
    True,
    -1,
    1.5,
    "2026-02-31",
    "x" * 3000,
)


def seal_unchecked(author: Services, type_key: str, fields: Mapping[str, Any]) -> str:
    """Seal an entry as a changed program would, whatever its fields hold."""
    work = author.access.workspace()
    writer = Writer(work)
    channel = Channel(parse_unit(work.profile.unit), ChannelClass.ORDINARY)
    with writer._sealing() as tx:
        entry = writer._first_entry(tx, channel, Prepared(type_key, channel.unit, channel, {}))
        raw = encode_entry(entry._replace(fields=dict(fields)))
        work.sealer.seal_entries(tx, channel, [raw], 1)
    return id_to_text(entry.record)


def test_a_record_that_asks_for_readers_that_do_not_exist_stops_no_sync(
    country: Country, chief: Services, dcc: Services
) -> None:
    seal_unchecked(chief, "deed", {"desk": "KE-999"})
    honest = chief.records.create("meeting", None, meeting_fields())
    country.sync(chief)
    report = dcc.syncing.sync()
    assert (report.error, report.quarantined) == (None, 1)
    assert dcc.records.show(honest).fields == meeting_fields()


@pytest.mark.parametrize("value", WILD, ids=map(str, range(len(WILD))))
@pytest.mark.parametrize("declared", record_types(), ids=lambda one: one.key)
def test_readers_are_named_or_refused_whatever_a_field_holds(declared: Any, value: Any) -> None:
    for spec in declared.fields:
        try:
            assert class_of(declared.key, {spec.name: value}) in ChannelClass
        except InvalidRecordError as refused:
            assert refused.code == "invalid_entry"  # noqa: PT017  most values are let through


@pytest.mark.parametrize("value", WILD, ids=map(str, range(len(WILD))))
def test_a_body_with_any_rule_at_all_has_the_usual_one(
    country: Country, chief: Services, dcc: Services, value: Any
) -> None:
    body = seal_unchecked(chief, "body", {"name": "Peace forum", "quorum": value})
    country.sync(chief, dcc)
    assert dcc.records.body_rule(body).rule == MAJORITY


def test_minutes_of_a_meeting_without_a_true_day_or_a_named_matter_are_drawn(
    country: Country, chief: Services, dcc: Services
) -> None:
    wild = {"date": "2026-02-31", "agenda/0123abcd/notes": "Nobody named it"}
    flat = flatten(golden_fields(), new_item_id=chief.access.workspace().new_item_id) | wild
    meeting = seal_unchecked(chief, "meeting", flat)
    country.sync(chief, dcc)
    assert dcc.minutes.pdf(meeting, "sw").startswith(b"%PDF")
    assert "Nobody named it" in dcc.minutes.text(meeting, "sw")
