"""Revocations, adoptions, role changes and chains: decisions 6, 9, 11, 16 and 19."""

from __future__ import annotations

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.certificates import State
from fieldapp.protocol.channels import Channel, ChannelClass, Desk
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statements import RevokeStatement
from fieldapp.protocol.verdicts import Outcome, Reason
from tests.support.organisation import (
    LAMU,
    LAMU_EAST,
    LAMU_WEST,
    MKOMANI,
    VILLAGE,
    Member,
    Organisation,
    small_organisation,
)

ORDINARY = Channel(MKOMANI, ChannelClass.ORDINARY).id
CONFIDENTIAL = Channel(MKOMANI, ChannelClass.CONFIDENTIAL).id
HASH = b"h" * 32


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


# -- a revocation bounds the issuer's own stream -----------------------------------------------


def test_a_stolen_admin_laptop_mints_nothing_beyond_its_cut(org: Organisation) -> None:
    chebet = org["chebet"]
    org.revoke(org["brian"], chebet)
    invite = org.invite(chebet, MKOMANI, Role.ASSISTANT_CHIEF)
    assert org.reason() is Reason.ISSUER_REVOKED
    assert org.invited_to(invite) is None
    org.open_office(chebet, VILLAGE)
    assert org.epochs(VILLAGE) == []


def test_what_it_said_before_the_cut_stays(org: Organisation) -> None:
    org.revoke(org["brian"], org["chebet"])
    assert org.state_of(org["chebet"]) is State.REVOKED
    assert org.state_of(org["dalila"]) is State.ACTIVE
    assert org.epochs(MKOMANI) == [1]


def test_a_cut_into_the_past_voids_what_hung_on_it(org: Organisation) -> None:
    chebet = org["chebet"]
    rogue = org.enrol(chebet, "gakii", LAMU_WEST, Role.DCC_ADMIN)
    org.open_office(rogue, VILLAGE)
    below = org.enrol(rogue, "hamisi", VILLAGE, Role.VILLAGE_ELDER)
    cut = org.cut(chebet, 4)
    assert org.epochs(VILLAGE) == [1]
    revoked = org.draft(org["brian"], RevokeStatement(chebet.device, (cut,), Cause.STOLEN))
    org.log.append((org.position + 1, revoked))
    applied = org.directory.apply(*org.log[-1], verify)
    assert applied.refolded
    assert org["dalila"].device in applied.devices
    assert org.directory.device(rogue.device) is None
    assert org.directory.device(below.device) is None
    assert org.epochs(VILLAGE) == []
    assert org.state_of(org["dalila"]) is State.ACTIVE
    reasons = {row.reason for row in org.directory.voided}
    assert reasons == {Reason.ISSUER_REVOKED}
    waiting = {row.reason for row in org.directory.waiting}
    assert waiting == {Reason.UNKNOWN_INVITE, Reason.UNKNOWN_ISSUER}


def test_adoption_restores_a_batch_and_what_hung_on_it(org: Organisation) -> None:
    chebet, brian = org["chebet"], org["brian"]
    invited = org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    batch = org.log[-1][1]
    gakii = org.claim("gakii", invited)
    org.revoke(brian, chebet, org.cut(chebet, 4))
    assert org.directory.device(gakii.device) is None
    org.adopt(brian, batch)
    assert org.reason() is None
    found = org.directory.device(gakii.device)
    assert found is not None
    assert (found.state, found.issuer) == (State.ACTIVE, brian.device)


def test_adoption_counts_for_a_batch_that_comes_later(org: Organisation) -> None:
    chebet, brian = org["chebet"], org["brian"]
    org.revoke(brian, chebet)
    late = org.draft(chebet, org.invite_statement(VILLAGE, Role.VILLAGE_ELDER))
    org.adopt(brian, late)
    org.place(late)
    assert org.reason() is None


