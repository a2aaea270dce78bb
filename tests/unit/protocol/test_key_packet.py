"""The key packet: its layout, and the info that binds each wrap."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.ids import Kid
from fieldapp.protocol.key_packet import (
    KeyPacket,
    Recipient,
    RecipientKind,
    WrappedKey,
    key_info,
    parse_key_packet,
)
from tests.support.people import AMINA, CHANNEL, DESCRIPTOR, OFFICE

OFFICE_ROW = WrappedKey(Recipient(RecipientKind.OFFICE, OFFICE, 2), b"s" * 80)
DEVICE_ROW = WrappedKey(Recipient(RecipientKind.DEVICE, AMINA.device, 0), b"t" * 80)
PACKET = KeyPacket(DESCRIPTOR, (OFFICE_ROW, DEVICE_ROW))


def test_each_part_stands_at_its_offset() -> None:
    raw = PACKET.to_bytes()
    start = 1 + len(DESCRIPTOR)
    assert raw[0] == len(DESCRIPTOR)
    assert raw[1:start] == DESCRIPTOR
    assert raw[start] == 2
    assert raw[start + 1 : start + 100] == b"\x01" + OFFICE + b"\x00\x02" + b"s" * 80
    assert raw[start + 100 :] == b"\x02" + AMINA.device + b"\x00\x00" + b"t" * 80


def test_a_packet_is_read_as_it_was_written() -> None:
    found = parse_key_packet(PACKET.to_bytes())
    assert found == PACKET
    assert found.channel == CHANNEL
    assert [key for key in found.keys if key.recipient.id == OFFICE] == [OFFICE_ROW]


def test_a_recipient_may_be_an_office_or_a_device() -> None:
    kinds = [key.recipient.kind for key in parse_key_packet(PACKET.to_bytes()).keys]
    assert kinds == [RecipientKind.OFFICE, RecipientKind.DEVICE]


def test_the_info_binds_author_channel_key_and_recipient() -> None:
    info = key_info(
        author=AMINA.device, channel=CHANNEL, kid=Kid(b"k" * 16), recipient=OFFICE_ROW.recipient
    )
    assert info == (
        b"sync-key-v1\0" + AMINA.device + CHANNEL + b"k" * 16 + b"\x01" + OFFICE + b"\x00\x02"
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "truncated"),
        (PACKET.to_bytes()[:-1], "truncated"),
        (PACKET.to_bytes() + b"\0", "trailing_bytes"),
        (b"\x01d\x00", "recipients"),
        (b"\x01d\x01\x03" + bytes(98), "recipient_kind"),
        (b"\x01d\x02" + (b"\x01" + bytes(98)) * 2, "recipients"),
    ],
)
def test_a_packet_that_is_not_one_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        parse_key_packet(raw)
    assert caught.value.params["reason"] == reason


def test_too_many_recipients_are_refused_by_their_count() -> None:
    with pytest.raises(LimitExceededError):
        parse_key_packet(b"\x01d\xff")


@pytest.mark.parametrize(
    "packet",
    [
        KeyPacket(DESCRIPTOR, ()),
        KeyPacket(DESCRIPTOR, (OFFICE_ROW, OFFICE_ROW)),
        KeyPacket(bytes(256), (OFFICE_ROW,)),
        KeyPacket(DESCRIPTOR, (replace(OFFICE_ROW, sealed=b"short"),)),
        KeyPacket(DESCRIPTOR, (WrappedKey(Recipient(RecipientKind.OFFICE, b"?", 1), b"s" * 80),)),
        KeyPacket(
            DESCRIPTOR, (WrappedKey(Recipient(RecipientKind.OFFICE, OFFICE, -1), b"s" * 80),)
        ),
    ],
)
def test_no_such_packet_is_written(packet: KeyPacket) -> None:
    with pytest.raises(LocalProtocolError):
        packet.to_bytes()
