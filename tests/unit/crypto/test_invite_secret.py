"""What grows from an invite's secret."""

from __future__ import annotations

import pytest

from fieldapp.crypto.invite_secret import invite_keys, new_invite_secret
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError, InvalidCodeError, LocalProtocolError
from fieldapp.protocol.ids import InviteId
from fieldapp.protocol.invites import SIGNATURE_BYTES, check_upload

INVITE = InviteId(b"invite01")
KEYS = invite_keys(INVITE, Secret(b"s" * 16))


def test_both_sides_derive_the_same_keys() -> None:
    again = invite_keys(INVITE, Secret(b"s" * 16))
    assert again.token == KEYS.token
    assert again.signing.public == KEYS.signing.public
    assert again.open_packet(KEYS.seal_packet(b"packet")) == b"packet"
    verify(KEYS.signing.public, b"claim", again.signing.sign(b"claim"))


def test_the_three_keys_tell_nothing_of_each_other() -> None:
    raw = {KEYS.token, KEYS.box_key.reveal()[:16], KEYS.signing.to_secret().reveal()[:16]}
    assert len(raw) == 3
    assert (len(KEYS.token), len(KEYS.box_key)) == (16, 32)


def test_each_invite_has_keys_of_its_own_even_for_one_secret() -> None:
    other = invite_keys(InviteId(b"invite02"), Secret(b"s" * 16))
    assert other.token != KEYS.token
    assert other.signing.public != KEYS.signing.public


def test_a_packet_opens_with_its_own_code_only() -> None:
    sealed = KEYS.seal_packet(b"packet")
    stranger = invite_keys(INVITE, Secret(b"t" * 16))
    for keys, raw in (
        (stranger, sealed),
        (KEYS, sealed[:-1]),
        (KEYS, b"!" + sealed[1:]),
        (KEYS, b""),
        (KEYS, bytes(11)),
    ):
        with pytest.raises(InvalidCodeError):
            keys.open_packet(raw)


def test_a_packet_is_signed_for_the_server_by_the_key_of_its_invite() -> None:
    sealed = KEYS.seal_packet(b"packet")
    box = check_upload(sealed, INVITE, KEYS.token, KEYS.signing.public, verify)
    assert box == sealed[:-SIGNATURE_BYTES]
    other = invite_keys(INVITE, Secret(b"t" * 16))
    for token, key in ((KEYS.token, other.signing.public), (other.token, KEYS.signing.public)):
        with pytest.raises(BadSignatureError):
            check_upload(sealed, INVITE, token, key, verify)


def test_the_same_packet_is_sealed_anew_each_time() -> None:
    assert KEYS.seal_packet(b"packet") != KEYS.seal_packet(b"packet")


def test_a_secret_has_16_bytes() -> None:
    assert len(new_invite_secret()) == 16
    assert new_invite_secret() != new_invite_secret()
    with pytest.raises(LocalProtocolError):
        invite_keys(INVITE, Secret(b"short"))


def test_keys_do_not_print() -> None:
    assert KEYS.box_key.reveal().hex() not in repr(KEYS)
    assert repr(KEYS.token) not in repr(KEYS)
