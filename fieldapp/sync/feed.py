"""The feed as we read it: how far, and whether it is still the same feed.

Laws:
  * Per reader that we follow there is one running hash over everything we were shown. An item
    whose previous hash is not ours proves that the server shows another history.
  * Positions only grow. A position that we passed is a replay, one out of order is named so.
  * The cursor is saved in the transaction of the page that it follows, never before, never after.
  * A contradiction costs a re-read from the beginning and an alarm; it never costs a record.

Realises PROTOCOL 5.4 and the table of attacks in THREAT_MODEL.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from fieldapp.errors import RemoteProtocolError
from fieldapp.protocol.hashing import ZERO_HASH, cursor_digest, feed_hash
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.message_parts import (
    RUNNING_HASH_BYTES,
    START,
    UNKNOWN_LOG,
    Cursor,
    FeedItem,
)

CURSOR_KEY: Final = "cursor"
_HEAD: Final = struct.Struct(">16sQ")
_ROW: Final = struct.Struct(">16s32s")


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """A log, a position in it, and the running hash of each reader that we follow."""

    log_id: bytes = UNKNOWN_LOG
    position: int = 0
    running: Mapping[ReaderId, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write the cursor for the vault."""
        rows = (_ROW.pack(*row) for row in sorted(self.running.items()))
        return _HEAD.pack(self.log_id, self.position) + b"".join(rows)

    @classmethod
    def from_bytes(cls, raw: bytes | None) -> FeedCursor:
        """Read a cursor back; nothing stored is the beginning of an unknown log."""
        if raw is None:
            return cls()
        log_id, position = _HEAD.unpack_from(raw)
        rows = _ROW.iter_unpack(raw[_HEAD.size :])
        return cls(log_id, position, {ReaderId(reader): running for reader, running in rows})

    def follow(self, readers: Collection[ReaderId]) -> FeedCursor:
        """Follow exactly these readers; one that is new is read from the beginning.

        The feed has one position for all readers, so all of them are read again; what is known
        is recognised and skipped.
        """
        if self.position and not self.running.keys() >= set(readers):
            return FeedCursor(self.log_id, 0, dict.fromkeys(readers, ZERO_HASH))
        kept = {reader: self.running.get(reader, ZERO_HASH) for reader in readers}
        return FeedCursor(self.log_id, self.position, kept)

    def on_wire(self) -> Cursor:
        """Return what a hello says of the cursor."""
        return Cursor(self.position, self.digest()) if self.position else START

    def digest(self) -> bytes:
        """Return the digest over all running hashes."""
        return cursor_digest(self.running.items())


class FeedReader:
    """Walks through the items of one answer."""

    def __init__(self, cursor: FeedCursor, log_id: bytes) -> None:
        self._log_id = log_id
        self._start = cursor.position
        self._position = cursor.position
        self._running = dict(cursor.running)
        self._seen_here: set[ReaderId] = set()

    def check_order(self, items: Sequence[FeedItem]) -> None:
        """Hold the positions of a page against each other before any hash is asked.

        Raises:
            RemoteProtocolError: ``feed_reordered``, an item stands behind a later one.
        """
        for before, item in pairwise(items):
            if item.position < before.position:
                raise RemoteProtocolError("feed_reordered", position=item.position)

    def accept(self, item: FeedItem, batch_hash: bytes) -> None:
        """Move over one item.

        Raises:
            RemoteProtocolError: The item contradicts what we were shown; its code says how.
        """
        self._check_place(item)
        running = self._running[item.reader]
        if item.previous_running_hash != running[:RUNNING_HASH_BYTES]:
            raise RemoteProtocolError("feed_forked", position=item.position)
        self._running[item.reader] = feed_hash(running, item.position, batch_hash)
        if item.position != self._position:
            self._seen_here.clear()
        self._position = item.position
        self._seen_here.add(item.reader)

    def _check_place(self, item: FeedItem) -> None:
        if item.reader not in self._running:
            if self._start:
                raise RemoteProtocolError("feed_misdirected", position=item.position)
            self._running[item.reader] = ZERO_HASH
        if item.position <= self._start:
            raise RemoteProtocolError("feed_replayed", position=item.position)
        if item.position < self._position:
            raise RemoteProtocolError("feed_reordered", position=item.position)
        if item.position == self._position and item.reader in self._seen_here:
            raise RemoteProtocolError("feed_replayed", position=item.position)

    def cursor(self) -> FeedCursor:
        """Return the cursor after the items accepted so far."""
        return FeedCursor(self._log_id, self._position, dict(self._running))

    def finish(self, end: Cursor, *, is_checked: bool = True) -> FeedCursor:
        """Take the end of the answer: nothing for us lies between its last item and there.

        From the beginning of the feed the server may know better than we whom we follow; from
        then on both sides hold the same running hashes.

        Args:
            end: where the server says that the answer ends.
            is_checked: False for a revoked device, which is served the directory alone.

        Raises:
            RemoteProtocolError: The end lies before an item, or hashes another feed than ours.
        """
        if end.position < self._position:
            raise RemoteProtocolError("feed_reordered", position=end.position)
        if is_checked and self._start and end.digest != cursor_digest(self._running.items()):
            raise RemoteProtocolError("feed_withheld", position=end.position)
        return FeedCursor(self._log_id, end.position, dict(self._running))


def pages(items: tuple[FeedItem, ...], size: int) -> Iterator[tuple[FeedItem, ...]]:
    """Cut an answer's items into pages; items of one position stay together."""
    start = 0
    while start < len(items):
        end = min(start + size, len(items))
        while end < len(items) and items[end].position == items[end - 1].position:
            end += 1
        yield items[start:end]
        start = end
