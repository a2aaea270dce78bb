"""A link travels with its record: it points to nothing that fewer people may know of."""

from __future__ import annotations

import pytest

from fieldapp.domain.fields import Kind
from fieldapp.domain.link_tiers import (
    CONFIDENTIAL,
    LINK_RULES,
    RESTRICTED,
    link_fields,
    link_refusal,
    links_in,
)
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.routing import Routed, routed
from fieldapp.domain.schema import schema
from fieldapp.protocol.channels import DESK_CLASSES, ChannelClass
from fieldapp.protocol.ids import UnitId

LOCATION = UnitId("KE-005-S022-L7F3A")
SUB_LOCATION = UnitId(f"{LOCATION}-B0001")
VILLAGE = UnitId(f"{SUB_LOCATION}-V0001")
CLUSTER = UnitId(f"{VILLAGE}-C0001")


def meeting(unit: UnitId = LOCATION, **fields: str) -> Routed:
    return routed("meeting", unit, {"meeting_type": "baraza_chief", **fields})


@pytest.mark.parametrize("desk", sorted(DESK_CLASSES))
def test_what_a_desk_reads_is_linked_by_what_the_same_desk_reads_alone(desk: ChannelClass) -> None:
    assert link_refusal(meeting(), desk) == RESTRICTED
    assert link_refusal(meeting(classification="confidential"), desk) == RESTRICTED
    restricted = meeting(classification="restricted")
    assert link_refusal(restricted, desk) == (None if desk is restricted.cls else RESTRICTED)


@pytest.mark.parametrize("unit", [VILLAGE, CLUSTER])
def test_what_begins_at_the_location_is_linked_by_nothing_that_is_read_below_it(
    unit: UnitId,
) -> None:
    assert link_refusal(meeting(unit), ChannelClass.CONFIDENTIAL) == CONFIDENTIAL
    assert link_refusal(meeting(unit), ChannelClass.ORDINARY) is None
    closed = meeting(unit, classification="confidential")
    assert link_refusal(closed, ChannelClass.CONFIDENTIAL) is None


@pytest.mark.parametrize("unit", [UnitId("KE-005"), LOCATION, SUB_LOCATION])
def test_a_baraza_says_which_confidential_concerns_were_raised(unit: UnitId) -> None:
    assert link_refusal(meeting(unit), ChannelClass.CONFIDENTIAL) is None


def test_links_are_found_in_lists_and_inside_items() -> None:
    fields = {
        "body": "b",
        "concerns": ["c", "d"],
        "matters_arising": [{"id": "rxad0001", "text": "x", "meeting": "m"}, {"id": "rxad0002"}],
    }
    found = [(one.path, one.record) for one in links_in(record_type("meeting"), fields)]
    assert sorted(found) == [
        ("body", "b"),
        ("concerns", "c"),
        ("concerns", "d"),
        ("matters_arising/rxad0001/meeting", "m"),
    ]
    assert all(one.spec.kind is Kind.LINK for one in links_in(record_type("meeting"), fields))


@pytest.mark.parametrize("declared", record_types(), ids=lambda declared: declared.key)
def test_the_schema_names_the_rules_of_links_where_there_are_links(declared: RecordType) -> None:
    named = set(LINK_RULES) <= set(schema(declared)["x-rules"])
    assert named is bool(list(link_fields(declared)))
