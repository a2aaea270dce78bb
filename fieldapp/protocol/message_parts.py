"""The parts of the two messages, each a fixed layout with its own parse (PROTOCOL 5.2, 5.3).

Signatures are carried and shaped here, and checked by `checks`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.batch import SIGNATURE_BYTES, StreamPoint
from fieldapp.protocol.hashing import DIGEST_BYTES, HASH_BYTES, ZERO_HASH, sha256
from fieldapp.protocol.ids import CHANNEL_BYTES, ID_BYTES, ChannelId, DeviceId, ReaderId
from fieldapp.protocol.limits import MAX_NOTICES, PROTOCOL_VERSION
from fieldapp.protocol.reading import Reader, fixed, number, word_bytes

REQUEST_LABEL: Final = b"sync-request-v1\0"
ANSWER_LABEL: Final = b"sync-answer-v1\0"
UNKNOWN_LOG: Final = bytes(ID_BYTES)
RUNNING_HASH_BYTES: Final = 16
"""How much of a reader's running hash a feed item shows."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a client has read: a position, and the digest of its readers' running hashes."""

    position: int
    digest: bytes

    def to_bytes(self) -> bytes:
        """Return the 24 bytes."""
        return number("position", self.position, 8) + fixed("cursor", (self.digest, DIGEST_BYTES))


START: Final = Cursor(0, bytes(DIGEST_BYTES))


def _read_cursor(reader: Reader) -> Cursor:
    return Cursor(reader.u64(), reader.take(DIGEST_BYTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Who asks, from where in the feed, and for how much."""

    device: DeviceId
    time_ms: int
    log_id: bytes
    cursor: Cursor
    byte_budget: int
    protocol: int = PROTOCOL_VERSION
    signature: bytes = b""

    def unsigned_bytes(self) -> bytes:
        """Return the 70 bytes before the signature."""
        return fixed(
            "hello",
            (self.device, ID_BYTES),
            (number("time", self.time_ms, 8), 8),
            (self.log_id, ID_BYTES),
            (self.cursor.to_bytes(), 8 + DIGEST_BYTES),
            (number("byte_budget", self.byte_budget, 4), 4),
            (number("protocol", self.protocol, 2), 2),
        )

    def signing_bytes(self) -> bytes:
        """Return the exact message of the signature."""
        return REQUEST_LABEL + self.unsigned_bytes()

    def to_bytes(self) -> bytes:
        """Return the 134 bytes.

        Raises:
            LocalProtocolError: It is not signed, or a field has a wrong length.
        """
        return self.unsigned_bytes() + fixed("hello", (self.signature, SIGNATURE_BYTES))

    @property
    def hash(self) -> bytes:
        """Return what the welcome is signed over."""
        return sha256(self.to_bytes())


def parse_hello(raw: bytes) -> Hello:
    """Read a hello; the signature is not checked here.

    Raises:
        MalformedMessageError: It has another length.
    """
    reader = Reader(raw)
    hello = Hello(
        device=DeviceId(reader.take(ID_BYTES)),
        time_ms=reader.u64(),
        log_id=reader.take(ID_BYTES),
        cursor=_read_cursor(reader),
        byte_budget=reader.u32(),
        protocol=reader.u16(),
        signature=reader.take(SIGNATURE_BYTES),
    )
    reader.end()
    return hello


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """The signed head of an answer."""

    server_time_ms: int
    log_id: bytes
    head_position: int
    directory_version: int
    notices: tuple[str, ...] = ()
    signature: bytes = b""

    def unsigned_bytes(self) -> bytes:
        """Return the bytes before the signature.

        Raises:
            LocalProtocolError: A field does not fit.
        """
        if len(self.notices) > MAX_NOTICES:
            raise LocalProtocolError(what="notices")
        return b"".join(
            (
                number("time", self.server_time_ms, 8),
                fixed("welcome", (self.log_id, ID_BYTES)),
                number("position", self.head_position, 8),
                number("directory_version", self.directory_version, 4),
                number("notices", len(self.notices), 1),
                *map(word_bytes, self.notices),
            )
        )

    def signing_bytes(self, hello_hash: bytes = ZERO_HASH) -> bytes:
        """Return the exact message of the server's signature.

        Args:
            hello_hash: `Hello.hash` of the request, zeros in deposit mode.
        """
        return ANSWER_LABEL + fixed("hello_hash", (hello_hash, HASH_BYTES)) + self.unsigned_bytes()

    def to_bytes(self) -> bytes:
        """Return the bytes with the signature.

        Raises:
            LocalProtocolError: It is not signed, or a field does not fit.
        """
        return self.unsigned_bytes() + fixed("welcome", (self.signature, SIGNATURE_BYTES))


