"""Receipts: fixed layouts that end in a signature."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.errors import LocalProtocolError, MalformedMessageError
from fieldapp.protocol.batch import StreamPoint
from fieldapp.protocol.ids import OfficeId
from fieldapp.protocol.receipts import (
    Receipt,
    StoredReceipt,
    parse_receipt,
    parse_stored_receipt,
)
from tests.support.people import AMINA, BRIAN, CHANNEL, OFFICE

RECEIPT = Receipt(
    office=OFFICE,
    device=AMINA.device,
    channel=CHANNEL,
    seq=9,
    header_hash=b"h" * 32,
    time_ms=1_700_000_000_000,
    signer=BRIAN.device,
    signature=b"s" * 64,
)
STORED = StoredReceipt(
    device=AMINA.device,
    channel=CHANNEL,
    seq=9,
    header_hash=b"h" * 32,
    position=77,
    time_ms=1_700_000_000_000,
    signature=b"s" * 64,
)
TIME = (1_700_000_000_000).to_bytes(8, "big")
NINE = (9).to_bytes(8, "big")


def test_an_office_receipt_has_168_bytes_at_fixed_offsets() -> None:
    unsigned = OFFICE + AMINA.device + CHANNEL + NINE + b"h" * 32 + TIME + BRIAN.device
    assert RECEIPT.to_bytes() == unsigned + b"s" * 64
    assert len(RECEIPT.to_bytes()) == 168
    assert RECEIPT.signing_bytes() == b"sync-receipt-v1\0" + unsigned


def test_a_stored_receipt_has_144_bytes_at_fixed_offsets() -> None:
    unsigned = AMINA.device + CHANNEL + NINE + b"h" * 32 + (77).to_bytes(8, "big") + TIME
    assert STORED.to_bytes() == unsigned + b"s" * 64
    assert len(STORED.to_bytes()) == 144
    assert STORED.signing_bytes() == b"sync-stored-v1\0" + unsigned


def test_receipts_are_read_as_they_were_written() -> None:
    assert parse_receipt(RECEIPT.to_bytes()) == RECEIPT
    assert parse_stored_receipt(STORED.to_bytes()) == STORED


def test_both_vouch_for_one_place_in_one_stream() -> None:
    point = StreamPoint(AMINA.device, CHANNEL, 9, b"h" * 32)
    assert RECEIPT.point == STORED.point == point


def test_a_receipt_of_another_length_is_refused() -> None:
    for length in range(168):
        with pytest.raises(MalformedMessageError):
            parse_receipt(RECEIPT.to_bytes()[:length])
    for raw in (STORED.to_bytes()[:-1], STORED.to_bytes() + b"\0"):
        with pytest.raises(MalformedMessageError):
            parse_stored_receipt(raw)


@pytest.mark.parametrize(
    "receipt",
    [
        replace(RECEIPT, signature=b""),
        replace(RECEIPT, office=OfficeId(b"short")),
        replace(RECEIPT, seq=-1),
        replace(STORED, signature=b""),
        replace(STORED, position=2**64),
    ],
)
def test_a_receipt_that_does_not_fit_is_our_bug(receipt: Receipt | StoredReceipt) -> None:
    with pytest.raises(LocalProtocolError):
        receipt.to_bytes()
