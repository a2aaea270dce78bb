"""Who was invited and has not come yet.

Laws:
  * The directory says which invites count and which were used; nothing is remembered beside it.
  * What is over is shown for a week, so that whoever asks for a new invite is understood.
  * The hand-over of a desk is the root's, not an office's: ``Status.handover_pending`` tells of it.
"""

from __future__ import annotations

from typing import Final

from fieldapp.protocol.directory_state import Invite
from fieldapp.protocol.units import is_at_or_above
from fieldapp.services.office_views import InvitedRow
from fieldapp.services.workspace import Workspace

SHOWN_AFTER_MS: Final = 7 * 24 * 60 * 60 * 1000


def invited(work: Workspace) -> list[InvitedRow]:
    """The unused invites into offices of this desk at or below our own, the newest first."""
    own, now_ms = work.certificate(), work.now_ms()
    if own is None:
        return []
    with work.lock:
        found = [
            _row(work, invite, now_ms)
            for invite in work.directory.invites()
            if not invite.claims and invite.issuer is not None
            if invite.statement.desk == own.desk and is_at_or_above(own.unit, invite.unit)
            if invite.statement.expires_ms + SHOWN_AFTER_MS > now_ms
        ]
    return sorted(found, key=lambda row: row.expires_at_ms, reverse=True)


def _row(work: Workspace, invite: Invite, now_ms: int) -> InvitedRow:
    said = invite.statement
    return InvitedRow(
        invite_id=said.invite.hex(),
        unit=said.unit,
        unit_name=work.places.name(said.unit),
        role=said.role.value,
        desk=said.desk,
        expires_at_ms=said.expires_ms,
        is_over=said.expires_ms <= now_ms,
    )
