"""Which chunk is held under which batch, and who may have it: rows, never bytes.

Laws:
  * A chunk is named by batches that are here and that no order erased.
  * Erasing a batch marks its rows in the ledger's transaction; the files go after the commit.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, select

from fieldapp.protocol.ids import DeviceId, ReaderId
from sync_server.storage.ledger import KEPT_ASIDE, Ledger
from sync_server.storage.tables import BATCHES, ERASURES, KEY_READERS, MEDIA


def is_named_by(connection: Connection, batch: bytes, device: DeviceId) -> bool:
    """Tell whether a batch is this device's, is handed out, and was not erased."""
    erased = select(ERASURES.c.hash).where(ERASURES.c.hash == batch).exists()
    query = select(BATCHES.c.hash).where(
        BATCHES.c.hash == batch,
        BATCHES.c.device == device,
        BATCHES.c.state.not_in(KEPT_ASIDE),
        ~erased,
    )
    return connection.execute(query).first() is not None


def stored_at(connection: Connection, chunk: bytes, batch: bytes) -> int | None:
    """Return when a chunk was stored under a batch, None when it was not."""
    query = select(MEDIA.c.stored_ms).where(
        MEDIA.c.chunk == chunk, MEDIA.c.batch == batch, ~MEDIA.c.gone
    )
    return connection.execute(query).scalar()


def may_read(
    connection: Connection, chunk: bytes, device: DeviceId, readers: Collection[ReaderId]
) -> bool:
    """Tell whether a device wrote, or follows a reader of, a batch that names a chunk."""
    keys = (KEY_READERS.c.device, KEY_READERS.c.channel, KEY_READERS.c.kid)
    mine = (BATCHES.c.device, BATCHES.c.channel, BATCHES.c.kid)
    followed = (
        select(KEY_READERS.c.reader)
        .where(
            *(key == own for key, own in zip(keys, mine, strict=True)),
            KEY_READERS.c.reader.in_(list(readers)),
        )
        .exists()
    )
    query = (
        select(MEDIA.c.chunk)
        .join(BATCHES, BATCHES.c.hash == MEDIA.c.batch)
        .where(MEDIA.c.chunk == chunk, ~MEDIA.c.gone)
        .where((BATCHES.c.device == device) | followed)
    )
    return connection.execute(query).first() is not None


def media_bytes(connection: Connection) -> tuple[int, int]:
    """Return how many chunks are held and how large they are together."""
    whole = select(MEDIA.c.chunk, func.max(MEDIA.c.size).label("size")).group_by(MEDIA.c.chunk)
    found = whole.subquery()
    query = select(func.count(), func.coalesce(func.sum(found.c.size), 0)).select_from(found)
    count, size = connection.execute(query).one()
    return int(count), int(size)


def note_chunk(ledger: Ledger, *, chunk: bytes, batch: bytes, size: int, stored_ms: int) -> int:
    """Note a whole chunk under a batch; return when it was first stored there."""
    known = stored_at(ledger.connection, chunk, batch)
    if known is not None:
        return known
    row = {"chunk": chunk, "batch": batch, "size": size, "stored_ms": stored_ms, "gone": False}
    ledger.upsert(MEDIA, row)
    return stored_ms


def gone_chunks(connection: Connection) -> list[bytes]:
    """Return the chunks that an erased batch named."""
    return [
        bytes(row)
        for row in connection.execute(select(MEDIA.c.chunk).where(MEDIA.c.gone)).scalars()
    ]


def forget_gone(ledger: Ledger, chunk: bytes) -> bool:
    """Drop the marked rows of a chunk; tell whether no other batch names it."""
    ledger.connection.execute(delete(MEDIA).where(MEDIA.c.chunk == chunk, MEDIA.c.gone))
    left = select(func.count()).select_from(MEDIA).where(MEDIA.c.chunk == chunk)
    return not ledger.connection.execute(left).scalar_one()
