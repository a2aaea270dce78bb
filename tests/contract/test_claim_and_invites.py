"""Claiming a server and leaving invites at it: the real server on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import requests

from fieldapp.errors import FieldAppError
from fieldapp.protocol.ids import InviteId
from fieldapp.protocol.invites import SIGNATURE_BYTES, upload_signing_bytes
from fieldapp.protocol.limits import MAX_INVITE_PACKET_BYTES
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import CLAIM_PATH, INFO_PATH, TOKEN_HEADER, invite_path
from tests.contract.conftest import REAL, Place
from tests.support.authors import Device, author, deposit
from tests.support.organisation import DAY_MS, MKOMANI, NOON_MS, Organisation, founded, signing_key

pytestmark = pytest.mark.parametrize("kind", REAL)

TOKEN = b"a token of 16 b."
PACKET = bytes(range(256)) * 8


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(FieldAppError) as caught:
        yield
    assert caught.value.code == code


def root_of(organisation: Organisation) -> bytes:
    return organisation.log[0][1].raw


def signed(
    organisation: Organisation, invite: InviteId, sealed: bytes, token: bytes = TOKEN
) -> bytes:
    """A packet as its maker sends it."""
    key = organisation.invites[invite].key
    return sealed + key.sign(upload_signing_bytes(invite, token, sealed))


def put(
    place: Place,
    organisation: Organisation,
    invite: InviteId,
    sealed: bytes = PACKET,
    token: bytes = TOKEN,
) -> None:
    place.service.put_invite(invite, token, signed(organisation, invite, sealed, token))


def got(place: Place, invite: InviteId) -> bytes:
    return place.service.get_invite(invite, TOKEN)[:-SIGNATURE_BYTES]


def invite_of(organisation: Organisation, place: Place, expires_ms: int) -> InviteId:
    statement = organisation.invite_statement(MKOMANI, Role.ASSISTANT_CHIEF, expires_ms=expires_ms)
    deposit(place.service, organisation.issue(organisation["chebet"], statement))
    return statement.invite


# ---------------------------------------------------------------------- claim


def test_a_server_says_who_it_is_before_anybody_claimed_it(unclaimed: Place) -> None:
    info = unclaimed.service.info()
    assert (info.is_claimed, len(info.server_key), info.server_time_ms) == (False, 32, NOON_MS)


def test_an_unclaimed_server_takes_no_batch(unclaimed: Place, organisation: Organisation) -> None:
    with refused("server_not_claimed"):
        deposit(unclaimed.service, author(organisation, "dalila").batch())


def test_the_token_and_a_root_that_names_this_server_claim_it(
    unclaimed: Place, organisation: Organisation
) -> None:
    before = unclaimed.service.info()
    unclaimed.service.claim_server(unclaimed.claim_token, root_of(organisation))
    assert unclaimed.service.info() == replace(before, is_claimed=True)
    assert not before.is_claimed


def test_a_wrong_token_claims_nothing(unclaimed: Place, organisation: Organisation) -> None:
    with refused("wrong_claim_token"):
        unclaimed.service.claim_server(b"x" * 16, root_of(organisation))
    assert not unclaimed.service.info().is_claimed


def test_a_claim_without_a_token_is_malformed(unclaimed: Place, organisation: Organisation) -> None:
    response = requests.post(
        unclaimed.url + CLAIM_PATH,
        data=root_of(organisation),
        headers={TOKEN_HEADER: "not hexadecimal"},
        timeout=30,
    )
    assert (response.status_code, response.json()["code"]) == (400, "malformed_message")


def test_a_root_that_names_another_server_is_refused(unclaimed: Place) -> None:
    other = founded()
    root = other.sign_root(other.root_document(server_key=signing_key("elsewhere").public))
    batch = other.draft(other["amina"], root, after=(0, bytes(32)))
    with refused("malformed_message"):
        unclaimed.service.claim_server(unclaimed.claim_token, batch.raw)
    assert not unclaimed.service.info().is_claimed


def test_something_else_than_a_root_claims_nothing(
    unclaimed: Place, organisation: Organisation
) -> None:
    with refused("malformed_message"):
        unclaimed.service.claim_server(
            unclaimed.claim_token, author(organisation, "dalila").batch().raw
        )


def test_the_same_root_again_changes_nothing(unclaimed: Place, organisation: Organisation) -> None:
    first = unclaimed.service.claim_server(unclaimed.claim_token, root_of(organisation))
    assert unclaimed.service.claim_server(unclaimed.claim_token, root_of(organisation)) == first


def test_another_root_is_refused_once_claimed(place: Place) -> None:
    other = founded()
    root = other.draft(
        other["amina"],
        other.sign_root(other.root_document(org="Another")),
        after=(0, bytes(32)),
    )
    with refused("already_claimed"):
        place.service.claim_server(place.claim_token, root.raw)


def test_the_root_is_the_first_thing_a_new_device_reads(
    place: Place, organisation: Organisation
) -> None:
    items = Device(organisation["dalila"]).sync(place.service).items
    assert (items[0].position, items[0].batch) == (1, root_of(organisation))


# ---------------------------------------------------------------------- invites


def test_a_packet_is_given_to_who_knows_the_token(place: Place, organisation: Organisation) -> None:
    invite = invite_of(organisation, place, NOON_MS + DAY_MS)
    put(place, organisation, invite)
    assert got(place, invite) == PACKET


def test_a_packet_may_be_replaced_under_its_own_token(
    place: Place, organisation: Organisation
) -> None:
    invite = invite_of(organisation, place, NOON_MS + DAY_MS)
    put(place, organisation, invite, b"old")
    put(place, organisation, invite)
    assert got(place, invite) == PACKET


def test_another_token_gets_nothing_and_replaces_nothing(
    place: Place, organisation: Organisation
) -> None:
    invite = invite_of(organisation, place, NOON_MS + DAY_MS)
    put(place, organisation, invite)
    with refused("invite_unknown"):
        place.service.get_invite(invite, b"y" * 16)
    with refused("invite_unknown"):
        put(place, organisation, invite, b"mine", token=b"y" * 16)
    assert got(place, invite) == PACKET


def test_who_knows_only_the_id_of_an_invite_leaves_nothing_in_its_place(
    place: Place, organisation: Organisation
) -> None:
    invite = invite_of(organisation, place, NOON_MS + DAY_MS)
    stranger = organisation["dalila"].keys.sign
    theirs = signed(organisation, invite, b"theirs")
    forged = (
        b"",
        b"mine",
        b"mine" + bytes(SIGNATURE_BYTES),
        b"mine" + stranger(upload_signing_bytes(invite, TOKEN, b"mine")),
        b"mine" + theirs[-SIGNATURE_BYTES:],
    )
    for packet in forged:
        with refused("bad_signature"):
            place.service.put_invite(invite, TOKEN, packet)
    with refused("bad_signature"):
        place.service.put_invite(invite, b"y" * 16, theirs)
    put(place, organisation, invite)
    assert got(place, invite) == PACKET


def test_a_packet_of_an_invite_that_nobody_signed_is_refused(place: Place) -> None:
    with refused("invite_unknown"):
        place.service.put_invite(b"nobody's", TOKEN, PACKET)


def test_a_packet_that_was_never_left_is_unknown(place: Place) -> None:
    with refused("invite_unknown"):
        place.service.get_invite(b"nobody's", TOKEN)


def test_a_packet_is_gone_when_its_time_is_over(place: Place, organisation: Organisation) -> None:
    invite = invite_of(organisation, place, NOON_MS + DAY_MS)
    put(place, organisation, invite)
    place.clock.now_ms += DAY_MS
    with refused("invite_expired"):
        place.service.get_invite(invite, TOKEN)
    with refused("invite_expired"):
        put(place, organisation, invite)


def test_an_expired_packet_is_removed_with_the_next_one(
    place: Place, organisation: Organisation
) -> None:
    old = invite_of(organisation, place, NOON_MS + 1_000)
    new = invite_of(organisation, place, NOON_MS + DAY_MS)
    put(place, organisation, old)
    place.clock.now_ms += 2_000
    put(place, organisation, new)
    with refused("invite_unknown"):
        place.service.get_invite(old, TOKEN)


def test_a_packet_beyond_the_limit_is_refused(place: Place, organisation: Organisation) -> None:
    invite = invite_of(organisation, place, NOON_MS + DAY_MS)
    with refused("request_too_large"):
        place.service.put_invite(invite, TOKEN, bytes(MAX_INVITE_PACKET_BYTES + 1))


@pytest.mark.parametrize("text", ["zz", "00", "0" * 18])
def test_an_id_that_is_none_is_malformed(place: Place, text: str) -> None:
    response = requests.get(
        f"{place.url}/v1/invites/{text}", headers={TOKEN_HEADER: TOKEN.hex()}, timeout=30
    )
    assert response.json()["code"] == "malformed_message"


# ---------------------------------------------------------------------- other paths


def test_an_unknown_path_and_a_wrong_method_are_named(place: Place) -> None:
    assert requests.get(place.url + "/admin", timeout=30).json() == {"code": "not_found"}
    wrong = requests.delete(place.url + INFO_PATH, timeout=30)
    assert (wrong.status_code, wrong.json()) == (405, {"code": "method_not_allowed"})


def test_health_readiness_and_numbers_answer(place: Place, organisation: Organisation) -> None:
    deposit(place.service, author(organisation, "dalila").batch())
    assert requests.get(place.url + "/healthz", timeout=30).json()["status"] == "ok"
    assert requests.get(place.url + "/readyz", timeout=30).json() == {"status": "ready"}
    numbers = requests.get(place.url + "/metrics", timeout=30).text
    assert 'sync_server_batches_total{outcome="stored"}' in numbers
    assert "sync_server_syncs_total" in numbers


def test_invite_paths_spell_the_id_in_hexadecimal(place: Place) -> None:
    assert place.url
    assert invite_path(b"12345678") == "/v1/invites/3132333435363738"
