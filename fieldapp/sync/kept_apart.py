"""What a cut left outside: a device's batches that somebody may adopt.

Laws:
  * Sealed work is adopted by its hash, so that nothing which comes later is taken over unseen.
  * Statements of a cut-off administrator are never among it: each is adopted by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fieldapp.protocol.batch import Kind
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import DeviceId
from fieldapp.storage.vault import Transaction
from fieldapp.sync.judge import BEYOND_CUT, NO_RIGHT

WORK: Final = frozenset({Kind.ENTRIES, Kind.HEADS})


@dataclass(frozen=True, slots=True)
class KeptApart:
    """The hashes of a device's batches beyond its cuts, the oldest first.

    Attributes:
        work: sealed records.
        statements: what it said in the directory.
    """

    work: tuple[bytes, ...]
    statements: tuple[bytes, ...]


def kept_apart(tx: Transaction, directory: Directory, device: DeviceId) -> KeptApart:
    """Find what a device's revocation, or its last change of post, left outside."""
    rows = [
        row
        for row in tx.batches.in_state("quarantined")
        if row.device == device and Kind(row.kind) in WORK
    ]
    moved = len(directory.history(device)) > 1
    reasons = {BEYOND_CUT, NO_RIGHT} if moved else {BEYOND_CUT}
    work = [row for row in rows if row.reason in reasons]
    work.sort(key=lambda row: (row.channel, row.seq))
    return KeptApart(tuple(row.hash for row in work), directory.cut_off(device))
