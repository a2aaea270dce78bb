"""Single questions about what is kept, asked inside a write transaction.

Laws:
  * What was asked to be written before is seen: each question flushes the ledger first.
  * Only ``raw_at`` reads a body, one at a time: what is kept aside may be large, and is not ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, or_, select

from fieldapp.protocol.batch import Kind, StreamPoint
from fieldapp.protocol.ids import ChannelId, DeviceId, Kid
from sync_server.storage.ledger import KEPT_ASIDE, WAITING, Ledger
from sync_server.storage.tables import BATCHES

_PLACE: Final = select(BATCHES.c.device, BATCHES.c.channel, BATCHES.c.seq, BATCHES.c.kid).where(
    BATCHES.c.hash == bindparam("one")
)
_KEPT_ASIDE: Final = (
    select(
        BATCHES.c.position,
        BATCHES.c.device,
        BATCHES.c.channel,
        BATCHES.c.seq,
        BATCHES.c.hash,
        BATCHES.c.kind,
        BATCHES.c.state,
    )
    .where(
        BATCHES.c.state.in_((*KEPT_ASIDE, WAITING)),
        or_(BATCHES.c.state.in_(KEPT_ASIDE), BATCHES.c.kind == int(Kind.DIRECTORY)),
    )
    .order_by(BATCHES.c.position)
)
_FIRST_STORED: Final = select(func.min(BATCHES.c.stored_ms)).where(
    BATCHES.c.device == bindparam("one"), BATCHES.c.kind == int(Kind.DIRECTORY)
)


@dataclass(frozen=True, slots=True)
class KeptAside:
    """A batch that reached nobody yet, because of what the directory says or lacks."""

    position: int
    point: StreamPoint
    state: str
    is_directory: bool


def place_of(ledger: Ledger, batch_hash: bytes) -> tuple[StreamPoint, Kid] | None:
    """Return the place and the key of a batch that is kept, None when it is not."""
    ledger.flush()
    row = ledger.connection.execute(_PLACE, {"one": batch_hash}).first()
    if row is None:
        return None
    point = StreamPoint(DeviceId(row.device), ChannelId(row.channel), row.seq, batch_hash)
    return point, Kid(row.kid)


def first_stored_ms(ledger: Ledger, device: DeviceId) -> int | None:
    """Return when the first directory batch of a device came, None when none is here."""
    ledger.flush()
    return ledger.connection.execute(_FIRST_STORED, {"one": device}).scalar()


def kept_aside(ledger: Ledger) -> list[KeptAside]:
    """Return what the directory keeps from its readers, oldest first, without any body."""
    ledger.flush()
    return [
        KeptAside(
            row.position,
            StreamPoint(DeviceId(row.device), ChannelId(row.channel), row.seq, row.hash),
            row.state,
            is_directory=row.kind == Kind.DIRECTORY,
        )
        for row in ledger.connection.execute(_KEPT_ASIDE)
    ]


def raw_at(ledger: Ledger, position: int) -> bytes:
    """Return the bytes of the batch that was stored at a position."""
    query = select(BATCHES.c.raw).where(BATCHES.c.position == position)
    return bytes(ledger.connection.execute(query).scalar_one())


def bytes_of(ledger: Ledger, device: DeviceId, *states: str) -> int:
    """Return how much is kept of a device in these states."""
    ledger.flush()
    query = select(func.coalesce(func.sum(BATCHES.c.size), 0)).where(
        BATCHES.c.device == device, BATCHES.c.state.in_(states)
    )
    return int(ledger.connection.execute(query).scalar_one())
