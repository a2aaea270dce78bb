"""What a server signed of itself, and when it turned out to have lost something.

Laws:
  * The end of its log that a server signed never goes down, and the log's id does not change. Where
    they do, the server was restored or rolled back: that is named, and kept for the person to see.
  * A tick that falls back does so with words: the loss is shown for a week.
  * What the server lost and we still hold goes to it again: our batches by its heads of our
    streams, our office's receipts by themselves, pictures and sounds by asking what it holds.

Realises PROTOCOL 5.4 and 8.3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from fieldapp.protocol.ids import DeviceId, OfficeId
from fieldapp.protocol.message_parts import UNKNOWN_LOG, Welcome
from fieldapp.storage.vault import Transaction
from fieldapp.sync.branching import GAPS_KEY
from fieldapp.sync.folding import DAY_MS

RESTORED: Final = "server_restored"
ROLLED_BACK: Final = "server_rolled_back"
LOSSES: Final = frozenset({RESTORED, ROLLED_BACK})
SHOWN_MS: Final = 7 * DAY_MS
_END_KEY: Final = "server_end"
_LOSS_KEY: Final = "server_loss"
_END: Final = struct.Struct(">16sQ")
_LOSS: Final = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class SignedEnd:
    """The end of its log that a server signed last."""

    log_id: bytes = UNKNOWN_LOG
    position: int = 0

    def contradicted_by(self, welcome: Welcome) -> str | None:
        """Say what a welcome proves wrong about it, None when nothing does."""
        if self.log_id not in (UNKNOWN_LOG, welcome.log_id):
            return RESTORED
        return ROLLED_BACK if welcome.head_position < self.position else None


@dataclass(frozen=True, slots=True)
class Loss:
    """A server lost something."""

    code: str
    at_ms: int


def signed_end(tx: Transaction) -> SignedEnd:
    """Return the end that was signed last, of an unknown log before the first."""
    raw = tx.meta.get(_END_KEY)
    return SignedEnd() if raw is None else SignedEnd(*_END.unpack(raw))


def note_end(tx: Transaction, welcome: Welcome) -> None:
    """Remember the end that a welcome signed; one that contradicts waits for ``note_loss``."""
    known = signed_end(tx)
    found = SignedEnd(welcome.log_id, welcome.head_position)
    if found != known and known.contradicted_by(welcome) is None:
        tx.meta.set(_END_KEY, _END.pack(found.log_id, found.position))


def note_loss(
    tx: Transaction, code: str, now_ms: int, *, device: DeviceId, office: OfficeId | None
) -> None:
    """Remember that the server lost something, and send our office's receipts again.

    Args:
        tx: the transaction that rewinds the feed.
        code: how the loss is called.
        now_ms: the time.
        device: we, whose own streams our office gives no receipts to through us.
        office: the office that we write receipts for.
    """
    tx.meta.delete(_END_KEY)
    tx.meta.delete(GAPS_KEY)
    tx.meta.set(_LOSS_KEY, _LOSS.pack(now_ms) + code.encode())
    tx.media.send_again()
    if office is not None:
        tx.receipts.send_again(office, but_for=device)


def recent_loss(tx: Transaction, now_ms: int) -> Loss | None:
    """Return the last loss while it is to be shown."""
    raw = tx.meta.get(_LOSS_KEY)
    if raw is None:
        return None
    (at_ms,) = _LOSS.unpack_from(raw)
    loss = Loss(raw[_LOSS.size :].decode(), at_ms)
    return loss if abs(now_ms - at_ms) < SHOWN_MS else None
