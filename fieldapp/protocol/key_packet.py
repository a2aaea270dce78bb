"""The key packet: a channel's name and its sender key, wrapped for each reader (PROTOCOL 3).

Laws:
  * A recipient is an office or a device, named in 16 bytes, with the epoch of its key.
  * Each wrap is bound to author, channel, key and recipient by the HPKE info.
  * Wrapping itself is `crypto`'s; here are only the bytes.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.hashing import channel_id_bytes
from fieldapp.protocol.ids import CHANNEL_BYTES, ID_BYTES, ChannelId, DeviceId, Kid
from fieldapp.protocol.limits import MAX_KEY_PACKET_RECIPIENTS
from fieldapp.protocol.reading import Reader, fixed, number

KEY_LABEL: Final = b"sync-key-v1\0"
SEALED_KEY_BYTES: Final = 80
"""HPKE's encapsulated key of 32 bytes, then 32 bytes sealed and a tag of 16."""


class RecipientKind(IntEnum):
    """Whose X25519 key a wrap is for."""

    OFFICE = 1
    DEVICE = 2


_KIND_BY_NUMBER: Final = {int(kind): kind for kind in RecipientKind}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader of a sender key."""

    kind: RecipientKind
    id: bytes
    epoch: int

    def to_bytes(self) -> bytes:
        """Return the 19 bytes that name the recipient."""
        return number("recipient", self.kind, 1) + fixed(
            "recipient", (self.id, ID_BYTES), (number("epoch", self.epoch, 2), 2)
        )


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A sender key sealed to one recipient."""

    recipient: Recipient
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyPacket:
    """The channel's descriptor and the wrapped keys."""

    descriptor: bytes
    keys: tuple[WrappedKey, ...]

    @property
    def channel(self) -> ChannelId:
        """Return the id of the channel that the descriptor describes."""
        return ChannelId(channel_id_bytes(self.descriptor))

    def to_bytes(self) -> bytes:
        """Return the packet's bytes.

        Raises:
            LocalProtocolError: A limit is broken or a recipient stands there twice.
        """
        if not 0 < len(self.keys) <= MAX_KEY_PACKET_RECIPIENTS or _has_twins(self.keys):
            raise LocalProtocolError(what="key_packet")
        rows = [
            key.recipient.to_bytes() + fixed("sealed_key", (key.sealed, SEALED_KEY_BYTES))
            for key in self.keys
        ]
        return b"".join(
            (
                number("descriptor", len(self.descriptor), 1),
                self.descriptor,
                number("recipients", len(rows), 1),
                *rows,
            )
        )


def parse_key_packet(raw: bytes) -> KeyPacket:
    """Read a key packet.

    Raises:
        MalformedMessageError: A length is wrong, a recipient stands twice or is of no known kind.
        LimitExceededError: Too many recipients.
    """
    reader = Reader(raw)
    descriptor = reader.take(reader.u8())
    count = reader.u8()
    if count > MAX_KEY_PACKET_RECIPIENTS:
        raise LimitExceededError(what="recipients", limit=MAX_KEY_PACKET_RECIPIENTS)
    keys = tuple(_read_key(reader) for _ in range(count))
    reader.end()
    if not keys or _has_twins(keys):
        raise MalformedMessageError(reason="recipients")
    return KeyPacket(descriptor, keys)


def _read_key(reader: Reader) -> WrappedKey:
    kind = _KIND_BY_NUMBER.get(reader.u8())
    if kind is None:
        raise MalformedMessageError(reason="recipient_kind")
    recipient = Recipient(kind, reader.take(ID_BYTES), reader.u16())
    return WrappedKey(recipient, reader.take(SEALED_KEY_BYTES))


def _has_twins(keys: tuple[WrappedKey, ...]) -> bool:
    return len({(key.recipient.kind, key.recipient.id) for key in keys}) != len(keys)


def key_info(*, author: DeviceId, channel: ChannelId, kid: Kid, recipient: Recipient) -> bytes:
    """Return the HPKE info that binds one wrapped sender key to its place."""
    context = fixed("key_info", (author, ID_BYTES), (channel, CHANNEL_BYTES), (kid, ID_BYTES))
    return KEY_LABEL + context + recipient.to_bytes()
