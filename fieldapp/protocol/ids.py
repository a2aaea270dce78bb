"""The ids on the wire: distinct types over bytes, and how each is derived (PROTOCOL 1.4).

Nothing here is drawn at random; whoever makes a record id hands the random bytes in.
"""

import hmac
from functools import lru_cache
from typing import Final, NewType

from fieldapp.errors import LocalProtocolError, MalformedMessageError
from fieldapp.protocol.hashing import KID_LABEL, OFFICE_LABEL, RECORD_LABEL, labelled_hash, sha256

DeviceId = NewType("DeviceId", bytes)
OfficeId = NewType("OfficeId", bytes)
ChannelId = NewType("ChannelId", bytes)
Kid = NewType("Kid", bytes)
RecordId = NewType("RecordId", bytes)
InviteId = NewType("InviteId", bytes)
ReaderId = NewType("ReaderId", bytes)
UnitId = NewType("UnitId", str)

ID_BYTES: Final = 16
CHANNEL_BYTES: Final = 8
INVITE_BYTES: Final = 8
RECORD_CHANNEL_BYTES: Final = 4
RECORD_RANDOM_BYTES: Final = 12

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LETTERS: Final = frozenset(_ALPHABET)
_TO_PYTHON_DIGITS: Final = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_PAIRS: Final = tuple(one + other for one in _ALPHABET for other in _ALPHABET)
_BITS: Final = 5


def device_id(ed25519_public: bytes) -> DeviceId:
    """Return the id of the device that owns a signing key."""
    return DeviceId(sha256(ed25519_public)[:ID_BYTES])


def office_id(unit: str, desk: str) -> OfficeId:
    """Return the id of the office of a desk at a unit."""
    return OfficeId(labelled_hash(OFFICE_LABEL, f"{unit}/{desk}".encode("ascii"))[:ID_BYTES])


def kid_of(key: bytes) -> Kid:
    """Return the id that commits to a sender key."""
    return Kid(labelled_hash(KID_LABEL, key)[:ID_BYTES])


def new_record_id(channel: ChannelId, random12: bytes) -> RecordId:
    """Bind a new record to its channel for life.

    Raises:
        LocalProtocolError: The random part is not 12 bytes.
    """
    if len(random12) != RECORD_RANDOM_BYTES:
        raise LocalProtocolError(what="record_id")
    return RecordId(_channel_mark(channel) + random12)


def record_in_channel(record: RecordId, channel: ChannelId) -> bool:
    """Tell whether a record id was made for this channel."""
    bound = _channel_mark(channel)
    return len(record) == ID_BYTES and hmac.compare_digest(record[:RECORD_CHANNEL_BYTES], bound)


@lru_cache(maxsize=4096)
def _channel_mark(channel: ChannelId) -> bytes:
    return labelled_hash(RECORD_LABEL, channel)[:RECORD_CHANNEL_BYTES]


def id_to_text(raw: bytes) -> str:
    """Write bytes as Crockford base 32 in lower case, without padding.

    >>> id_to_text(bytes(16))
    '00000000000000000000000000'
    """
    size = len(raw) * 8
    pairs = -(-size // (2 * _BITS))
    value = int.from_bytes(raw, "big") << (pairs * 2 * _BITS - size)
    text = "".join([_PAIRS[value >> 2 * _BITS * at & 1023] for at in range(pairs - 1, -1, -1)])
    return text[: -(-size // _BITS)]


def text_to_id(text: str, length: int) -> bytes:
    """Read what `id_to_text` wrote; upper case is accepted, nothing else is.

    Args:
        text: The letters.
        length: How many bytes they must give.

    Raises:
        MalformedMessageError: Another letter, another length or set bits beyond the last byte.
    """
    count = -(-length * 8 // _BITS)
    spare = count * _BITS - length * 8
    if len(text) != count:
        raise MalformedMessageError(reason="id_length")
    letters = text.lower()
    if not _LETTERS.issuperset(letters):
        raise MalformedMessageError(reason="id_letter")
    value = int(letters.translate(_TO_PYTHON_DIGITS) or "0", 1 << _BITS)
    if value & ((1 << spare) - 1):
        raise MalformedMessageError(reason="id_spare_bits")
    return (value >> spare).to_bytes(length, "big")
