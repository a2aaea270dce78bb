"""A list of units: no unit lands below a parent that was not meant."""

from __future__ import annotations

import pytest

from fieldapp.errors import ConfigError
from fieldapp.services.facade import Services
from tests.support.country import LAMU_WEST, Country


@pytest.fixture
def hq(country: Country) -> Services:
    return country.unlocked("hq")


def test_a_parent_whose_name_stands_twice_in_the_file_is_asked_for_by_its_id(
    hq: Services,
) -> None:
    report = hq.organisation.import_units(
        "parent,level,name\n"
        f"{LAMU_WEST},location,Central\n"
        "KE-003-S016,location,Central\n"
        "central,sub_location,Lost\n"
        f"{LAMU_WEST},location,Hindi\n"
        "hindi,sub_location,Found\n"
    )
    assert [(row.row, row.code, row.params) for row in report.problems] == [
        (3, "unit_name_twice", {"name": "central"})
    ]
    names = {row.id: row.name for row in hq.organisation.list_units(None)}
    assert [names[unit] for unit in report.created] == ["Central", "Central", "Hindi", "Found"]


def test_a_quotation_mark_that_is_not_closed_ends_the_list_and_loses_nothing_above_it(
    hq: Services,
) -> None:
    report = hq.organisation.import_units(
        "parent,level,name\n"
        f"{LAMU_WEST},location,Hindi\n"
        "hindi,sub_location,Ndeu\n"
        f'{LAMU_WEST},location,"Torn\n'
    )
    assert [(row.row, row.code) for row in report.problems] == [(3, "import_row_not_csv")]
    names = {row.id: row.name for row in hq.organisation.list_units(None)}
    assert [names[unit] for unit in report.created] == ["Hindi", "Ndeu"]


def test_a_heading_that_is_not_closed_is_named_and_nothing_is_made(hq: Services) -> None:
    before = hq.organisation.list_units(None)
    with pytest.raises(ConfigError, match="units_heading"):
        hq.organisation.import_units('parent,level,"name\n')
    assert hq.organisation.list_units(None) == before
