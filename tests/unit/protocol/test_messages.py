"""Requests and answers: every part at its place, and nothing taken that is not understood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.errors import (
    FieldAppError,
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
    UnsupportedVersionError,
)
from fieldapp.protocol.frames import ANSWER_MAGIC, REQUEST_MAGIC, FrameType, encode_message
from fieldapp.protocol.hashing import sha256
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.limits import MAX_REQUEST_BYTES
from fieldapp.protocol.messages import (
    Cursor,
    FeedItem,
    Hello,
    Refusal,
    StreamHead,
    SyncAnswer,
    SyncRequest,
    Welcome,
    encode_answer,
    encode_heads,
    encode_request,
    parse_answer,
    parse_heads,
    parse_hello,
    parse_item,
    parse_refusal,
    parse_request,
    parse_welcome,
)
from tests.support.people import AMINA, CHANNEL, chain, sealed
from tests.unit.protocol.test_receipts import RECEIPT, STORED

BATCHES = chain(2)
HELLO = Hello(
    device=AMINA.device,
    time_ms=1_700_000_000_000,
    log_id=b"l" * 16,
    cursor=Cursor(12, b"d" * 16),
    byte_budget=65_536,
    signature=b"s" * 64,
)
REQUEST = SyncRequest(
    hello=HELLO,
    heads_digest=b"h" * 16,
    batches=tuple(batch.raw for batch in BATCHES),
    receipts=(RECEIPT,),
    snapshot=b"snapshot",
)
WELCOME = Welcome(
    server_time_ms=1_700_000_000_999,
    log_id=b"l" * 16,
    head_position=15,
    directory_version=4,
    notices=("update_available",),
    signature=b"s" * 64,
)
ANSWER = SyncAnswer(
    welcome=WELCOME,
    stored=(STORED, replace(STORED, seq=10)),
    refused=(Refusal(BATCHES[1].point, "reader_missing"),),
    heads=(StreamHead(CHANNEL, 2, b"h" * 32),),
    items=(FeedItem(13, ReaderId(b"r" * 16), b"p" * 16, sealed().raw),),
    receipts=(RECEIPT,),
    snapshot=b"proof",
    cursor=Cursor(13, b"e" * 16),
    more=True,
)


def request_of(*frames: tuple[int, bytes]) -> bytes:
    return encode_message(REQUEST_MAGIC, frames)


def answer_of(*frames: tuple[int, bytes]) -> bytes:
    return encode_message(ANSWER_MAGIC, frames)


def test_a_hello_has_134_bytes_at_fixed_offsets() -> None:
    unsigned = (
        AMINA.device
        + (1_700_000_000_000).to_bytes(8, "big")
        + b"l" * 16
        + (12).to_bytes(8, "big")
        + b"d" * 16
        + b"\x00\x01\x00\x00"
        + b"\x00\x01"
    )
    assert HELLO.to_bytes() == unsigned + b"s" * 64
    assert len(HELLO.to_bytes()) == 134
    assert HELLO.signing_bytes() == b"sync-request-v1\0" + unsigned
    assert HELLO.hash == sha256(HELLO.to_bytes())


def test_a_request_is_read_as_it_was_written() -> None:
    assert parse_request(encode_request(REQUEST)) == REQUEST


def test_a_request_without_a_hello_only_delivers() -> None:
    deposit = SyncRequest(batches=REQUEST.batches)
    found = parse_request(encode_request(deposit))
    assert found.hello is None
    assert found.batches == REQUEST.batches


def test_batches_travel_raw_so_that_a_broken_one_spoils_no_other() -> None:
    request = SyncRequest(batches=(b"not a batch", BATCHES[0].raw))
    assert parse_request(encode_request(request)).batches == (b"not a batch", BATCHES[0].raw)


def test_an_empty_request_is_small() -> None:
    idle = SyncRequest(hello=HELLO, heads_digest=b"h" * 16)
    assert len(encode_request(idle)) == 169


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (request_of((FrameType.BATCH, b"b"), (FrameType.HELLO, HELLO.to_bytes())), "frame_order"),
        (request_of(*[(FrameType.HELLO, HELLO.to_bytes())] * 2), "frame_count"),
        (request_of(*[(FrameType.HEADS_DIGEST, bytes(16))] * 2), "frame_count"),
        (request_of((FrameType.HEADS_DIGEST, bytes(17))), "trailing_bytes"),
        (request_of((FrameType.HELLO, HELLO.to_bytes()[:-1])), "truncated"),
        (request_of((FrameType.RECEIPT, b"short")), "truncated"),
    ],
)
def test_a_request_that_breaks_the_layout_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        parse_request(raw)
    assert caught.value.params["reason"] == reason


def test_frames_of_a_newer_version_may_be_skipped_from_128_up_only() -> None:
    assert parse_request(request_of((200, b"later"), (FrameType.BATCH, b"b"))).batches == (b"b",)
    for unknown in (6, 127, FrameType.WELCOME):
        with pytest.raises(UnsupportedVersionError):
            parse_request(request_of((unknown, b"")))


def test_a_request_too_long_for_any_server_is_not_sent() -> None:
    batches = (bytes(200_000),) * (MAX_REQUEST_BYTES // 200_000 + 1)
    with pytest.raises(LocalProtocolError):
        encode_request(SyncRequest(batches=batches))


def test_an_answer_is_read_as_it_was_written() -> None:
    assert parse_answer(encode_answer(ANSWER)) == ANSWER


def test_heads_that_agree_are_left_out_and_no_heads_at_all_are_sent() -> None:
    agreed = replace(ANSWER, heads=None)
    none = replace(ANSWER, heads=())
    assert parse_answer(encode_answer(agreed)).heads is None
    assert parse_answer(encode_answer(none)).heads == ()


def test_an_idle_answer_is_small() -> None:
    idle = SyncAnswer(welcome=replace(WELCOME, notices=()))
    assert len(encode_answer(idle)) == 145


def test_a_welcome_answers_one_hello() -> None:
    unsigned = WELCOME.unsigned_bytes()
    assert unsigned == (
        (1_700_000_000_999).to_bytes(8, "big")
        + b"l" * 16
        + (15).to_bytes(8, "big")
        + b"\x00\x00\x00\x04"
        + b"\x01\x10update_available"
    )
    assert WELCOME.signing_bytes(HELLO.hash) == b"sync-answer-v1\0" + HELLO.hash + unsigned
    assert WELCOME.signing_bytes() == b"sync-answer-v1\0" + bytes(32) + unsigned


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (answer_of(), "frame_order"),
        (answer_of((FrameType.WELCOME, WELCOME.to_bytes())), "frame_count"),
        (
            answer_of(
                (FrameType.CURSOR, bytes(25)),
                (FrameType.WELCOME, WELCOME.to_bytes()),
            ),
            "frame_order",
        ),
        (
            answer_of(
                (FrameType.WELCOME, WELCOME.to_bytes()),
                (FrameType.CURSOR, bytes(24) + b"\x02"),
            ),
            "more",
        ),
        (b"<!DOCTYPE html><title>Sign in</title>", "magic"),
        (b"", "truncated"),
    ],
)
def test_an_answer_that_breaks_the_layout_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        parse_answer(raw)
    assert caught.value.params["reason"] == reason


def test_an_answer_cut_at_any_byte_is_refused() -> None:
    raw = encode_answer(ANSWER)
    for length in range(len(raw)):
        with pytest.raises(MalformedMessageError):
            parse_answer(raw[:length])


def test_parts_are_read_as_they_were_written() -> None:
    assert parse_hello(HELLO.to_bytes()) == HELLO
    assert parse_welcome(WELCOME.to_bytes()) == WELCOME
    assert parse_item(ANSWER.items[0].to_bytes()) == ANSWER.items[0]
    assert parse_refusal(ANSWER.refused[0].to_bytes()) == ANSWER.refused[0]
    assert parse_heads(encode_heads(ANSWER.heads or ())) == ANSWER.heads


def test_parts_of_a_wrong_length_are_refused() -> None:
    for parse, raw in (
        (parse_hello, HELLO.to_bytes()),
        (parse_welcome, WELCOME.to_bytes()),
        (parse_refusal, ANSWER.refused[0].to_bytes()),
        (parse_heads, encode_heads(ANSWER.heads or ())),
    ):
        for wrong in (raw[:-1], raw + b"\0", b""):
            with pytest.raises(FieldAppError):
                parse(wrong)
    with pytest.raises(MalformedMessageError):
        parse_item(bytes(39))


def test_notices_are_few() -> None:
    with pytest.raises(LocalProtocolError):
        replace(WELCOME, notices=("n",) * 17).to_bytes()
    with pytest.raises(LimitExceededError):
        parse_welcome(bytes(36) + b"\x11" + b"\x01n" * 17 + bytes(64))


@pytest.mark.parametrize(
    "part",
    [
        replace(HELLO, signature=b""),
        replace(HELLO, byte_budget=2**32),
        replace(WELCOME, signature=b""),
        replace(WELCOME, log_id=b"short"),
        StreamHead(CHANNEL, 1, b"short"),
        FeedItem(1, ReaderId(b"r" * 16), b"short", b""),
        Refusal(BATCHES[0].point, "Not A Code"),
        Cursor(-1, b"d" * 16),
        Cursor(0, b"short"),
    ],
)
def test_a_part_that_does_not_fit_is_our_bug(
    part: Hello | Welcome | StreamHead | FeedItem | Refusal | Cursor,
) -> None:
    with pytest.raises(LocalProtocolError):
        part.to_bytes()
