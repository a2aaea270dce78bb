"""The payload: padding, bounded inflation, and a root over exact bytes."""

from __future__ import annotations

import hashlib
import hmac
import zlib
from dataclasses import replace

import pytest

from fieldapp.errors import (
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
    UnsupportedVersionError,
)
from fieldapp.protocol.batch import Flag, Header, Kind, erased_form, parse_batch
from fieldapp.protocol.limits import MAX_INFLATED_BYTES
from fieldapp.protocol.payload import (
    deflate,
    inflate,
    pack_entries,
    padded_size,
    plain_payload,
    root_of,
    unpack_entries,
)
from tests.support.people import ENTRIES, SEED, plain, sealed

HEADER = sealed().header


def header_for(root: bytes, *, flags: int = 0, dictionary: int = 0) -> Header:
    return replace(HEADER, root=root, flags=flags, dictionary=dictionary)


def padded(packed: bytes, *, seed: bytes = SEED) -> bytes:
    plaintext = seed + len(packed).to_bytes(4, "big") + packed
    return plaintext.ljust(padded_size(len(plaintext), stored=False), b"\0")


def framed(count: int, lengths: list[int], data: bytes) -> bytes:
    return count.to_bytes(2, "big") + b"".join(n.to_bytes(4, "big") for n in lengths) + data


@pytest.mark.parametrize(("dictionary", "stored"), [(0, False), (1, False), (0, True)])
def test_entries_come_back_byte_for_byte(dictionary: int, stored: bool) -> None:
    plaintext, root = pack_entries(ENTRIES, SEED, dictionary=dictionary, stored=stored)
    flags = (Flag.DICTIONARY if dictionary else 0) | (Flag.STORED if stored else 0)
    header = header_for(root, flags=int(flags), dictionary=dictionary)
    assert tuple(unpack_entries(plaintext, header)) == ENTRIES
    assert plaintext.startswith(SEED)


def test_the_root_covers_the_count_and_every_salted_entry() -> None:
    leaves = b""
    for index, entry in enumerate(ENTRIES):
        salt = hmac.new(SEED, index.to_bytes(4, "big"), "sha256").digest()[:16]
        leaves += hashlib.sha256(b"baraza-leaf-v1\0" + salt + entry).digest()
    expected = hashlib.sha256(b"baraza-root-v1\0" + b"\x00\x03" + leaves).digest()
    assert root_of(ENTRIES, SEED) == expected
    assert root_of(ENTRIES[:2], SEED) != expected


def test_entries_are_hashed_as_they_are_and_never_re_encoded() -> None:
    odd = (b'{ "a" : 1.0 }', b"\xff\xfe not json", b"")
    plaintext, root = pack_entries(odd, SEED, dictionary=0, stored=False)
    assert tuple(unpack_entries(plaintext, header_for(root))) == odd


@pytest.mark.parametrize(
    ("length", "padme", "fixed"),
    [
        (1, 256, 1024),
        (256, 256, 1024),
        (257, 272, 1024),
        (1024, 1024, 1024),
        (1025, 1088, 2048),
        (2049, 2176, 4096),
        (4097, 4352, 8192),
        (65_537, 67_584, 69_632),
    ],
)
def test_sizes_are_padded_so_that_they_tell_little(length: int, padme: int, fixed: int) -> None:
    assert padded_size(length, stored=False) == padme
    assert padded_size(length, stored=True) == fixed


def test_padding_never_costs_more_than_an_eighth_above_the_minimum() -> None:
    for length in range(257, 70_000, 97):
        assert length <= padded_size(length, stored=False) <= length * 1.125


def test_a_restricted_record_has_a_fixed_size_whatever_it_says() -> None:
    short = pack_entries([b"x"], SEED, dictionary=0, stored=True)[0]
    long = pack_entries([b"x" * 900], SEED, dictionary=0, stored=True)[0]
    assert len(short) == len(long) == 1024


