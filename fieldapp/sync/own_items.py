"""Our own batches in the feed: named by their hash, filled in from the vault.

Laws:
  * A server does not send a device its own work back: an item holds the hash of the batch alone
    where both sides agree on the heads of the device's streams.
  * The running hash goes over the same hash, so an item without its bytes hides nothing.
  * A hash that names no batch of ours is nothing that an honest server sends, unless we were
    restored from a copy: then everything is asked for in full, once.

Realises PROTOCOL 5.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldapp.errors import RemoteProtocolError
from fieldapp.protocol.ids import DeviceId
from fieldapp.protocol.message_parts import FeedItem
from fieldapp.storage.vault import Transaction


def filled_in(tx: Transaction, items: Sequence[FeedItem], device: DeviceId) -> tuple[FeedItem, ...]:
    """Put our batches in the place of their hashes.

    Raises:
        RemoteProtocolError: ``feed_withheld``, a hash names no batch of ours.
    """
    return tuple(_filled(tx, item, device) if item.is_bare else item for item in items)


def _filled(tx: Transaction, item: FeedItem, device: DeviceId) -> FeedItem:
    row = tx.batches.by_hash(item.batch)
    if row is None or row.device != device:
        raise RemoteProtocolError("feed_withheld", position=item.position)
    return replace(item, batch=row.raw)
