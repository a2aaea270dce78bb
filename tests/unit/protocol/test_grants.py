"""Rows of grants and office keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.grants import (
    GrantRow,
    OfficeKeyRow,
    encode_grants,
    encode_office_keys,
    office_key_info,
    parse_grants,
    parse_office_keys,
)
from fieldapp.protocol.ids import Kid
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from tests.support.people import AMINA, CHANNEL, OFFICE

GRANT = GrantRow(AMINA.device, CHANNEL, Kid(b"k" * 16), OFFICE, 3, b"s" * 80)
OFFICE_KEY = OfficeKeyRow(OFFICE, 3, AMINA.device, b"s" * 80)


def test_a_grant_row_has_138_bytes_at_fixed_offsets() -> None:
    raw = GRANT.to_bytes()
    assert len(raw) == 138
    assert raw == AMINA.device + CHANNEL + b"k" * 16 + OFFICE + b"\x00\x03" + b"s" * 80


def test_a_grant_reads_like_a_row_of_a_packet() -> None:
    assert GRANT.wrapped().recipient == Recipient(RecipientKind.OFFICE, OFFICE, 3)
    assert GRANT.wrapped().sealed == b"s" * 80


def test_an_office_key_row_has_114_bytes_at_fixed_offsets() -> None:
    raw = OFFICE_KEY.to_bytes()
    assert len(raw) == 114
    assert raw == OFFICE + b"\x00\x03" + AMINA.device + b"s" * 80


def test_an_office_key_is_bound_to_its_device() -> None:
    info = office_key_info(office=OFFICE, epoch=3, device=AMINA.device)
    assert info == b"baraza-office-key-v1\0" + OFFICE + b"\x00\x03" + AMINA.device


def test_rows_are_read_as_they_were_written() -> None:
    grants = (GRANT, replace(GRANT, epoch=4))
    office_keys = (OFFICE_KEY, replace(OFFICE_KEY, epoch=4))
    assert parse_grants(encode_grants(grants)) == grants
    assert parse_office_keys(encode_office_keys(office_keys)) == office_keys


@pytest.mark.parametrize("parse", [parse_grants, parse_office_keys])
def test_a_count_that_does_not_fit_is_named(parse: Callable[[bytes], object]) -> None:
    for raw in (b"", b"\x00", b"\x00\x00", b"\x00\x01", encode_grants([GRANT]) + b"\0"):
        with pytest.raises(MalformedMessageError):
            parse(raw)
    with pytest.raises(LimitExceededError):
        parse(b"\xff\xff")


def test_no_empty_and_no_endless_row_of_grants_is_written() -> None:
    for rows in ([], [GRANT] * 2_001, [replace(GRANT, sealed=b"short")]):
        with pytest.raises(LocalProtocolError):
            encode_grants(rows)
