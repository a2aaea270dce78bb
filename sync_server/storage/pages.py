"""What readers ask for: ranges of feeds, heads and queues.

Laws:
  * A page is a short range scan per reader, read as far as it is needed; its cost does not grow
    with what lies before or after.
  * Everything here runs inside one read transaction: one moment of the database.
  * A page ends at a position, and never between two items of one position. All that a device may
    see up to there is in this page or an earlier one, so the cursor may move to it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, select

from fieldapp.protocol.batch import HEADER_BYTES, Kind
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId, ReaderId
from sync_server.storage.queues import meta_value
from sync_server.storage.schema import LOG_ID
from sync_server.storage.tables import BATCHES, COUNTER, FEED, READERS, RECEIPTS, SNAPSHOTS, STREAMS

SCAN_ROWS: Final = 64
"""Most feed rows fetched for one reader at a time; never many more than a page holds."""

DIRECTORY_CHUNK: Final = 256
NOBODY: Final = b""
"""The id of no device."""

ITEM_OVERHEAD_BYTES: Final = 45
"""What an item costs on the wire beside its batch."""

SMALLEST_ITEM_BYTES: Final = ITEM_OVERHEAD_BYTES + HEADER_BYTES


# Statements of the busy path are built once: building one costs more than running it.
_COUNTER: Final = select(COUNTER)
_HEADS: Final = select(STREAMS.c.channel, STREAMS.c.seq, STREAMS.c.hash).where(
    STREAMS.c.device == bindparam("asking"), STREAMS.c.hash != ZERO_HASH
)
_READERS: Final = select(READERS).where(READERS.c.reader.in_(bindparam("readers", expanding=True)))
_RUNNING: Final = (
    select(FEED.c.running)
    .where(FEED.c.reader == bindparam("one"), FEED.c.position <= bindparam("at"))
    .order_by(FEED.c.position.desc())
    .limit(1)
)
_PAST: Final = (
    select(FEED.c.position, FEED.c.running)
    .where(FEED.c.reader == bindparam("one"), FEED.c.position <= bindparam("at"))
    .order_by(FEED.c.position.desc())
    .limit(bindparam("most"))
)
_SCAN: Final = (
    select(FEED.c.position, FEED.c.reader, FEED.c.batch, FEED.c.size, FEED.c.running)
    .where(FEED.c.reader == bindparam("one"), FEED.c.position > bindparam("after"))
    .order_by(FEED.c.position)
    .limit(bindparam("most"))
)
_HELD: Final = and_(BATCHES.c.device == bindparam("holder"), BATCHES.c.linked)
_RAW: Final = select(
    BATCHES.c.position, case((_HELD, BATCHES.c.hash), else_=BATCHES.c.raw).label("raw")
).where(BATCHES.c.position.in_(bindparam("positions", expanding=True)))
_RECEIPTS: Final = (
    select(RECEIPTS.c.raw)
    .where(
        RECEIPTS.c.device == bindparam("asking"),
        RECEIPTS.c.position > bindparam("after"),
        RECEIPTS.c.position <= bindparam("end"),
    )
    .order_by(RECEIPTS.c.position)
)


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a feed with its batch, or with the hash of a batch that the asker holds."""

    position: int
    reader: ReaderId
    previous: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What lies between two positions for one device.

    Attributes:
        end: the position up to which nothing is missing.
        running: each reader's running hash at the end.
        more: whether something lies beyond the end already.
    """

    items: tuple[Item, ...]
    receipts: tuple[bytes, ...]
    snapshot: bytes
    end: int
    running: Mapping[ReaderId, bytes]
    more: bool


class _Row(NamedTuple):
    position: int
    reader: ReaderId
    batch: int
    size: int
    running: bytes


def directory_batches(connection: Connection, after: int) -> Iterator[tuple[int, bytes]]:
    """Yield the directory batches handed out beyond a position, in that order."""
    rows = connection.execute(
        select(BATCHES.c.placed, BATCHES.c.raw)
        .where(BATCHES.c.kind == int(Kind.DIRECTORY), BATCHES.c.placed > after)
        .order_by(BATCHES.c.placed),
        execution_options={"yield_per": DIRECTORY_CHUNK},
    )
    yield from ((row.placed, row.raw) for row in rows)


@dataclass(frozen=True, slots=True)
class Feed:
    """One reader's feed as seen from a cursor: the hash there, and whether more follows."""

    running: bytes
    has_more: bool


