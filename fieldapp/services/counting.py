"""How many changes our own batches hold: counted once for each batch, and kept in the vault.

Laws:
  * A batch is opened for its count at most once; after a sync the counts are kept with the vault,
    so that the next unlocking opens only what was sealed since.
  * A count is a convenience: one that is lost or damaged is made again from the batches.
  * A batch whose key is gone counts as one change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.errors import CryptoError, ProtocolError
from fieldapp.protocol.batch import Kind, parse_batch
from fieldapp.storage.rows import BatchState
from fieldapp.storage.vault import Transaction

META_COUNTS: Final = "entry_counts"
_HASH_BYTES: Final = 8
_ROW_BYTES: Final = _HASH_BYTES + 1


class EntryCounts:
    """The counts of one vault's own batches.

    Args:
        kept: what ``save`` kept last time, or None.
    """

    def __init__(self, kept: bytes | None = None) -> None:
        raw = kept or b""
        rows = (raw[at : at + _ROW_BYTES] for at in range(0, len(raw), _ROW_BYTES))
        self._by_hash = {row[:-1]: row[-1] for row in rows if len(row) == _ROW_BYTES}
        self._is_kept = True

    def total(self, tx: Transaction, states: Iterable[BatchState]) -> int:
        """Add up the changes of all batches of records that are in some states."""
        hashes = tx.batches.hashes_in(states, Kind.ENTRIES)
        return sum(self._count(tx, header_hash) for header_hash in hashes)

    def save(self, tx: Transaction) -> None:
        """Keep what was counted since the last time."""
        if not self._is_kept:
            rows = (start + bytes([count]) for start, count in self._by_hash.items())
            tx.meta.set(META_COUNTS, b"".join(rows))
            self._is_kept = True

    def _count(self, tx: Transaction, header_hash: bytes) -> int:
        start = header_hash[:_HASH_BYTES]
        found = self._by_hash.get(start)
        if found is None:
            found = self._by_hash[start] = _opened_count(tx, header_hash)
            self._is_kept = False
        return found


def _opened_count(tx: Transaction, header_hash: bytes) -> int:
    """Open a batch for its number of entries."""
    row = tx.batches.by_hash(header_hash)
    key = None if row is None else tx.sender_keys.get(row.kid)
    if row is None or key is None:
        return 1
    try:
        return len(open_batch(parse_batch(row.raw), Secret(key.key)))
    except (CryptoError, ProtocolError):
        return 1
