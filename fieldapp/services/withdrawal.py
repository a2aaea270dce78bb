"""Withdrawing a phone: what was revoked delivers what it holds, and then gives up its key.

Laws:
  * The order is the revocation itself, as it counts in this device's own directory. What a
    server says without it destroys nothing, nor does it while an answer of the server was wrong.
  * Nothing is given up before the server signed for everything that waited here.
  * The note that stays says how many changes were delivered, and nothing else. It is written
    first: a crash leaves a whole vault, and the next sync goes on, or a vault without its key.

Realises decision 10.
"""

from __future__ import annotations

from typing import Final

from fieldapp.protocol.certificates import State
from fieldapp.services.workspace import Workspace
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import write_whole
from fieldapp.storage.home import Home
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.report import SyncReport

REVOKED_FAILURE: Final = SyncFailure("device_revoked")
_WRONG_ANSWERS: Final = ("feed_", "server_")
"""How the codes begin of what an answer of the server proved wrong."""
_MAX_DIGITS: Final = 12


def is_due(work: Workspace, report: SyncReport) -> bool:
    """Tell whether a sync showed that this vault is to be given up, and nothing waits in it."""
    told = report.error is not None and report.error.code == REVOKED_FAILURE.code
    is_doubtful = any(alarm.code.startswith(_WRONG_ANSWERS) for alarm in report.alarms)
    cert = work.certificate()
    if not told or is_doubtful or cert is None or cert.state is not State.REVOKED:
        return False
    with work.vault.reading() as tx:
        return "outbox" not in tx.batches.counts()


def keep_note(home: Home, delivered: int) -> None:
    """Write down how many changes were delivered.

    Raises:
        StorageError: the disk refused.
    """
    with disk_errors():
        write_whole(home.withdrawn, str(delivered).encode("ascii"))


def read_note(home: Home) -> int | None:
    """Read how many changes were delivered; None where no phone was withdrawn."""
    try:
        raw = home.withdrawn.read_bytes()[:_MAX_DIGITS]
    except OSError:
        return None
    return int(raw) if raw.isdigit() else 0


def drop_note(home: Home) -> None:
    """Take the note away: somebody enrolled anew.

    Raises:
        StorageError: the disk refused.
    """
    with disk_errors():
        home.withdrawn.unlink(missing_ok=True)
