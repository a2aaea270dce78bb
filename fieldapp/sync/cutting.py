"""Where a revocation cuts: the last batch of each stream that we hold and count on.

Laws:
  * A cut names what is here and folded, so that every replica decides alike, without a clock.
  * A stream whose head was never reached is cut at its beginning; an admin may adopt what lies
    beyond. Streams that we cannot read are not named: they are cut where the statement stands.
"""

from __future__ import annotations

from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.ids import DeviceId
from fieldapp.storage.vault import Transaction


def cuts_of(tx: Transaction, device: DeviceId) -> tuple[Cut, ...]:
    """Return the cut of each stream of a device that is known here."""
    return tuple(Cut(row.channel, row.seq, row.hash) for row in tx.streams.all(device))
