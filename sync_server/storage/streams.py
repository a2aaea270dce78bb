"""The streams of a write transaction: heads, and what lies around a batch.

Laws:
  * The head of a stream is the last batch in unbroken order from number 1. A batch beyond a gap
    is kept and fed, and the head passes over it once the gap is filled.
  * A forked batch is never part of the order.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from operator import attrgetter
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from fieldapp.protocol.batch import Batch
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId
from sync_server.storage.database import Database
from sync_server.storage.tables import BATCHES, STREAMS

FORKED: Final = "forked"

StreamKey = tuple[DeviceId, ChannelId]


@dataclass(frozen=True, slots=True)
class StreamHead:
    """The last batch of a stream in unbroken order; loose when some batch lies beyond a gap."""

    seq: int
    hash: bytes
    directory_version: int
    loose: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A batch near another one in its stream."""

    hash: bytes
    seq: int
    prev: bytes
    directory_version: int
    linked: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What a stream holds around a batch: named by its ``prev``, and by seq."""

    previous: Neighbour | None
    before: Neighbour | None
    same: Neighbour | None
    after: Neighbour | None


_NEIGHBOUR = (
    BATCHES.c.hash,
    BATCHES.c.seq,
    BATCHES.c.prev,
    BATCHES.c.directory_version,
    BATCHES.c.linked,
)

_STREAMS: Final = select(STREAMS).where(
    STREAMS.c.device.in_(bindparam("devices", expanding=True)),
    STREAMS.c.channel.in_(bindparam("channels", expanding=True)),
)


def stream_of(batch: Batch) -> StreamKey:
    """Name the stream of a batch."""
    return batch.header.device, batch.header.channel


class Streams:
    """The heads that a transaction has read and moves.

    Args:
        database: the database, for its dialect.
        connection: the open write transaction.
    """

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._heads: dict[StreamKey, StreamHead] = {}
        self._changed: set[StreamKey] = set()

    def read(self, keys: Collection[StreamKey]) -> None:
        """Read the heads of some streams."""
        wanted = {
            "devices": list({device for device, _ in keys}),
            "channels": list({channel for _, channel in keys}),
        }
        for row in self._connection.execute(_STREAMS, wanted):
            self._heads[row.device, row.channel] = StreamHead(
                row.seq, row.hash, row.directory_version, row.loose
            )

    def head(self, key: StreamKey) -> StreamHead | None:
        """Return the head of a stream that was read, None for a new stream."""
        return self._heads.get(key)

    def beside(self, batch: Batch) -> Beside:
        """Return what is written around a batch; for the rare one that is not simply next."""
        header = batch.header
        query = select(*_NEIGHBOUR).where(
            BATCHES.c.device == header.device,
            BATCHES.c.channel == header.channel,
            BATCHES.c.state != FORKED,
        )
        seqs = [seq for seq in (header.seq - 1, header.seq, header.seq + 1) if seq < 1 << 64]
        rows = self._connection.execute(query.where(BATCHES.c.seq.in_(seqs)))
        near = {row.seq: Neighbour(*row) for row in rows}
        found = self._connection.execute(query.where(BATCHES.c.hash == header.prev)).first()
        return Beside(
            previous=Neighbour(*found) if found is not None else None,
            before=near.get(header.seq - 1),
            same=near.get(header.seq),
            after=near.get(header.seq + 1),
        )

    def advance(self, batch: Batch, *, linked: bool) -> bool:
        """Move a head over a batch; tell whether ``link_loose`` has to look beyond it."""
        key, header = stream_of(batch), batch.header
        head = self._heads.get(key) or StreamHead(0, ZERO_HASH, 0, loose=False)
        if not linked:
            head = replace(head, loose=True)
        elif header.seq > head.seq:
            head = StreamHead(header.seq, batch.hash, header.directory_version, head.loose)
        self._heads[key] = head
        self._changed.add(key)
        return linked and head.loose

    def link_loose(self, key: StreamKey, linked_hash: bytes) -> None:
        """Link what lay beyond a gap, as far as it now follows in unbroken order.

        Args:
            key: the stream.
            linked_hash: a written batch that was just linked.
        """
        rows = self._connection.execute(
            select(*_NEIGHBOUR).where(
                BATCHES.c.device == key[0],
                BATCHES.c.channel == key[1],
                BATCHES.c.linked.is_(False),
                BATCHES.c.state != FORKED,
            )
        )
        loose_by_prev: dict[bytes, list[Neighbour]] = {}
        for row in rows:
            loose_by_prev.setdefault(row.prev, []).append(Neighbour(*row))
        reached = loose_by_prev.pop(linked_hash, [])
        for found in reached:
            reached.extend(loose_by_prev.pop(found.hash, []))
        head = self._heads[key]
        newest = max(reached, key=attrgetter("seq"), default=None)
        if newest is not None and newest.seq > head.seq:
            head = StreamHead(newest.seq, newest.hash, newest.directory_version, loose=True)
        self._heads[key] = replace(head, loose=bool(loose_by_prev))
        self._changed.add(key)
        self._connection.execute(
            update(BATCHES)
            .where(BATCHES.c.hash.in_([row.hash for row in reached]))
            .values(linked=True)
        )

    def write(self) -> None:
        """Write the heads that moved."""
        rows = [
            {"device": key[0], "channel": key[1], **asdict(self._heads[key])}
            for key in sorted(self._changed)
        ]
        self._database.upsert(STREAMS, rows, self._connection)
        self._changed.clear()
