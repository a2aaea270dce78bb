"""The two messages of a sync: a request and its answer (PROTOCOL 5).

Laws:
  * A request with a hello asks; without one it only delivers (deposit mode), and the answer
    then holds nothing but receipts and refusals.
  * Batches travel as their raw bytes and are judged one by one, never the message as a whole.
  * The welcome is signed over the hello it answers: a portal or a stale cache cannot give one.
  * Snapshots and their proofs are bytes here; `snapshot` reads them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from fieldapp.errors import LocalProtocolError, MalformedMessageError, UnsupportedVersionError
from fieldapp.protocol.frames import (
    ANSWER_MAGIC,
    REQUEST_MAGIC,
    SKIPPABLE_FROM,
    Frame,
    FrameType,
    encode_message,
    read_message,
)
from fieldapp.protocol.hashing import DIGEST_BYTES
from fieldapp.protocol.limits import MAX_ANSWER_BYTES, MAX_REQUEST_BYTES
from fieldapp.protocol.message_parts import (
    ANSWER_LABEL,
    REQUEST_LABEL,
    RUNNING_HASH_BYTES,
    START,
    UNKNOWN_LOG,
    Cursor,
    FeedItem,
    Hello,
    Refusal,
    StreamHead,
    Welcome,
    encode_heads,
    parse_cursor_frame,
    parse_digest,
    parse_heads,
    parse_hello,
    parse_item,
    parse_refusal,
    parse_welcome,
)
from fieldapp.protocol.reading import fixed
from fieldapp.protocol.receipts import (
    Receipt,
    StoredReceipt,
    parse_receipt,
    parse_stored_receipt,
)

__all__ = (
    "ANSWER_LABEL",
    "REQUEST_LABEL",
    "RUNNING_HASH_BYTES",
    "START",
    "UNKNOWN_LOG",
    "Cursor",
    "FeedItem",
    "Hello",
    "Refusal",
    "StreamHead",
    "SyncAnswer",
    "SyncRequest",
    "Welcome",
    "encode_answer",
    "encode_heads",
    "encode_request",
    "parse_answer",
    "parse_heads",
    "parse_hello",
    "parse_item",
    "parse_refusal",
    "parse_request",
    "parse_welcome",
    "request_from_frames",
)

PartT = TypeVar("PartT")


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRequest:
    """What a device, a relay or a locked phone sends."""

    hello: Hello | None = None
    heads_digest: bytes | None = None
    batches: tuple[bytes, ...] = field(default=(), repr=False)
    receipts: tuple[Receipt, ...] = ()
    snapshot: bytes | None = field(default=None, repr=False)


def encode_request(request: SyncRequest) -> bytes:
    """Return a request's bytes.

    Raises:
        LocalProtocolError: A part does not fit, or the whole is too long.
    """
    return _encode(REQUEST_MAGIC, _request_frames(request), limit=MAX_REQUEST_BYTES)


def _request_frames(request: SyncRequest) -> Iterator[tuple[int, bytes]]:
    if request.hello is not None:
        yield FrameType.HELLO, request.hello.to_bytes()
    if request.heads_digest is not None:
        yield FrameType.HEADS_DIGEST, fixed("heads_digest", (request.heads_digest, DIGEST_BYTES))
    for batch in request.batches:
        yield FrameType.BATCH, batch
    for receipt in request.receipts:
        yield FrameType.RECEIPT, receipt.to_bytes()
    if request.snapshot is not None:
        yield FrameType.SNAPSHOT, request.snapshot


def parse_request(raw: bytes) -> SyncRequest:
    """Read a request that is there as a whole.

    Raises:
        MalformedMessageError: It does not parse.
        LimitExceededError: It is too long.
        UnsupportedVersionError: It holds a frame that must not be skipped.
    """
    return request_from_frames(read_message(raw, REQUEST_MAGIC, limit=MAX_REQUEST_BYTES))


def request_from_frames(frames: Iterable[Frame]) -> SyncRequest:
    """Put a request together from its frames, as `FrameReader` gave them.

    Raises:
        MalformedMessageError: A frame does not parse, stands twice or in the wrong place.
        UnsupportedVersionError: It holds a frame that must not be skipped.
    """
    parts = _sort(frames, _REQUEST_TYPES)
    if parts[FrameType.HELLO] and not parts.starts_with(FrameType.HELLO):
        raise MalformedMessageError(reason="frame_order")
    return SyncRequest(
        hello=parts.only(FrameType.HELLO, parse_hello),
        heads_digest=parts.only(FrameType.HEADS_DIGEST, parse_digest),
        batches=tuple(parts[FrameType.BATCH]),
        receipts=tuple(map(parse_receipt, parts[FrameType.RECEIPT])),
        snapshot=parts.only(FrameType.SNAPSHOT, bytes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncAnswer:
    """What the server answers."""

    welcome: Welcome
    stored: tuple[StoredReceipt, ...] = ()
    refused: tuple[Refusal, ...] = ()
    heads: tuple[StreamHead, ...] | None = None
    items: tuple[FeedItem, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    snapshot: bytes | None = field(default=None, repr=False)
    cursor: Cursor = START
    more: bool = False


def encode_answer(answer: SyncAnswer) -> bytes:
    """Return an answer's bytes.

    Raises:
        LocalProtocolError: A part does not fit, or the whole is too long.
    """
    return _encode(ANSWER_MAGIC, _answer_frames(answer), limit=MAX_ANSWER_BYTES)


def _answer_frames(answer: SyncAnswer) -> Iterator[tuple[int, bytes]]:
    yield FrameType.WELCOME, answer.welcome.to_bytes()
    if answer.heads is not None:
        yield FrameType.HEADS, encode_heads(answer.heads)
    for stored in answer.stored:
        yield FrameType.STORED, stored.to_bytes()
    for refusal in answer.refused:
        yield FrameType.REFUSED, refusal.to_bytes()
    for receipt in answer.receipts:
        yield FrameType.RECEIPT, receipt.to_bytes()
    if answer.snapshot is not None:
        yield FrameType.PROOF, answer.snapshot
    for item in answer.items:
        yield FrameType.ITEM, item.to_bytes()
    yield FrameType.CURSOR, answer.cursor.to_bytes() + bytes((answer.more,))


def parse_answer(raw: bytes) -> SyncAnswer:
    """Read an answer; its signatures are not checked here.

    Raises:
        MalformedMessageError: It does not parse.
        LimitExceededError: It is too long.
        UnsupportedVersionError: It holds a frame that must not be skipped.
    """
    parts = _sort(read_message(raw, ANSWER_MAGIC, limit=MAX_ANSWER_BYTES), _ANSWER_TYPES)
    if not parts.starts_with(FrameType.WELCOME):
        raise MalformedMessageError(reason="frame_order")
    cursor, more = parts.one(FrameType.CURSOR, parse_cursor_frame)
    return SyncAnswer(
        welcome=parts.one(FrameType.WELCOME, parse_welcome),
        stored=tuple(map(parse_stored_receipt, parts[FrameType.STORED])),
        refused=tuple(map(parse_refusal, parts[FrameType.REFUSED])),
        heads=parts.only(FrameType.HEADS, parse_heads),
        items=tuple(map(parse_item, parts[FrameType.ITEM])),
        receipts=tuple(map(parse_receipt, parts[FrameType.RECEIPT])),
        snapshot=parts.only(FrameType.PROOF, bytes),
        cursor=cursor,
        more=more,
    )


_REQUEST_TYPES: Final = frozenset(
    {
        FrameType.HELLO,
        FrameType.HEADS_DIGEST,
        FrameType.BATCH,
        FrameType.RECEIPT,
        FrameType.SNAPSHOT,
    }
)
_ANSWER_TYPES: Final = frozenset(
    {
        FrameType.WELCOME,
        FrameType.STORED,
        FrameType.REFUSED,
        FrameType.HEADS,
        FrameType.ITEM,
        FrameType.CURSOR,
        FrameType.PROOF,
        FrameType.RECEIPT,
    }
)


class _Parts:
    """The frames of one message, by type."""

    def __init__(self, known: frozenset[FrameType]) -> None:
        self._data_by_type: dict[int, list[bytes]] = {kind: [] for kind in known}
        self._first: int | None = None

    def add(self, frame: Frame) -> None:
        if self._first is None:
            self._first = frame.type
        if frame.type in self._data_by_type:
            self._data_by_type[frame.type].append(frame.data)
        elif frame.type < SKIPPABLE_FROM:
            raise UnsupportedVersionError(what="frame", value=frame.type)

    def __getitem__(self, kind: FrameType) -> list[bytes]:
        return self._data_by_type[kind]

    def starts_with(self, kind: FrameType) -> bool:
        return self._first == kind

    def only(self, kind: FrameType, parse: Callable[[bytes], PartT]) -> PartT | None:
        """Return the part that may stand once, if it does."""
        return self.one(kind, parse) if self._data_by_type[kind] else None

    def one(self, kind: FrameType, parse: Callable[[bytes], PartT]) -> PartT:
        """Return the part that has to stand exactly once."""
        found = self._data_by_type[kind]
        if len(found) != 1:
            raise MalformedMessageError(reason="frame_count", frame=int(kind))
        return parse(found[0])


def _sort(frames: Iterable[Frame], known: frozenset[FrameType]) -> _Parts:
    parts = _Parts(known)
    for frame in frames:
        parts.add(frame)
    return parts


def _encode(magic: bytes, frames: Iterable[tuple[int, bytes]], *, limit: int) -> bytes:
    raw = encode_message(magic, frames)
    if len(raw) > limit:
        raise LocalProtocolError(what="message", limit=limit)
    return raw
