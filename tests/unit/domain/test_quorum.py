"""Who may decide: by the body's own rule, of all its members, with the numbers."""

from __future__ import annotations

import pytest

from fieldapp.domain.quorum import BodyRule, needed_of, quorum, rule_of
from fieldapp.domain.record_types.body import BODY
from fieldapp.domain.text import same

COMMITTEE = {"kind": "cpc_loc", "name": "Mkomani committee", "composition": {"total": 15}}


@pytest.mark.parametrize(
    ("rule", "members", "needed"),
    [
        ("majority", 15, 8), ("majority", 16, 9), ("majority", 1, 1),
        ("half", 15, 8), ("half", 16, 8), ("third", 15, 5), ("third", 16, 6), ("third", 1, 1),
    ],
)  # fmt: skip
def test_each_rule_has_its_number(rule: str, members: int, needed: int) -> None:
    assert needed_of(members, rule) == needed


def test_every_rule_that_a_body_may_choose_is_known() -> None:
    spec = BODY.field("quorum")
    assert spec is not None
    for key in spec.option_keys():
        found = rule_of(COMMITTEE | {"quorum": key})
        assert (found.rule, found.is_own) == (key, True)
        assert found.label == spec.option(key).label  # type: ignore[union-attr]


def test_the_body_s_own_rule_decides_and_says_whose_it_is() -> None:
    held = {"members_total": 15, "members_present": 5}
    assert quorum(held, BodyRule()).is_met is False
    met = quorum(held, rule_of(COMMITTEE | {"quorum": "third"}))
    assert (met.is_met, met.here, met.members, met.needed) == (True, 5, 15, 5)
    assert met.by.body == same("Mkomani committee")


def test_without_a_rule_of_its_own_more_than_half_decide_and_half_of_the_authority() -> None:
    assert (rule_of(COMMITTEE).rule, rule_of(COMMITTEE).is_own) == ("majority", False)
    assert rule_of({"kind": "cpa", "name": "CPA"}).rule == "half"
    assert rule_of(COMMITTEE | {"quorum": "everybody"}).rule == "majority"
    assert rule_of(None) == BodyRule()


def test_members_are_those_the_meeting_counts_then_the_body_s_then_its_seats() -> None:
    by = rule_of(COMMITTEE)
    assert quorum({"members_total": 20, "members_present": 9}, by).members == 20
    assert quorum({"members_present": 9}, by).members == 15
    seats = [
        {"id": "a", "role": "chair"}, {"id": "b", "role": "member"},
        {"id": "c", "role": "member", "until": "2025-01-01"},
    ]  # fmt: skip
    seated = rule_of({"kind": "cpf", "name": "Forum", "seats": seats})
    assert quorum({"members_present": 2}, seated).members == 2
    assert quorum({"members_present": 2}, seated).is_met is True


@pytest.mark.parametrize("held", [{}, {"members_present": 4}, {"members_total": 9}])
def test_where_nobody_counted_nothing_is_said(held: dict[str, int]) -> None:
    assert quorum(held, BodyRule()).is_met is None
