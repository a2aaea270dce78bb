"""The working set of one write transaction: read in bulk, judged in memory, written in bulk.

Laws:
  * A position is given out once, in order, and only inside the writer's transaction.
  * Feed rows are written in the order in which they were asked for; each running hash covers
    the reader's whole feed before it.
  * A sender key counts in its own stream only: who reuses a foreign kid reaches nobody by it.
  * Nothing is visible to anybody before the transaction commits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from fieldapp.protocol.batch import (
    ZERO_ID,
    Batch,
    erased_form,
    parse_batch,
)
from fieldapp.protocol.hashing import ZERO_HASH, feed_hash
from fieldapp.protocol.ids import ChannelId, DeviceId, Kid, ReaderId
from sync_server.storage.database import Database
from sync_server.storage.streams import Beside, StreamHead, StreamKey, Streams, stream_of
from sync_server.storage.tables import (
    BATCHES,
    CHANNELS,
    COUNTER,
    ERASURES,
    FEED,
    KEY_READERS,
    MEDIA,
    READERS,
)

STORED: Final = "stored"
WAITING: Final = "waiting"
QUARANTINED: Final = "quarantined"
EARLY: Final = "early"
"""It names a later directory than this server has, and readers that it does not know yet."""

KEPT_ASIDE: Final = (QUARANTINED, EARLY)
"""What no reader gets, not even with its key, until the directory says otherwise."""

FLUSH_ROWS: Final = 4_096
"""Feed rows held in memory before they are written, so that a large grant stays small here."""

SenderKey = tuple[DeviceId, ChannelId, Kid]

# Statements of the busy path are built once: building one costs more than running it.
_COUNTER: Final = select(COUNTER)
_KNOWN: Final = select(
    BATCHES.c.hash, BATCHES.c.position, BATCHES.c.state, BATCHES.c.stored_ms
).where(BATCHES.c.hash.in_(bindparam("hashes", expanding=True)))
_ERASED: Final = select(ERASURES.c.hash).where(
    ERASURES.c.hash.in_(bindparam("hashes", expanding=True))
)
_KEY_READERS: Final = select(KEY_READERS).where(
    KEY_READERS.c.device.in_(bindparam("devices", expanding=True)),
    KEY_READERS.c.channel.in_(bindparam("channels", expanding=True)),
    KEY_READERS.c.kid.in_(bindparam("kids", expanding=True)),
)
_UNFED: Final = select(BATCHES.c.device, BATCHES.c.channel, BATCHES.c.kid).where(
    BATCHES.c.kid.in_(bindparam("kids", expanding=True)), BATCHES.c.state != STORED
)
_READERS: Final = select(READERS.c.reader, READERS.c.running).where(
    READERS.c.reader.in_(bindparam("readers", expanding=True))
)
_COUNT: Final = update(COUNTER).values(
    {name: bindparam(name) for name in ("position", "directory", "snapshot")}
)
_INSERT_BY_TABLE: Final = {table.name: insert(table) for table in (BATCHES, KEY_READERS, FEED)}


@dataclass(frozen=True, slots=True)
class Known:
    """A batch that the server has: where it stands and what became of it."""

    position: int
    state: str
    stored_ms: int


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A batch at its place in a feed."""

    position: int
    batch: int
    size: int
    hash: bytes


def sender_key_of(batch: Batch) -> SenderKey:
    """Name the sender key of a batch."""
    return batch.header.device, batch.header.channel, batch.header.kid


