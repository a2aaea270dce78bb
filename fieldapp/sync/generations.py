"""A new generation: what to do when the server knows our stream better than we do (decision 9).

Laws:
  * A phone restored from a copy seals numbers a second time. The server keeps both; we go on in
    the next generation after the last batch that both sides are known to have.
  * What was sealed since then and is not in the server's chain is sealed again. Entries have
    ids, so that a reader who got both folds them once.
  * A restricted record is sealed again from its own copy while that is here; else its first
    seal stands as it is, forked but kept.
"""

from __future__ import annotations

from collections.abc import Collection

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.domain.entries import encode_entry
from fieldapp.domain.fold import from_json
from fieldapp.protocol.batch import parse_batch
from fieldapp.protocol.ids import ChannelId
from fieldapp.storage.rows import BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.acknowledged import channel_of_batch
from fieldapp.sync.device import Device
from fieldapp.sync.orders import is_erased
from fieldapp.sync.own_streams import RESEALED, undelivered


def reseal(tx: Transaction, device: Device, channels: Collection[ChannelId]) -> int:
    """Seal again what the server's chain of these channels lacks; return how many batches."""
    count = 0
    for row in undelivered(tx, device.keys.device, channels):
        channel, entries = channel_of_batch(tx, row), _entries(tx, row)
        if channel is None or not entries:
            continue
        device.sealer.seal_entries(tx, channel, entries, row.priority)
        tx.batches.mark(row.hash, "forked", RESEALED)
        count += 1
    return count


def _entries(tx: Transaction, row: BatchRow) -> list[bytes]:
    """Open one of our own batches, or find its one entry in the record that it made.

    What was erased is not sealed again.
    """
    if is_erased(row.raw):
        return []
    key = tx.sender_keys.get(row.kid)
    if key is not None:
        return open_batch(parse_batch(row.raw), Secret(key.key))
    for record in tx.record_keys.all():
        known = tx.records.get(record)
        if known is None or known.state is None or row.hash not in known.batches:
            continue
        only = from_json(known.state).only
        if only is not None:
            return [only.raw or encode_entry(only)]
    return []
