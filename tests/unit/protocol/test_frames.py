"""Frames: read while they arrive, whatever the transport cuts."""

from __future__ import annotations

import pytest

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.frames import (
    ANSWER_MAGIC,
    REQUEST_MAGIC,
    Frame,
    FrameReader,
    FrameType,
    encode_frame,
    encode_message,
    read_message,
)
from fieldapp.protocol.limits import MAX_FRAME_BYTES

FRAMES = [(FrameType.HELLO, b"hello"), (FrameType.BATCH, b""), (FrameType.BATCH, b"b" * 700)]
MESSAGE = encode_message(REQUEST_MAGIC, FRAMES)
LIMIT = 4_096


def reader() -> FrameReader:
    return FrameReader(REQUEST_MAGIC, limit=LIMIT)


def test_a_frame_is_a_type_a_length_and_bytes() -> None:
    assert encode_frame(3, b"abc") == b"\x03\x00\x00\x00\x03abc"
    assert MESSAGE[:4] == b"BQ1\0"
    assert MESSAGE[-5:] == bytes(5)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64, 10_000])
def test_frames_do_not_depend_on_how_the_message_was_cut(size: int) -> None:
    found: list[Frame] = []
    feeder = reader()
    for start in range(0, len(MESSAGE), size):
        found += feeder.feed(MESSAGE[start : start + size])
    feeder.close()
    assert [(frame.type, frame.data) for frame in found] == FRAMES


def test_a_frame_is_given_as_soon_as_it_is_whole() -> None:
    feeder = reader()
    assert feeder.feed(MESSAGE[:13]) == []
    assert feeder.feed(MESSAGE[13:14]) == [Frame(1, b"hello")]
    assert not feeder.is_finished


def test_a_message_that_stops_early_is_truncated_at_every_byte() -> None:
    for length in range(len(MESSAGE)):
        feeder = reader()
        feeder.feed(MESSAGE[:length])
        with pytest.raises(MalformedMessageError, match="truncated"):
            feeder.close()


def test_another_magic_is_refused_at_its_first_wrong_byte() -> None:
    for raw in (b"<", b"BX", b"BA1\0", b"BQ2\0"):
        with pytest.raises(MalformedMessageError, match="magic"):
            reader().feed(raw)


def test_bytes_after_the_end_are_refused_at_once_or_later() -> None:
    feeder = reader()
    assert len(feeder.feed(MESSAGE + b"x")) == 3
    with pytest.raises(MalformedMessageError, match="after_end"):
        feeder.close()
    feeder = reader()
    feeder.feed(MESSAGE)
    with pytest.raises(MalformedMessageError, match="after_end"):
        feeder.feed(b"x")


def test_an_end_with_content_is_refused() -> None:
    with pytest.raises(MalformedMessageError, match="end_frame"):
        reader().feed(REQUEST_MAGIC + b"\x00\x00\x00\x00\x01x")


def test_a_long_frame_is_refused_by_its_length_alone() -> None:
    with pytest.raises(LimitExceededError):
        reader().feed(REQUEST_MAGIC + b"\x03" + (MAX_FRAME_BYTES + 1).to_bytes(4, "big"))
    with pytest.raises(LocalProtocolError):
        encode_frame(3, bytes(MAX_FRAME_BYTES + 1))


def test_a_long_message_is_refused_when_it_passes_the_limit() -> None:
    feeder = reader()
    feeder.feed(REQUEST_MAGIC + encode_frame(3, bytes(3_000)))
    with pytest.raises(LimitExceededError) as caught:
        feeder.feed(b"\x03\x00\x00\x10\x00" + bytes(2_000))
    assert caught.value.code == "request_too_large"


def test_whole_frames_before_a_broken_one_are_not_lost() -> None:
    feeder = reader()
    broken = MESSAGE[:-5] + b"\x00\x00\x00\x00\x01x"
    assert len(feeder.feed(broken)) == 3
    with pytest.raises(MalformedMessageError, match="end_frame"):
        feeder.feed(b"")
    with pytest.raises(MalformedMessageError, match="end_frame"):
        feeder.close()


def test_a_whole_message_is_read_at_once() -> None:
    assert [frame.type for frame in read_message(MESSAGE, REQUEST_MAGIC, limit=LIMIT)] == [1, 3, 3]
    with pytest.raises(MalformedMessageError):
        read_message(MESSAGE, ANSWER_MAGIC, limit=LIMIT)
    with pytest.raises(MalformedMessageError, match="truncated"):
        read_message(b"", REQUEST_MAGIC, limit=LIMIT)
