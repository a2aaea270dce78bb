"""The root: three keys, threshold two, and nothing trusted without it (decision 24)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError, MalformedMessageError
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.channels import RESTRICTED_DESKS, Desk
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.roles import Role
from fieldapp.protocol.root_document import (
    RootDocument,
    parse_root_document,
    root_fingerprint,
    signed_by_threshold,
)
from fieldapp.protocol.statements import RevokeStatement, RootStatement
from fieldapp.protocol.verdicts import Outcome, Reason
from tests.support.organisation import (
    KE,
    LAMU,
    Organisation,
    directory_channel,
    founded,
    hand_over_invite,
    signing_key,
    small_organisation,
)


def new_root(org: Organisation) -> RootDocument:
    """A valid second root document."""
    return org.root_document(version=2, offices=(), invites=())


def verdict_of_root(org: Organisation, statement: RootStatement) -> tuple[Outcome, Reason | None]:
    batch = org.issue(org["amina"], statement)
    return org.directory.verdict(batch.hash)


@pytest.fixture
def unfounded() -> Organisation:
    org = Organisation()
    org.join("amina", KE, Desk.ADMIN, Role.HQ_ADMIN)
    return org


def test_the_root_document_names_headquarters_its_desks_and_the_servers_key() -> None:
    org = founded()
    directory = org.directory
    assert directory.offices() == {(KE, Desk.ADMIN), *((KE, desk) for desk in RESTRICTED_DESKS)}
    assert directory.server_key == org.server.public
    assert directory.directory_key == org.directory_signer.public
    assert directory.root is not None
    assert directory.root.org == "Baraza of tests"
    assert all(
        directory.invite(hand_over_invite(org, desk)) is not None for desk in RESTRICTED_DESKS
    )


def test_before_a_root_there_is_nothing(unfounded: Organisation) -> None:
    batch = unfounded.issue(unfounded["amina"], unfounded.office_statement(LAMU, Desk.ADMIN))
    assert unfounded.directory.verdict(batch.hash) == (Outcome.WAITING, Reason.UNKNOWN_ISSUER)
    assert unfounded.directory.root is None
    assert unfounded.directory.server_key is None
    assert unfounded.directory.directory_key is None
    assert unfounded.directory.offices() == frozenset()


@pytest.mark.parametrize("signers", [(), (0,), (1,), (0, 0), (2, 2, 2)])
def test_a_root_signed_by_fewer_than_two_keys_is_void(
    unfounded: Organisation, signers: tuple[int, ...]
) -> None:
    statement = unfounded.sign_root(unfounded.root_document(), signers)
    assert verdict_of_root(unfounded, statement) == (Outcome.VOID, Reason.ROOT_SIGNATURES)
    assert unfounded.directory.root is None


@pytest.mark.parametrize("signers", [(0, 1), (1, 2), (2, 0), (0, 1, 2)])
def test_any_two_of_the_three_keys_are_enough(
    unfounded: Organisation, signers: tuple[int, ...]
) -> None:
    statement = unfounded.sign_root(unfounded.root_document(), signers)
    assert verdict_of_root(unfounded, statement) == (Outcome.ACCEPTED, None)


def test_signatures_of_other_keys_or_places_count_nothing(unfounded: Organisation) -> None:
    good = unfounded.sign_root(unfounded.root_document(), (0, 1))
    swapped = RootStatement(good.doc, ((0, good.sigs[0][1]), (2, good.sigs[1][1])))
    beyond = RootStatement(good.doc, ((0, good.sigs[0][1]), (7, good.sigs[1][1])))
    assert verdict_of_root(unfounded, swapped)[1] is Reason.ROOT_SIGNATURES
    assert verdict_of_root(unfounded, beyond)[1] is Reason.ROOT_SIGNATURES


def test_a_changed_root_document_is_void(unfounded: Organisation) -> None:
    good = unfounded.sign_root(unfounded.root_document())
    changed = RootStatement(good.doc.replace(b"Baraza of tests", b"Baraza of thieves"), good.sigs)
    assert verdict_of_root(unfounded, changed)[1] is Reason.ROOT_SIGNATURES


def test_a_forged_root_with_other_keys_is_refused_by_the_fingerprint() -> None:
    honest = founded()
    forger = Organisation(root_keys=tuple(signing_key(f"forged {n}") for n in range(3)))
    amina = forger.join("amina", KE, Desk.ADMIN, Role.HQ_ADMIN)
    forged = forger.draft(amina, forger.sign_root(forger.root_document()))
    assert honest.directory.root is not None
    replica = Directory(honest.directory.root.fingerprint)
    applied = replica.apply(1, forged, verify)
    assert (applied.outcome, applied.reason) == (Outcome.VOID, Reason.FORGED_ROOT)
    assert replica.apply(2, honest.log[0][1], verify).outcome is Outcome.ACCEPTED


def test_a_second_first_root_is_void() -> None:
    org = founded()
    forger = Organisation(root_keys=tuple(signing_key(f"forged {n}") for n in range(3)))
    forger.members.update(org.members)
    statement = forger.sign_root(forger.root_document())
    assert verdict_of_root(org, statement) == (Outcome.VOID, Reason.ROOT_VERSION)


def test_the_next_root_needs_two_keys_of_the_one_before() -> None:
    org = founded()
    old_keys = org.root_keys
    document = replace(new_root(org), keys=tuple(signing_key(f"next {n}").public for n in range(3)))
    org.root_keys = tuple(signing_key(f"next {n}") for n in range(3))
    usurped = org.sign_root(document)
    assert verdict_of_root(org, usurped) == (Outcome.VOID, Reason.ROOT_SIGNATURES)
    assert org.directory.root is not None
    assert org.directory.root.version == 1
    kept = replace(new_root(org), keys=tuple(key.public for key in old_keys))
    org.root_keys = old_keys
    assert verdict_of_root(org, org.sign_root(kept))[0] is Outcome.ACCEPTED


def test_the_next_root_replaces_the_servers_key_and_keeps_what_exists() -> None:
    org = small_organisation()
    before = org.directory.offices()
    other = signing_key("other server").public
    document = replace(new_root(org), server_key=other)
    assert verdict_of_root(org, org.sign_root(document)) == (Outcome.ACCEPTED, None)
    assert org.directory.server_key == other
    assert org.directory.offices() == before
    amina = org.directory.device(org["amina"].device)
    assert amina is not None
    assert amina.position == 1


def test_a_root_version_cannot_be_skipped_or_repeated() -> None:
    org = founded()
    for version in (1, 3):
        document = replace(new_root(org), version=version)
        assert verdict_of_root(org, org.sign_root(document))[1] is Reason.ROOT_VERSION


def test_the_root_gives_a_lost_desk_a_new_epoch_and_revokes_anybody() -> None:
    org = small_organisation()
    epoch = org.office_statement(KE, Desk.GENDER)
    eshe = org["eshe"]
    revoked = RevokeStatement(eshe.device, (org.cut(eshe),), Cause.LOST)
    unknown = RevokeStatement(
        org.join("gakii", KE, "admin", Role.HQ_ANALYST).device, (), Cause.LOST
    )
    document = replace(new_root(org), offices=(epoch,), revokes=(revoked, unknown, revoked))
    assert verdict_of_root(org, org.sign_root(document))[0] is Outcome.ACCEPTED
    office = org.directory.office(KE, Desk.GENDER)
    assert office is not None
    assert [one.epoch for one in office.epochs] == [1, 2]
    certificate = org.directory.device(eshe.device)
    assert certificate is not None
    assert certificate.state.value == "revoked"


def test_the_next_root_may_repeat_what_the_first_one_said() -> None:
    org = founded()
    first = org.directory.root
    assert first is not None
    before = org.directory.offices(), org.directory.device(org["amina"].device)
    again = replace(first, version=2)
    assert verdict_of_root(org, org.sign_root(again)) == (Outcome.ACCEPTED, None)
    assert (org.directory.offices(), org.directory.device(org["amina"].device)) == before
    office = org.directory.office(KE, Desk.GENDER)
    assert office is not None
    assert len(office.epochs) == 1


def test_a_root_after_a_gap_waits_for_what_lies_between() -> None:
    org = founded()
    amina = org["amina"]
    missing = org.take(org.draft(amina, org.office_statement(LAMU, Desk.ADMIN)))
    statement = org.sign_root(new_root(org))
    assert verdict_of_root(org, statement) == (Outcome.WAITING, Reason.CHAIN_GAP)
    assert org.directory.root is not None
    assert org.directory.root.version == 1
    org.log.append((org.position + 1, missing))
    org.directory.apply(*org.log[-1], verify)
    assert org.directory.root.version == 2


def test_a_root_that_misnames_a_device_is_void(unfounded: Organisation) -> None:
    wrong = replace(unfounded["amina"].certificate(), ed=signing_key("other").public)
    document = unfounded.root_document(devices=(unfounded["amina"].certificate(), wrong))
    assert verdict_of_root(unfounded, unfounded.sign_root(document))[1] is Reason.ID_MISMATCH


def test_a_root_batch_of_a_stranger_is_void(unfounded: Organisation) -> None:
    brian = unfounded.join("brian", KE, Desk.ADMIN, Role.HQ_ADMIN)
    statement = unfounded.sign_root(unfounded.root_document())
    batch = unfounded.issue(brian, statement)
    assert unfounded.directory.verdict(batch.hash) == (Outcome.VOID, Reason.UNKNOWN_ISSUER)


def test_a_root_batch_stands_alone_in_the_channel_of_ke(unfounded: Organisation) -> None:
    amina = unfounded["amina"]
    statement = unfounded.sign_root(unfounded.root_document())
    office = unfounded.office_statement(LAMU, Desk.ADMIN)
    crowded = unfounded.issue(amina, statement, office)
    assert unfounded.directory.verdict(crowded.hash)[1] is Reason.NOT_ALONE
    unfounded.heads.clear()
    elsewhere = unfounded.place(
        unfounded.draft(amina, statement, channel=directory_channel(LAMU).id)
    )
    assert unfounded.directory.verdict(elsewhere.hash)[1] is Reason.WRONG_CHANNEL


def test_a_root_batch_that_its_author_did_not_sign_is_void(unfounded: Organisation) -> None:
    batch = unfounded.draft(unfounded["amina"], unfounded.sign_root(unfounded.root_document()))

    def refuse(_public: bytes, _message: bytes, _signature: bytes) -> None:
        raise BadSignatureError

    applied = Directory().apply(1, batch, refuse)
    assert (applied.outcome, applied.reason) == (Outcome.VOID, Reason.BAD_SIGNATURE)


@pytest.mark.parametrize("doc", [b"", b"{}", b"[]", b"[" * 40, b'{"keys":["x"]}'])
def test_a_root_document_that_does_not_read_is_void(unfounded: Organisation, doc: bytes) -> None:
    assert verdict_of_root(unfounded, RootStatement(doc, ())) == (Outcome.VOID, Reason.MALFORMED)


def test_a_root_document_reads_back_as_it_was() -> None:
    org = small_organisation()
    document = org.root_document(
        revokes=(RevokeStatement(org["fumo"].device, (org.cut(org["fumo"]),), Cause.LOST),)
    )
    assert parse_root_document(document.to_bytes()) == document


def test_a_root_has_three_different_keys_and_threshold_two() -> None:
    document = founded().root_document()
    twins = replace(document, keys=(document.keys[0], document.keys[0], document.keys[1]))
    pair = replace(document, keys=document.keys[:2])
    lax = document.to_bytes().replace(b'"threshold":2', b'"threshold":1')
    for raw in (twins.to_bytes(), pair.to_bytes(), lax):
        with pytest.raises(MalformedMessageError):
            parse_root_document(raw)


def test_the_fingerprint_is_that_of_the_keys() -> None:
    document = founded().root_document()
    assert document.fingerprint == root_fingerprint(document.keys)
    assert len(document.fingerprint) == 16
    assert root_fingerprint(document.keys[::-1]) != document.fingerprint


def test_the_threshold_counts_keys_not_signatures() -> None:
    org = founded()
    statement = org.sign_root(org.root_document(), (1, 1))
    keys = [key.public for key in org.root_keys]
    assert not signed_by_threshold(statement, keys, verify)
    assert signed_by_threshold(org.sign_root(org.root_document(), (1, 2)), keys, verify)


def test_two_signatures_of_one_key_count_once() -> None:
    org = founded()
    document = org.root_document()
    statement = RootStatement(document.to_bytes(), ((0, b"a" * 64), (0, b"b" * 64)))

    def accept(_public: bytes, _message: bytes, _signature: bytes) -> None:
        """Any signature is good."""

    assert not signed_by_threshold(statement, document.keys, accept)


def test_a_repeated_hand_over_invite_stays_used() -> None:
    org = small_organisation()
    first = org.directory.root
    assert first is not None
    org.issue(org["amina"], org.sign_root(replace(first, version=2)))
    org.claim("gakii", hand_over_invite(org, Desk.GENDER))
    assert org.reason() is Reason.INVITE_USED
