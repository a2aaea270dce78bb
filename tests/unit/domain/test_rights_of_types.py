"""Who may make, change and delete which record: the whole table, as the titles of officers ask it.

Cluster coordinators record meetings and concerns and keep their cluster's register; plans are the
county's; analysts and auditors only look; a desk writes its own records and tallies.
"""

from __future__ import annotations

import pytest

from fieldapp.domain.actions import FIELD_ROLES, LEAD_ROLES, Action
from fieldapp.domain.record_types import record_types
from fieldapp.domain.rights import may
from fieldapp.domain.roles import ROLES

FIELD, LEAD = set(FIELD_ROLES), set(LEAD_ROLES)
ABOVE_CLUSTER = FIELD - {"nk_coordinator"}
COUNTY = {"county_desk", "hq_admin"}
MAKERS = {
    "meeting": FIELD | LEAD,
    "concern": FIELD | LEAD | {"referral_desk"},
    "response": FIELD | LEAD,
    "mediation": ABOVE_CLUSTER | LEAD,
    "tension": ABOVE_CLUSTER | LEAD,
    "problem": ABOVE_CLUSTER | LEAD,
    "body": ABOVE_CLUSTER | LEAD,
    "cluster": FIELD | LEAD,
    "return": FIELD | LEAD,
    "tally": {"referral_desk"},
    "plan": COUNTY,
    "pillar": COUNTY,
    "activity": COUNTY,
    "indicator": COUNTY,
    "progress": LEAD | {"acc"},
    "review": COUNTY,
    "partner": LEAD,
    "proposal": LEAD,
    "initiative": LEAD,
    "good_practice": FIELD | LEAD,
}
ONLY_LEAD_DELETES = {"body", "cluster", "good_practice"}


@pytest.mark.parametrize(("key", "makers"), MAKERS.items())
def test_only_those_whose_work_it_is_make_a_record(key: str, makers: set[str]) -> None:
    assert {role for role in ROLES if may(role, key, Action.CREATE)} == makers
    assert {role for role in ROLES if may(role, key, Action.EDIT)} >= makers


@pytest.mark.parametrize("key", sorted(ONLY_LEAD_DELETES))
def test_registers_are_deleted_by_administrators_only(key: str) -> None:
    assert {role for role in ROLES if may(role, key, Action.DELETE)} == LEAD


@pytest.mark.parametrize("role", ["hq_analyst", "auditor"])
def test_who_only_looks_makes_none_of_them(role: str) -> None:
    assert not [key for key in MAKERS for action in Action if may(role, key, action)]


def test_every_type_that_officers_see_is_in_the_table() -> None:
    seen = {t.key for t in record_types() if t.is_listed and t.parties is None}
    assert seen - set(MAKERS) <= {"notice"}