class Ledger:
    """What a write transaction has read and is about to write.

    Args:
        database: the database, for its dialect.
        connection: the open write transaction.
    """

    def __init__(self, database: Database, connection: Connection) -> None:
        self.connection = connection
        self._database = database
        self._counter = dict(connection.execute(_COUNTER).mappings().one())
        self._written = dict(self._counter)
        self._streams = Streams(database, connection)
        self._known: dict[bytes, Known] = {}
        self._erased: set[bytes] = set()
        self._key_readers: dict[SenderKey, set[ReaderId]] = {}
        self._unfed: set[SenderKey] = set()
        self._kids_read: set[Kid] = set()
        self._new_batches: list[dict[str, Any]] = []
        self._new_feed: list[tuple[ReaderId, FeedRow]] = []
        self._new_key_readers: list[dict[str, Any]] = []

    # ------------------------------------------------------------------ reading

    def read_ahead(self, batches: Sequence[Batch]) -> None:
        """Read what judging these batches will ask for, in a handful of queries."""
        if not batches:
            return
        hashes = [batch.hash for batch in batches]
        for row in self.connection.execute(_KNOWN, {"hashes": hashes}):
            self._known[row.hash] = Known(row.position, row.state, row.stored_ms)
        self._erased.update(self.connection.execute(_ERASED, {"hashes": hashes}).scalars())
        self._streams.read({stream_of(batch) for batch in batches})
        keys = {key for key in map(sender_key_of, batches) if key[2] != ZERO_ID}
        if keys:
            self._read_key_readers(keys)
            self._read_unfed({batch.header.kid for batch in batches if batch.key_packet()})

    @property
    def position(self) -> int:
        """The last position given out."""
        return int(self._counter["position"])

    @property
    def directory_position(self) -> int:
        """Where the last directory batch was handed out."""
        return int(self._counter["directory"])

    def known(self, batch_hash: bytes) -> Known | None:
        """Return what became of a batch that was read ahead or added here."""
        return self._known.get(batch_hash)

    def is_erased(self, batch_hash: bytes) -> bool:
        """Tell whether an order took the body of a batch that was read ahead."""
        return batch_hash in self._erased

    def stream(self, key: StreamKey) -> StreamHead | None:
        """Return the head of a stream that was read ahead, None for a new one."""
        return self._streams.head(key)

    def beside(self, batch: Batch) -> Beside:
        """Return what the stream holds around a batch that is not simply next."""
        self.flush()
        return self._streams.beside(batch)

    def readers_of_key(self, key: SenderKey) -> frozenset[ReaderId]:
        """Return who holds a sender key."""
        if key not in self._key_readers:
            self._read_key_readers({key})
        return frozenset(self._key_readers[key])

    def descriptor(self, channel: ChannelId) -> bytes | None:
        """Return what a packet said of a channel, None when none came yet."""
        query = select(CHANNELS.c.descriptor).where(CHANNELS.c.channel == channel)
        return self.connection.execute(query).scalar()

    def _read_key_readers(self, keys: Collection[SenderKey]) -> None:
        self._key_readers.update({key: set() for key in keys})
        wanted = {
            "devices": list({device for device, _, _ in keys}),
            "channels": list({channel for _, channel, _ in keys}),
            "kids": list({kid for _, _, kid in keys}),
        }
        for row in self.connection.execute(_KEY_READERS, wanted):
            found = self._key_readers.get((row.device, row.channel, row.kid))
            if found is not None:
                found.add(row.reader)

    def _has_unfed(self, key: SenderKey) -> bool:
        if key[2] not in self._kids_read:
            self._read_unfed({key[2]})
        return key in self._unfed

    def _read_unfed(self, kids: Collection[Kid]) -> None:
        if not kids:
            return
        self._kids_read.update(kids)
        rows = self.connection.execute(_UNFED, {"kids": list(kids)})
        self._unfed.update((row.device, row.channel, row.kid) for row in rows)

    # ------------------------------------------------------------------ writing

    def next_position(self) -> int:
        """Give out the next position."""
        self._counter["position"] += 1
        return self.position

    def skip_positions(self, count: int) -> None:
        """Leave positions out, so that none is given out twice."""
        self._counter["position"] += count

    def mark_directory(self, position: int) -> None:
        """Note where a directory batch was handed out."""
        self._counter["directory"] = position

    def mark_snapshot(self, position: int) -> None:
        """Note where the newest snapshot stands."""
        self._counter["snapshot"] = position

    def add(self, batch: Batch, known: Known, *, linked: bool) -> FeedRow:
        """Keep a batch, without its body if that was erased."""
        header = batch.header
        raw = erased_form(batch) if batch.hash in self._erased else batch.raw
        self._known[batch.hash] = known
        if known.state != STORED:
            self._unfed.add(sender_key_of(batch))
        self._new_batches.append(
            {
                "position": known.position,
                "hash": batch.hash,
                "device": header.device,
                "channel": header.channel,
                "seq": header.seq,
                "prev": header.prev,
                "kind": int(header.kind),
                "directory_version": header.directory_version,
                "kid": header.kid,
                "state": known.state,
                "placed": 0 if known.state in {WAITING, *KEPT_ASIDE} else known.position,
                "linked": linked,
                "stored_ms": known.stored_ms,
                "size": len(raw),
                "raw": raw,
            }
        )
        return FeedRow(known.position, known.position, len(raw), batch.hash)

    def settle(self, stored_at: int, state: str) -> int:
        """Place a batch that was kept aside; return its new position."""
        position = self.next_position()
        self.connection.execute(
            update(BATCHES)
            .where(BATCHES.c.position == stored_at)
            .values(state=state, placed=position)
        )
        return position

    def set_aside(self, stored_at: int) -> None:
        """Quarantine a batch that was kept as early; it stays where it is, and reaches nobody."""
        quarantine = update(BATCHES).where(BATCHES.c.position == stored_at)
        self.connection.execute(quarantine.values(state=QUARANTINED))

    def advance(self, batch: Batch, *, linked: bool) -> None:
        """Move the head of a stream over a batch that was just added, and over what it links."""
        if self._streams.advance(batch, linked=linked):
            self.flush()
            self._streams.link_loose(stream_of(batch), batch.hash)

    def feed(self, readers: Iterable[ReaderId], item: FeedRow) -> None:
        """Append a batch to the feed of each reader."""
        self._new_feed.extend((reader, item) for reader in readers)

    def describe_channel(self, channel: ChannelId, descriptor: bytes) -> None:
        """Note what a channel is; its number is the hash of this, so it never changes."""
        self.upsert(CHANNELS, {"channel": channel, "descriptor": descriptor})

    def erase(self, batch_hash: bytes, position: int) -> None:
        """Take the body of a batch away, now or when it comes."""
        self.flush()
        self._erased.add(batch_hash)
        self.upsert(ERASURES, {"hash": batch_hash, "position": position})
        self.connection.execute(update(MEDIA).where(MEDIA.c.batch == batch_hash).values(gone=True))
        mine = BATCHES.c.hash == batch_hash
        raw = self.connection.execute(select(BATCHES.c.raw).where(mine)).scalar()
        if raw is not None:
            short = erased_form(parse_batch(raw))
            self.connection.execute(update(BATCHES).where(mine).values(raw=short, size=len(short)))

    def share_key(self, key: SenderKey, readers: Iterable[ReaderId], *, but_for: int = 0) -> None:
        """Note new holders of a sender key and feed them every batch under it, erase orders too.

        What waited for its key is stored from now on; what is kept aside stays so.

        Args:
            key: the sender key.
            readers: who holds it; those known already change nothing.
            but_for: position of a batch that has been fed already.
        """
        held = self.readers_of_key(key)
        added = sorted(set(readers) - held)
        if not added:
            return
        self._key_readers[key].update(added)
        device, channel, kid = key
        self._new_key_readers.extend(
            {"device": device, "channel": channel, "kid": kid, "reader": reader} for reader in added
        )
        if held or self._has_unfed(key):
            self._feed_all_under(key, added, but_for)

    def upsert(self, table: Table, row: dict[str, Any]) -> None:
        """Write one row, over another one of the same key."""
        self._database.upsert(table, [row], self.connection)

    def flush(self) -> None:
        """Write everything asked for so far; the transaction stays open."""
        self._write(BATCHES, self._new_batches)
        self._write(KEY_READERS, self._new_key_readers)
        self._write_feed()
        self._streams.write()
        if self._counter != self._written:
            self.connection.execute(_COUNT, self._counter)
            self._written = dict(self._counter)

    def _feed_all_under(self, key: SenderKey, readers: Sequence[ReaderId], but_for: int) -> None:
        self.flush()
        device, channel, kid = key
        mine = (BATCHES.c.kid == kid, BATCHES.c.device == device, BATCHES.c.channel == channel)
        fields = select(BATCHES.c.position, BATCHES.c.size, BATCHES.c.hash)
        rows = self.connection.execute(
            fields.where(
                *mine, BATCHES.c.state.not_in(KEPT_ASIDE), BATCHES.c.position != but_for
            ).order_by(BATCHES.c.position)
        ).all()
        orders = self.connection.execute(
            fields.join(ERASURES, ERASURES.c.position == BATCHES.c.position).where(
                BATCHES.c.kid == kid, BATCHES.c.device != device, BATCHES.c.channel == channel
            )
        ).all()
        for row in (*rows, *orders):
            item = FeedRow(self.next_position(), row.position, row.size, row.hash)
            self.feed(readers, item)
            if len(self._new_feed) > FLUSH_ROWS:
                self.flush()
        self.connection.execute(
            update(BATCHES).where(*mine, BATCHES.c.state == WAITING).values(state=STORED)
        )

    def _write(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(_INSERT_BY_TABLE[table.name], rows)
            rows.clear()

    def _write_feed(self) -> None:
        if not self._new_feed:
            return
        readers = {reader for reader, _ in self._new_feed}
        found = self.connection.execute(_READERS, {"readers": list(readers)})
        running = {row.reader: row.running for row in found}
        rows = []
        for reader, item in self._new_feed:
            running[reader] = feed_hash(running.get(reader, ZERO_HASH), item.position, item.hash)
            rows.append(
                {
                    "reader": reader,
                    "position": item.position,
                    "batch": item.batch,
                    "size": item.size,
                    "running": running[reader],
                }
            )
        self._new_feed.clear()
        ends = {row["reader"]: row for row in rows}
        heads = [
            {"reader": reader, "position": row["position"], "running": row["running"]}
            for reader, row in sorted(ends.items())
        ]
        self._database.upsert(READERS, heads, self.connection)
        self._write(FEED, rows)
