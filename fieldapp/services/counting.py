"""What our own batches hold: how many changes, and of which records those that wait.

Laws:
  * A batch is opened at most once; after a sync the numbers are kept with the vault, so that the
    next unlocking opens only what was sealed since. Of which records a batch is, is known in
    memory alone, and only where it was asked.
  * A count is a convenience: one that is lost or damaged is made again from the batches.
  * A batch whose key is gone counts as one change, of no record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.domain.entries import decode_entry
from fieldapp.errors import CryptoError, FieldAppError, ProtocolError
from fieldapp.protocol.batch import Kind, parse_batch
from fieldapp.protocol.ids import RecordId
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
        self._records: dict[bytes, frozenset[RecordId]] = {}
        self._is_kept = True

    def total(self, tx: Transaction, states: Iterable[BatchState]) -> int:
        """Add up the changes of all batches of records that are in some states."""
        hashes = tx.batches.hashes_in(states, Kind.ENTRIES)
        return sum(self._count(tx, header_hash) for header_hash in hashes)

    def records(self, tx: Transaction, states: Iterable[BatchState]) -> frozenset[RecordId]:
        """Name the records that all batches in some states are about."""
        hashes = tx.batches.hashes_in(states, Kind.ENTRIES)
        return frozenset().union(*(self._about(tx, header_hash) for header_hash in hashes))

    def save(self, tx: Transaction) -> None:
        """Keep what was counted since the last time."""
        if not self._is_kept:
            rows = (start + bytes([count]) for start, count in self._by_hash.items())
            tx.meta.set(META_COUNTS, b"".join(rows))
            self._is_kept = True

    def _count(self, tx: Transaction, header_hash: bytes) -> int:
        start = header_hash[:_HASH_BYTES]
        if start not in self._by_hash:
            self._open(tx, header_hash)
        return self._by_hash[start]

    def _about(self, tx: Transaction, header_hash: bytes) -> frozenset[RecordId]:
        start = header_hash[:_HASH_BYTES]
        if start not in self._records:
            self._open(tx, header_hash)
        return self._records[start]

    def _open(self, tx: Transaction, header_hash: bytes) -> None:
        """Open a batch for its number of entries and their records."""
        start = header_hash[:_HASH_BYTES]
        raws = _opened(tx, header_hash)
        self._records[start] = frozenset(_records_of(raws))
        if start not in self._by_hash:
            self._by_hash[start] = max(1, len(raws))
            self._is_kept = False


def _opened(tx: Transaction, header_hash: bytes) -> list[bytes]:
    """Open a batch; nothing where its key or its body is gone."""
    row = tx.batches.by_hash(header_hash)
    key = None if row is None else tx.sender_keys.get(row.kid)
    if row is None or key is None:
        return []
    try:
        return open_batch(parse_batch(row.raw), Secret(key.key))
    except (CryptoError, ProtocolError):
        return []


def _records_of(raws: Iterable[bytes]) -> Iterable[RecordId]:
    for raw in raws:
        try:
            yield decode_entry(raw).record
        except FieldAppError:
            continue
