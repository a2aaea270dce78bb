"""Hash labels and the hashes that chain batches, feeds and heads (PROTOCOL 1.3).

Every hash over a made-up structure starts with its own label, so that no value of one kind can
be passed off as another.
"""

import hashlib
import struct
from collections.abc import Iterable
from typing import Final

HASH_BYTES: Final = 32
DIGEST_BYTES: Final = 16
ZERO_HASH: Final = bytes(HASH_BYTES)

OFFICE_LABEL: Final = b"baraza-office-v1\0"
KID_LABEL: Final = b"baraza-kid-v1\0"
RECORD_LABEL: Final = b"baraza-record-v1\0"
CHANNEL_LABEL: Final = b"baraza-channel-v1\0"
LEAF_LABEL: Final = b"baraza-leaf-v1\0"
ROOT_LABEL: Final = b"baraza-root-v1\0"
FEED_LABEL: Final = b"baraza-feed-v1\0"

_U64 = struct.Struct(">Q")


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 of the bytes."""
    return hashlib.sha256(data).digest()


def labelled_hash(label: bytes, *parts: bytes) -> bytes:
    """Return SHA-256 over a label and the parts that follow it."""
    return hashlib.sha256(label + b"".join(parts)).digest()


def channel_id_bytes(descriptor: bytes) -> bytes:
    """Return the 8 bytes that name a channel on the wire."""
    return labelled_hash(CHANNEL_LABEL, descriptor)[:8]


def feed_hash(previous: bytes, position: int, batch_hash: bytes) -> bytes:
    """Return a reader's running hash after one more feed item."""
    return labelled_hash(FEED_LABEL, previous, _U64.pack(position), batch_hash)


def heads_digest(heads: Iterable[tuple[bytes, int, bytes]]) -> bytes:
    """Return the short digest of a device's stream heads (channel, seq, hash)."""
    rows = sorted(channel + _U64.pack(seq) + batch_hash for channel, seq, batch_hash in heads)
    return sha256(b"".join(rows))[:DIGEST_BYTES]


def cursor_digest(running_hashes: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the short digest of (reader, running hash) for all readers followed."""
    rows = sorted(reader + running for reader, running in running_hashes)
    return sha256(b"".join(rows))[:DIGEST_BYTES]