def test_adoption_by_somebody_without_authority_restores_nothing(org: Organisation) -> None:
    chebet, brian = org["chebet"], org["brian"]
    org.open_office(brian, LAMU_EAST)
    beside = org.enrol(brian, "gakii", LAMU_EAST, Role.DCC_ADMIN)
    batch = org.issue(chebet, org.invite_statement(VILLAGE, Role.VILLAGE_ELDER))
    org.revoke(brian, chebet, org.cut(chebet, 4))
    org.adopt(beside, batch)
    assert org.directory.verdict(batch.hash) == (Outcome.VOID, Reason.ISSUER_REVOKED)
    org.adopt(org["eshe"], batch)
    assert org.directory.verdict(batch.hash) == (Outcome.VOID, Reason.ISSUER_REVOKED)


@pytest.mark.parametrize(
    ("number", "state", "outcome"),
    [
        (6, State.REVOKED, Outcome.VOID),
        (5, State.ACTIVE, Outcome.ACCEPTED),
    ],
)
def test_adoption_falls_with_its_adopter(
    org: Organisation, number: int, state: State, outcome: Outcome
) -> None:
    chebet, brian, amina = org["chebet"], org["brian"], org["amina"]
    batch = org.issue(chebet, org.invite_statement(VILLAGE, Role.VILLAGE_ELDER))
    org.revoke(brian, chebet, org.cut(chebet, 4))
    org.adopt(brian, batch)
    assert org.directory.verdict(batch.hash)[0] is Outcome.ACCEPTED
    org.revoke(amina, brian, org.cut(brian, number))
    assert org.state_of(chebet) is state
    assert org.directory.verdict(batch.hash)[0] is outcome


def test_a_device_whose_invite_fell_goes_on_when_somebody_else_certifies_it(
    org: Organisation,
) -> None:
    chebet, brian = org["chebet"], org["brian"]
    clerk = org.enrol(chebet, "gakii", LAMU_WEST, Role.DCC_ADMIN)
    office = org.open_office(clerk, VILLAGE)
    org.revoke(brian, chebet, org.cut(chebet, 4))
    assert org.state_of(clerk) is None
    org.issue(brian, clerk.certificate())
    assert org.state_of(clerk) is State.ACTIVE
    assert org.epochs(*office) == [1]
    assert org.directory.waiting == ()
    org.invite(clerk, VILLAGE, Role.VILLAGE_ELDER)
    assert org.reason() is None


# -- devices that revoke each other ------------------------------------------------------------


@pytest.fixture
def pair(org: Organisation) -> tuple[Organisation, Member, Member]:
    """Two county desks of Lamu, brian nearer to the root than gakii."""
    return org, org["brian"], org.enrol(org["brian"], "gakii", LAMU, Role.COUNTY_DESK)


def revocation(org: Organisation, target: Member, number: int) -> RevokeStatement:
    return RevokeStatement(target.device, (org.cut(target, number),), Cause.OTHER)


def numbers(org: Organisation, member: Member) -> int:
    return sum(1 for _, batch in org.log if batch.header.device == member.device)


def test_of_two_that_revoke_each_other_the_nearer_to_the_root_wins(
    pair: tuple[Organisation, Member, Member],
) -> None:
    org, near, far = pair
    before = numbers(org, far)
    org.issue(far, revocation(org, near, numbers(org, near)))
    assert org.state_of(near) is State.REVOKED
    org.issue(near, revocation(org, far, before))
    assert (org.state_of(near), org.state_of(far)) == (State.ACTIVE, State.REVOKED)
    assert org.reason(-2) is Reason.ISSUER_REVOKED


def test_the_farther_one_cannot_strike_back(pair: tuple[Organisation, Member, Member]) -> None:
    org, near, far = pair
    org.issue(near, revocation(org, far, numbers(org, far)))
    org.issue(far, revocation(org, near, numbers(org, near) - 1))
    assert (org.state_of(near), org.state_of(far)) == (State.ACTIVE, State.REVOKED)
    assert org.reason() is Reason.ISSUER_REVOKED


