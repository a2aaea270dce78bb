"""What a vault notes beside a sender key: the channel and who was given the key.

The note is compared, to see whether readers changed, and read, to see who lacks the key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from fieldapp.errors import MalformedMessageError
from fieldapp.protocol.channels import Channel, parse_descriptor
from fieldapp.protocol.ids import ID_BYTES
from fieldapp.protocol.key_packet import Recipient

_NAME_BYTES: Final = 1 + ID_BYTES + 2


class KeyNote(NamedTuple):
    """A channel, and the ids of those who hold a sender key of it."""

    channel: Channel
    holders: frozenset[bytes]


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
    return KeyNote(channel, frozenset(name[1 : 1 + ID_BYTES] for name in names))
