"""The directory between syncs: its batches lie in the vault, the fold is made from them.

Laws:
  * The vault keeps batches and positions, never verdicts; loading folds them again.
  * A position holds in the log that gave it. When the server's log changed, every batch is
    unplaced until the new log places it.
"""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.crypto.signing import verify
from fieldapp.protocol.batch import Batch, Kind, parse_batch
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.directory_log import UNPLACED
from fieldapp.storage.batches import Batches, NewBatch
from fieldapp.storage.vault import Transaction


def keep_directory(
    tx: Transaction, items: Iterable[tuple[int | None, Batch]], *, now_ms: int
) -> None:
    """Keep directory batches that came by hand, as in an invite packet."""
    rows = [NewBatch(batch, "received", now_ms, position) for position, batch in items]
    tx.batches.add_many(rows)


def load_directory(batches: Batches, fingerprint: bytes | None) -> Directory:
    """Fold the directory from what the vault holds; no key is needed."""
    directory = Directory(fingerprint)
    rows = batches.of_kind(Kind.DIRECTORY)
    directory.apply_all(
        [(_placed(row.position), parse_batch(row.raw)) for row in rows if row.state != "refused"],
        verify,
    )
    return directory


def unplace_directory(tx: Transaction) -> None:
    """Forget every position: they belonged to another log."""
    for row in list(tx.batches.of_kind(Kind.DIRECTORY)):
        tx.batches.place(row.hash, UNPLACED)


def _placed(position: int | None) -> int | None:
    return None if position is None or position >= UNPLACED else position
