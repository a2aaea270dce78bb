"""Rows of kind 6 and kind 7: keys handed on after the fact (PROTOCOL 3.3, 3.4).

A grant wraps a sender key that its signer can open for an office that the channel's readers
include by now. An office key row seals an office's private half to one of its devices. Both
bodies are plain: the server routes them, and learns no key from them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.ids import (
    CHANNEL_BYTES,
    ID_BYTES,
    ChannelId,
    DeviceId,
    Kid,
    OfficeId,
)
from fieldapp.protocol.key_packet import SEALED_KEY_BYTES, Recipient, RecipientKind, WrappedKey
from fieldapp.protocol.limits import MAX_GRANT_ROWS
from fieldapp.protocol.reading import Reader, fixed, number

OFFICE_KEY_LABEL: Final = b"baraza-office-key-v1\0"

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One sender key, re-wrapped for one more office."""

    author: DeviceId
    channel: ChannelId
    kid: Kid
    office: OfficeId
    epoch: int
    sealed: bytes = field(repr=False)

    def wrapped(self) -> WrappedKey:
        """Return the row's key as a packet would hold it."""
        return WrappedKey(Recipient(RecipientKind.OFFICE, self.office, self.epoch), self.sealed)

    def to_bytes(self) -> bytes:
        """Return the 138 bytes of the row."""
        return fixed(
            "grant_row",
            (self.author, ID_BYTES),
            (self.channel, CHANNEL_BYTES),
            (self.kid, ID_BYTES),
            (self.office, ID_BYTES),
            (number("epoch", self.epoch, 2), 2),
            (self.sealed, SEALED_KEY_BYTES),
        )


@dataclass(frozen=True, slots=True)
class OfficeKeyRow:
    """The private half of an office's key of one epoch, sealed to one device."""

    office: OfficeId
    epoch: int
    device: DeviceId
    sealed: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """Return the 114 bytes of the row."""
        return fixed(
            "office_key_row",
            (self.office, ID_BYTES),
            (number("epoch", self.epoch, 2), 2),
            (self.device, ID_BYTES),
            (self.sealed, SEALED_KEY_BYTES),
        )


def office_key_info(*, office: OfficeId, epoch: int, device: DeviceId) -> bytes:
    """Return the HPKE info that binds an office's private key to one device."""
    return OFFICE_KEY_LABEL + fixed(
        "office_key_info",
        (office, ID_BYTES),
        (number("epoch", epoch, 2), 2),
        (device, ID_BYTES),
    )


def encode_grants(rows: Sequence[GrantRow]) -> bytes:
    """Return the payload of a kind 6 batch.

    Raises:
        LocalProtocolError: No row, too many, or a field of a wrong length.
    """
    return _encode([row.to_bytes() for row in rows])


def parse_grants(payload: bytes) -> tuple[GrantRow, ...]:
    """Read the payload of a kind 6 batch.

    Raises:
        MalformedMessageError: The count and the bytes do not agree.
        LimitExceededError: Too many rows.
    """
    return _parse(payload, _read_grant)


def encode_office_keys(rows: Sequence[OfficeKeyRow]) -> bytes:
    """Return the payload of a kind 7 batch.

    Raises:
        LocalProtocolError: No row, too many, or a field of a wrong length.
    """
    return _encode([row.to_bytes() for row in rows])


def parse_office_keys(payload: bytes) -> tuple[OfficeKeyRow, ...]:
    """Read the payload of a kind 7 batch.

    Raises:
        MalformedMessageError: The count and the bytes do not agree.
        LimitExceededError: Too many rows.
    """
    return _parse(payload, _read_office_key)


def _encode(rows: Sequence[bytes]) -> bytes:
    if not 0 < len(rows) <= MAX_GRANT_ROWS:
        raise LocalProtocolError(what="grant_rows", count=len(rows))
    return number("grant_rows", len(rows), 2) + b"".join(rows)


def _parse(payload: bytes, read: Callable[[Reader], RowT]) -> tuple[RowT, ...]:
    reader = Reader(payload)
    count = reader.u16()
    if count == 0:
        raise MalformedMessageError(reason="grant_rows")
    if count > MAX_GRANT_ROWS:
        raise LimitExceededError(what="grant_rows", limit=MAX_GRANT_ROWS)
    rows = tuple(read(reader) for _ in range(count))
    reader.end()
    return rows


def _read_grant(reader: Reader) -> GrantRow:
    return GrantRow(
        DeviceId(reader.take(ID_BYTES)),
        ChannelId(reader.take(CHANNEL_BYTES)),
        Kid(reader.take(ID_BYTES)),
        OfficeId(reader.take(ID_BYTES)),
        reader.u16(),
        reader.take(SEALED_KEY_BYTES),
    )


def _read_office_key(reader: Reader) -> OfficeKeyRow:
    return OfficeKeyRow(
        OfficeId(reader.take(ID_BYTES)),
        reader.u16(),
        DeviceId(reader.take(ID_BYTES)),
        reader.take(SEALED_KEY_BYTES),
    )
