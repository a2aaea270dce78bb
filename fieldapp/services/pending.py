"""What waits to be published beside the outbox: the sealed packets of fresh invites.

Laws:
  * A packet is kept in the vault until the server took it; losing the link loses no invite.
  * What is kept is sealed already: the server's token and the packet, never the code's secret.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from fieldapp.storage.vault import Transaction

META_PENDING = "pending_invites"


@dataclass(frozen=True, slots=True)
class PendingInvite:
    """One packet for the server: its id, the token that fetches it, the sealed bytes."""

    invite: bytes
    token: bytes
    packet: bytes


def pending_invites(tx: Transaction) -> list[PendingInvite]:
    """Return the packets that the server does not have yet, oldest first."""
    rows = json.loads(tx.meta.get(META_PENDING) or b"[]")
    return [PendingInvite(*(base64.b64decode(part) for part in row)) for row in rows]


def add_pending_invite(tx: Transaction, invite: PendingInvite) -> None:
    """Keep a packet until the server took it."""
    _save(tx, [*pending_invites(tx), invite])


def drop_pending_invite(tx: Transaction, invite: PendingInvite) -> None:
    """Forget a packet that the server took."""
    _save(tx, [one for one in pending_invites(tx) if one.invite != invite.invite])


def _save(tx: Transaction, invites: list[PendingInvite]) -> None:
    rows = [
        [base64.b64encode(part).decode("ascii") for part in (one.invite, one.token, one.packet)]
        for one in invites
    ]
    tx.meta.set(META_PENDING, json.dumps(rows).encode())
