"""Hashes that chain feeds and heads."""

from __future__ import annotations

import hashlib

from fieldapp.protocol.hashing import (
    ZERO_HASH,
    channel_id_bytes,
    cursor_digest,
    feed_hash,
    heads_digest,
)


def test_a_feed_hash_covers_its_position_and_its_past() -> None:
    first = feed_hash(ZERO_HASH, 5, b"h" * 32)
    expected = hashlib.sha256(
        b"baraza-feed-v1\0" + ZERO_HASH + (5).to_bytes(8, "big") + b"h" * 32
    ).digest()
    assert first == expected
    assert feed_hash(first, 6, b"h" * 32) != feed_hash(ZERO_HASH, 6, b"h" * 32)
    assert feed_hash(ZERO_HASH, 6, b"h" * 32) != first


def test_a_heads_digest_does_not_depend_on_the_order() -> None:
    heads = [(b"b" * 8, 2, b"2" * 32), (b"a" * 8, 1, b"1" * 32)]
    assert heads_digest(heads) == heads_digest(reversed(heads))
    assert heads_digest(heads) != heads_digest(heads[:1])
    assert len(heads_digest([])) == 16


def test_a_cursor_digest_covers_every_reader() -> None:
    readers = [(b"x" * 16, b"1" * 32), (b"y" * 16, b"2" * 32)]
    assert cursor_digest(readers) == cursor_digest(reversed(readers))
    assert cursor_digest(readers) != cursor_digest([readers[0], (b"y" * 16, b"3" * 32)])


def test_a_channel_is_named_by_its_descriptor() -> None:
    expected = hashlib.sha256(b"baraza-channel-v1\0" + b"d").digest()[:8]
    assert channel_id_bytes(b"d") == expected
