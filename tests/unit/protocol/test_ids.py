"""Ids: how each is derived, and their text form."""

from __future__ import annotations

import hashlib

import pytest

from fieldapp.errors import LocalProtocolError, MalformedMessageError
from fieldapp.protocol.ids import (
    ChannelId,
    RecordId,
    device_id,
    id_to_text,
    kid_of,
    new_record_id,
    office_id,
    record_in_channel,
    text_to_id,
)

CHANNEL = ChannelId(b"channel1")
OTHER = ChannelId(b"channel2")


def test_a_device_is_named_by_the_hash_of_its_signing_key() -> None:
    assert device_id(b"k" * 32) == hashlib.sha256(b"k" * 32).digest()[:16]


def test_an_office_is_named_by_unit_and_desk() -> None:
    assert office_id("KE", "admin") == hashlib.sha256(b"baraza-office-v1\0KE/admin").digest()[:16]
    assert office_id("KE", "admin") != office_id("KE", "gender")


def test_a_kid_commits_to_the_key() -> None:
    assert kid_of(b"K" * 32) == hashlib.sha256(b"baraza-kid-v1\0" + b"K" * 32).digest()[:16]


def test_a_record_belongs_to_its_channel_for_life() -> None:
    record = new_record_id(CHANNEL, b"r" * 12)
    assert len(record) == 16
    assert record_in_channel(record, CHANNEL)
    assert not record_in_channel(record, OTHER)
    assert not record_in_channel(RecordId(record[:15]), CHANNEL)


def test_a_record_id_needs_12_random_bytes() -> None:
    with pytest.raises(LocalProtocolError):
        new_record_id(CHANNEL, b"r" * 11)


@pytest.mark.parametrize(("length", "letters"), [(16, 26), (8, 13), (5, 8), (0, 0)])
def test_text_has_a_fixed_length(length: int, letters: int) -> None:
    text = id_to_text(b"\xff" * length)
    assert len(text) == letters
    assert text_to_id(text.upper(), length) == b"\xff" * length


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0" * 25, "id_length"),
        ("0" * 27, "id_length"),
        ("u" + "0" * 25, "id_letter"),
        ("0" * 25 + "1", "id_spare_bits"),
    ],
)
def test_only_one_text_stands_for_an_id(text: str, reason: str) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        text_to_id(text, 16)
    assert caught.value.params["reason"] == reason
