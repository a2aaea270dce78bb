"""A batch: a signed header of 240 bytes and a body (PROTOCOL 2).

Laws:
  * One parse, one meaning: every byte is accounted for, and a parsed batch keeps its raw bytes.
  * An erased batch (no ciphertext left) is a legal batch: its header still proves its place.
  * What a newer version wrote is told apart from what is broken: `waiting_for_update`.
  * Signatures are not checked here (see `checks`), bodies are not opened here (see `payload`).
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Final

from fieldapp.errors import (
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
    UnsupportedVersionError,
)
from fieldapp.protocol.hashing import HASH_BYTES, ZERO_HASH, sha256
from fieldapp.protocol.ids import CHANNEL_BYTES, ChannelId, DeviceId, Kid
from fieldapp.protocol.limits import (
    MAX_GENERATION,
    MAX_KEY_PACKET_BYTES,
    MAX_LARGE_BATCH_BYTES,
    MAX_NUMBER,
    MIN_PADDED_BYTES,
)

MAGIC: Final = b"SB"
VERSION: Final = 1
SUITE: Final = 1
UNSIGNED_BYTES: Final = 176
HEADER_BYTES: Final = 240
SIGNATURE_BYTES: Final = 64
TAG_BYTES: Final = 16
SIGNING_LABEL: Final = b"sync-batch-v1\0"
ZERO_ID: Final = bytes(16)

_FIELDS: Final = struct.Struct(">2sBBBBH16sQ32s8sI16s16sI32s32s")
_BODY_HASH: Final = slice(112, 144)
_PACKET_LENGTH: Final = struct.Struct(">H")
_NUMBER_BITS: Final = 48


class Kind(IntEnum):
    """What a batch carries."""

    ENTRIES = 1
    DIRECTORY = 2
    HEADS = 3
    ERASE = 4
    REISSUE = 5
    GRANT = 6
    OFFICE_KEYS = 7


class Flag(IntFlag):
    """How the body is laid out."""

    DICTIONARY = 1
    KEY_PACKET = 2
    STORED = 4


PLAIN_KINDS: Final = frozenset({Kind.DIRECTORY, Kind.ERASE, Kind.GRANT, Kind.OFFICE_KEYS})
"""Kinds whose body is deflated and signed but not sealed: servers and relays act on them."""

_KIND_BY_NUMBER: Final = {int(kind): kind for kind in Kind}
_KNOWN_FLAGS: Final = int(Flag.DICTIONARY | Flag.KEY_PACKET | Flag.STORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first 240 bytes, field by field; without a signature while it is being made."""

    kind: Kind
    flags: int
    dictionary: int
    device: DeviceId
    seq: int
    prev: bytes
    channel: ChannelId
    directory_version: int
    kid: Kid
    salt: bytes
    body_length: int
    body_hash: bytes
    root: bytes
    signature: bytes = b""

    @property
    def generation(self) -> int:
        """Return the top 16 bits of seq."""
        return self.seq >> _NUMBER_BITS

    @property
    def number(self) -> int:
        """Return the place in the stream, from 1, counted on over generations."""
        return self.seq & MAX_NUMBER

    @property
    def is_plain(self) -> bool:
        """Tell whether the body is signed but not sealed."""
        return self.kind in PLAIN_KINDS

    def unsigned_bytes(self) -> bytes:
        """Return the 176 bytes that the signature covers.

        Raises:
            LocalProtocolError: A field does not fit its place.
        """
        if not self._fits():
            raise LocalProtocolError(what="header")
        try:
            return _FIELDS.pack(
                MAGIC,
                VERSION,
                SUITE,
                self.kind,
                self.flags,
                self.dictionary,
                self.device,
                self.seq,
                self.prev,
                self.channel,
                self.directory_version,
                self.kid,
                self.salt,
                self.body_length,
                self.body_hash,
                self.root,
            )
        except struct.error as error:
            raise LocalProtocolError(what="header") from error

    def to_bytes(self) -> bytes:
        """Return the 240 bytes with the signature.

        Raises:
            LocalProtocolError: The header is not signed yet.
        """
        if len(self.signature) != SIGNATURE_BYTES:
            raise LocalProtocolError(what="signature")
        return self.unsigned_bytes() + self.signature

    def signing_bytes(self) -> bytes:
        """Return the exact message of the signature."""
        return SIGNING_LABEL + self.unsigned_bytes()

    def aad(self) -> bytes:
        """Return what the sealed body is bound to: the unsigned bytes, body hash zeroed."""
        return aad_of(self.unsigned_bytes())

    def _fits(self) -> bool:
        """Tell whether the byte fields have their lengths; `struct` would pad or cut them."""
        return (
            len(self.device) == len(self.kid) == len(self.salt) == len(ZERO_ID)
            and len(self.prev) == len(self.body_hash) == len(self.root) == HASH_BYTES
            and len(self.channel) == CHANNEL_BYTES
        )


