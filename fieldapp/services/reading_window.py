"""How long a vault that only a PIN protects shows what others wrote, without hearing of a server.

Laws:
  * It closes 30 days after the server last signed an answer, and opens with the next one. A phone
    that was lost and revoked thus stops showing its office's records, even where no revocation
    can reach it. One that never met a server received nothing, and has nothing to close.
  * It closes reading of received records only. Recording, sealing, the officer's own records,
    delivery and unlocking never depend on it.
  * It binds whoever uses the app. It does not bind somebody who copied the files: for that there
    are the cost of a guess and, where there is one, the platform's key store.
"""

from __future__ import annotations

from typing import Final

from fieldapp.errors import NoRightError
from fieldapp.protocol.ids import RecordId
from fieldapp.services.workspace import Workspace

WINDOW_DAYS: Final = 30
_DAY_MS: Final = 24 * 60 * 60 * 1000


def is_closed(work: Workspace) -> bool:
    """Tell whether received records are shut until the next sync."""
    if not work.is_pin_only:
        return False
    heard_ms = work.device.last_contact_ms
    return heard_ms > 0 and work.now_ms() - heard_ms > WINDOW_DAYS * _DAY_MS


def refuse_received(work: Workspace, record: RecordId) -> None:
    """Refuse to show or change what somebody else wrote while the window is closed.

    Raises:
        NoRightError: it is closed, and the record is not the officer's own.
    """
    card = work.index.get(record)
    if is_closed(work) and (card is None or not card.mine):
        raise NoRightError("reading_closed", days=WINDOW_DAYS)
