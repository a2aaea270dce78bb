"""Chains, generations, spelling and positions: decision 9 and the laws of the fold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError, RemoteProtocolError
from fieldapp.protocol.batch import Flag, parse_batch
from fieldapp.protocol.certificates import State
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.roles import Role
from fieldapp.protocol.verdicts import Outcome, Reason
from tests.support.organisation import (
    KE,
    LAMU,
    LAMU_EAST,
    LAMU_WEST,
    MKOMANI,
    VILLAGE,
    Organisation,
    small_organisation,
)

HASH = b"h" * 32


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


# -- chains, forks and channels ----------------------------------------------------------------


def test_a_statement_in_another_units_channel_is_void(org: Organisation) -> None:
    brian = org["brian"]
    statement = org.office_statement(LAMU_EAST, Desk.ADMIN)
    elsewhere = org.draft(brian, statement, channel=org["amina"].channel)
    org.place(elsewhere)
    assert org.reason() is Reason.WRONG_CHANNEL
    assert org.epochs(LAMU_EAST) == []


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
    assert org.invited_to(invite) == VILLAGE


def test_of_two_batches_at_one_number_the_first_counts(org: Organisation) -> None:
    chebet = org["chebet"]
    head = org.heads[chebet.device, chebet.channel]
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    second = org.draft(chebet, org.office_statement(VILLAGE, Desk.ADMIN), after=head)
    org.place(second)
    assert org.reason() is Reason.FORKED
    wrong_prev = org.draft(
        chebet,
        org.office_statement(VILLAGE, Desk.ADMIN),
        after=(head[0] + 2, HASH),
    )
    org.place(wrong_prev)
    assert org.reason() is Reason.FORKED


def test_a_restored_laptop_goes_on_in_a_new_generation(org: Organisation) -> None:
    chebet = org["chebet"]
    shared = org.heads[chebet.device, chebet.channel]
    lost = org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    invite = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    org.place(org.draft(chebet, invite, generation=1, after=shared))
    assert org.reason() is None
    assert org.invited_to(lost) == VILLAGE
    assert org.invited_to(invite.invite) == VILLAGE
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    assert org.reason() is None


def test_a_generation_starts_from_a_batch_of_the_same_stream(org: Organisation) -> None:
    chebet, brian = org["chebet"], org["brian"]
    statement = org.office_statement(VILLAGE, Desk.ADMIN)
    theirs = org.heads[brian.device, brian.channel]
    org.place(org.draft(chebet, statement, generation=2, after=theirs))
    assert org.reason() is Reason.FORKED
    org.place(org.draft(chebet, statement, generation=2, after=(3, HASH)))
    assert org.directory.verdict(org.log[-1][1].hash) == (Outcome.WAITING, Reason.CHAIN_GAP)


def test_a_generation_counts_on_from_the_number_it_follows(org: Organisation) -> None:
    chebet = org["chebet"]
    seq, last = org.heads[chebet.device, chebet.channel]
    statement = org.office_statement(VILLAGE, Desk.ADMIN)
    org.place(org.draft(chebet, statement, generation=1, after=(seq + 1, last)))
    assert org.reason() is Reason.FORKED


def test_a_gap_in_another_units_channel_is_not_waited_for(org: Organisation) -> None:
    brian, elsewhere = org["brian"], org["amina"].channel
    statement = org.office_statement(LAMU_EAST, Desk.ADMIN)
    org.place(org.draft(brian, statement, channel=elsewhere, after=(4, HASH)))
    assert org.reason() is Reason.WRONG_CHANNEL
    assert org.directory.waiting == ()


def test_an_older_generation_that_was_never_seen_is_a_fork(org: Organisation) -> None:
    chebet = org["chebet"]
    head = org.heads[chebet.device, chebet.channel]
    org.place(org.draft(chebet, org.invite_statement(VILLAGE, Role.ACC), generation=2, after=head))
    org.place(org.draft(chebet, org.invite_statement(VILLAGE, Role.ACC), generation=1, after=head))
    assert org.reason() is Reason.FORKED


def test_a_device_restored_to_nothing_starts_again_at_number_one(org: Organisation) -> None:
    chebet = org["chebet"]
    statement = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    org.place(org.draft(chebet, statement, generation=1, after=(0, ZERO_HASH)))
    assert org.reason() is None


def test_a_batch_signed_by_another_key_is_void_and_takes_no_place(org: Organisation) -> None:
    chebet = org["chebet"]
    batch = org.draft(chebet, org.office_statement(VILLAGE, Desk.ADMIN))

    def refuse(_public: bytes, _message: bytes, _signature: bytes) -> None:
        raise BadSignatureError

    applied = org.directory.apply(org.position + 1, batch, refuse)
    assert (applied.outcome, applied.reason) == (Outcome.VOID, Reason.BAD_SIGNATURE)
    org.log.append((org.position + 2, batch))
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    assert org.reason() is None


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
    assert org.reason() is expected
    org.invite(chebet, VILLAGE, Role.VILLAGE_ELDER)
    assert org.reason() is None


def test_a_batch_with_a_dictionary_of_a_newer_version_waits_for_the_update(
    org: Organisation,
) -> None:
    chebet = org["chebet"]
    known = org.draft(chebet, org.office_statement(VILLAGE, Desk.ADMIN))
    newer = replace(known.header, flags=int(Flag.DICTIONARY), dictionary=999)
    signed = replace(newer, signature=chebet.keys.sign(newer.signing_bytes()))
    org.place(parse_batch(signed.to_bytes() + known.body))
    assert org.reason() is Reason.WAITING_FOR_UPDATE
    org.invite(chebet, MKOMANI, Role.ASSISTANT_CHIEF)
    assert org.reason() is None


def test_one_void_statement_does_not_spoil_the_others(org: Organisation) -> None:
    chebet = org["chebet"]
    good = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    org.issue(chebet, org.office_statement(LAMU, Desk.ADMIN), good)
    assert org.directory.verdict(org.log[-1][1].hash) == (
        Outcome.ACCEPTED,
        Reason.OUTSIDE_SUBTREE,
    )
    assert org.invited_to(good.invite) == VILLAGE
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


def test_a_batch_from_the_past_is_judged_as_if_it_had_come_in_time(org: Organisation) -> None:
    amina, brian = org["amina"], org["brian"]
    far = org.join("gakii", LAMU, Desk.ADMIN, Role.COUNTY_DESK)
    late = org.draft(amina, far.certificate())
    reserved = org.position + 1
    invite = org.invite_statement(LAMU, Role.COUNTY_DESK)
    org.log.append((reserved + 1, org.take(org.draft(brian, invite))))
    org.directory.apply(*org.log[-1], verify)
    org.claim("gakii", invite.invite)
    org.issue(brian, far.certificate())
    org.revoke(far, brian, org.cut(brian, 1))
    assert org.reason() is Reason.CUTS_OWN_ISSUER
    org.directory.apply(reserved, late, verify)
    assert org.reason() is None
    assert org.state_of(brian) is State.REVOKED
    fresh = Directory()
    fresh.apply_all([*org.log, (reserved, late)], verify)
    assert fresh.voided == org.directory.voided
