"""What the last sync found wrong with a server's answers, kept for the home screen.

Laws:
  * Codes only, and only such as the catalogues have words for; others are left to the report.
  * Each sync replaces them: a sync without an alarm ends those of the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fieldapp.errors import all_codes
from fieldapp.protocol.error_codes import error_codes
from fieldapp.storage.vault import Transaction
from fieldapp.sync.commands import SyncFailure

META_ALARMS: Final = "sync_alarms"
_KNOWN: Final = all_codes() | {row.name for row in error_codes()}


def keep_alarms(tx: Transaction, alarms: Iterable[SyncFailure]) -> None:
    """Replace the alarms of the sync before."""
    codes = sorted({alarm.code for alarm in alarms} & _KNOWN)
    raw = "\n".join(codes).encode()
    if raw != (tx.meta.get(META_ALARMS) or b""):
        tx.meta.set(META_ALARMS, raw)


def kept_alarms(tx: Transaction) -> list[str]:
    """Return the codes of the last sync's alarms."""
    return (tx.meta.get(META_ALARMS) or b"").decode().split()
