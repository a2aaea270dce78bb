"""What waits for the server beside the outbox: packets of fresh invites, and a claim.

Laws:
  * A claim is forgotten only when the server confirmed it; it is made again with the same root.
  * A packet is kept in the vault until the server took it; losing the link loses no invite.
  * What is kept is sealed already: the server's token and the packet, never the code's secret.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import DeviceId
from fieldapp.protocol.units import REPUBLIC
from fieldapp.storage.vault import Transaction, Vault

META_PENDING = "pending_invites"
META_CLAIM = "pending_claim"


@dataclass(frozen=True, slots=True)
class PendingClaim:
    """A server that was asked to be ours: the token, and the root to plant there."""

    token: bytes
    root: bytes


def keep_claim(tx: Transaction, token: bytes) -> None:
    """Remember that the server is being claimed."""
    tx.meta.set(META_CLAIM, token)


def pending_claim(tx: Transaction, device: DeviceId) -> PendingClaim | None:
    """Return the claim that nobody confirmed yet; its root is the first of our statements."""
    token = tx.meta.get(META_CLAIM)
    if token is None:
        return None
    root, *_ = tx.batches.by_stream(device, Channel(REPUBLIC, ChannelClass.DIRECTORY).id, 1)
    return PendingClaim(token, root.raw)


def settle_claim(vault: Vault) -> None:
    """Forget the claim: the server confirmed it."""
    with vault.transaction() as tx:
        tx.meta.delete(META_CLAIM)


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