def aad_of(unsigned: bytes) -> bytes:
    """Return 176 unsigned bytes with the body hash zeroed."""
    return unsigned[: _BODY_HASH.start] + ZERO_HASH + unsigned[_BODY_HASH.stop :]


def make_seq(generation: int, number: int) -> int:
    """Join a generation and a number from 1 into the seq of a header.

    Raises:
        LocalProtocolError: One of them is out of range.
    """
    if not (0 <= generation <= MAX_GENERATION and 1 <= number <= MAX_NUMBER):
        raise LocalProtocolError(what="seq")
    return generation << _NUMBER_BITS | number


def split_seq(seq: int) -> tuple[int, int]:
    """Return the generation and the number of a seq."""
    return seq >> _NUMBER_BITS, seq & MAX_NUMBER


def body_hash(key_packet: bytes, ciphertext: bytes) -> bytes:
    """Return the two-part hash, which survives the erasure of the ciphertext."""
    return sha256(sha256(key_packet) + sha256(ciphertext))


@dataclass(frozen=True, slots=True)
class Batch:
    """A parsed batch: its exact bytes and its header."""

    raw: bytes = field(repr=False)
    header: Header
    hash: bytes
    packet_end: int = field(repr=False)
    is_erased: bool

    @property
    def body(self) -> bytes:
        """Return what follows the header."""
        return self.raw[HEADER_BYTES:]

    @property
    def point(self) -> "StreamPoint":
        """Return the idempotency key: device, channel, seq and hash."""
        return StreamPoint(self.header.device, self.header.channel, self.header.seq, self.hash)

    def key_packet(self) -> bytes:
        """Return the bytes of the key packet, empty when there is none."""
        return self.raw[HEADER_BYTES + _PACKET_LENGTH.size : self.packet_end]

    def ciphertext(self) -> bytes:
        """Return the sealed part, or the deflated one of a plain kind; empty when erased."""
        return b"" if self.is_erased else self.raw[self.packet_end :]


@dataclass(frozen=True, slots=True)
class StreamPoint:
    """One place in one stream: the idempotency key of the whole protocol."""

    device: DeviceId
    channel: ChannelId
    seq: int
    hash: bytes


def peek(raw: bytes) -> StreamPoint:
    """Name a batch that does not parse, as far as its bytes go.

    Returns:
        Its place; fields that the bytes do not reach are zeros.
    """
    header = raw[:HEADER_BYTES]
    padded = header.ljust(HEADER_BYTES, b"\0")
    return StreamPoint(
        DeviceId(padded[8:24]),
        ChannelId(padded[64:72]),
        int.from_bytes(padded[24:32], "big"),
        sha256(header),
    )


def parse_header(raw: bytes) -> Header:
    """Read a header; bytes after the first 240 are not looked at.

    Raises:
        MalformedMessageError: Not a header, or fields that contradict each other.
        UnsupportedVersionError: A newer version, suite, kind or flag (`waiting_for_update`).
    """
    if len(raw) < HEADER_BYTES:
        raise MalformedMessageError(reason="truncated_header", limit=HEADER_BYTES)
    magic, version, suite, kind, *rest = _FIELDS.unpack_from(raw)
    if magic != MAGIC:
        raise MalformedMessageError(reason="magic")
    _require_known(version, suite, kind, rest[0])
    header = Header(
        kind=_KIND_BY_NUMBER[kind],
        flags=rest[0],
        dictionary=rest[1],
        device=rest[2],
        seq=rest[3],
        prev=rest[4],
        channel=rest[5],
        directory_version=rest[6],
        kid=rest[7],
        salt=rest[8],
        body_length=rest[9],
        body_hash=rest[10],
        root=rest[11],
        signature=bytes(raw[UNSIGNED_BYTES:HEADER_BYTES]),
    )
    _check_header(header)
    return header