def parse_welcome(raw: bytes) -> Welcome:
    """Read a welcome; the signature is not checked here.

    Raises:
        MalformedMessageError: It does not parse.
        LimitExceededError: Too many notices.
    """
    reader = Reader(raw)
    welcome = Welcome(
        server_time_ms=reader.u64(),
        log_id=reader.take(ID_BYTES),
        head_position=reader.u64(),
        directory_version=reader.u32(),
        notices=_read_notices(reader),
        signature=reader.take(SIGNATURE_BYTES),
    )
    reader.end()
    return welcome


def _read_notices(reader: Reader) -> tuple[str, ...]:
    count = reader.u8()
    if count > MAX_NOTICES:
        raise LimitExceededError(what="notices", limit=MAX_NOTICES)
    return tuple(reader.word() for _ in range(count))


@dataclass(frozen=True, slots=True)
class StreamHead:
    """The last batch of one of the asking device's streams."""

    channel: ChannelId
    seq: int
    hash: bytes

    def to_bytes(self) -> bytes:
        """Return the 48 bytes."""
        return fixed(
            "head",
            (self.channel, CHANNEL_BYTES),
            (number("seq", self.seq, 8), 8),
            (self.hash, HASH_BYTES),
        )


def encode_heads(heads: Iterable[StreamHead]) -> bytes:
    """Return the rows of a heads frame."""
    rows = [head.to_bytes() for head in heads]
    return number("heads", len(rows), 2) + b"".join(rows)


def parse_heads(raw: bytes) -> tuple[StreamHead, ...]:
    """Read a row of heads.

    Raises:
        MalformedMessageError: The count and the bytes do not agree.
    """
    reader = Reader(raw)
    heads = tuple(
        StreamHead(ChannelId(reader.take(CHANNEL_BYTES)), reader.u64(), reader.take(HASH_BYTES))
        for _ in range(reader.u16())
    )
    reader.end()
    return heads


@dataclass(frozen=True, slots=True)
class Refusal:
    """One batch that the server did not take, and why."""

    point: StreamPoint
    code: str

    def to_bytes(self) -> bytes:
        """Return the refusal's bytes."""
        return fixed(
            "refusal",
            (self.point.device, ID_BYTES),
            (self.point.channel, CHANNEL_BYTES),
            (number("seq", self.point.seq, 8), 8),
            (self.point.hash, HASH_BYTES),
        ) + word_bytes(self.code)


def parse_refusal(raw: bytes) -> Refusal:
    """Read a refusal.

    Raises:
        MalformedMessageError: It does not parse.
    """
    reader = Reader(raw)
    point = StreamPoint(
        DeviceId(reader.take(ID_BYTES)),
        ChannelId(reader.take(CHANNEL_BYTES)),
        reader.u64(),
        reader.take(HASH_BYTES),
    )
    refusal = Refusal(point, reader.word())
    reader.end()
    return refusal


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One batch of a reader's feed, with the running hash before it, cut to 16 bytes.

    Attributes:
        batch: the batch, or its hash alone where the asking device wrote it and holds it.
    """

    position: int
    reader: ReaderId
    previous_running_hash: bytes
    batch: bytes = field(repr=False)

    @property
    def is_bare(self) -> bool:
        """Tell whether the item only names its batch; no batch is as short as a hash."""
        return len(self.batch) == HASH_BYTES

    def to_bytes(self) -> bytes:
        """Return the item's bytes."""
        return (
            number("position", self.position, 8)
            + fixed(
                "item",
                (self.reader, ID_BYTES),
                (self.previous_running_hash, RUNNING_HASH_BYTES),
            )
            + self.batch
        )


def parse_item(raw: bytes) -> FeedItem:
    """Read a feed item; its batch stays raw.

    Raises:
        MalformedMessageError: It is too short.
    """
    reader = Reader(raw)
    return FeedItem(
        reader.u64(),
        ReaderId(reader.take(ID_BYTES)),
        reader.take(RUNNING_HASH_BYTES),
        reader.rest(),
    )


def parse_digest(raw: bytes) -> bytes:
    """Read the frame of a heads digest.

    Raises:
        MalformedMessageError: It has another length.
    """
    reader = Reader(raw)
    digest = reader.take(DIGEST_BYTES)
    reader.end()
    return digest


def parse_cursor_frame(raw: bytes) -> tuple[Cursor, bool]:
    """Read the frame of a cursor: where the client stands, and whether there is more.

    Raises:
        MalformedMessageError: It does not parse.
    """
    reader = Reader(raw)
    cursor, more = _read_cursor(reader), reader.u8()
    reader.end()
    if more > 1:
        raise MalformedMessageError(reason="more")
    return cursor, bool(more)
