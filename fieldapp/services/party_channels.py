"""Which two parties a record is between: found from the record that it is about.

Laws:
  * A question and the state of a case go to the device that wrote the record, from our own office.
  * Nobody is asked about a record that cannot be read here, nor about his own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.entries import dot_device
from fieldapp.domain.fold import RecordState, from_json
from fieldapp.domain.parties import Party
from fieldapp.domain.routing import Routed
from fieldapp.errors import NoReaderError, NoRightError, UnknownRecordError
from fieldapp.protocol.channels import Channel, party_channel
from fieldapp.protocol.ids import ID_BYTES, DeviceId, RecordId, text_to_id
from fieldapp.services.drafts import record_of
from fieldapp.services.record_history import batches_of, named_channel_of
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction
from fieldapp.sync.entry_rules import parties_of


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