def _require_known(version: int, suite: int, kind: int, flags: int) -> None:
    if version != VERSION:
        raise UnsupportedVersionError(what="version", value=version)
    if suite != SUITE:
        raise UnsupportedVersionError(what="suite", value=suite)
    if kind not in _KIND_BY_NUMBER:
        raise UnsupportedVersionError(what="kind", value=kind)
    if flags & ~_KNOWN_FLAGS:
        raise UnsupportedVersionError(what="flags", value=flags)


_HEADER_RULES: Final[tuple[tuple[str, Callable[[Header], bool]], ...]] = (
    ("seq_zero", lambda header: header.number > 0),
    ("prev", lambda header: (header.prev == ZERO_HASH) == (header.number == 1)),
    (
        "dictionary_flag",
        lambda header: bool(header.flags & Flag.DICTIONARY) == (header.dictionary != 0),
    ),
    (
        "stored_dictionary",
        lambda header: not (header.flags & Flag.STORED and header.flags & Flag.DICTIONARY),
    ),
    (
        "plain_fields",
        lambda header: (
            not header.is_plain
            or (
                not header.flags & (Flag.KEY_PACKET | Flag.STORED)
                and header.salt == ZERO_ID
                and header.root == ZERO_HASH
                and (header.kid == ZERO_ID) == (header.kind is not Kind.ERASE)
            )
        ),
    ),
    ("body_length", lambda header: header.body_length > 0),
)


def _check_header(header: Header) -> None:
    """Refuse fields that contradict each other; the first rule broken is named."""
    for reason, holds in _HEADER_RULES:
        if not holds(header):
            raise MalformedMessageError(reason=reason)
    if HEADER_BYTES + header.body_length > MAX_LARGE_BATCH_BYTES:
        raise LimitExceededError(what="batch_bytes", limit=MAX_LARGE_BATCH_BYTES)


def parse_batch(raw: bytes) -> Batch:
    """Read a whole batch: structure, lengths and body hash.

    Raises:
        MalformedMessageError: A rule of the layout is broken.
        UnsupportedVersionError: A newer version wrote it (`waiting_for_update`).
        LimitExceededError: It is larger than any batch may be.
    """
    header = parse_header(raw)
    raw = bytes(raw)
    batch_hash = sha256(raw[:HEADER_BYTES])
    if len(raw) == HEADER_BYTES:
        return Batch(raw, header, batch_hash, HEADER_BYTES, is_erased=True)
    packet_end = _packet_end(raw, header)
    rest = raw[packet_end:]
    is_erased = len(raw) != HEADER_BYTES + header.body_length
    if is_erased and (packet_end == HEADER_BYTES or len(rest) != HASH_BYTES):
        raise MalformedMessageError(reason="body_length")
    if not (is_erased or header.is_plain) and len(rest) < MIN_PADDED_BYTES + TAG_BYTES:
        raise MalformedMessageError(reason="ciphertext_length")
    batch = Batch(raw, header, batch_hash, packet_end, is_erased)
    rest_hash = rest if is_erased else sha256(rest)
    if sha256(sha256(batch.key_packet()) + rest_hash) != header.body_hash:
        raise MalformedMessageError(reason="body_hash")
    return batch


def _packet_end(raw: bytes, header: Header) -> int:
    """Return where the ciphertext starts."""
    if not header.flags & Flag.KEY_PACKET:
        return HEADER_BYTES
    start = HEADER_BYTES + _PACKET_LENGTH.size
    if len(raw) < start:
        raise MalformedMessageError(reason="key_packet_length")
    (length,) = _PACKET_LENGTH.unpack_from(raw, HEADER_BYTES)
    if not 0 < length <= len(raw) - start:
        raise MalformedMessageError(reason="key_packet_length")
    return start + int(length)


def join_body(key_packet: bytes, ciphertext: bytes) -> bytes:
    """Lay out a body; the packet may be empty, and then takes no byte.

    Raises:
        LocalProtocolError: The packet is too long.
    """
    if not key_packet:
        return ciphertext
    if len(key_packet) > MAX_KEY_PACKET_BYTES:
        raise LocalProtocolError(what="key_packet")
    return _PACKET_LENGTH.pack(len(key_packet)) + key_packet + ciphertext


def erased_form(batch: Batch) -> bytes:
    """Return the batch without its ciphertext.

    The key packet stays when there is one, as later batches need it, followed by the hash of
    the ciphertext, so that the packet can still be checked. Without one the header is all.
    """
    if batch.is_erased:
        return batch.raw
    if batch.packet_end == HEADER_BYTES:
        return batch.raw[:HEADER_BYTES]
    return batch.raw[: batch.packet_end] + sha256(batch.ciphertext())
