"""Which two parties a record is between: found from the record that it is about.

Laws:
  * A question and the state of a case go to the device that wrote the record, from our own office.
  * The contact of a person who gave information goes to one office with two devices: for a
    restricted concern the desk that reads it, for any other the nearest administration above the
    location, never headquarters' own.
  * Nobody is asked about a record that cannot be read here, nor about his own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fieldapp.domain.entries import dot_device
from fieldapp.domain.fold import RecordState, from_json
from fieldapp.domain.parties import Party
from fieldapp.domain.routing import Routed
from fieldapp.errors import NoReaderError, NoRightError, UnknownRecordError
from fieldapp.protocol.channels import (
    DESK_CLASSES,
    Channel,
    ChannelClass,
    Desk,
    OfficeRef,
    party_channel,
)
from fieldapp.protocol.ids import ID_BYTES, DeviceId, RecordId, UnitId, text_to_id
from fieldapp.protocol.offices import Office
from fieldapp.protocol.units import REPUBLIC, Level, ancestors, level
from fieldapp.services.drafts import record_of
from fieldapp.services.record_history import batches_of, channel_of, named_channel_of
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction
from fieldapp.sync.entry_rules import parties_of

FEWEST_DEVICES: Final = 2


def party_channel_of(work: Workspace, where: Routed, fields: Mapping[str, Any]) -> Channel:
    """Name the channel of two parties that carries a document.

    Raises:
        UnknownRecordError: no record has the id that the document names.
        NoRightError: it was given up here, or this device wrote it.
        NoReaderError: there is no office that could read it.
    """
    find = source_channel if where.cls is ChannelClass.SOURCE else reply_channel
    return find(work, where, fields)


def reply_channel(work: Workspace, where: Routed, fields: Mapping[str, Any]) -> Channel:
    """Name the channel between our office and the device that wrote the record asked about.

    Raises:
        UnknownRecordError: no record has the id that the document names.
        NoRightError: it was given up here, or this device wrote it.
        NoReaderError: nobody knows our own office yet.
    """
    me = work.certificate()
    if me is None:
        raise NoReaderError(channel_class=where.cls.value)
    with work.vault.reading() as tx:
        state = readable_state(tx, str(fields.get("record", "")))
    author = writer_of(state)
    if author == work.keys.device:
        raise NoRightError("asked_self")
    return party_channel(where.unit, where.cls, device=author, office=me.office_id)


def readable_state(tx: Transaction, record_id: str) -> RecordState:
    """The fold of a sealed record that is still readable here.

    Raises:
        UnknownRecordError: no sealed record has this id.
        NoRightError: it was given up.
    """
    kept = tx.records.get(record_of(tx, record_id))
    if kept is None:
        raise UnknownRecordError
    if kept.state is None:
        raise NoRightError("record_given_up")
    return from_json(kept.state)


def writer_of(state: RecordState) -> DeviceId:
    """The device that wrote a record's first entry."""
    return DeviceId(text_to_id(dot_device(state.first), ID_BYTES))


def sides_of(work: Workspace, channel: Channel) -> frozenset[Party]:
    """Which sides of a channel of two parties this device is of."""
    me = work.certificate()
    return frozenset() if me is None else parties_of(channel, work.keys.device, me.office_id)


def channel_between(tx: Transaction, record: RecordId) -> Channel | None:
    """The channel of two parties that a record stands in, None for any other record."""
    kept = tx.records.get(record)
    return None if kept is None else named_channel_of(tx, batches_of(tx, kept))


def source_channel(work: Workspace, where: Routed, fields: Mapping[str, Any]) -> Channel:
    """Name the channel between this device and the one office that keeps a contact.

    Raises:
        UnknownRecordError: no record has the id that the document names.
        NoRightError: it was given up here.
        NoReaderError: no office can keep one.
    """
    with work.vault.reading() as tx:
        state = readable_state(tx, str(fields.get("record", "")))
    office = holding_office(work, state)
    return party_channel(where.unit, where.cls, device=work.keys.device, office=office.id)


def holding_office(work: Workspace, concern: RecordState) -> Office:
    """Find the one office that may keep a contact.

    Raises:
        NoReaderError: none of those that might has two devices.
    """
    channel = channel_of(concern.record, concern.unit)
    wanted = () if channel is None else _candidates(channel)
    for ref in wanted:
        office = work.directory.office(*ref)
        if office is None:
            continue
        active = [one for one in work.directory.members(office) if one.may_hold_keys]
        if len(active) >= FEWEST_DEVICES:
            return office
    raise NoReaderError("no_source_office", channel_class=ChannelClass.SOURCE.value)


def _candidates(channel: Channel) -> Sequence[OfficeRef]:
    """The offices that might keep a contact, the nearest first."""
    if channel.cls in DESK_CLASSES:
        desk = channel.cls.value
        return tuple(dict.fromkeys((OfficeRef(channel.unit, desk), OfficeRef(REPUBLIC, desk))))
    above = (unit for unit in ancestors(UnitId(channel.unit)) if unit != REPUBLIC)
    wide = (unit for unit in above if level(unit) < Level.LOCATION)
    return tuple(OfficeRef(unit, Desk.ADMIN) for unit in wide)
