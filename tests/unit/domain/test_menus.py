"""Where each type is begun, and in which words."""

from __future__ import annotations

import pytest

from fieldapp.domain.actions import Action
from fieldapp.domain.record_type import Menu, RecordType
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.rights import may
from fieldapp.domain.roles import ROLES

TYPES = record_types()


def test_the_two_deeds_of_the_day_come_first() -> None:
    assert [t.key for t in TYPES if t.menu is Menu.FIRST] == ["meeting", "concern"]
    assert record_type("meeting").begin_words.en == "Record meeting"
    assert record_type("body").begin_words == record_type("body").label


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_what_may_be_begun_says_what_it_is_for(declared: RecordType) -> None:
    if declared.menu is not Menu.NOWHERE:
        assert declared.about is not None
        assert "" not in {declared.about.en, declared.about.sw}
        assert declared.is_listed
        assert any(may(role, declared.key, Action.CREATE) for role in ROLES)


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_a_type_with_a_list_has_columns_for_it(declared: RecordType) -> None:
    if declared.is_listed:
        assert declared.list_columns
