"""Batches that need nothing more: their entries were sealed again later in the same stream.

Laws:
  * A copied phone seals again what the server's chain left out. Whoever holds both counts the
    later batch; the earlier one stays kept, and the proof goes on showing a fork.
  * Only streams with a second generation are looked at: nobody else ever sealed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from fieldapp.protocol.batch import Batch, parse_batch
from fieldapp.protocol.ids import RecordId
from fieldapp.storage.rows import BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.folding import Opened
from fieldapp.sync.own_streams import RESEALED

_HELD: Final = frozenset({"received", "stored", "outbox", "forked"})

EntriesOf = Callable[[Transaction, Batch], Iterable[Opened]]


def end_forks(tx: Transaction, batch: Batch, entries_of: EntriesOf) -> None:
    """Mark whatever a batch seals again, or itself if a later one is here already."""
    beside = sorted(_beside(tx, batch, entries_of), key=lambda row: row.seq)
    changes = [_changes(tx, parse_batch(row.raw), entries_of) for row in beside]
    for at, row in enumerate(beside):
        again = (
            later
            for later, by in zip(changes[at + 1 :], beside[at + 1 :], strict=True)
            if by.state != "forked" and by.seq > row.seq
        )
        if row.reason != RESEALED and changes[at] and any(changes[at] <= one for one in again):
            tx.batches.mark(row.hash, row.state, RESEALED)


def _beside(tx: Transaction, batch: Batch, entries_of: EntriesOf) -> list[BatchRow]:
    """Return the batches of the same stream that are about the same records."""
    header = batch.header
    found: dict[bytes, BatchRow] = {}
    for record in {record for record, _ in _changes(tx, batch, entries_of)}:
        for batch_hash in tx.records.history(record):
            row = tx.batches.by_hash(batch_hash)
            if row is not None and (row.device, row.channel) == (header.device, header.channel):
                found[row.hash] = row
    return [row for row in found.values() if row.state in _HELD]


def _changes(
    tx: Transaction, batch: Batch, entries_of: EntriesOf
) -> frozenset[tuple[RecordId, int]]:
    """Name the entries of a batch of one author: by record and stamp."""
    return frozenset((one.entry.record, one.entry.stamp) for one in entries_of(tx, batch))
