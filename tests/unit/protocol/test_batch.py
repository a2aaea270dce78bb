"""The batch: offsets, lengths, and what a reader makes of each wrong byte."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.errors import (
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
    UnsupportedVersionError,
)
from fieldapp.protocol.batch import (
    HEADER_BYTES,
    Batch,
    Flag,
    Header,
    Kind,
    StreamPoint,
    aad_of,
    body_hash,
    erased_form,
    join_body,
    make_seq,
    parse_batch,
    parse_header,
    peek,
    split_seq,
)
from fieldapp.protocol.hashing import ZERO_HASH, sha256
from fieldapp.protocol.ids import ChannelId, DeviceId
from tests.support.people import AMINA, CHANNEL, packet, plain, sealed

BATCH = sealed()
WITH_PACKET = sealed(key_packet=packet())
PLAIN = plain(b"statements", Kind.DIRECTORY)


def changed(raw: bytes, at: int, value: bytes) -> bytes:
    return raw[:at] + value + raw[at + len(value) :]


def reason(raw: bytes) -> object:
    with pytest.raises(MalformedMessageError) as caught:
        parse_batch(raw)
    return caught.value.params["reason"]


def test_each_field_stands_at_its_offset() -> None:
    raw, header = BATCH.raw, BATCH.header
    assert raw[0:4] == b"SB\x01\x01"
    assert (raw[4], raw[5], raw[6:8]) == (1, 0, b"\0\0")
    assert (raw[8:24], raw[24:32]) == (AMINA.device, (1).to_bytes(8, "big"))
    assert (raw[32:64], raw[64:72], raw[72:76]) == (ZERO_HASH, CHANNEL, b"\0\0\0\x07")
    assert (raw[76:92], raw[92:108]) == (header.kid, header.salt)
    assert int.from_bytes(raw[108:112], "big") == len(raw) - 240 == header.body_length
    assert (raw[112:144], raw[144:176]) == (header.body_hash, header.root)
    assert raw[176:240] == header.signature
    assert BATCH.hash == sha256(raw[:240])


def test_a_parsed_batch_is_the_batch_that_was_written() -> None:
    for batch in (BATCH, WITH_PACKET, PLAIN):
        assert parse_batch(batch.raw) == batch
        assert batch.header.to_bytes() + batch.body == batch.raw


def test_a_body_is_a_key_packet_and_a_ciphertext() -> None:
    packet_bytes = WITH_PACKET.key_packet()
    assert WITH_PACKET.header.flags & Flag.KEY_PACKET
    assert WITH_PACKET.body == join_body(packet_bytes, WITH_PACKET.ciphertext())
    assert body_hash(packet_bytes, WITH_PACKET.ciphertext()) == WITH_PACKET.header.body_hash
    assert BATCH.key_packet() == b""
    assert BATCH.ciphertext() == BATCH.body


def test_the_aad_is_the_unsigned_header_with_its_body_hash_zeroed() -> None:
    aad = BATCH.header.aad()
    assert aad == BATCH.raw[:112] + bytes(32) + BATCH.raw[144:176]
    assert aad == aad_of(BATCH.raw[:176])


def test_generation_and_number_share_the_seq() -> None:
    header = replace(BATCH.header, seq=make_seq(3, 41))
    assert (header.generation, header.number) == (3, 41) == split_seq(header.seq)
    assert make_seq(0xFFFF, 0xFFFF_FFFF_FFFF) == 2**64 - 1


@pytest.mark.parametrize(("generation", "number"), [(0, 0), (-1, 1), (0x10000, 1), (0, 2**48)])
def test_no_seq_is_made_out_of_range(generation: int, number: int) -> None:
    with pytest.raises(LocalProtocolError):
        make_seq(generation, number)


@pytest.mark.parametrize(
    ("at", "value", "what"),
    [
        (2, b"\x02", "version"),
        (3, b"\x02", "suite"),
        (4, b"\x00", "kind"),
        (4, b"\x08", "kind"),
        (5, b"\x08", "flags"),
        (5, b"\x80", "flags"),
    ],
)
def test_what_a_newer_version_wrote_waits_for_an_update(at: int, value: bytes, what: str) -> None:
    with pytest.raises(UnsupportedVersionError) as caught:
        parse_batch(changed(BATCH.raw, at, value))
    assert (caught.value.code, caught.value.params["what"]) == ("waiting_for_update", what)


def test_an_unknown_dictionary_is_for_the_reader_not_for_the_relay() -> None:
    raw = changed(changed(BATCH.raw, 5, b"\x01"), 6, b"\xff\xff")
    assert parse_header(raw).dictionary == 0xFFFF


@pytest.mark.parametrize(
    ("at", "value", "expected"),
    [
        (0, b"BS", "magic"),
        (24, bytes(8), "seq_zero"),
        (24, b"\x00\x01" + bytes(6), "seq_zero"),
        (32, b"\x01", "prev"),
        (24, bytes(7) + b"\x02", "prev"),
        (5, b"\x01", "dictionary_flag"),
        (6, b"\x00\x01", "dictionary_flag"),
        (5, b"\x05\x00\x01", "stored_dictionary"),
        (108, bytes(4), "body_length"),
        (108, b"\x00\x00\x01\x00", "body_length"),
        (5, b"\x02", "key_packet_length"),
        (112, b"\x00", "body_hash"),
    ],
)
def test_a_contradiction_is_named(at: int, value: bytes, expected: str) -> None:
    assert reason(changed(BATCH.raw, at, value)) == expected


@pytest.mark.parametrize(
    ("at", "value"),
    [(5, b"\x02"), (5, b"\x04"), (92, b"\x01"), (144, b"\x01"), (76, b"\x01"), (4, b"\x04")],
)
def test_a_plain_kind_has_no_packet_salt_root_or_kid(at: int, value: bytes) -> None:
    assert reason(changed(PLAIN.raw, at, value)) == "plain_fields"


def test_no_batch_is_larger_than_the_hard_limit() -> None:
    with pytest.raises(LimitExceededError):
        parse_batch(changed(BATCH.raw, 108, b"\x00\x02\x00\x00"))


@pytest.mark.parametrize("batch", [BATCH, WITH_PACKET, PLAIN], ids=["sealed", "packet", "plain"])
def test_a_truncated_batch_is_refused_at_every_byte(batch: Batch) -> None:
    for length in (*range(HEADER_BYTES), *range(HEADER_BYTES + 1, len(batch.raw))):
        with pytest.raises(MalformedMessageError):
            parse_batch(batch.raw[:length])


def test_bytes_after_a_batch_are_refused() -> None:
    assert reason(BATCH.raw + b"\0") == "body_length"
    assert reason(WITH_PACKET.raw + b"\0") == "body_length"


def test_a_header_alone_is_an_erased_batch_and_keeps_its_place() -> None:
    erased = parse_batch(erased_form(BATCH))
    assert erased.raw == BATCH.raw[:240]
    assert erased.is_erased
    assert (erased.hash, erased.point) == (BATCH.hash, BATCH.point)
    assert (erased.key_packet(), erased.ciphertext(), erased.body) == (b"", b"", b"")
    assert erased_form(erased) == erased.raw


def test_an_erased_batch_keeps_the_key_packet_that_later_batches_need() -> None:
    erased = parse_batch(erased_form(WITH_PACKET))
    assert erased.is_erased
    assert erased.key_packet() == WITH_PACKET.key_packet()
    assert erased.ciphertext() == b""
    assert len(erased.raw) == 240 + 2 + len(erased.key_packet()) + 32
    assert WITH_PACKET.ciphertext() not in erased.raw


def test_the_packet_of_an_erased_batch_is_still_checked() -> None:
    raw = erased_form(WITH_PACKET)
    assert reason(changed(raw, 250, bytes([raw[250] ^ 1]))) == "body_hash"
    assert reason(raw[:-1]) == "body_length"


def test_a_sealed_body_has_room_for_the_smallest_padding_and_the_tag() -> None:
    body = bytes(100)
    header = replace(BATCH.header, body_length=100, body_hash=body_hash(b"", body))
    assert reason(header.to_bytes() + body) == "ciphertext_length"


@pytest.mark.parametrize("length", [b"\x00\x00", b"\xff\xff"])
def test_the_length_of_a_key_packet_stays_inside_the_body(length: bytes) -> None:
    assert reason(changed(WITH_PACKET.raw, 240, length)) == "key_packet_length"


def test_a_body_too_short_for_a_packet_length_is_refused() -> None:
    assert reason(WITH_PACKET.raw[:241]) == "key_packet_length"


def test_broken_bytes_are_still_named_by_their_place() -> None:
    assert peek(BATCH.raw) == BATCH.point
    assert peek(BATCH.raw[:30] + b"") == StreamPoint(
        AMINA.device, ChannelId(bytes(8)), 0, sha256(BATCH.raw[:30])
    )


@pytest.mark.parametrize(
    "header",
    [
        replace(BATCH.header, device=DeviceId(b"short")),
        replace(BATCH.header, channel=ChannelId(b"short")),
        replace(BATCH.header, prev=b"short"),
        replace(BATCH.header, seq=2**64),
    ],
)
def test_a_field_that_does_not_fit_is_our_bug(header: Header) -> None:
    with pytest.raises(LocalProtocolError):
        header.unsigned_bytes()


def test_an_unsigned_header_has_no_bytes() -> None:
    with pytest.raises(LocalProtocolError):
        replace(BATCH.header, signature=b"").to_bytes()


def test_a_key_packet_too_long_for_its_length_is_our_bug() -> None:
    with pytest.raises(LocalProtocolError):
        join_body(bytes(65_536), b"c")
