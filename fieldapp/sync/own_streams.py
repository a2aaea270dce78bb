"""Our own streams: the next number, the outbox, and the heads that follow from it.

Laws:
  * A batch gets its number, its place in the outbox and the new head in one transaction; nothing
    leaves the phone before that is on the disk.
  * A number is used once. What becomes of a phone that was copied is ``branching``'s to say.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from fieldapp.protocol.batch import Batch
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.protocol.limits import MAX_NUMBER
from fieldapp.storage.batches import NewBatch
from fieldapp.storage.vault import Transaction

DIRECTORY: Final = 5
ERASURES: Final = 8
URGENT: Final = 10
KEYS: Final = 20
ORDINARY: Final = 50
"""Priorities of the outbox, the lowest first. What the others are judged by goes first, and an
order before the batch that it erases: whoever never had the body never gets it."""

RESEALED: Final = "resealed"
"""Why a batch needs nobody's care: its entries were sealed again in a later one."""
FLOOR_KEY: Final = "directory_floor"


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
    raise_floor(tx, header.directory_version)


def raise_floor(tx: Transaction, version: int) -> None:
    """Note that a batch of ours names a directory version."""
    if version > directory_floor(tx):
        tx.meta.set(FLOOR_KEY, version.to_bytes(4, "big"))


def directory_floor(tx: Transaction) -> int:
    """Return the highest directory version that a batch of ours has named.

    It may not go down within a stream, not even while the directory is read anew.
    """
    return int.from_bytes(tx.meta.get(FLOOR_KEY) or b"", "big")


def heads_at_server(tx: Transaction, device: DeviceId) -> list[tuple[ChannelId, int, bytes]]:
    """Return the heads that the server has once it took everything in the outbox.

    Where a generation was opened and nothing is sealed in it yet, that is the batch it follows.
    """
    found = []
    for row in tx.streams.all(device):
        last = tx.batches.by_hash(row.hash) if row.seq > MAX_NUMBER else None
        seq = row.seq if last is None else last.seq
        if seq & MAX_NUMBER:
            found.append((row.channel, seq, row.hash))
    return found
