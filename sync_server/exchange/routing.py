"""Who gets a batch: the readers of each kind, and what may not be hidden or handed on.

Laws:
  * Readers are computed from the directory, never taken from the sender's word alone: a packet
    must name every office of its channel as of the directory version that its header names.
  * A body is erased only by its author or on authority, and only the body that the order names.
  * A sender key is handed on only by an office that holds it, to an office that reads the
    channel now.
  * Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldapp.errors import MalformedMessageError
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import Channel, parse_descriptor
from fieldapp.protocol.checks import check_packet
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.erasure import EraseOrder, parse_erase_order
from fieldapp.protocol.feeds import feed_readers
from fieldapp.protocol.grants import GrantRow, parse_grants
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.key_packet import KeyPacket
from fieldapp.protocol.payload import plain_payload
from fieldapp.protocol.readership import check_recipients, judged_version, may_erase
from sync_server.errors import RefusedBatchError
from sync_server.storage.ledger import Ledger, SenderKey, sender_key_of
from sync_server.storage.lookups import place_of


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a batch goes, and what it brings for others.

    Attributes:
        readers: whose feeds it is appended to; none means that it waits for its key.
        packet: its key packet, whose readers hold the sender key from now on.
        grants: sender keys of other batches that it hands on.
        order: the batch that it erases.
    """

    readers: tuple[ReaderId, ...]
    packet: KeyPacket | None = None
    grants: tuple[GrantRow, ...] = ()
    order: EraseOrder | None = field(default=None)


def plan(ledger: Ledger, directory: Directory, batch: Batch, author: Certificate | None) -> Plan:
    """Find the readers of a batch.

    Args:
        ledger: what is known of keys and channels.
        directory: the directory as of now.
        batch: a batch whose signature fits.
        author: its author's certificate; None for a claim, which is a directory batch.

    Raises:
        ProtocolError: a body does not parse, or its packet names other readers than it must.
        RefusedBatchError: a channel is not known yet, or it hands on or erases what is not its
            author's to touch.
    """
    if batch.header.kind is Kind.DIRECTORY or author is None:
        return Plan(_directory_readers(directory, batch))
    if batch.header.kind is Kind.GRANT:
        return _plan_grant(ledger, directory, batch, author)
    if batch.header.kind is Kind.OFFICE_KEYS:
        return Plan(feed_readers(batch))
    if batch.header.kind is Kind.ERASE:
        return _plan_order(ledger, batch, author)
    return _plan_sealed(ledger, directory, batch)


def _directory_readers(directory: Directory, batch: Batch) -> tuple[ReaderId, ...]:
    """A directory batch outside its author's own channels reaches nobody who would believe it."""
    unit = directory.feed_unit(batch)
    if unit is None:
        raise MalformedMessageError(reason="directory_channel")
    return feed_readers(batch, unit=unit)


def _plan_sealed(ledger: Ledger, directory: Directory, batch: Batch) -> Plan:
    packet = check_packet(batch)
    held = ledger.readers_of_key(sender_key_of(batch))
    if packet is None:
        return Plan(tuple(sorted(held)))
    recipients = [key.recipient for key in packet.keys]
    channel = parse_descriptor(packet.descriptor)
    header = batch.header
    version = judged_version(directory, header.device, header.directory_version)
    check_recipients(channel, recipients, directory, version)
    named = feed_readers(batch, recipients=recipients)
    return Plan(tuple(sorted(held.union(named))), packet=packet)


def _plan_grant(ledger: Ledger, directory: Directory, batch: Batch, author: Certificate) -> Plan:
    rows = parse_grants(plain_payload(batch))
    channels: dict[bytes, Channel] = {}
    for row in rows:
        if row.channel not in channels:
            channels[row.channel] = _channel(ledger, row)
        held = _holders(ledger, (row.author, row.channel, row.kid))
        reads_now = {office.id for office in directory.readers_of(channels[row.channel])}
        if ReaderId(author.office_id) not in held or row.office not in reads_now:
            raise RefusedBatchError("not_authorised")
    return Plan(feed_readers(batch), grants=rows)


def _holders(ledger: Ledger, key: SenderKey) -> frozenset[ReaderId]:
    """Find who holds a key; one that nobody holds may be on its way again, after a restore."""
    held = ledger.readers_of_key(key)
    if not held:
        raise RefusedBatchError("channel_unknown")
    return held


def _channel(ledger: Ledger, row: GrantRow) -> Channel:
    descriptor = ledger.descriptor(row.channel)
    if descriptor is None:
        raise RefusedBatchError("channel_unknown")
    return parse_descriptor(descriptor)


def _plan_order(ledger: Ledger, batch: Batch, author: Certificate) -> Plan:
    """Judge who orders, and that the batch it names is the one that it describes.

    The readers of the batch get the order, and its author. An author's order may come before the
    packet of its key: then it waits for it, and is obeyed from the start.
    """
    order = parse_erase_order(plain_payload(batch))
    target = order.target
    key = (target.device, target.channel, batch.header.kid)
    if target.channel != batch.header.channel:
        raise MalformedMessageError(reason="erase_channel")
    is_own = author.device == target.device
    held = ledger.readers_of_key(key) if is_own else _holders(ledger, key)
    if not may_erase(author, target.device, held):
        raise RefusedBatchError("not_authorised")
    if place_of(ledger, target.hash) not in {None, (target, batch.header.kid)}:
        raise MalformedMessageError(reason="erase_target")
    readers = {*held, ReaderId(target.device)} if held else set()
    return Plan(tuple(sorted(readers)), order=order)