@pytest.mark.parametrize("entries", [[], [b"e"] * 51])
def test_no_batch_is_written_empty_or_with_more_than_fifty(entries: list[bytes]) -> None:
    with pytest.raises(LocalProtocolError):
        pack_entries(entries, SEED, dictionary=0, stored=False)


def test_what_no_reader_would_inflate_is_not_written() -> None:
    with pytest.raises(LocalProtocolError):
        pack_entries([bytes(MAX_INFLATED_BYTES)], SEED, dictionary=0, stored=False)


@pytest.mark.parametrize(("seed", "dictionary"), [(b"short", 0), (SEED, 1)])
def test_options_that_contradict_each_other_are_our_bug(seed: bytes, dictionary: int) -> None:
    with pytest.raises(LocalProtocolError):
        pack_entries(ENTRIES, seed, dictionary=dictionary, stored=True)


def test_a_bomb_is_refused_before_it_inflates() -> None:
    bomb = deflate(bytes(40 * MAX_INFLATED_BYTES))
    assert len(bomb) < 50_000
    with pytest.raises(LimitExceededError):
        unpack_entries(padded(bomb), HEADER)


def test_exactly_the_limit_inflates() -> None:
    assert len(inflate(deflate(bytes(MAX_INFLATED_BYTES)))) == MAX_INFLATED_BYTES
    with pytest.raises(LimitExceededError):
        inflate(deflate(bytes(MAX_INFLATED_BYTES + 1)))


def test_an_unknown_dictionary_waits_for_an_update() -> None:
    plaintext, root = pack_entries(ENTRIES, SEED, dictionary=1, stored=False)
    header = header_for(root, flags=int(Flag.DICTIONARY), dictionary=9)
    with pytest.raises(UnsupportedVersionError) as caught:
        unpack_entries(plaintext, header)
    assert caught.value.code == "waiting_for_update"


def test_nothing_is_written_with_an_unknown_dictionary() -> None:
    with pytest.raises(LocalProtocolError):
        deflate(b"data", 9)


@pytest.mark.parametrize(
    ("plaintext", "reason"),
    [
        (bytes(19), "payload_length"),
        (SEED + b"\xff\xff\xff\xff" + bytes(236), "payload_length"),
        (SEED + b"\x00\x00\x00\x02\x03\x00" + bytes(300), "payload_length"),
        (SEED + b"\x00\x00\x00\x02\x03\x00" + bytes(233) + b"\x01", "padding"),
        (padded(b"\xff\xff\xff"), "deflate"),
        (padded(deflate(b"data")[:-1]), "deflate_end"),
        (padded(deflate(b"data") + b"x"), "deflate_end"),
        (padded(deflate(b"\x00")), "entry_count"),
        (padded(deflate(b"\x00\x00")), "entry_count"),
        (padded(deflate(framed(2, [1], b""))), "entry_length"),
        (padded(deflate(framed(1, [5], b"four"))), "entry_length"),
        (padded(deflate(framed(1, [3], b"four"))), "entry_length"),
        (padded(deflate(framed(1, [4], b"four"))), "root"),
    ],
)
def test_a_payload_that_is_not_one_is_named(plaintext: bytes, reason: str) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        unpack_entries(plaintext, HEADER)
    assert caught.value.params["reason"] == reason


def test_more_than_fifty_entries_are_not_read() -> None:
    with pytest.raises(LimitExceededError):
        unpack_entries(padded(deflate(framed(51, [0] * 51, b""))), HEADER)


def test_a_plain_payload_needs_no_key() -> None:
    batch = plain(b'[{"k":"office"}]', Kind.DIRECTORY)
    assert plain_payload(batch) == b'[{"k":"office"}]'
    assert zlib.decompress(batch.body, wbits=-15) == b'[{"k":"office"}]'


def test_a_sealed_or_erased_batch_has_no_plain_payload() -> None:
    erased = parse_batch(erased_form(plain(b"p", Kind.GRANT)))
    for batch in (sealed(), erased):
        with pytest.raises(MalformedMessageError, match="not_plain"):
            plain_payload(batch)
