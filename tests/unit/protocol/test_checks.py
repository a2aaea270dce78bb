"""Verdicts: what is wrong raises, what is only early or late does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError, LimitExceededError, MalformedMessageError
from fieldapp.protocol.batch import Batch, erased_form, make_seq, parse_batch
from fieldapp.protocol.checks import (
    Head,
    LinkVerdict,
    check_header_signature,
    check_hello,
    check_link,
    check_packet,
    check_receipt,
    check_signature,
    check_stored,
    check_welcome,
    directory_version_falls,
    is_within,
)
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.key_packet import KeyPacket, Recipient, RecipientKind, WrappedKey
from tests.support.people import (
    AMINA,
    BRIAN,
    OFFICE,
    SERVER,
    chain,
    next_generation,
    packet,
    plan,
    sealed,
)
from tests.unit.protocol.test_messages import HELLO, WELCOME
from tests.unit.protocol.test_receipts import RECEIPT, STORED

ONE, TWO, THREE = chain(3)


def head(batch: Batch) -> Head:
    return Head(batch.header.seq, batch.hash)


def test_a_batch_verifies_under_its_authors_key_only() -> None:
    check_signature(ONE, AMINA.public_ed25519, verify)
    with pytest.raises(BadSignatureError) as caught:
        check_signature(ONE, BRIAN.public_ed25519, verify)
    assert caught.value.params == {"reason": "device"}


def test_an_erased_batch_still_verifies() -> None:
    check_signature(parse_batch(erased_form(ONE)), AMINA.public_ed25519, verify)


@pytest.mark.parametrize("at", [72, 92, 111, 112, 144, 176, 239])
def test_a_changed_header_does_not_verify(at: int) -> None:
    raw = bytearray(ONE.raw[:240])
    raw[at] ^= 1
    with pytest.raises(BadSignatureError):
        check_signature(parse_batch(bytes(raw)), AMINA.public_ed25519, verify)


def test_a_stream_starts_at_one_and_goes_on_without_gaps() -> None:
    assert check_link(ONE, None) is LinkVerdict.FIRST
    assert check_link(TWO, head(ONE)) is LinkVerdict.NEXT
    assert check_link(THREE, head(ONE)) is LinkVerdict.GAP
    assert check_link(TWO, None) is LinkVerdict.GAP
    assert check_link(TWO, head(TWO)) is LinkVerdict.DUPLICATE
    assert check_link(ONE, head(TWO)) is LinkVerdict.EARLIER


def test_two_batches_at_one_place_are_a_fork() -> None:
    other = sealed(plan(2, prev=ONE.hash), entries=[b"other"])
    assert check_link(other, head(TWO)) is LinkVerdict.FORK
    assert check_link(THREE, head(other)) is LinkVerdict.FORK


def test_a_restored_phone_opens_a_generation_after_the_last_common_batch() -> None:
    restored = sealed(next_generation(plan(2, prev=ONE.hash), 1))
    after = sealed(next_generation(plan(3, prev=restored.hash), 1))
    assert check_link(restored, head(THREE)) is LinkVerdict.GENERATION
    assert check_link(restored, head(ONE)) is LinkVerdict.GENERATION
    assert check_link(after, head(restored)) is LinkVerdict.NEXT
    assert check_link(TWO, head(restored)) is LinkVerdict.EARLIER


def test_a_generation_that_starts_beyond_what_is_known_leaves_a_gap() -> None:
    later = sealed(next_generation(plan(4, prev=THREE.hash), 1))
    assert check_link(later, head(ONE)) is LinkVerdict.GAP


def test_a_first_generation_may_be_lost_whole() -> None:
    restored = sealed(next_generation(plan(1, prev=ZERO_HASH), 2))
    assert check_link(restored, None) is LinkVerdict.FIRST
    assert check_link(restored, head(ONE)) is LinkVerdict.GENERATION


def test_a_named_directory_version_may_stay_old_but_not_go_down() -> None:
    assert not directory_version_falls(ONE.header, 7)
    assert not directory_version_falls(ONE.header, 1)
    assert directory_version_falls(ONE.header, 8)


def test_a_packet_describes_the_channel_of_its_header() -> None:
    assert check_packet(ONE) is None
    written = packet()
    assert check_packet(sealed(key_packet=written)) == written
    with pytest.raises(MalformedMessageError, match="channel_descriptor"):
        check_packet(sealed(key_packet=KeyPacket(b"other", (row(OFFICE, 1),))))


def row(office: bytes, epoch: int) -> WrappedKey:
    return WrappedKey(Recipient(RecipientKind.OFFICE, office, epoch), b"s" * 80)


def test_a_packet_that_does_not_parse_is_named() -> None:
    batch = sealed(key_packet=packet())
    broken = replace(batch, raw=batch.raw[:242] + b"\x00\xff" + batch.raw[244:])
    with pytest.raises(LimitExceededError):
        check_packet(broken)


def test_receipts_verify_under_their_signers_keys_only() -> None:
    receipt = replace(RECEIPT, signature=BRIAN.sign(RECEIPT.signing_bytes()))
    check_receipt(receipt, BRIAN.public_ed25519, verify)
    with pytest.raises(BadSignatureError):
        check_receipt(receipt, AMINA.public_ed25519, verify)
    with pytest.raises(BadSignatureError):
        check_receipt(replace(receipt, seq=10), BRIAN.public_ed25519, verify)
    stored = replace(STORED, signature=SERVER.sign(STORED.signing_bytes()))
    check_stored(stored, SERVER.public, verify)
    with pytest.raises(BadSignatureError):
        check_stored(replace(stored, position=78), SERVER.public, verify)


def test_a_hello_verifies_under_the_asking_devices_key_only() -> None:
    hello = replace(HELLO, signature=AMINA.sign(HELLO.signing_bytes()))
    check_hello(hello, AMINA.public_ed25519, verify)
    with pytest.raises(BadSignatureError):
        check_hello(hello, BRIAN.public_ed25519, verify)
    with pytest.raises(BadSignatureError):
        check_hello(replace(hello, byte_budget=1), AMINA.public_ed25519, verify)


def test_a_welcome_of_another_request_is_refused() -> None:
    welcome = replace(WELCOME, signature=SERVER.sign(WELCOME.signing_bytes(HELLO.hash)))
    check_welcome(welcome, HELLO.hash, SERVER.public, verify)
    with pytest.raises(BadSignatureError):
        check_welcome(welcome, b"?" * 32, SERVER.public, verify)


def test_a_survivors_header_is_checked_like_a_batch() -> None:
    with pytest.raises(BadSignatureError):
        check_header_signature(
            replace(ONE.header, signature=b"s" * 64), AMINA.public_ed25519, verify
        )


@pytest.mark.parametrize(
    ("place", "upto", "is_there"),
    [
        ((0, 4), (0, 4), True),
        ((0, 5), (0, 4), False),
        ((0, 2), (1, 9), True),
        ((0, 3), (1, 9), False),
        ((1, 3), (0, 9), False),
        ((0, 2), (2, 9), True),
        ((1, 4), (2, 9), False),
        ((0, 1), (3, 9), False),
    ],
)
def test_a_later_generation_leaves_out_what_an_earlier_one_sealed_beside_it(
    place: tuple[int, int], upto: tuple[int, int], is_there: bool
) -> None:
    starts = {0: 1, 1: 3, 2: 4}
    assert is_within(make_seq(*place), make_seq(*upto), starts) is is_there
