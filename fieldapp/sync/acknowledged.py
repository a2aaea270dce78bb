"""What a receipt in the vault says of one batch.

Laws:
  * The server's receipt speaks for the one batch that it names.
  * An office's receipt speaks for what lies before it in the chain of the stream: not for a
    forked batch, and not for what a later generation left out.
  * A batch whose entries were sealed again is spoken for by the batch that followed it.
  * No office's receipt speaks for a batch that an order took: who came later passed over it
    unread. One of which only this device let go is spoken for as before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from fieldapp.protocol.batch import parse_batch, parse_header, split_seq
from fieldapp.protocol.channels import Channel, parse_descriptor
from fieldapp.protocol.checks import check_packet, is_within
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import ChannelId, DeviceId, OfficeId
from fieldapp.protocol.readership import judged_version
from fieldapp.protocol.receipts import Receipt
from fieldapp.storage.rows import SERVER, BatchRow, ReceiptRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.key_names import read_note
from fieldapp.sync.orders import is_taken
from fieldapp.sync.own_streams import RESEALED


def acknowledged_ms(tx: Transaction, batch: BatchRow, offices: Collection[OfficeId]) -> int | None:
    """Return when the first of these offices acknowledged a batch, None if none of them did."""
    times = [
        row.time_ms
        for row in tx.receipts.for_stream(batch.device, batch.channel)
        if row.office in offices and _speaks_for(tx, row, batch)
    ]
    return min(times, default=None)


def counting(batches: Iterable[BatchRow]) -> list[BatchRow]:
    """Leave out the batches that were erased, or whose entries were sealed again in others."""
    return [row for row in batches if row.reason != RESEALED and not is_taken(row)]


def standing_at(tx: Transaction, receipt: Receipt) -> BatchRow | None:
    """Return the batch that stands where a receipt says; a forked one stands nowhere."""
    rows = tx.batches.by_stream(receipt.device, receipt.channel, receipt.seq)
    return next((row for row in rows if row.state != "forked"), None)


def readers_of_batch(tx: Transaction, row: BatchRow, directory: Directory) -> frozenset[OfficeId]:
    """Return the offices that read a batch: those of its channel, now or when it was sealed."""
    channel = channel_of_batch(tx, row)
    if channel is None:
        return frozenset()
    version = judged_version(directory, row.device, parse_header(row.raw).directory_version)
    offices = (*directory.readers_of(channel), *directory.readers_of(channel, version))
    return frozenset(office.id for office in offices)


def channel_of_batch(tx: Transaction, row: BatchRow) -> Channel | None:
    """Find the channel by name: a batch tells its number only, its key's packet the name."""
    packet = check_packet(parse_batch(row.raw))
    if packet is not None:
        return parse_descriptor(packet.descriptor)
    key = tx.sender_keys.get(row.kid)
    note = None if key is None else read_note(key.recipients)
    return None if note is None else note.channel


def _speaks_for(tx: Transaction, receipt: ReceiptRow, batch: BatchRow) -> bool:
    if receipt.office == SERVER:
        return receipt.hash == batch.hash
    if batch.state == "forked" or is_taken(batch):
        return False
    return _is_within(tx, batch, receipt.seq)


def _is_within(tx: Transaction, batch: BatchRow, upto: int) -> bool:
    """Tell whether a stream read up to a place holds a batch: follow what each generation follows.

    Where that is not here, each generation leaves out what lies from its first number on.
    """
    generation, number = split_seq(upto)
    last, place = split_seq(batch.seq)
    firsts = {} if generation == last else _firsts(tx, batch.device, batch.channel)
    while generation > last:
        row = tx.batches.by_hash(firsts[generation][1]) if generation in firsts else None
        parent = None if row is None else tx.batches.by_hash(parse_header(row.raw).prev)
        if parent is None:
            starts = {known: split_seq(first[0])[1] for known, first in firsts.items()}
            return is_within(batch.seq, upto, starts)
        generation, number = split_seq(parent.seq)
    return generation == last and place <= number


def _firsts(tx: Transaction, device: DeviceId, channel: ChannelId) -> dict[int, tuple[int, bytes]]:
    """Return the place and the hash of the first batch of each generation of a stream."""
    firsts: dict[int, tuple[int, bytes]] = {}
    for seq, batch_hash, state in tx.batches.sequence(device, channel):
        if state != "forked":
            firsts.setdefault(split_seq(seq)[0], (seq, batch_hash))
    return firsts