def test_at_equal_distance_the_earlier_position_wins(org: Organisation) -> None:
    first = org.enrol(org["brian"], "gakii", LAMU, Role.COUNTY_DESK)
    second = org.enrol(org["brian"], "hamisi", LAMU, Role.COUNTY_DESK)
    counts = numbers(org, first), numbers(org, second)
    org.issue(first, revocation(org, second, counts[1]))
    org.issue(second, revocation(org, first, counts[0]))
    assert (org.state_of(first), org.state_of(second)) == (State.ACTIVE, State.REVOKED)


def test_only_the_revocation_of_the_revoker_prevails(
    pair: tuple[Organisation, Member, Member],
) -> None:
    org, near, far = pair
    org.issue(far, revocation(org, near, numbers(org, near)))
    other = org["chebet"]
    org.issue(near, revocation(org, other, numbers(org, other)))
    assert org.reason() is Reason.ISSUER_REVOKED
    org.issue(near, revocation(org, far, numbers(org, far)))
    assert org.reason() is Reason.ISSUER_REVOKED
    assert org.state_of(near) is State.REVOKED


def test_a_stolen_laptops_revocations_fall_with_it(
    pair: tuple[Organisation, Member, Member],
) -> None:
    org, near, far = pair
    honest = numbers(org, near)
    org.issue(near, revocation(org, org["chebet"], numbers(org, org["chebet"])))
    assert org.state_of(org["chebet"]) is State.REVOKED
    org.issue(far, revocation(org, near, honest))
    assert org.state_of(org["chebet"]) is State.ACTIVE
    assert org.state_of(near) is State.REVOKED


def test_a_revocation_that_cuts_off_its_own_issuer_is_void(
    pair: tuple[Organisation, Member, Member],
) -> None:
    org, near, far = pair
    org.issue(far, revocation(org, near, 1))
    assert org.reason() is Reason.CUTS_OWN_ISSUER
    assert (org.state_of(near), org.state_of(far)) == (State.ACTIVE, State.ACTIVE)
    assert org.state_of(org["chebet"]) is State.ACTIVE


# -- is_beyond_cut, for every kind of batch ----------------------------------------------------


def test_records_up_to_the_cut_count_and_later_ones_do_not(org: Organisation) -> None:
    dalila = org["dalila"]
    org.revoke(org["chebet"], dalila, Cut(ORDINARY, 7, HASH))
    beyond = org.directory.is_beyond_cut
    assert not beyond(dalila.device, ORDINARY, 6, b"any" * 10)
    assert not beyond(dalila.device, ORDINARY, 7, HASH)
    assert beyond(dalila.device, ORDINARY, 7, b"x" * 32)
    assert beyond(dalila.device, ORDINARY, 8, HASH)
    assert beyond(dalila.device, ORDINARY, 1 << 48 | 3, HASH)
    assert not beyond(org["chebet"].device, ORDINARY, 8, HASH)
    assert not beyond(b"?" * 16, ORDINARY, 8, HASH)  # type: ignore[arg-type]  # a stranger


def test_a_channel_that_the_admin_could_not_name_is_cut_at_the_position(
    org: Organisation,
) -> None:
    dalila = org["dalila"]
    org.revoke(org["chebet"], dalila, Cut(ORDINARY, 7, HASH))
    at = org.position
    beyond = org.directory.is_beyond_cut
    assert not beyond(dalila.device, CONFIDENTIAL, 3, HASH, position=at - 1)
    assert beyond(dalila.device, CONFIDENTIAL, 3, HASH, position=at + 1)
    assert beyond(dalila.device, CONFIDENTIAL, 3, HASH)


def test_an_adopted_record_counts_again(org: Organisation) -> None:
    dalila = org["dalila"]
    org.revoke(org["chebet"], dalila, Cut(ORDINARY, 7, HASH))
    late = org.draft(dalila, org.office_statement(VILLAGE, Desk.ADMIN))
    assert org.directory.is_beyond_cut(dalila.device, ORDINARY, 8, late.hash)
    org.adopt(org["eshe"], late)
    assert org.directory.is_beyond_cut(dalila.device, ORDINARY, 8, late.hash)
    org.adopt(org["chebet"], late)
    assert not org.directory.is_beyond_cut(dalila.device, ORDINARY, 8, late.hash)
