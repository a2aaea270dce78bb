"""Reading the feed anew, for batches of which something else than their own bytes came.

Laws:
  * What the feed named stays named: a body that a server or a wire spoilt is missed, never taken
    for another, and asked for again. The feed is the only way to ask.
  * It is read anew a day after the damage was seen, then after two days, four, and so on up to
    64: what stays spoilt costs a phone less and less.
  * What waits for an update of this app is not spoilt.
"""

from __future__ import annotations

import struct
from typing import Final

from fieldapp.storage.vault import Transaction
from fieldapp.sync.folding import DAY_MS
from fieldapp.sync.judge import WAITING_FOR_UPDATE

REREAD_KEY: Final = "feed_read_anew"
MOST_DOUBLINGS: Final = 6
_TRIES: Final = struct.Struct(">IQ")


def is_reread_due(tx: Transaction, now_ms: int) -> bool:
    """Tell whether the feed is to be read anew, and note that it will be.

    Args:
        tx: a transaction at the end of a sync.
        now_ms: this device's time.
    """
    if not tx.quarantine.has_spoilt(apart_from=WAITING_FOR_UPDATE):
        tx.meta.delete(REREAD_KEY)
        return False
    known = tx.meta.get(REREAD_KEY)
    tries, last_ms = (0, now_ms) if known is None else _TRIES.unpack(known)
    is_due: bool = abs(now_ms - last_ms) >= DAY_MS << min(tries, MOST_DOUBLINGS)
    if is_due or known is None:
        tx.meta.set(REREAD_KEY, _TRIES.pack(tries + is_due, max(0, now_ms)))
    return is_due
