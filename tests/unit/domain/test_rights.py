"""The table of rights and the scope of a place."""

from __future__ import annotations

from itertools import product

import pytest

from fieldapp.domain.actions import FIELD_ROLES, LEAD_ROLES, OTHER_ROLES, Action
from fieldapp.domain.parties import Party
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_types
from fieldapp.domain.rights import Author, Target, may, refusal
from fieldapp.domain.roles import ENROLLING_ROLES, ROLES, roles_to_give
from fieldapp.protocol.ids import UnitId
from tests.support.factories import LOCATION, SUB_COUNTY, SUB_LOCATION

KE = UnitId("KE")
OTHER = UnitId("KE-005-S021")


def at(unit: UnitId, channel: UnitId | None = None, type_key: str = "concern") -> Target:
    return Target(type_key, unit, channel or unit, is_desk=channel is not None)


@pytest.mark.parametrize(("role", "type_key"), list(product(FIELD_ROLES, ["meeting", "concern"])))
def test_field_officers_record_edit_and_delete(role: str, type_key: str) -> None:
    assert all(may(role, type_key, action) for action in ("create", "edit", "delete"))


def test_only_three_roles_enrol_and_make_units() -> None:
    assert {role for role in ROLES if may(role, "unit", Action.CREATE)} == ENROLLING_ROLES
    assert {role for role in ROLES if may(role, "unit", Action.ENROL)} == ENROLLING_ROLES


@pytest.mark.parametrize("role", ["hq_analyst", "auditor"])
def test_who_only_looks_creates_nothing_in_the_field(role: str) -> None:
    assert not any(may(role, t, a) for t in ("meeting", "concern", "unit") for a in Action)


def test_what_is_not_in_the_table_is_not_allowed() -> None:
    assert not may("chief", "spaceship", "create")
    assert not may("emperor", "meeting", "create")
    assert not may("chief", "meeting", "burn")


def test_every_role_has_its_own_card() -> None:
    assert all(may(role, "officer", "create") for role in ROLES)


def test_the_groups_of_roles_are_all_roles_once() -> None:
    assert sorted((*FIELD_ROLES, *LEAD_ROLES, *OTHER_ROLES)) == sorted(ROLES)


@pytest.mark.parametrize("declared", record_types(), ids=lambda declared: declared.key)
def test_each_type_grants_rights_to_known_roles_only(declared: RecordType) -> None:
    assert set(declared.rights) <= set(ROLES)
    assert any(may(role, declared.key, Action.CREATE) for role in ROLES)


@pytest.mark.parametrize("kind", ["csic", "cef"])
def test_county_committees_belong_to_the_county(kind: str) -> None:
    county = UnitId("KE-005")
    for role in ("county_desk", "hq_admin"):
        author = Author(role, county)
        assert (
            refusal(author, "create", at(county, type_key="meeting"), {"meeting_type": kind})
            is None
        )
    chief = Author("chief", LOCATION)
    assert refusal(chief, "create", at(LOCATION, type_key="meeting"), {"meeting_type": kind}) == (
        "meeting_kind"
    )
    assert (
        refusal(chief, "create", at(LOCATION, type_key="meeting"), {"meeting_type": "cpf"}) is None
    )


@pytest.mark.parametrize(
    ("own", "record", "refused"),
    [
        (LOCATION, LOCATION, None),
        (LOCATION, SUB_LOCATION, None),
        (LOCATION, SUB_COUNTY, "scope"),
        (LOCATION, OTHER, "scope"),
        (SUB_COUNTY, LOCATION, None),
    ],
)
def test_an_officer_writes_at_the_own_unit_or_below(
    own: UnitId, record: UnitId, refused: str | None
) -> None:
    assert refusal(Author("chief", own), "create", at(record), {}) == refused


def test_a_survivors_record_may_name_the_sub_county_above() -> None:
    assert refusal(Author("chief", LOCATION), "create", at(SUB_COUNTY, KE), {}) is None
    assert refusal(Author("chief", LOCATION), "create", at(OTHER, KE), {}) == "scope"
    assert refusal(Author("chief", LOCATION), "create", at(UnitId("KE-005"), KE), {}) == "scope"


def test_the_author_goes_on_with_a_record() -> None:
    moved = Author("chief", OTHER, wrote_record=True)
    assert refusal(moved, "edit", at(LOCATION), {}) is None
    assert refusal(Author("chief", OTHER), "edit", at(LOCATION), {}) == "scope"


def test_a_desk_adds_to_what_was_referred_to_it() -> None:
    desk = Author("referral_desk", UnitId("KE-005"))
    assert refusal(desk, "edit", at(OTHER, UnitId("KE-005")), {}) is None
    assert refusal(desk, "delete", at(OTHER, UnitId("KE-005")), {}) == "role"


# -- channels of two parties -------------------------------------------------------------------

BETWEEN = Target("query", LOCATION, LOCATION, is_party=True)


def said_by(role: str, *sides: Party) -> Author:
    return Author(role, OTHER, parties=frozenset(sides))


def test_each_side_of_a_channel_of_two_has_its_own_fields() -> None:
    asker, asked = said_by("dcc_admin", Party.OFFICE), said_by("chief", Party.DEVICE)
    question, answer = {"record": "x", "question": "How many?"}, {"answer": "Nine"}
    assert refusal(asker, Action.CREATE, BETWEEN, question) is None
    assert refusal(asked, Action.EDIT, BETWEEN, answer) is None
    assert refusal(asker, Action.EDIT, BETWEEN, {"status": "closed"}) is None
    assert refusal(asker, Action.EDIT, BETWEEN, answer) == "party"
    assert refusal(asked, Action.EDIT, BETWEEN, question) == "party"
    assert refusal(said_by("dcc_admin", Party.DEVICE), Action.CREATE, BETWEEN, question) == "party"


def test_who_is_of_neither_side_says_nothing_wherever_he_serves() -> None:
    above = Author("dcc_admin", SUB_COUNTY)
    assert refusal(above, Action.CREATE, BETWEEN, {"question": "How many?"}) == "party"
    assert refusal(above, Action.EDIT, BETWEEN, {"status": "closed"}) == "party"


def test_a_type_of_two_parties_stands_in_no_other_channel_and_no_other_type_in_theirs() -> None:
    asker = said_by("dcc_admin", Party.OFFICE)
    assert refusal(asker, Action.CREATE, at(LOCATION, type_key="query"), {}) == "party"
    concern = Target("concern", LOCATION, LOCATION, is_party=True)
    assert refusal(asker, Action.CREATE, concern, {}) == "party"


@pytest.mark.parametrize(
    ("role", "desk", "unit", "given"),
    [
        ("referral_desk", "gender", "KE", {"referral_desk"}),
        ("chief", "admin", LOCATION, set()),
        ("dcc_admin", "admin", "", {*FIELD_ROLES, "dcc_admin"}),
    ],
)
def test_an_officer_is_offered_the_roles_that_he_may_give(
    role: str, desk: str, unit: str, given: set[str]
) -> None:
    assert set(roles_to_give(role, desk, unit)) == given
