"""Role changes and transfers: decision 16."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fieldapp.protocol.certificates import State
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, route
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.ids import ChannelId, UnitId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.verdicts import Outcome, Reason
from tests.support.organisation import (
    KE,
    LAMU,
    LAMU_EAST,
    LAMU_WEST,
    MKOMANI,
    VILLAGE,
    Member,
    Organisation,
    hand_over_invite,
    small_organisation,
)

ORDINARY = Channel(MKOMANI, ChannelClass.ORDINARY).id
CONFIDENTIAL = Channel(MKOMANI, ChannelClass.CONFIDENTIAL).id
HASH = b"h" * 32


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


def change(
    org: Organisation, by: Member, member: Member, *cuts: Cut, **fields: Any
) -> Reason | None:
    statement = replace(member.certificate(), after=cuts, **fields)
    org.issue(by, statement)
    return org.reason()


def test_rights_follow_from_the_certificate_that_covers_the_batch(org: Organisation) -> None:
    dalila = org["dalila"]
    reason = change(org, org["chebet"], dalila, Cut(ORDINARY, 9, HASH), role=Role.ASSISTANT_CHIEF)
    assert reason is None
    at = org.position

    def role(seq: int, channel: ChannelId = ORDINARY, position: int | None = None) -> Role:
        found = org.directory.certificate_for(
            dalila.device,
            channel,
            seq,
            position=position,
        )
        assert found is not None
        return found.role

    assert role(9) is Role.CHIEF
    assert role(10) is Role.ASSISTANT_CHIEF
    assert role(3, CONFIDENTIAL, at - 1) is Role.CHIEF
    assert role(3, CONFIDENTIAL, at + 1) is Role.ASSISTANT_CHIEF
    assert role(3, CONFIDENTIAL) is Role.ASSISTANT_CHIEF
    newest = org.directory.device(dalila.device)
    assert newest is not None
    assert newest.confirmed
    assert newest.is_active


def test_a_complaint_passes_over_the_desk_that_the_accused_was_moved_to(
    org: Organisation,
) -> None:
    """juma sat at the oversight desk of Lamu West, and now sits at the one of Lamu."""
    head = org.claim("gakii", hand_over_invite(org, Desk.OVERSIGHT))
    for unit in (LAMU, LAMU_WEST):
        org.open_office(head, unit, Desk.OVERSIGHT)
    juma = org.enrol(head, "juma", LAMU_WEST, Role.REFERRAL_DESK, Desk.OVERSIGHT)

    def goes_to() -> UnitId:
        theirs = org.directory.offices_of_officers(LAMU_WEST)
        offices = org.directory.offices()
        return route(
            *(MKOMANI, ChannelClass.OVERSIGHT, offices), accused_unit=LAMU_WEST, without=theirs
        ).unit

    assert goes_to() == LAMU
    assert change(org, head, juma, unit=LAMU) is None
    assert goes_to() == KE
    org.revoke(head, replace(juma, unit=LAMU), org.cut(juma))
    assert goes_to() == KE


def test_a_device_keeps_its_history(org: Organisation) -> None:
    dalila = org["dalila"]
    change(org, org["chebet"], dalila, role=Role.ASSISTANT_CHIEF)
    assert [old.role for old in org.directory.history(dalila.device)] == [
        Role.CHIEF,
        Role.ASSISTANT_CHIEF,
    ]


def test_an_unknown_device_has_no_certificate(org: Organisation) -> None:
    stranger = org.join("gakii", MKOMANI, Desk.ADMIN, Role.CHIEF)
    assert org.directory.history(stranger.device) == ()
    assert org.directory.certificate_for(stranger.device, ORDINARY, 1) is None


def test_a_role_change_needs_its_cuts(org: Organisation) -> None:
    statement = replace(org["dalila"].certificate(), role=Role.ASSISTANT_CHIEF)
    org.issue(org["chebet"], statement)
    assert org.reason() is Reason.CUT_MISSING


def test_a_role_change_needs_authority_over_the_old_and_the_new_place(org: Organisation) -> None:
    org.open_office(org["brian"], LAMU_EAST)
    beside = org.enrol(org["brian"], "gakii", LAMU_EAST, Role.DCC_ADMIN)
    stolen = change(org, beside, org["dalila"], unit=LAMU_EAST)
    assert stolen is Reason.OUTSIDE_SUBTREE
    given = change(org, org["chebet"], org["dalila"], unit=LAMU_EAST)
    assert given is Reason.OUTSIDE_SUBTREE
    assert change(org, org["brian"], org["dalila"], unit=LAMU_EAST) is None
    assert org.directory.members(org.directory.office(MKOMANI, "admin")) == ()  # type: ignore[arg-type]


def test_a_transferred_admin_speaks_in_its_new_unit_only(org: Organisation) -> None:
    chebet = org["chebet"]
    org.open_office(org["brian"], LAMU_EAST)
    assert change(org, org["brian"], chebet, org.cut(chebet), unit=LAMU_EAST) is None
    org.open_office(chebet, VILLAGE)
    assert org.reason() is Reason.WRONG_CHANNEL
    moved = replace(chebet, unit=LAMU_EAST)
    org.issue(moved, org.invite_statement(LAMU_EAST, Role.CHIEF))
    assert org.reason() is None


def test_a_demotion_reaches_back_to_its_cut(org: Organisation) -> None:
    chebet, brian = org["chebet"], org["brian"]
    org.open_office(chebet, VILLAGE)
    void = org.log[-1][1]
    assert change(org, brian, chebet, org.cut(chebet, 4), role=Role.ACC) is None
    assert org.directory.verdict(void.hash) == (Outcome.VOID, Reason.ROLE_MAY_NOT_ENROL)
    assert org.epochs(VILLAGE) == []
    assert org.state_of(org["dalila"]) is State.ACTIVE
    org.adopt(brian, void)
    assert org.epochs(VILLAGE) == [1]


def test_no_certificate_moves_a_device_nearer_to_the_root_or_farther(org: Organisation) -> None:
    brian = org["brian"]
    before = org.directory.device(brian.device)
    assert change(org, brian, brian, org.cut(brian), unit=LAMU_WEST) is None
    after = org.directory.device(brian.device)
    assert before is not None
    assert after is not None
    assert after.unit == LAMU_WEST
    assert (after.issuer, after.depth) == (before.issuer, before.depth)


def test_words_compared_once_stay_compared(org: Organisation) -> None:
    dalila = org["dalila"]
    fields = {"role": Role.ASSISTANT_CHIEF, "confirmed": False}
    assert change(org, org["chebet"], dalila, **fields) is None
    found = org.directory.device(dalila.device)
    assert found is not None
    assert found.confirmed
