"""Tickets and receipts of pictures and sounds: fixed layouts that refuse what does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import (
    BadSignatureError,
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
)
from fieldapp.protocol.media import (
    RECEIPT_BYTES,
    TICKET_BYTES,
    Deed,
    MediaReceipt,
    Ticket,
    check_media_receipt,
    chunk_aad,
    chunk_nonce,
    parse_media_receipt,
    parse_ticket,
    sealed_sizes,
)
from tests.support.people import AMINA, BRIAN, SERVER

PUT = Ticket(
    device=AMINA.device,
    time_ms=1_700_000_000_000,
    deed=Deed.PUT,
    chunk=b"c" * 32,
    batch=b"b" * 32,
    size=65_536,
    offset=65_536,
)
RECEIPT = MediaReceipt(chunk=PUT.chunk, batch=PUT.batch, size=PUT.size, time_ms=7)


def signed(ticket: Ticket) -> Ticket:
    return replace(ticket, signature=AMINA.sign(ticket.signing_bytes()))


def test_a_ticket_is_read_as_it_was_written() -> None:
    raw = signed(PUT).to_bytes()
    assert len(raw) == TICKET_BYTES
    assert parse_ticket(raw) == signed(PUT)


@pytest.mark.parametrize("deed", [0, 4, 255])
def test_an_unknown_deed_is_refused(deed: int) -> None:
    raw = bytearray(signed(PUT).to_bytes())
    raw[24] = deed
    with pytest.raises(MalformedMessageError, match="media_deed"):
        parse_ticket(bytes(raw))


@pytest.mark.parametrize(("size", "offset"), [(0, 0), (16, 0), (100, 101)])
def test_a_put_beyond_the_end_or_of_nothing_is_refused(size: int, offset: int) -> None:
    with pytest.raises(MalformedMessageError, match="media_size"):
        parse_ticket(signed(replace(PUT, size=size, offset=offset)).to_bytes())


def test_a_chunk_larger_than_any_may_be_is_refused() -> None:
    with pytest.raises(LimitExceededError):
        parse_ticket(signed(replace(PUT, size=65_537)).to_bytes())


def test_a_get_names_neither_batch_nor_size() -> None:
    get = signed(replace(PUT, deed=Deed.GET, batch=bytes(32), size=0, offset=9))
    assert parse_ticket(get.to_bytes()).offset == 9


def test_a_receipt_is_believed_from_the_server_alone() -> None:
    good = replace(RECEIPT, signature=SERVER.sign(RECEIPT.signing_bytes()))
    assert len(good.to_bytes()) == RECEIPT_BYTES
    found = parse_media_receipt(good.to_bytes())
    check_media_receipt(found, SERVER.public, verify)
    assert found.speaks_for(PUT)
    forged = replace(RECEIPT, signature=BRIAN.sign(RECEIPT.signing_bytes()))
    with pytest.raises(BadSignatureError):
        check_media_receipt(forged, SERVER.public, verify)


@pytest.mark.parametrize(
    "other", [{"chunk": b"x" * 32}, {"batch": b"x" * 32}, {"size": 12}], ids=str
)
def test_a_receipt_speaks_for_one_chunk_under_one_batch(other: dict[str, object]) -> None:
    assert not replace(RECEIPT, **other).speaks_for(PUT)  # type: ignore[arg-type]


def test_a_chunk_is_bound_to_its_file_and_count_and_its_nonce_is_its_number() -> None:
    assert chunk_aad(b"f" * 16, 3).endswith(b"f" * 16 + b"\0\3")
    assert chunk_nonce(258) == bytes(10) + b"\1\2"


@pytest.mark.parametrize("count", [0, 65])
def test_a_file_of_no_or_too_many_chunks_is_not_written(count: int) -> None:
    with pytest.raises(LocalProtocolError):
        chunk_aad(b"f" * 16, count)


def test_sizes_of_sealed_chunks_follow_from_the_size_of_the_file() -> None:
    assert sealed_sizes(40, 16) == [32, 32, 24]
    assert sealed_sizes(32, 16) == [32, 32]
