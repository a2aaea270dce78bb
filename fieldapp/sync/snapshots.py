"""Snapshots of the directory: taken from answers, published by headquarters.

Laws:
  * A snapshot that goes back, or that proves another history than ours, is an alarm with a name;
    it stops nothing. Its expiry is a displayed age.
  * Whoever holds the directory key publishes one when the directory grew, at most once a day.

Realises PROTOCOL 8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fieldapp.crypto.keys import SigningKey
from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError, PermanentSyncError, ProtocolError
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.snapshot import (
    Snapshot,
    check_head,
    check_snapshot,
    make_snapshot,
    parse_proof,
    parse_snapshot,
)
from fieldapp.storage.vault import Transaction
from fieldapp.sync.folding import DAY_MS

SNAPSHOT_KEY: Final = "snapshot"
OUTGOING_KEY: Final = "snapshot_outgoing"
LIFETIME_MS: Final = 30 * DAY_MS
ROLLED_BACK: Final = "directory_rolled_back"
WITHHELD: Final = "directory_withheld"


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Takes snapshots for one device, and makes them where the directory key is.

    Attributes:
        signer: the directory key; None everywhere but at headquarters.
    """

    directory: Directory
    now_ms: Callable[[], int]
    signer: SigningKey | None = None

    def take(self, tx: Transaction, raw: bytes) -> str | None:
        """Hold a snapshot with its proofs against what we know; return the alarm, if any."""
        known = _read(tx)
        try:
            proof = parse_proof(raw)
            check_snapshot(proof.snapshot, known, self.directory.directory_key or b"", verify)
        except PermanentSyncError:
            return ROLLED_BACK
        except (BadSignatureError, ProtocolError):
            return WITHHELD
        try:
            for head in proof.proofs:
                check_head(head, proof.snapshot, self.directory.heads)
        except (PermanentSyncError, ProtocolError):
            return WITHHELD
        tx.meta.set(SNAPSHOT_KEY, proof.snapshot.to_bytes())
        return None

    def publish(self, tx: Transaction) -> None:
        """Make the next snapshot when the directory grew since the last one."""
        known = _read(tx)
        now_ms, position = self.now_ms(), self.directory.version
        if self.signer is None or position == 0:
            return
        if known is not None and (
            known.position >= position or abs(now_ms - known.created_ms) < DAY_MS
        ):
            return
        made = make_snapshot(
            self.directory.heads,
            version=1 if known is None else known.version + 1,
            position=position,
            created_ms=now_ms,
            expires_ms=now_ms + LIFETIME_MS,
        )
        signed = made.signed(self.signer.sign(made.signing_bytes()))
        tx.meta.set(SNAPSHOT_KEY, signed.to_bytes())
        tx.meta.set(OUTGOING_KEY, signed.to_bytes())

    def age_days(self, tx: Transaction) -> int | None:
        """Return how old the newest snapshot is, for display; None before the first."""
        known = _read(tx)
        return None if known is None else known.age_days(self.now_ms())


def _read(tx: Transaction) -> Snapshot | None:
    raw = tx.meta.get(SNAPSHOT_KEY)
    return None if raw is None else parse_snapshot(raw)
