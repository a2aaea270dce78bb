"""Revocations, adoptions, role changes and chains: decisions 6, 9, 11, 16 and 19."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError, RemoteProtocolError
from fieldapp.protocol.batch import Flag, parse_batch
from fieldapp.protocol.certificates import State
from fieldapp.protocol.channels import Channel, ChannelClass, Desk
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statements import RevokeStatement
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
    small_organisation,
)

ORDINARY = Channel(MKOMANI, ChannelClass.ORDINARY).id
CONFIDENTIAL = Channel(MKOMANI, ChannelClass.CONFIDENTIAL).id
HASH = b"h" * 32


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


def state_of(org: Organisation, member: Member) -> State | None:
    found = org.directory.device(member.device)
    return found.state if found else None


def reason_of(org: Organisation, index: int = -1) -> Reason | None:
    return org.directory.verdict(org.log[index][1].hash)[1]


# -- a revocation bounds the issuer's own stream -----------------------------------------------


def test_a_stolen_admin_laptop_mints_nothing_beyond_its_cut(org: Organisation) -> None:
    chebet = org["chebet"]
    org.revoke(org["brian"], chebet)
    invite = org.invite(chebet, MKOMANI, Role.ASSISTANT_CHIEF)
    assert reason_of(org) is Reason.ISSUER_REVOKED
    assert org.directory.invite(invite) is None
    org.open_office(chebet, VILLAGE)
    assert org.directory.office(VILLAGE, Desk.ADMIN) is None


def test_what_it_said_before_the_cut_stays(org: Organisation) -> None:
    org.revoke(org["brian"], org["chebet"])
    assert state_of(org, org["chebet"]) is State.REVOKED
    assert state_of(org, org["dalila"]) is State.ACTIVE
    assert org.directory.office(MKOMANI, Desk.ADMIN) is not None


def test_a_cut_into_the_past_voids_what_hung_on_it(org: Organisation) -> None:
    chebet = org["chebet"]
    rogue = org.enrol(chebet, "gakii", LAMU_WEST, Role.DCC_ADMIN)
    org.open_office(rogue, VILLAGE)
    below = org.enrol(rogue, "hamisi", VILLAGE, Role.VILLAGE_ELDER)
    cut = org.cut(chebet, 4)
    assert org.directory.office(VILLAGE, Desk.ADMIN) is not None
    revoked = org.draft(org["brian"], RevokeStatement(chebet.device, (cut,), "stolen"))
    org.log.append((org.position + 1, revoked))
    applied = org.directory.apply(*org.log[-1], verify)
    assert applied.refolded
    assert org["dalila"].device in applied.devices
    assert org.directory.device(rogue.device) is None
    assert org.directory.device(below.device) is None
    assert org.directory.office(VILLAGE, Desk.ADMIN) is None
    assert state_of(org, org["dalila"]) is State.ACTIVE
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
    assert reason_of(org) is None
    found = org.directory.device(gakii.device)
    assert found is not None
    assert (found.state, found.issuer) == (State.ACTIVE, brian.device)


def test_adoption_counts_for_a_batch_that_comes_later(org: Organisation) -> None:
    chebet, brian = org["chebet"], org["brian"]
    org.revoke(brian, chebet)
    late = org.draft(chebet, org.invite_statement(VILLAGE, Role.VILLAGE_ELDER))
    org.adopt(brian, late)
    org.place(late)
    assert reason_of(org) is None


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
    assert state_of(org, chebet) is state
    assert org.directory.verdict(batch.hash)[0] is outcome


# -- devices that revoke each other ------------------------------------------------------------


@pytest.fixture
def pair(org: Organisation) -> tuple[Organisation, Member, Member]:
    """Two county desks of Lamu, brian nearer to the root than gakii."""
    return org, org["brian"], org.enrol(org["brian"], "gakii", LAMU, Role.COUNTY_DESK)


def revocation(org: Organisation, target: Member, number: int) -> RevokeStatement:
    return RevokeStatement(target.device, (org.cut(target, number),), "mutual")


def numbers(org: Organisation, member: Member) -> int:
    return sum(1 for _, batch in org.log if batch.header.device == member.device)


def test_of_two_that_revoke_each_other_the_nearer_to_the_root_wins(
    pair: tuple[Organisation, Member, Member],
) -> None:
    org, near, far = pair
    before = numbers(org, far)
    org.issue(far, revocation(org, near, numbers(org, near)))
    assert state_of(org, near) is State.REVOKED
    org.issue(near, revocation(org, far, before))
    assert (state_of(org, near), state_of(org, far)) == (State.ACTIVE, State.REVOKED)
    assert reason_of(org, -2) is Reason.ISSUER_REVOKED


def test_the_farther_one_cannot_strike_back(pair: tuple[Organisation, Member, Member]) -> None:
    org, near, far = pair
    org.issue(near, revocation(org, far, numbers(org, far)))
    org.issue(far, revocation(org, near, numbers(org, near) - 1))
    assert (state_of(org, near), state_of(org, far)) == (State.ACTIVE, State.REVOKED)
    assert reason_of(org) is Reason.ISSUER_REVOKED


def test_at_equal_distance_the_earlier_position_wins(org: Organisation) -> None:
    first = org.enrol(org["brian"], "gakii", LAMU, Role.COUNTY_DESK)
    second = org.enrol(org["brian"], "hamisi", LAMU, Role.COUNTY_DESK)
    counts = numbers(org, first), numbers(org, second)
    org.issue(first, revocation(org, second, counts[1]))
    org.issue(second, revocation(org, first, counts[0]))
    assert (state_of(org, first), state_of(org, second)) == (State.ACTIVE, State.REVOKED)


def test_only_the_revocation_of_the_revoker_prevails(
    pair: tuple[Organisation, Member, Member],
) -> None:
    org, near, far = pair
    org.issue(far, revocation(org, near, numbers(org, near)))
    other = org["chebet"]
    org.issue(near, revocation(org, other, numbers(org, other)))
    assert reason_of(org) is Reason.ISSUER_REVOKED
    org.issue(near, revocation(org, far, numbers(org, far)))
    assert reason_of(org) is Reason.ISSUER_REVOKED
    assert state_of(org, near) is State.REVOKED


def test_a_stolen_laptops_revocations_fall_with_it(
    pair: tuple[Organisation, Member, Member],
) -> None:
    org, near, far = pair
    honest = numbers(org, near)
    org.issue(near, revocation(org, org["chebet"], numbers(org, org["chebet"])))
    assert state_of(org, org["chebet"]) is State.REVOKED
    org.issue(far, revocation(org, near, honest))
    assert state_of(org, org["chebet"]) is State.ACTIVE
    assert state_of(org, near) is State.REVOKED


def test_a_revocation_that_cuts_off_its_own_issuer_is_void(
    pair: tuple[Organisation, Member, Member],
) -> None:
    org, near, far = pair
    org.issue(far, revocation(org, near, 1))
    assert reason_of(org) is Reason.CUTS_OWN_ISSUER
    assert (state_of(org, near), state_of(org, far)) == (State.ACTIVE, State.ACTIVE)
    assert state_of(org, org["chebet"]) is State.ACTIVE


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


# -- role changes and transfers (decision 16) --------------------------------------------------


def change(
    org: Organisation, by: Member, member: Member, *cuts: Cut, **fields: Any
) -> Reason | None:
    statement = replace(member.certificate(), after=cuts, **fields)
    org.issue(by, statement)
    return reason_of(org)


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
    assert reason_of(org) is Reason.CUT_MISSING


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
    assert reason_of(org) is Reason.WRONG_CHANNEL
    moved = replace(chebet, unit=LAMU_EAST)
    org.issue(moved, org.invite_statement(LAMU_EAST, Role.CHIEF))
    assert reason_of(org) is None


def test_a_demotion_reaches_back_to_its_cut(org: Organisation) -> None:
    chebet, brian = org["chebet"], org["brian"]
    org.open_office(chebet, VILLAGE)
    void = org.log[-1][1]
    assert change(org, brian, chebet, org.cut(chebet, 4), role=Role.ACC) is None
    assert org.directory.verdict(void.hash) == (Outcome.VOID, Reason.ROLE_MAY_NOT_ENROL)
    assert org.directory.office(VILLAGE, Desk.ADMIN) is None
    assert state_of(org, org["dalila"]) is State.ACTIVE
    org.adopt(brian, void)
    assert org.directory.office(VILLAGE, Desk.ADMIN) is not None


# -- chains, forks and channels ----------------------------------------------------------------


def test_a_statement_in_another_units_channel_is_void(org: Organisation) -> None:
    brian = org["brian"]
    statement = org.office_statement(LAMU_EAST, Desk.ADMIN)
    elsewhere = org.draft(brian, statement, channel=org["amina"].channel)
    org.place(elsewhere)
    assert reason_of(org) is Reason.WRONG_CHANNEL
    assert org.directory.office(LAMU_EAST, Desk.ADMIN) is None


def test_a_batch_said_twice_is_known(org: Organisation) -> None:
    position, batch = org.log[5]
    assert org.directory.apply(position, batch, verify).outcome is Outcome.KNOWN
    assert org.directory.apply(None, batch, verify).outcome is Outcome.KNOWN


def test_a_gap_is_waited_for_and_then_closed(org: Organisation) -> None:
    chebet = org["chebet"]
    missing = org.take(org.draft(chebet, org.office_statement(VILLAGE, Desk.ADMIN)))
    invite = org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    assert org.directory.verdict(org.log[-1][1].hash) == (Outcome.WAITING, Reason.CHAIN_GAP)
    org.log.append((org.position + 1, missing))
    org.directory.apply(*org.log[-1], verify)
    assert org.directory.waiting == ()
    assert org.directory.invite(invite) is not None


def test_of_two_batches_at_one_number_the_first_counts(org: Organisation) -> None:
    chebet = org["chebet"]
    head = org.heads[chebet.device, chebet.channel]
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    second = org.draft(chebet, org.office_statement(VILLAGE, Desk.ADMIN), after=head)
    org.place(second)
    assert reason_of(org) is Reason.FORKED
    wrong_prev = org.draft(
        chebet,
        org.office_statement(VILLAGE, Desk.ADMIN),
        after=(head[0] + 2, HASH),
    )
    org.place(wrong_prev)
    assert reason_of(org) is Reason.FORKED


def test_a_restored_laptop_goes_on_in_a_new_generation(org: Organisation) -> None:
    chebet = org["chebet"]
    shared = org.heads[chebet.device, chebet.channel]
    lost = org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    invite = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    org.place(org.draft(chebet, invite, generation=1, after=shared))
    assert reason_of(org) is None
    assert org.directory.invite(lost) is not None
    assert org.directory.invite(invite.invite) is not None
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    assert reason_of(org) is None


def test_a_generation_starts_from_a_batch_of_the_same_stream(org: Organisation) -> None:
    chebet, brian = org["chebet"], org["brian"]
    statement = org.office_statement(VILLAGE, Desk.ADMIN)
    theirs = org.heads[brian.device, brian.channel]
    org.place(org.draft(chebet, statement, generation=2, after=theirs))
    assert reason_of(org) is Reason.FORKED
    org.place(org.draft(chebet, statement, generation=2, after=(3, HASH)))
    assert org.directory.verdict(org.log[-1][1].hash) == (Outcome.WAITING, Reason.CHAIN_GAP)


def test_an_older_generation_that_was_never_seen_is_a_fork(org: Organisation) -> None:
    chebet = org["chebet"]
    head = org.heads[chebet.device, chebet.channel]
    org.place(org.draft(chebet, org.invite_statement(VILLAGE, Role.ACC), generation=2, after=head))
    org.place(org.draft(chebet, org.invite_statement(VILLAGE, Role.ACC), generation=1, after=head))
    assert reason_of(org) is Reason.FORKED


def test_a_device_restored_to_nothing_starts_again_at_number_one(org: Organisation) -> None:
    chebet = org["chebet"]
    statement = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    org.place(org.draft(chebet, statement, generation=1, after=(0, ZERO_HASH)))
    assert reason_of(org) is None


def test_a_batch_signed_by_another_key_is_void_and_takes_no_place(org: Organisation) -> None:
    chebet = org["chebet"]
    batch = org.draft(chebet, org.office_statement(VILLAGE, Desk.ADMIN))

    def refuse(_public: bytes, _message: bytes, _signature: bytes) -> None:
        raise BadSignatureError

    applied = org.directory.apply(org.position + 1, batch, refuse)
    assert (applied.outcome, applied.reason) == (Outcome.VOID, Reason.BAD_SIGNATURE)
    org.log.append((org.position + 2, batch))
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    assert reason_of(org) is None


# -- spelling ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"[]", Reason.MALFORMED),
        (b"not json", Reason.MALFORMED),
        (b'[{"k":"office"}]', Reason.MALFORMED),
        (b'[{"k":"curfew","from":"18:00"}]', Reason.WAITING_FOR_UPDATE),
    ],
)
def test_a_batch_that_cannot_be_read_keeps_its_place_in_the_chain(
    org: Organisation, payload: bytes, expected: Reason
) -> None:
    chebet = org["chebet"]
    org.place(org.draft(chebet, payload=payload))
    assert reason_of(org) is expected
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    assert reason_of(org) is None


def test_a_batch_with_a_dictionary_of_a_newer_version_waits_for_the_update(
    org: Organisation,
) -> None:
    chebet = org["chebet"]
    known = org.draft(chebet, org.office_statement(VILLAGE, Desk.ADMIN))
    newer = replace(known.header, flags=int(Flag.DICTIONARY), dictionary=999)
    signed = replace(newer, signature=chebet.keys.sign(newer.signing_bytes()))
    org.place(parse_batch(signed.to_bytes() + known.body))
    assert reason_of(org) is Reason.WAITING_FOR_UPDATE
    org.invite(chebet, MKOMANI, Role.ASSISTANT_CHIEF)
    assert reason_of(org) is None


def test_one_void_statement_does_not_spoil_the_others(org: Organisation) -> None:
    chebet = org["chebet"]
    good = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    org.issue(chebet, org.office_statement(LAMU, Desk.ADMIN), good)
    assert org.directory.verdict(org.log[-1][1].hash) == (
        Outcome.ACCEPTED,
        Reason.OUTSIDE_SUBTREE,
    )
    assert org.directory.invite(good.invite) is not None
    voided = org.directory.voided[-1]
    assert (voided.index, voided.position, voided.device) == (0, org.position, chebet.device)


# -- positions ---------------------------------------------------------------------------------


def test_the_server_cannot_put_two_batches_at_one_position(org: Organisation) -> None:
    other = org.draft(org["chebet"], org.office_statement(VILLAGE, Desk.ADMIN))
    with pytest.raises(RemoteProtocolError):
        org.directory.apply(org.position, other, verify)


def test_an_own_statement_counts_before_the_server_placed_it(org: Organisation) -> None:
    version = org.directory.version
    batch = org.draft(org["chebet"], org.office_statement(VILLAGE, Desk.ADMIN))
    assert org.directory.apply(None, batch, verify).outcome is Outcome.ACCEPTED
    assert org.directory.version == version
    assert (VILLAGE, "admin") in org.directory.offices()
    assert (VILLAGE, "admin") not in org.directory.offices(version)
    applied = org.directory.apply(version + 5, batch, verify)
    assert (applied.outcome, applied.refolded) == (Outcome.ACCEPTED, True)
    assert org.directory.version == version + 5
    assert (VILLAGE, "admin") in org.directory.offices(version + 5)
    assert (VILLAGE, "admin") not in org.directory.offices(version + 4)


def test_a_renumbered_log_moves_the_batches(org: Organisation) -> None:
    renumbered = [(position + 100, batch) for position, batch in org.log]
    for position, batch in renumbered:
        org.directory.apply(position, batch, verify)
    fresh = Directory()
    fresh.apply_all(renumbered, verify)
    assert org.directory.version == fresh.version
    assert sorted(org.directory.certificates(), key=repr) == sorted(fresh.certificates(), key=repr)


def test_an_empty_directory_has_version_zero() -> None:
    assert Directory().version == 0
    assert Directory().device(small_organisation()["amina"].device) is None


def test_members_are_those_that_are_not_revoked(org: Organisation) -> None:
    directory = org.directory
    office = directory.office(MKOMANI, Desk.ADMIN)
    everybody = directory.office(LAMU_WEST, Desk.ALL)
    assert office is not None
    assert everybody is not None
    devices = [member.device for member in directory.members(office)]
    assert devices == [org["dalila"].device]
    assert {member.device for member in directory.members(everybody)} == {
        org["chebet"].device,
        org["dalila"].device,
    }
    org.revoke(org["chebet"], org["dalila"])
    assert org.directory.members(office.ref) == ()
    assert len(org.directory.members(everybody)) == 1


def test_an_office_is_found_by_name_and_by_number(org: Organisation) -> None:
    office = org.directory.office(KE, Desk.GENDER)
    assert office is not None
    assert org.directory.office_by_id(office.id) is office
    assert (office.unit, office.desk) == (KE, "gender")
    org.issue(org["eshe"], org.office_statement(KE, Desk.GENDER))
    newest = org.directory.current_epoch(office.id)
    older = org.directory.current_epoch(office.id, org.position - 1)
    never = org.directory.current_epoch(office.id, 0)
    assert newest is not None
    assert older is not None
    assert never is not None
    assert (newest.epoch, older.epoch, never.epoch) == (2, 1, 1)
    assert org.directory.current_epoch(office.id[::-1]) is None  # type: ignore[arg-type]
