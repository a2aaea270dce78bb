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
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy import Connection, select

from fieldapp.protocol.batch import Kind
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId, ReaderId
from sync_server.storage.queues import meta_value
from sync_server.storage.schema import LOG_ID
from sync_server.storage.tables import BATCHES, COUNTER, FEED, RECEIPTS, SNAPSHOTS, STREAMS

SCAN_ROWS: Final = 64
"""Feed rows fetched for one reader at a time."""

DIRECTORY_CHUNK: Final = 256
ITEM_OVERHEAD_BYTES: Final = 45
"""What an item costs on the wire beside its batch."""


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a feed with its batch."""

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


@dataclass(frozen=True, slots=True)
class _Row:
    position: int
    reader: ReaderId
    batch: int
    size: int
    running: bytes


def directory_batches(connection: Connection, after: int) -> Iterator[tuple[int, bytes]]:
    """Yield the directory batches handed out beyond a position, in that order."""
    rows = connection.execution_options(yield_per=DIRECTORY_CHUNK).execute(
        select(BATCHES.c.placed, BATCHES.c.raw)
        .where(BATCHES.c.kind == int(Kind.DIRECTORY), BATCHES.c.placed > after)
        .order_by(BATCHES.c.placed)
    )
    yield from ((row.placed, row.raw) for row in rows)


class Moment:
    """One moment of the database.

    Args:
        connection: an open read transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.head_position = int(connection.execute(select(COUNTER.c.position)).scalar_one())

    @property
    def log_id(self) -> bytes:
        """Which log this is."""
        return meta_value(self._connection, LOG_ID)

    def directory_position(self) -> int:
        """Return where the newest directory batch was handed out."""
        query = (
            select(BATCHES.c.placed)
            .where(BATCHES.c.kind == int(Kind.DIRECTORY))
            .order_by(BATCHES.c.placed.desc())
            .limit(1)
        )
        return int(self._connection.execute(query).scalar() or 0)

    def heads_of(self, device: DeviceId) -> list[tuple[ChannelId, int, bytes]]:
        """Return the heads of a device's streams as (channel, seq, hash)."""
        query = select(STREAMS.c.channel, STREAMS.c.seq, STREAMS.c.hash)
        rows = self._connection.execute(
            query.where(STREAMS.c.device == device, STREAMS.c.hash != ZERO_HASH)
        )
        return [(row.channel, row.seq, row.hash) for row in rows]

    def running_hashes(self, readers: Iterable[ReaderId], position: int) -> dict[ReaderId, bytes]:
        """Return each reader's running hash as it stood at a position."""
        if not position:
            return dict.fromkeys(readers, ZERO_HASH)
        return {reader: self._running_at(reader, position) for reader in readers}

    def read_page(
        self, device: DeviceId, before: Mapping[ReaderId, bytes], *, after: int, budget: int
    ) -> Page:
        """Read what a device gets next.

        Args:
            device: who asks; its receipts come with the page.
            before: the readers it follows, each with its running hash at ``after``.
            after: the position where the last page ended.
            budget: bytes to stay below; one position always fits.
        """
        rows, more = _cut(self._feed_rows(before, after), budget)
        end = rows[-1].position if more else self.head_position
        items = tuple(self._items(rows, before))
        return Page(
            items=items,
            receipts=self._receipts(device, after, end),
            snapshot=self._snapshot(after, end),
            end=end,
            running={**before, **{row.reader: row.running for row in rows}},
            more=more,
        )

    def _running_at(self, reader: ReaderId, position: int) -> bytes:
        found = self._connection.execute(
            select(FEED.c.running)
            .where(FEED.c.reader == reader, FEED.c.position <= position)
            .order_by(FEED.c.position.desc())
            .limit(1)
        ).scalar()
        return ZERO_HASH if found is None else bytes(found)

    def _feed_rows(self, readers: Iterable[ReaderId], after: int) -> Iterator[_Row]:
        """Yield the rows of all readers by position, read as they are needed."""
        scans = [self._scan(reader, after) for reader in readers]
        return heapq.merge(*scans, key=attrgetter("position"))

    def _scan(self, reader: ReaderId, after: int) -> Iterator[_Row]:
        rows: list[_Row] = []
        while not rows or len(rows) == SCAN_ROWS:
            found = self._connection.execute(
                select(FEED.c.position, FEED.c.reader, FEED.c.batch, FEED.c.size, FEED.c.running)
                .where(FEED.c.reader == reader, FEED.c.position > after)
                .order_by(FEED.c.position)
                .limit(SCAN_ROWS)
            )
            rows = [_Row(*row) for row in found]
            if not rows:
                return
            yield from rows
            after = rows[-1].position

    def _items(self, rows: list[_Row], before: Mapping[ReaderId, bytes]) -> Iterator[Item]:
        found = self._connection.execute(
            select(BATCHES.c.position, BATCHES.c.raw).where(
                BATCHES.c.position.in_({row.batch for row in rows})
            )
        )
        raw_by_position = {row.position: row.raw for row in found}
        running = dict(before)
        for row in rows:
            yield Item(row.position, row.reader, running[row.reader], raw_by_position[row.batch])
            running[row.reader] = row.running

    def _receipts(self, device: DeviceId, after: int, end: int) -> tuple[bytes, ...]:
        rows = self._connection.execute(
            select(RECEIPTS.c.raw)
            .where(RECEIPTS.c.device == device, RECEIPTS.c.position.between(after + 1, end))
            .order_by(RECEIPTS.c.position)
        )
        return tuple(rows.scalars())

    def _snapshot(self, after: int, end: int) -> bytes:
        query = select(SNAPSHOTS.c.raw).where(SNAPSHOTS.c.position.between(after + 1, end))
        newest = query.order_by(SNAPSHOTS.c.position.desc()).limit(1)
        return bytes(self._connection.execute(newest).scalar() or b"")


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
