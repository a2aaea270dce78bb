"""Claims, words and second claims: decision 14, and claims that must not count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import RemoteProtocolError
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import InviteId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.verdicts import AlarmCode, Outcome, Reason
from tests.support.organisation import (
    DAY_MS,
    KE,
    LAMU,
    LAMU_WEST,
    MKOMANI,
    NOON_MS,
    Member,
    Organisation,
    hand_over_invite,
    signing_key,
    small_organisation,
)
from tests.support.people import plain


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


def certificate(org: Organisation, member: Member) -> Certificate:
    found = org.directory.device(member.device)
    assert found is not None
    return found


def last_verdict(org: Organisation) -> tuple[Outcome, Reason | None]:
    return org.directory.verdict(org.log[-1][1].hash)


# -- first claims ------------------------------------------------------------------------------


def test_the_first_claim_of_a_chief_counts_at_once_but_gives_no_history(
    org: Organisation,
) -> None:
    gakii = org.claim("gakii", org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF))
    found = certificate(org, gakii)
    assert found.state is State.ACTIVE
    assert found.may_hold_keys
    assert not found.may_hold_history
    org.issue(org["chebet"], gakii.certificate())
    assert certificate(org, gakii).may_hold_history


def test_who_enrols_others_waits_for_words(org: Organisation) -> None:
    gakii = org.claim("gakii", org.invite(org["brian"], LAMU_WEST, Role.DCC_ADMIN))
    assert certificate(org, gakii).state is State.UNCONFIRMED
    assert not certificate(org, gakii).may_hold_keys
    org.issue(org["brian"], gakii.certificate(confirmed=False))
    assert certificate(org, gakii).state is State.UNCONFIRMED
    org.issue(org["brian"], gakii.certificate())
    assert certificate(org, gakii).state is State.ACTIVE


def test_a_desk_member_waits_for_words(org: Organisation) -> None:
    invite = org.invite(org["eshe"], LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    gakii = org.claim("gakii", invite)
    assert certificate(org, gakii).state is State.UNCONFIRMED


def test_what_an_unconfirmed_admin_says_is_held_until_words_were_compared(
    org: Organisation,
) -> None:
    gakii = org.claim("gakii", org.invite(org["brian"], LAMU_WEST, Role.DCC_ADMIN))
    said = org.issue(gakii, org.invite_statement(MKOMANI, Role.CHIEF))
    again = org.issue(gakii, org.invite_statement(MKOMANI, Role.CHIEF))
    assert org.directory.verdict(said.hash) == (Outcome.WAITING, Reason.ISSUER_UNCONFIRMED)
    assert {row.hash for row in org.directory.waiting} == {said.hash, again.hash}
    org.log.append((org.position + 1, org.draft(org["brian"], gakii.certificate())))
    applied = org.directory.apply(*org.log[-1], verify)
    assert applied.released == (said.hash, again.hash)
    assert applied.devices == {gakii.device}
    assert org.directory.verdict(said.hash) == (Outcome.ACCEPTED, None)
    assert org.directory.waiting == ()


def test_a_claim_that_comes_before_its_invite_waits_for_it(org: Organisation) -> None:
    chebet = org["chebet"]
    statement = org.invite_statement(MKOMANI, Role.CHIEF)
    gakii = org.claim("gakii", statement.invite)
    early = org.log[-1][1]
    said = org.issue(gakii, org.invite_statement(MKOMANI, Role.CHIEF))
    assert org.directory.verdict(early.hash) == (Outcome.WAITING, Reason.UNKNOWN_INVITE)
    assert org.directory.verdict(said.hash) == (Outcome.WAITING, Reason.UNKNOWN_ISSUER)
    assert org.directory.device(gakii.device) is None
    org.issue(chebet, statement)
    assert certificate(org, gakii).is_active
    assert certificate(org, gakii).position == org.position
    assert org.directory.verdict(said.hash)[1] is Reason.ROLE_MAY_NOT_ENROL


def test_an_expired_invite_gives_a_device_that_waits_for_words(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.claim("gakii", invite, NOON_MS + DAY_MS + 1)
    assert last_verdict(org) == (Outcome.ACCEPTED, None)
    assert certificate(org, gakii).state is State.UNCONFIRMED
    org.issue(org["chebet"], gakii.certificate())
    assert certificate(org, gakii).is_active


def test_a_claim_in_the_last_millisecond_is_in_time(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.claim("gakii", invite, NOON_MS + DAY_MS)
    assert certificate(org, gakii).is_active


# -- claims that do not count ------------------------------------------------------------------


def test_a_claim_signed_by_another_key_is_void(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    org.invites[invite] = replace(org.invites[invite], key=signing_key("thief"))
    gakii = org.claim("gakii", invite)
    assert last_verdict(org) == (Outcome.VOID, Reason.CLAIM_SIGNATURE)
    assert org.directory.device(gakii.device) is None


def test_a_claim_for_another_devices_key_is_void(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.join("gakii", MKOMANI, Desk.ADMIN, Role.ASSISTANT_CHIEF)
    hamisi = org.join("hamisi", MKOMANI, Desk.ADMIN, Role.ASSISTANT_CHIEF)
    org.issue(hamisi, org.claim_statement(gakii, invite))
    assert last_verdict(org) == (Outcome.VOID, Reason.BAD_SIGNATURE)


def test_a_claim_in_another_channel_is_void(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.join("gakii", LAMU, Desk.ADMIN, Role.ASSISTANT_CHIEF)
    org.issue(gakii, org.claim_statement(gakii, invite))
    assert last_verdict(org) == (Outcome.VOID, Reason.WRONG_CHANNEL)


def test_a_claim_stands_alone(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.join("gakii", MKOMANI, Desk.ADMIN, Role.ASSISTANT_CHIEF)
    org.issue(gakii, org.claim_statement(gakii, invite), org.claim_statement(gakii, invite))
    assert last_verdict(org) == (Outcome.VOID, Reason.NOT_ALONE)


def test_a_device_claims_once(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.claim("gakii", invite)
    org.issue(gakii, org.claim_statement(gakii, invite))
    assert last_verdict(org) == (Outcome.VOID, Reason.ALREADY_CLAIMED)
    assert certificate(org, gakii).is_active


def test_two_claims_at_one_place_of_a_stream_are_a_fork(org: Organisation) -> None:
    chebet = org["chebet"]
    invites = [org.invite(chebet, MKOMANI, Role.ASSISTANT_CHIEF) for _ in range(2)]
    gakii = org.claim("gakii", invites[0])
    twin = org.claim_statement(gakii, invites[1])
    org.place(org.draft(gakii, twin, after=(0, ZERO_HASH)))
    assert last_verdict(org) == (Outcome.VOID, Reason.FORKED)


def test_a_claim_is_number_one_of_its_stream(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.join("gakii", MKOMANI, Desk.ADMIN, Role.ASSISTANT_CHIEF)
    org.place(org.draft(gakii, org.claim_statement(gakii, invite), after=(1, b"p" * 32)))
    assert last_verdict(org) == (Outcome.WAITING, Reason.CHAIN_GAP)
    assert org.directory.device(gakii.device) is None


def test_a_certified_device_claims_nothing_elsewhere(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    dalila = org["dalila"]
    claim = org.claim_statement(dalila, invite)
    org.place(org.draft(dalila, claim, channel=org["chebet"].channel))
    assert last_verdict(org) == (Outcome.VOID, Reason.WRONG_CHANNEL)
    org.issue(dalila, claim)
    assert last_verdict(org) == (Outcome.VOID, Reason.ALREADY_CLAIMED)


def test_an_invite_without_authority_certifies_nobody(org: Organisation) -> None:
    invite = org.invite(org["dalila"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.claim("gakii", invite)
    assert last_verdict(org) == (Outcome.WAITING, Reason.UNKNOWN_INVITE)
    assert org.directory.device(gakii.device) is None
    assert org.directory.invite(InviteId(invite)) is None


# -- second claims -----------------------------------------------------------------------------


def test_two_claims_before_words_put_both_in_doubt_until_one_is_confirmed(
    org: Organisation,
) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.claim("gakii", invite)
    thief = org.claim("hamisi", invite, NOON_MS + DAY_MS)
    assert certificate(org, gakii).state is State.CONTESTED
    assert certificate(org, thief).state is State.CONTESTED
    assert not certificate(org, gakii).granted
    alarm = org.directory.alarms[-1]
    assert (alarm.code, alarm.subject, alarm.device) == (
        AlarmCode.SECOND_CLAIM,
        invite.hex(),
        thief.device,
    )
    org.issue(org["chebet"], gakii.certificate())
    assert certificate(org, gakii).is_active
    assert certificate(org, thief).state is State.CONTESTED


def test_a_second_claim_after_words_were_compared_harms_nobody(org: Organisation) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.claim("gakii", invite)
    org.issue(org["chebet"], gakii.certificate())
    thief = org.claim("hamisi", invite)
    assert last_verdict(org) == (Outcome.VOID, Reason.INVITE_USED)
    assert org.directory.device(thief.device) is None
    assert certificate(org, gakii).is_active
    assert org.directory.alarms[-1].code is AlarmCode.SECOND_CLAIM


@pytest.mark.parametrize("back_ms", [0, 7 * DAY_MS, 30 * DAY_MS])
def test_a_first_claimant_who_dates_his_claim_back_is_not_settled_by_that(
    org: Organisation, back_ms: int
) -> None:
    """A thief claims first, as of days ago; the invited officer claims an hour later."""
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    thief = org.claim("hamisi", invite, NOON_MS - back_ms)
    gakii = org.claim("gakii", invite, NOON_MS + DAY_MS // 24)
    assert certificate(org, thief).state is State.CONTESTED
    assert certificate(org, gakii).state is State.CONTESTED
    assert not certificate(org, thief).may_hold_keys
    org.issue(org["chebet"], gakii.certificate())
    assert certificate(org, gakii).is_active
    assert certificate(org, thief).state is State.CONTESTED


def test_a_second_claim_of_a_hand_over_never_harms_the_desk(org: Organisation) -> None:
    org.claim("gakii", hand_over_invite(org, Desk.GENDER))
    assert last_verdict(org) == (Outcome.VOID, Reason.INVITE_USED)
    assert certificate(org, org["eshe"]).is_active


def test_when_the_first_claimant_was_a_thief_the_second_waits_for_words(
    org: Organisation,
) -> None:
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    thief = org.claim("hamisi", invite)
    org.revoke(org["chebet"], thief)
    gakii = org.claim("gakii", invite)
    assert certificate(org, thief).state is State.REVOKED
    assert certificate(org, gakii).state is State.CONTESTED
    org.issue(org["chebet"], gakii.certificate())
    assert certificate(org, gakii).is_active


# -- certificates without a claim --------------------------------------------------------------


def test_an_admin_certifies_a_device_that_stands_before_him(org: Organisation) -> None:
    gakii = org.join("gakii", MKOMANI, Desk.ADMIN, Role.ASSISTANT_CHIEF)
    org.issue(org["chebet"], gakii.certificate(confirmed=False))
    found = certificate(org, gakii)
    assert (found.state, found.confirmed, found.depth) == (State.ACTIVE, False, 4)
    hamisi = org.join("hamisi", LAMU_WEST, Desk.ADMIN, Role.DCC_ADMIN)
    org.issue(org["chebet"], hamisi.certificate(confirmed=False))
    assert certificate(org, hamisi).state is State.UNCONFIRMED


def test_a_certificate_names_the_device_of_its_key(org: Organisation) -> None:
    gakii = org.join("gakii", MKOMANI, Desk.ADMIN, Role.ASSISTANT_CHIEF)
    statement = replace(gakii.certificate(), device=org["dalila"].device)
    org.issue(org["chebet"], statement)
    assert last_verdict(org) == (Outcome.VOID, Reason.ID_MISMATCH)


def test_an_admin_cannot_give_a_device_another_encryption_key(org: Organisation) -> None:
    statement = replace(org["dalila"].certificate(), x=org["chebet"].keys.public_x25519)
    org.issue(org["chebet"], statement)
    assert last_verdict(org) == (Outcome.VOID, Reason.KEY_MISMATCH)


def test_the_first_key_under_a_16_byte_id_keeps_it() -> None:
    org = small_organisation()
    dalila = certificate(org, org["dalila"])
    twin = replace(org["dalila"].certificate(), ed=b"\0" * 32)
    org.issue(org["chebet"], twin)
    assert last_verdict(org) == (Outcome.VOID, Reason.ID_MISMATCH)
    assert certificate(org, org["dalila"]).ed == dalila.ed


def test_a_revoked_device_does_not_come_back_by_a_certificate(org: Organisation) -> None:
    org.revoke(org["chebet"], org["dalila"])
    org.issue(org["chebet"], org["dalila"].certificate())
    assert last_verdict(org) == (Outcome.VOID, Reason.DEVICE_REVOKED)


# -- what the server asks before it places a batch ---------------------------------------------


def test_the_server_learns_where_a_batch_stands_and_what_it_waits_for(org: Organisation) -> None:
    directory = org.directory
    invite = org.invite(org["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    gakii = org.join("gakii", MKOMANI, Desk.ADMIN, Role.ASSISTANT_CHIEF)
    claim = org.draft(gakii, org.claim_statement(gakii, invite))
    assert directory.feed_unit(claim) == MKOMANI
    assert directory.waits_for(claim) is None
    early = org.draft(
        gakii, org.claim_statement(gakii, org.invite_statement(MKOMANI, Role.ACC).invite)
    )
    assert directory.feed_unit(early) is None
    assert directory.waits_for(early) is Reason.UNKNOWN_INVITE
    said = org.draft(gakii, org.invite_statement(MKOMANI, Role.CHIEF))
    assert directory.waits_for(said) is Reason.UNKNOWN_ISSUER
    org.place(claim)
    first = org.take(org.draft(org["chebet"], org.invite_statement(MKOMANI, Role.CHIEF)))
    second = org.draft(org["chebet"], org.invite_statement(MKOMANI, Role.CHIEF))
    assert directory.waits_for(first) is None
    assert directory.waits_for(second) is Reason.CHAIN_GAP
    assert directory.feed_unit(second) == LAMU_WEST
    root = org.log[0][1]
    assert Directory().feed_unit(root) == KE
    assert Directory().waits_for(root) is None


def test_only_directory_batches_are_taken(org: Organisation) -> None:
    other = plain(b"grants", Kind.GRANT)
    with pytest.raises(RemoteProtocolError):
        org.directory.apply(org.position + 1, other, verify)
    assert org.refolded().version == org.directory.version
