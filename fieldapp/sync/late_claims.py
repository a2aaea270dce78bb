"""Claims that came after their invite had expired, as whoever hands out keys saw it.

Laws:
  * A claim's own date is its author's word. What counts is our best time when the claim is first
    due for a key, or when its batch came here.
  * A claim that was late once stays late until words were compared; it gets no key before.
  * Claims served before we were admitted were others' to judge.

Realises decision 14.
"""

from __future__ import annotations

from typing import Final

from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.directory_state import directory_channel
from fieldapp.storage.vault import Transaction

FIRST_SEQ: Final = 1


def is_late(
    tx: Transaction,
    directory: Directory,
    me: Certificate,
    member: Certificate,
    best_time_ms: int,
) -> bool:
    """Tell whether a member's claim came too late for a key without compared words.

    Args:
        tx: remembers who was late.
        directory: the invites and epochs.
        me: whoever hands out keys.
        member: the device that claimed.
        best_time_ms: the later of our clock and the last time that a server signed.
    """
    invite = None if member.invite is None else directory.invite(member.invite)
    if member.confirmed or invite is None:
        return False
    marker = f"late_claim:{member.device.hex()}"
    if tx.meta.get(marker) is not None:
        return True
    was_served = _was_served(directory, member)
    if was_served and member.joined <= me.joined:
        return False
    seen_ms = _came_ms(tx, member) if was_served else best_time_ms
    if seen_ms <= invite.statement.expires_ms:
        return False
    tx.meta.set(marker, b"")
    return True


def _was_served(directory: Directory, member: Certificate) -> bool:
    """Tell whether the office got a key since the device came, so that somebody judged it."""
    office = directory.office(member.unit, member.desk)
    return office is not None and office.epochs[-1].since >= member.joined


def _came_ms(tx: Transaction, member: Certificate) -> int:
    """Return when the claim's batch came into this vault, 0 when that is not known."""
    channel = directory_channel(member.unit)
    rows = tx.batches.by_stream(member.device, channel, FIRST_SEQ)
    return min((row.created_ms for row in rows), default=0)
