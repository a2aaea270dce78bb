"""Running heads of the directory's channels: what a snapshot vouches for (PROTOCOL 8.1).

Laws:
  * A channel's head is the running feed hash over its directory batches in server order, valid
    or not, so that whoever saw the same batches at the same positions has the same head.
  * Heads of the past are kept: a snapshot is compared at its own position.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.protocol.directory_log import Entry
from fieldapp.protocol.hashing import ZERO_HASH, feed_hash
from fieldapp.protocol.ids import ChannelId


@dataclass(frozen=True, slots=True)
class ChannelHead:
    """The last batch of a directory channel and the running hash up to it."""

    channel: ChannelId
    position: int
    running: bytes


class DirectoryHeads:
    """The heads of every channel, now and at earlier positions."""

    __slots__ = ("_by_channel", "_last")

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_channel: dict[ChannelId, list[ChannelHead]] = {}
        self._last = 0
        for entry in entries:
            self.extend(entry)

    def extend(self, entry: Entry) -> bool:
        """Add a placed batch; tell False when it came out of order and all must be rebuilt."""
        if not entry.is_placed:
            return True
        if entry.position <= self._last:
            return False
        heads = self._by_channel.setdefault(entry.channel, [])
        before = heads[-1].running if heads else ZERO_HASH
        running = feed_hash(before, entry.position, entry.hash)
        heads.append(ChannelHead(entry.channel, entry.position, running))
        self._last = entry.position
        return True

    def at(self, channel: ChannelId, position: int) -> ChannelHead | None:
        """Give a channel's head as of a position, None when it was empty."""
        heads = self._by_channel.get(channel, [])
        before = bisect_right(heads, position, key=_position)
        return heads[before - 1] if before else None

    def all_at(self, position: int) -> tuple[ChannelHead, ...]:
        """Give every channel's head as of a position, in the order of channel numbers."""
        found = (self.at(channel, position) for channel in sorted(self._by_channel))
        return tuple(head for head in found if head is not None)


def _position(head: ChannelHead) -> int:
    return head.position
