"""What waits for somebody: receipts for authors, invite packets, snapshots of the directory.

Laws:
  * Of an office's receipts for a stream the newest is kept; it takes a position, so that a cursor
    acknowledges it as it does a feed.
  * An invite packet lies behind the hash of its upload token; the token itself is never kept.
  * A packet is served until its time is over, and then removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from fieldapp.protocol.ids import InviteId
from fieldapp.protocol.receipts import Receipt
from sync_server.storage.ledger import Ledger
from sync_server.storage.tables import INVITES, LARGEST, META, RECEIPTS, SNAPSHOTS

_META: Final = select(META.c.value).where(META.c.name == bindparam("one"))


@dataclass(frozen=True, slots=True)
class Invite:
    """A sealed packet and who may have it."""

    token_hash: bytes
    expires_ms: int
    packet: bytes


def put_receipt(ledger: Ledger, receipt: Receipt) -> bool:
    """Queue an office's receipt for the author of the stream.

    Returns:
        Whether it says more than what was queued before.
    """
    where = (
        RECEIPTS.c.office == receipt.office,
        RECEIPTS.c.device == receipt.device,
        RECEIPTS.c.channel == receipt.channel,
    )
    before = ledger.connection.execute(select(RECEIPTS.c.seq).where(*where)).scalar()
    if before is not None and before >= receipt.seq:
        return False
    row = {
        "office": receipt.office,
        "device": receipt.device,
        "channel": receipt.channel,
        "seq": receipt.seq,
        "position": ledger.next_position(),
        "raw": receipt.to_bytes(),
    }
    ledger.upsert(RECEIPTS, row)
    return True


def write_invite(connection: Connection, invite_id: InviteId, invite: Invite) -> None:
    """Keep a packet in place of an earlier one."""
    connection.execute(delete(INVITES).where(INVITES.c.id == invite_id))
    connection.execute(
        insert(INVITES),
        {
            "id": invite_id,
            "token_hash": invite.token_hash,
            "expires_ms": min(invite.expires_ms, LARGEST),
            "packet": invite.packet,
        },
    )


def read_invite(connection: Connection, invite_id: InviteId) -> Invite | None:
    """Return a packet, whether its time is over or not."""
    row = connection.execute(select(INVITES).where(INVITES.c.id == invite_id)).first()
    return Invite(row.token_hash, row.expires_ms, row.packet) if row is not None else None


def drop_expired_invites(connection: Connection, now_ms: int) -> int:
    """Remove the packets whose time is over, and tell how many there were."""
    return connection.execute(delete(INVITES).where(INVITES.c.expires_ms <= now_ms)).rowcount


def latest_snapshot(connection: Connection) -> bytes:
    """Return the newest snapshot of the directory, empty when there is none."""
    query = select(SNAPSHOTS.c.raw).order_by(SNAPSHOTS.c.position.desc()).limit(1)
    return connection.execute(query).scalar() or b""


def put_snapshot(ledger: Ledger, raw: bytes) -> None:
    """Keep a snapshot; earlier ones are of no use to anybody."""
    position = ledger.next_position()
    ledger.mark_snapshot(position)
    ledger.connection.execute(delete(SNAPSHOTS))
    ledger.connection.execute(insert(SNAPSHOTS), {"position": position, "raw": raw})


def meta_value(connection: Connection, name: str) -> bytes:
    """Return a single value, empty when it is not set."""
    return connection.execute(_META, {"one": name}).scalar() or b""
