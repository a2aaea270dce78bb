"""Channels: who may read a record, decided by one routing table.

Laws:
  * A channel is the pair (unit, class), and nothing else creates one. Source and reply channels
    also carry their two parties.
  * Readers are computed, never listed: ``readers`` is the only routing table, run alike by phones,
    the server and headquarters over the offices that the signed directory shows.
  * A restricted channel stands at the unit of its nearest desk, so an office created later gets a
    channel of its own and never becomes a reader of an older one.
  * Where nobody may read, sealing fails closed: ``NoReaderError``, never a wider circle.

Realises docs/PROTOCOL.md section 6.2 to 6.4.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from fieldapp.errors import InvalidUnitError, MalformedMessageError, NoReaderError
from fieldapp.protocol.hashing import channel_id_bytes
from fieldapp.protocol.ids import ID_BYTES, ChannelId, DeviceId, OfficeId, UnitId, office_id
from fieldapp.protocol.units import REPUBLIC, Level, ancestors, level, parse_unit


class Desk(StrEnum):
    """What an office is for; ``all`` is every device at or below its unit."""

    ADMIN = "admin"
    ALL = "all"
    GENDER = "gender"
    CHILDREN = "children"
    PSYCHOSOCIAL = "psychosocial"
    CSIC = "csic"
    NCTC = "nctc"
    OVERSIGHT = "oversight"


class ChannelClass(StrEnum):
    """The second half of a channel: what kind of readers it has."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"
    GENDER = "gender"
    CHILDREN = "children"
    PSYCHOSOCIAL = "psychosocial"
    CSIC = "csic"
    NCTC = "nctc"
    OVERSIGHT = "oversight"
    SOURCE = "source"
    REPLY = "reply"
    BROADCAST = "broadcast"
    DIRECTORY = "directory"
    KEYS = "keys"

    @property
    def code(self) -> int:
        """The class as one byte on the wire."""
        return _CODE_BY_CLASS[self]


_CODE_BY_CLASS: Final = {cls: code for code, cls in enumerate(ChannelClass, start=1)}
_CLASS_BY_CODE: Final = {code: cls for cls, code in _CODE_BY_CLASS.items()}

RESTRICTED_DESKS: Final = tuple(Desk(desk) for desk in list(Desk) if desk not in {"admin", "all"})
"""The desks with a channel class of their own name."""

DESK_CLASSES: Final = frozenset(ChannelClass(desk.value) for desk in RESTRICTED_DESKS)
PARTY_CLASSES: Final = frozenset({ChannelClass.SOURCE, ChannelClass.REPLY})
PLAIN_CLASSES: Final = frozenset({ChannelClass.DIRECTORY, ChannelClass.KEYS})


class OfficeRef(NamedTuple):
    """An office by name: a unit and a desk. Equal to the plain pair."""

    unit: UnitId
    desk: str

    @property
    def id(self) -> OfficeId:
        """The office's number on the wire."""
        return _office_id(self.unit, self.desk)


@lru_cache(maxsize=16384)
def _office_id(unit: UnitId, desk: str) -> OfficeId:
    return office_id(unit, desk)


@dataclass(frozen=True, slots=True)
class Channel:
    """The pair (unit, class); ``parties`` is empty but for source and reply channels."""

    unit: UnitId
    cls: ChannelClass
    parties: bytes = b""

    def descriptor(self) -> bytes:
        """Spell the channel out, as a key packet carries it."""
        unit = self.unit.encode("ascii")
        return bytes((self.cls.code, len(unit))) + unit + bytes((len(self.parties),)) + self.parties

    @property
    def id(self) -> ChannelId:
        """The channel's number in a batch header."""
        return _channel_id(self)

    @property
    def device_party(self) -> DeviceId | None:
        """The one device of a source or reply channel: it writes beside the office's devices."""
        return DeviceId(self.parties[:ID_BYTES]) if self.cls in PARTY_CLASSES else None

    @property
    def device_reader(self) -> DeviceId | None:
        """The one device that reads beside the office; a source is given to the office alone."""
        return self.device_party if self.cls is ChannelClass.REPLY else None


@lru_cache(maxsize=16384)
def _channel_id(channel: Channel) -> ChannelId:
    return ChannelId(channel_id_bytes(channel.descriptor()))


