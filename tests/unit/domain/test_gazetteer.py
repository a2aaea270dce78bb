"""The shipped units and hotlines."""

from __future__ import annotations

import re

import pytest

from fieldapp.domain.gazetteer import Gazetteer, normalised, parse
from fieldapp.errors import InvalidRecordError
from fieldapp.i18n.assets import UNITS, asset_text
from fieldapp.protocol.units import parent, parse_unit

HEADING = asset_text(UNITS).splitlines()[0]


@pytest.fixture(scope="module")
def kenya() -> Gazetteer:
    return parse(asset_text(UNITS))


@pytest.mark.parametrize(
    ("level", "count"), [("county", 47), ("sub_county", 301), ("constituency", 290), ("ward", 1450)]
)
def test_every_unit_of_the_country_is_there(kenya: Gazetteer, level: str, count: int) -> None:
    assert len(kenya.of_level(level)) == count


def test_the_population_adds_up(kenya: Gazetteer) -> None:
    assert sum(county.population_2019 or 0 for county in kenya.counties()) == 47_564_296


def test_every_county_has_a_centroid_an_iso_code_and_its_own_tile(kenya: Gazetteer) -> None:
    assert len({county.tile for county in kenya.counties()} - {None}) == 47
    assert len({county.iso for county in kenya.counties()}) == 47
    assert all(county.centroid for county in kenya.counties())
    lamu = kenya.area("KE-005")
    assert lamu is not None
    assert (lamu.iso, lamu.tile) == ("KE-21", (7, 5))


def test_counties_and_sub_counties_are_units_of_the_protocol(kenya: Gazetteer) -> None:
    for level in ("county", "sub_county"):
        for area in kenya.of_level(level):
            assert parent(parse_unit(area.id)) == area.parent


def test_every_parent_exists(kenya: Gazetteer) -> None:
    assert all(area.parent == "KE" or kenya.area(area.parent) for area in kenya.areas.values())


def test_names_are_tidy(kenya: Gazetteer) -> None:
    for area in kenya.areas.values():
        assert area.name == " ".join(area.name.split())
        assert not re.search(r"[A-Z]{3}|\\|- |\?", area.name.replace("Marenyo - Shianda", ""))
    mwingi = kenya.area("KE-015-S077")
    assert mwingi is not None
    assert mwingi.name == "Mwingi Central"


def test_repeated_names_show_their_parent(kenya: Gazetteer) -> None:
    assert kenya.display_name("KE-005-W0105") == "Mkomani, Lamu West"
    assert kenya.display_name("KE-001-W0018") == "Mkomani, Nyali"
    assert kenya.display_name("KE-005") == "Lamu"
    assert kenya.display_name("KE-005-S022-L7F3A") == "KE-005-S022-L7F3A"


def test_wards_are_offered_by_county(kenya: Gazetteer) -> None:
    wards = kenya.wards("KE-005-S022-L7F3A")
    assert len(wards) == 10
    assert "Mkomani" in {ward.name for ward in wards}
    assert len(kenya.wards("KE")) == 1450
    lamu = [area.name for area in kenya.of_level("sub_county") if area.parent == "KE-005"]
    assert sorted(lamu) == ["Lamu East", "Lamu West"]


def test_spelling_does_not_hide_a_place(kenya: Gazetteer) -> None:
    assert normalised("Homa Bay") == normalised("HOMABAY")
    assert [area.name for area in kenya.find("muranga", "county")] == ["Murang'a"]
    assert kenya.area("KE-999") is None


@pytest.mark.parametrize(
    "row", ["planet,KE-1,X,KE,,,,,,", "county,KE-1,,KE,,,,,,", "county,KE-1,X,KE,a,b,,,,", "county"]
)
def test_a_broken_row_is_named_by_number(row: str) -> None:
    with pytest.raises(InvalidRecordError) as refused:
        parse(f"{HEADING}\n{row}\n")
    assert refused.value.params["row"] == 1
