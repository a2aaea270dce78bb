"""Our own streams: the next number, the outbox, and what the server still lacks.

Laws:
  * A batch gets its number, its place in the outbox and the new head in one transaction; nothing
    leaves the phone before that is on the disk.
  * A number is used once. Where the server knows a number that we do not (a phone restored from a
    copy), a new generation begins; no history is rewritten.
  * Our own batches are the server's backup: what its heads lack goes back into the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.protocol.limits import MAX_NUMBER
from fieldapp.storage.batches import NewBatch
from fieldapp.storage.rows import BatchRow
from fieldapp.storage.vault import Transaction

DIRECTORY: Final = 5
ERASURES: Final = 8
URGENT: Final = 10
KEYS: Final = 20
ORDINARY: Final = 50
"""Priorities of the outbox, the lowest first. What the others are judged by goes first, and an
order before the batch that it erases: whoever never had the body never gets it."""

RESEALED: Final = "resealed"
"""Why a forked batch of ours needs nothing more: its entries went out again."""
FLOOR_KEY: Final = "directory_floor"
_GENERATION_BITS: Final = 48


class Link(NamedTuple):
    """Where the next batch of a stream goes: its seq and the hash it follows."""

    seq: int
    prev: bytes


def next_link(tx: Transaction, device: DeviceId, channel: ChannelId) -> Link:
    """Return the place of the next batch in one of our streams."""
    head = tx.streams.head(device, channel)
    return Link(1, ZERO_HASH) if head is None else Link(head[0] + 1, head[1])


def append(tx: Transaction, batch: Batch, *, now_ms: int, priority: int = ORDINARY) -> None:
    """Put a sealed batch at the end of its stream and into the outbox."""
    header = batch.header
    tx.batches.add(NewBatch(batch, "outbox", now_ms, priority=priority))
    tx.streams.set(header.device, header.channel, header.seq, batch.hash)
    if header.directory_version > directory_floor(tx):
        tx.meta.set(FLOOR_KEY, header.directory_version.to_bytes(4, "big"))


def directory_floor(tx: Transaction) -> int:
    """Return the highest directory version that a batch of ours has named.

    It may not go down within a stream, not even while the directory is read anew.
    """
    return int.from_bytes(tx.meta.get(FLOOR_KEY) or b"", "big")


def heads_at_server(tx: Transaction, device: DeviceId) -> list[tuple[ChannelId, int, bytes]]:
    """Return the heads that the server has once it took everything in the outbox."""
    rows = tx.streams.all(device)
    return [(row.channel, row.seq, row.hash) for row in rows if row.seq & MAX_NUMBER]


class Difference(NamedTuple):
    """What comparing our streams with the server's heads brought to light."""

    resent: int
    branched: tuple[ChannelId, ...]


def reconcile(
    tx: Transaction, device: DeviceId, server: Mapping[ChannelId, tuple[int, bytes]]
) -> Difference:
    """Compare each of our streams with the server's head of it.

    Args:
        tx: the open transaction.
        device: we.
        server: the server's head (seq, hash) of each of our streams.

    Returns:
        How many batches go out again, and the channels where the server knows more than we do,
        each of which now stands at the beginning of a new generation.
    """
    resent = 0
    branched = branches(tx, device, server)
    ours = {row.channel for row in tx.streams.all(device)}
    for channel in sorted(ours | set(server)):
        seq, head_hash = server.get(channel, (0, ZERO_HASH))
        if channel in branched:
            _open_generation(tx, device, channel, beyond=seq)
        elif seq == 0 or tx.batches.by_hash(head_hash) is not None:
            resent += _send_again(tx, device, channel, after=seq)
    return Difference(resent, tuple(sorted(branched)))


def branches(
    tx: Transaction, device: DeviceId, server: Mapping[ChannelId, tuple[int, bytes]]
) -> frozenset[ChannelId]:
    """Return the channels where the server knows more of our stream than we do.

    Where we opened a later generation already, the server only has to catch up.
    """
    found = set()
    for channel, (seq, head_hash) in server.items():
        own = tx.streams.head(device, channel)
        generation = 0 if own is None else own[0] >> _GENERATION_BITS
        if generation <= seq >> _GENERATION_BITS and tx.batches.by_hash(head_hash) is None:
            found.add(channel)
    return frozenset(found)


def _send_again(tx: Transaction, device: DeviceId, channel: ChannelId, *, after: int) -> int:
    """Put what the server had and lost back into the outbox."""
    lost = [
        row_hash
        for seq, row_hash, state in tx.batches.sequence(device, channel)
        if seq > after and state == "stored"
    ]
    for row_hash in lost:
        tx.batches.mark(row_hash, "outbox")
    return len(lost)


def _open_generation(tx: Transaction, device: DeviceId, channel: ChannelId, *, beyond: int) -> None:
    """Continue after the last batch that both sides are known to have."""
    rows = tx.batches.sequence(device, channel)
    common = [(seq, row_hash) for seq, row_hash, state in rows if state == "stored"]
    seq, row_hash = max(common, default=(0, ZERO_HASH))
    newest = max([beyond, *(row[0] for row in rows)])
    generation = (newest >> _GENERATION_BITS) + 1
    tx.streams.set(device, channel, generation << _GENERATION_BITS | seq & MAX_NUMBER, row_hash)


def undelivered(tx: Transaction, device: DeviceId, channels: Iterable[ChannelId]) -> list[BatchRow]:
    """Return our sealed entries of some channels that no server acknowledged in their place."""
    wanted = set(channels)
    rows = [*tx.batches.in_state("outbox"), *tx.batches.in_state("forked")]
    return [
        row
        for row in rows
        if row.device == device
        and row.channel in wanted
        and row.kind == Kind.ENTRIES
        and row.reason != RESEALED
    ]