class Moment:
    """One moment of the database.

    Args:
        connection: an open read transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        counter = connection.execute(_COUNTER).one()
        self.head_position = int(counter.position)
        self.directory_position = int(counter.directory)
        self._snapshot_position = int(counter.snapshot)

    @cached_property
    def log_id(self) -> bytes:
        """Which log this is."""
        return meta_value(self._connection, LOG_ID)

    def heads_of(self, device: DeviceId) -> list[tuple[ChannelId, int, bytes]]:
        """Return the heads of a device's streams as (channel, seq, hash)."""
        rows = self._connection.execute(_HEADS, {"asking": device})
        return [(row.channel, row.seq, row.hash) for row in rows]

    def feeds(self, readers: Iterable[ReaderId], position: int) -> dict[ReaderId, Feed]:
        """Look at readers' feeds from a position; one query when nothing lies beyond it."""
        wanted = tuple(readers)
        rows = self._connection.execute(_READERS, {"readers": wanted})
        ends = {row.reader: row for row in rows}
        found = {}
        for reader in wanted:
            end = ends.get(reader)
            if end is None:
                found[reader] = Feed(ZERO_HASH, has_more=False)
            elif end.position <= position:
                found[reader] = Feed(end.running, has_more=False)
            else:
                running = self._running_at(reader, position) if position else ZERO_HASH
                found[reader] = Feed(running, has_more=True)
        return found

    def read_page(
        self,
        device: DeviceId,
        feeds: Mapping[ReaderId, Feed],
        *,
        after: int,
        budget: int,
        holds_own: bool = False,
    ) -> Page:
        """Read what a device gets next.

        Args:
            device: who asks; its receipts come with the page.
            feeds: the readers it follows, as seen from ``after``.
            after: the position where the last page ended.
            budget: bytes to stay below; one position always fits.
            holds_own: whether it holds every batch of its own streams up to their heads, so that
                their hashes are enough.
        """
        before = {reader: feed.running for reader, feed in feeds.items()}
        open_feeds = [reader for reader, feed in feeds.items() if feed.has_more]
        most = min(SCAN_ROWS, budget // SMALLEST_ITEM_BYTES + 2)
        rows, more = _cut(self._feed_rows(open_feeds, after, most), budget)
        end = rows[-1].position if more else self.head_position
        holder = device if holds_own else NOBODY
        return Page(
            items=tuple(self._items(rows, before, holder)),
            receipts=self._receipts(device, after, end),
            snapshot=self._snapshot(after, end),
            end=end,
            running={**before, **{row.reader: row.running for row in rows}},
            more=more,
        )

    def past(self, reader: ReaderId, position: int, most: int) -> list[tuple[int, bytes]]:
        """Read where a reader's feed moved up to a position, with its running hash after that.

        The newest comes first.
        """
        asked = {"one": reader, "at": position, "most": most}
        rows = self._connection.execute(_PAST, asked)
        return [(int(row.position), bytes(row.running)) for row in rows]

    def _running_at(self, reader: ReaderId, position: int) -> bytes:
        found = self._connection.execute(_RUNNING, {"one": reader, "at": position}).scalar()
        return ZERO_HASH if found is None else bytes(found)

    def _feed_rows(self, readers: Iterable[ReaderId], after: int, most: int) -> Iterator[_Row]:
        """Yield the rows of all readers by position, read as they are needed."""
        scans = [self._scan(reader, after, most) for reader in readers]
        return heapq.merge(*scans, key=attrgetter("position"))

    def _scan(self, reader: ReaderId, after: int, most: int) -> Iterator[_Row]:
        while True:
            found = self._connection.execute(_SCAN, {"one": reader, "after": after, "most": most})
            rows = [_Row._make(row) for row in found]
            yield from rows
            if len(rows) < most:
                return
            after = rows[-1].position

    def _items(
        self, rows: list[_Row], before: Mapping[ReaderId, bytes], holder: bytes
    ) -> Iterator[Item]:
        if not rows:
            return
        positions = list({row.batch for row in rows})
        found = self._connection.execute(_RAW, {"positions": positions, "holder": holder})
        raw_by_position = {row.position: row.raw for row in found}
        running = dict(before)
        for row in rows:
            yield Item(row.position, row.reader, running[row.reader], raw_by_position[row.batch])
            running[row.reader] = row.running

    def _receipts(self, device: DeviceId, after: int, end: int) -> tuple[bytes, ...]:
        wanted = {"asking": device, "after": after, "end": end}
        rows = self._connection.execute(_RECEIPTS, wanted)
        return tuple(rows.scalars())

    def _snapshot(self, after: int, end: int) -> bytes:
        if not after < self._snapshot_position <= end:
            return b""
        query = select(SNAPSHOTS.c.raw).order_by(SNAPSHOTS.c.position.desc()).limit(1)
        return bytes(self._connection.execute(query).scalar() or b"")


def _cut(rows: Iterator[_Row], budget: int) -> tuple[list[_Row], bool]:
    """Take whole positions while they fit; the first always does. Tell whether more follows."""
    taken: list[_Row] = []
    for _, at_position in groupby(rows, key=attrgetter("position")):
        together = list(at_position)
        budget -= sum(row.size + ITEM_OVERHEAD_BYTES for row in together)
        if budget < 0 and taken:
            return taken, True
        taken.extend(together)
    return taken, False
