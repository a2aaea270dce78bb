"""The heads of others' streams: up to where everything is here, opened and folded.

Laws:
  * A head moves over a batch only if it follows directly and was folded, or erased by an order
    that counts; a gap, a batch that waits and one that is quarantined stop it until resolved.
  * The next generation of a stream starts where its first batch says, which may lie behind us, or
    beside us: what counts is that all it follows is here and folded.
  * A stream of which nothing counts yet has a head with number 0, so that it is known to exist.
  * Our own streams are not touched here: their heads say what we sealed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from fieldapp.protocol.batch import Batch, Header, parse_header
from fieldapp.protocol.checks import Head, LinkVerdict, check_link
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.storage.rows import BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.branching import chain
from fieldapp.sync.gap_proof import number_of

Stream = tuple[DeviceId, ChannelId]
_PASSED = frozenset({"received", "erased"})
_NUMBER_BITS = 48
RECEIPTS_KEY: Final = "receipts_due"
_STREAM: Final = struct.Struct(">16s8s")


def remember_receipts(tx: Transaction, streams: Iterable[Stream]) -> None:
    """Note that the heads of these streams moved and nobody was told yet."""
    due = set(receipts_due(tx)) | set(streams)
    tx.meta.set(RECEIPTS_KEY, b"".join(_STREAM.pack(*stream) for stream in sorted(due)))


def receipts_due(tx: Transaction) -> list[Stream]:
    """Return the streams whose heads moved since receipts were written."""
    raw = tx.meta.get(RECEIPTS_KEY) or b""
    return [(DeviceId(device), ChannelId(channel)) for device, channel in _STREAM.iter_unpack(raw)]


@dataclass(slots=True)
class StreamHeads:
    """The heads that one transaction reads and moves."""

    tx: Transaction
    own: DeviceId
    _heads: dict[Stream, Head | None] = field(default_factory=dict)
    _moved: set[Stream] = field(default_factory=set)
    _touched: set[Stream] = field(default_factory=set)
    _branched: set[Stream] = field(default_factory=set)
    _placed: set[tuple[DeviceId, ChannelId, int]] = field(default_factory=set)

    def head(self, stream: Stream) -> Head | None:
        """Return the head of a stream as this transaction sees it."""
        if stream not in self._heads:
            row = self.tx.streams.head(*stream)
            self._heads[stream] = Head(*row) if row is not None and row[0] else None
        return self._heads[stream]

    def place(self, batch: Batch) -> LinkVerdict:
        """Say how a new batch stands to its stream; twins of one number are a fork."""
        header = batch.header
        verdict = check_link(batch, self.head((header.device, header.channel)))
        if verdict in (LinkVerdict.FIRST, LinkVerdict.NEXT, LinkVerdict.FORK):
            return verdict
        place = header.device, header.channel, header.seq
        has_twin = place in self._placed or self.tx.batches.by_stream(*place)
        return LinkVerdict.FORK if has_twin else verdict

    def pass_over(self, batch: Batch, verdict: LinkVerdict, *, is_folded: bool) -> None:
        """Move the head over a batch, or remember that the stream has to be looked at."""
        header = batch.header
        stream = header.device, header.channel
        self._placed.add((*stream, header.seq))
        if header.device == self.own:
            return
        if is_folded and verdict in (LinkVerdict.FIRST, LinkVerdict.NEXT):
            self._heads[stream] = Head(header.seq, batch.hash)
            self._moved.add(stream)
        if verdict is LinkVerdict.GENERATION:
            self._branched.add(stream)
        self._touched.add(stream)

    def settle(self, batch: Batch) -> None:
        """Look at a stream again in which a batch was judged anew."""
        if batch.header.device != self.own:
            stream = batch.header.device, batch.header.channel
            self._branched.add(stream)
            self._touched.add(stream)

    def save(self) -> None:
        """Write the heads that moved, after going over what already lay behind them."""
        for stream in self._touched:
            self._walk(stream)
            if self.head(stream) is None:
                self.tx.streams.set(*stream, 0, ZERO_HASH)
        for stream in self._moved:
            head = self._heads[stream]
            if head is not None:
                self.tx.streams.set(*stream, head.seq, head.hash)
        if self._moved:
            remember_receipts(self.tx, self._moved)

    def _walk(self, stream: Stream) -> None:
        """Move on as long as the next number is here and folded."""
        while (following := self._following(stream, self.head(stream))) is not None:
            self._heads[stream] = following
            self._moved.add(stream)

    def _following(self, stream: Stream, head: Head | None) -> Head | None:
        seq, head_hash = (head.seq, head.hash) if head is not None else (0, ZERO_HASH)
        for follower in (seq + (1 << _NUMBER_BITS) + 1, seq + 1):
            for row in self.tx.batches.by_stream(*stream, follower):
                if row.state in _PASSED and _header(row).prev == head_hash:
                    return Head(row.seq, row.hash)
        return self._next_generation(stream, seq) if stream in self._branched else None

    def _next_generation(self, stream: Stream, seq: int) -> Head | None:
        """Find the first batch of a later generation that starts within what is folded."""
        later = [
            row_hash
            for row_seq, row_hash, state in self.tx.batches.sequence(*stream)
            if row_seq >> _NUMBER_BITS > seq >> _NUMBER_BITS and state in _PASSED
        ]
        for row_hash in later:
            row = self.tx.batches.by_hash(row_hash)
            if row is not None and self._is_whole_before(_header(row), seq):
                return Head(row.seq, row.hash)
        return None

    def _is_whole_before(self, header: Header, seq: int) -> bool:
        """Tell whether all that a batch follows is here and folded, down to its first."""
        if header.prev == ZERO_HASH:
            return True
        number = header.number
        for row in chain(self.tx, header.prev):
            if row.state not in _PASSED or number_of(row.seq) + 1 != number:
                return False
            number -= 1
            is_behind = row.seq <= seq and row.seq >> _NUMBER_BITS == seq >> _NUMBER_BITS
            if is_behind or _header(row).prev == ZERO_HASH:
                return True
        return False


def _header(row: BatchRow) -> Header:
    return parse_header(row.raw)
