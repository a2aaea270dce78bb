"""A message as a row of frames, read while it arrives (PROTOCOL 5.1).

    magic 4 | frame* | END        frame = type u8 | length u32 | bytes

Laws:
  * A reader judges each frame as soon as it is whole; it never needs the rest of the message.
  * A message that stops before END is truncated, whatever the transport says.
  * Types from 128 up may be skipped by who does not know them; others may not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from fieldapp.errors import (
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
    RemoteProtocolError,
)
from fieldapp.protocol.limits import MAX_FRAME_BYTES

REQUEST_MAGIC: Final = b"BQ1\0"
ANSWER_MAGIC: Final = b"BA1\0"
FRAME_HEADER_BYTES: Final = 5
SKIPPABLE_FROM: Final = 128


class FrameType(IntEnum):
    """What a frame holds."""

    END = 0
    HELLO = 1
    HEADS_DIGEST = 2
    BATCH = 3
    RECEIPT = 4
    SNAPSHOT = 5
    WELCOME = 16
    STORED = 17
    REFUSED = 18
    HEADS = 19
    ITEM = 20
    CURSOR = 21
    PROOF = 22


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its type as a number, and its bytes."""

    type: int
    data: bytes = field(repr=False)


def encode_frame(frame_type: int, data: bytes) -> bytes:
    """Return one frame's bytes.

    Raises:
        LocalProtocolError: The frame is too long.
    """
    if len(data) > MAX_FRAME_BYTES:
        raise LocalProtocolError(what="frame", limit=MAX_FRAME_BYTES)
    return bytes((frame_type,)) + len(data).to_bytes(4, "big") + data


def encode_message(magic: bytes, frames: Iterable[tuple[int, bytes]]) -> bytes:
    """Return a whole message with its END."""
    parts = [encode_frame(frame_type, data) for frame_type, data in frames]
    return b"".join((magic, *parts, encode_frame(FrameType.END, b"")))


class FrameReader:
    """Cuts arriving chunks into frames.

    The frames before a broken one are always returned: what it raises does not depend on how
    the transport cut the message.

    Args:
        magic: What the message has to start with.
        limit: How many bytes the message may have in all.
    """

    def __init__(self, magic: bytes, *, limit: int) -> None:
        self._magic = magic
        self._limit = limit
        self._buffer = bytearray()
        self._start = 0
        self._received = 0
        self._failure: RemoteProtocolError | None = None
        self.is_finished = False

    def feed(self, chunk: bytes) -> list[Frame]:
        """Return the frames that this chunk completes; END is not among them.

        Raises:
            MalformedMessageError: Another magic, or bytes after END.
            LimitExceededError: The message or a frame is too long.
        """
        self._raise_failure()
        self._buffer += chunk
        self._received += len(chunk)
        frames: list[Frame] = []
        try:
            self._cut(frames)
        except RemoteProtocolError as error:
            self._failure = error
        del self._buffer[: self._start]
        self._start = 0
        if not frames:
            self._raise_failure()
        return frames

    def close(self) -> None:
        """Refuse a message that did not reach its END.

        Raises:
            MalformedMessageError: It did not (`truncated`), or the last frame was broken.
            LimitExceededError: The last frame broke a limit.
        """
        self._raise_failure()
        if not self.is_finished:
            raise MalformedMessageError(reason="truncated", at=self._received)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _cut(self, frames: list[Frame]) -> None:
        self._check_magic()
        while not self.is_finished and (frame := self._next()) is not None:
            if frame.type != FrameType.END:
                frames.append(frame)
            elif frame.data:
                raise MalformedMessageError(reason="end_frame")
            else:
                self.is_finished = True
        if self.is_finished and len(self._buffer) > self._start:
            raise MalformedMessageError(reason="after_end")
        if self._received > self._limit:
            raise LimitExceededError("request_too_large", limit=self._limit)

    def _check_magic(self) -> None:
        """Take the magic off as it arrives, and refuse another one at its first wrong byte."""
        count = min(len(self._magic), len(self._buffer))
        if self._buffer[:count] != self._magic[:count]:
            raise MalformedMessageError(reason="magic")
        self._magic = self._magic[count:]
        self._start = count

    def _next(self) -> Frame | None:
        """Return the next whole frame, or nothing when more bytes are needed."""
        data_start = self._start + FRAME_HEADER_BYTES
        if len(self._buffer) < data_start:
            return None
        length = int.from_bytes(self._buffer[self._start + 1 : data_start], "big")
        if length > MAX_FRAME_BYTES:
            raise LimitExceededError(what="frame", limit=MAX_FRAME_BYTES)
        end = data_start + length
        if len(self._buffer) < end:
            return None
        frame = Frame(self._buffer[self._start], bytes(memoryview(self._buffer)[data_start:end]))
        self._start = end
        return frame


def read_message(raw: bytes, magic: bytes, *, limit: int) -> list[Frame]:
    """Return the frames of a message that is there as a whole.

    Raises:
        MalformedMessageError: It does not parse or is truncated.
        LimitExceededError: It is too long.
    """
    reader = FrameReader(magic, limit=limit)
    frames = reader.feed(raw)
    reader.close()
    return frames