def party_channel(
    unit: UnitId, cls: ChannelClass, *, device: DeviceId, office: OfficeId
) -> Channel:
    """Name the source or reply channel between one device and one office."""
    return Channel(unit, cls, device + office)


def parse_descriptor(raw: bytes) -> Channel:
    """Read a channel back from its descriptor.

    Raises:
        MalformedMessageError: unknown class, bad unit, wrong parties or bytes left over.
    """
    unit_end = 2 + raw[1] if len(raw) > 1 else 0
    if not unit_end or len(raw) <= unit_end or len(raw) != unit_end + 1 + raw[unit_end]:
        raise MalformedMessageError(reason="channel")
    cls = _CLASS_BY_CODE.get(raw[0])
    parties = raw[unit_end + 1 :]
    if cls is None or len(parties) != (2 * ID_BYTES if cls in PARTY_CLASSES else 0):
        raise MalformedMessageError(reason="channel")
    try:
        unit = parse_unit(raw[2:unit_end].decode("ascii"))
    except (UnicodeDecodeError, InvalidUnitError) as error:
        raise MalformedMessageError(reason="channel") from error
    return Channel(unit, cls, parties)


def readers(channel: Channel, offices: Collection[tuple[UnitId, str]]) -> tuple[OfficeRef, ...]:
    """Compute the offices that read a channel, the nearest first.

    Args:
        channel: the channel asked about.
        offices: every office the directory shows, as (unit, desk) pairs.

    Returns:
        The readers; empty where nobody may read, and for directory and keys, which are plaintext.
    """
    if channel.cls in PARTY_CLASSES:
        named = channel.parties[ID_BYTES:]
        return tuple(ref for ref in (OfficeRef(*pair) for pair in offices) if ref.id == named)
    return tuple(ref for ref in _candidates(channel, offices) if ref in offices)


def _candidates(channel: Channel, offices: Collection[tuple[UnitId, str]]) -> tuple[OfficeRef, ...]:
    """Name the offices that would read the channel if they existed: the routing table."""
    unit, cls = channel.unit, channel.cls
    if cls is ChannelClass.ORDINARY:
        return tuple(OfficeRef(above, Desk.ADMIN) for above in ancestors(unit))
    if cls is ChannelClass.CONFIDENTIAL:
        return tuple(
            OfficeRef(above, Desk.ADMIN)
            for above in ancestors(unit)
            if level(above) <= Level.LOCATION
        )
    if cls is ChannelClass.BROADCAST:
        return (OfficeRef(unit, Desk.ALL),)
    if cls in DESK_CLASSES and (unit, cls.value) in offices:
        own, top = OfficeRef(unit, cls.value), OfficeRef(REPUBLIC, cls.value)
        return (own,) if own == top else (own, top)
    return ()


def route(
    unit: UnitId,
    cls: ChannelClass,
    offices: Collection[tuple[UnitId, str]],
    *,
    accused_unit: UnitId | None = None,
    without: Collection[tuple[UnitId, str]] = (),
) -> Channel:
    """Choose the channel of a new record.

    Ordinary and confidential records stay at their unit. A restricted one goes to the nearest
    desk at or above it, a complaint to the nearest oversight strictly above the accused that also
    lies above the record (an office beside it could not check who wrote); ``KE`` has every desk.

    Args:
        unit: the record's unit.
        cls: the class that the record's category and tier ask for.
        offices: every office the directory shows, as (unit, desk) pairs.
        accused_unit: the unit of the official a complaint is about; the record's own if unknown.
        without: offices that the accused may be in now. ``KE`` alone is never left out, as
            nobody stands above it.

    Raises:
        NoReaderError: no office may read it, so it must not be sealed.
    """
    channel = Channel(unit, cls)
    if cls in DESK_CLASSES:
        within = set(ancestors(unit))
        path = (
            ancestors(accused_unit or unit)[1:]
            if cls is ChannelClass.OVERSIGHT
            else ancestors(unit)
        )
        fit = within - {unit for unit, desk in without if desk == cls.value}
        nearest = (above for above in path if above in fit and (above, cls.value) in offices)
        channel = Channel(next(nearest, REPUBLIC), cls)
    if not readers(channel, offices):
        raise NoReaderError(channel_class=cls.value)
    return channel
