"""What a vault notes beside a sender key: the channel and who was given the key.

The note is compared, to see whether readers changed, and read, to see who lacks the key. Whoever
was given it for an old epoch may lack it too, so a note keeps the epochs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from fieldapp.errors import MalformedMessageError
from fieldapp.protocol.channels import Channel, parse_descriptor
from fieldapp.protocol.ids import ID_BYTES
from fieldapp.protocol.key_packet import Recipient

_NAME_BYTES: Final = 1 + ID_BYTES + 2


class KeyNote(NamedTuple):
    """A channel, and for which epoch each recipient was given a sender key of it."""

    channel: Channel
    epochs: Mapping[bytes, int]

    @property
    def holders(self) -> frozenset[bytes]:
        """The ids of those who were given the key, for whatever epoch."""
        return frozenset(self.epochs)


def write_note(descriptor: bytes, recipients: Iterable[Recipient]) -> bytes:
    """Write the channel's descriptor and the recipients in order, epochs included."""
    names = sorted(recipient.to_bytes() for recipient in recipients)
    return bytes((len(descriptor),)) + descriptor + b"".join(names)


def read_note(note: bytes) -> KeyNote | None:
    """Read a note; None for a key that came without its packet."""
    if not note:
        return None
    end = 1 + note[0]
    try:
        channel = parse_descriptor(note[1:end])
    except MalformedMessageError:
        return None
    names = (note[at : at + _NAME_BYTES] for at in range(end, len(note), _NAME_BYTES))
    epochs = {
        name[1 : 1 + ID_BYTES]: int.from_bytes(name[1 + ID_BYTES : _NAME_BYTES], "big")
        for name in names
    }
    return KeyNote(channel, epochs)
