"""The unit tree: what is an id, and what lies above what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import InvalidUnitError
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.units import (
    REPUBLIC,
    Level,
    ancestors,
    is_at_or_above,
    level,
    new_unit_id,
    parent,
    parse_unit,
)

MKOMANI = UnitId("KE-005-S022-L7F3A")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KE", Level.REPUBLIC),
        ("KE-005", Level.COUNTY),
        ("KE-005-S022", Level.SUB_COUNTY),
        ("KE-005-S022-L7F3A", Level.LOCATION),
        ("KE-005-S022-L7F3A-B0001", Level.SUB_LOCATION),
        ("KE-005-S022-L7F3A-V0001", Level.VILLAGE),
        ("KE-005-S022-L7F3A-B0001-V0001", Level.VILLAGE),
        ("KE-005-S022-L7F3A-C0001", Level.CLUSTER),
        ("KE-005-S022-L7F3A-B0001-C0001", Level.CLUSTER),
        ("KE-005-S022-L7F3A-B0001-V0001-C0001", Level.CLUSTER),
        ("KE-005-S022-L7F3A-V0001-C0001", Level.CLUSTER),
    ],
)
def test_every_level_is_told_by_its_id(text: str, expected: Level) -> None:
    assert level(parse_unit(text)) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ke",
        "KE-5",
        "KE-0055",
        "KE-005-022",
        "KE-005-S22",
        "KE-005-L7F3A",
        "KE-005-S022-B7F3A",
        "KE-005-S022-V7F3A",
        "KE-005-S022-L7f3a",
        "KE-005-S022-L7F3A-L7F3A",
        "KE-005-S022-L7F3A-V0001-B0001",
        "KE-005-S022-L7F3A-C0001-V0001",
        "KE-00\u0665",
        "KE-005\n",
        "KE-005-",
        " KE",
        "KE-" + "0" * 400,
    ],
)
def test_other_text_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(InvalidUnitError) as caught:
        parse_unit(text)
    assert caught.value.code == "invalid_unit"
    assert caught.value.params == {"reason": "spelling", "length": len(text)}


def test_ancestors_run_from_the_unit_to_the_republic() -> None:
    assert ancestors(MKOMANI) == (MKOMANI, "KE-005-S022", "KE-005", "KE")
    assert ancestors(REPUBLIC) == (REPUBLIC,)


def test_the_parent_is_the_unit_directly_above() -> None:
    assert parent(MKOMANI) == "KE-005-S022"
    assert parent(UnitId("KE-005")) == REPUBLIC
    assert parent(REPUBLIC) is None


def test_at_or_above_compares_whole_segments() -> None:
    assert is_at_or_above(UnitId("KE-005"), MKOMANI)
    assert is_at_or_above(MKOMANI, MKOMANI)
    assert not is_at_or_above(MKOMANI, UnitId("KE-005"))
    assert not is_at_or_above(UnitId("KE-005-S02"), UnitId("KE-005-S022"))


@given(st.binary(min_size=4, max_size=40))
def test_a_new_unit_is_spelled_right_and_lies_under_its_parent(random: bytes) -> None:
    village = new_unit_id(MKOMANI, Level.VILLAGE, random)
    assert parse_unit(village) == village
    assert level(village) is Level.VILLAGE
    assert parent(village) == MKOMANI


def test_different_random_bytes_make_different_units() -> None:
    one = new_unit_id(MKOMANI, Level.VILLAGE, b"\0\0\0\1")
    other = new_unit_id(MKOMANI, Level.VILLAGE, b"\0\0\0\2")
    assert one != other


@pytest.mark.parametrize(
    ("above", "wanted", "random"),
    [
        ("KE", Level.COUNTY, b"\0" * 4),
        ("KE-005", Level.SUB_COUNTY, b"\0" * 4),
        ("KE-005", Level.LOCATION, b"\0" * 4),
        ("KE-005-S022", Level.VILLAGE, b"\0" * 4),
        ("KE-005-S022-L7F3A-V0001", Level.SUB_LOCATION, b"\0" * 4),
        ("KE-005-S022", Level.LOCATION, b"\0" * 3),
    ],
)
def test_a_unit_cannot_be_added_where_its_level_does_not_belong(
    above: str, wanted: Level, random: bytes
) -> None:
    with pytest.raises(InvalidUnitError) as caught:
        new_unit_id(UnitId(above), wanted, random)
    assert caught.value.code == "unit_level_not_addable"
    assert caught.value.params == {"level": wanted.name.lower()}
