"""The directory's log: every kind 2 batch once, in server order, checked once (PROTOCOL 7.5).

Laws:
  * Order is position and nothing else. Batches that the server has not placed yet stand behind
    all others, in the order in which they came.
  * A batch is read once and its signature checked once; folding again costs no signature.
  * A batch that comes again at another position moves there (a server renumbered its log).
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from fieldapp.errors import (
    CryptoError,
    LimitExceededError,
    MalformedMessageError,
    RemoteProtocolError,
    UnsupportedVersionError,
)
from fieldapp.protocol.batch import Batch, Header, Kind
from fieldapp.protocol.checks import Verify
from fieldapp.protocol.hashing import sha256
from fieldapp.protocol.ids import ChannelId, DeviceId, device_id
from fieldapp.protocol.limits import MAX_NUMBER
from fieldapp.protocol.statement_reading import read_directory_batch
from fieldapp.protocol.statements import Statement, Unknown
from fieldapp.protocol.verdicts import Reason

UNPLACED: Final = 1 << 62
"""Positions from here on are our own: the server has not placed these batches yet."""


@dataclass(slots=True)
class Entry:
    """One directory batch, read: what the fold needs of it."""

    position: int
    hash: bytes
    device: DeviceId
    channel: ChannelId
    seq: int
    prev: bytes
    directory_version: int
    statements: tuple[Statement | Unknown, ...]
    unreadable: Reason | None
    header: Header | None = field(repr=False)
    verified_with: bytes = field(default=b"", repr=False)

    @property
    def generation(self) -> int:
        """The top 16 bits of seq."""
        return self.seq >> 48

    @property
    def number(self) -> int:
        """The place in the stream."""
        return self.seq & MAX_NUMBER

    @property
    def is_placed(self) -> bool:
        """Whether the server gave the position."""
        return self.position < UNPLACED

    def is_signed_by(self, ed: bytes, verify: Verify) -> bool:
        """Tell whether this key signed the batch; the answer yes is remembered."""
        if self.verified_with == ed:
            return True
        if self.header is None or device_id(ed) != self.device:
            return False
        try:
            verify(ed, self.header.signing_bytes(), self.header.signature)
        except CryptoError:
            return False
        self.verified_with, self.header = ed, None
        return True


def read_entry(position: int, batch: Batch) -> Entry:
    """Read a batch into the form that the fold needs.

    Raises:
        RemoteProtocolError: it is no directory batch.
    """
    header = batch.header
    if header.kind is not Kind.DIRECTORY:
        raise RemoteProtocolError(what="kind", value=int(header.kind))
    statements, unreadable = _statements(batch)
    return Entry(
        position=position,
        hash=batch.hash,
        device=header.device,
        channel=header.channel,
        seq=header.seq,
        prev=header.prev,
        directory_version=header.directory_version,
        statements=statements,
        unreadable=unreadable,
        header=header,
    )


def _statements(batch: Batch) -> tuple[tuple[Statement | Unknown, ...], Reason | None]:
    try:
        return read_directory_batch(batch), None
    except UnsupportedVersionError:
        return (), Reason.WAITING_FOR_UPDATE
    except (MalformedMessageError, LimitExceededError):
        return (), Reason.MALFORMED


class RememberingVerify:
    """A ``verify`` that asks about the same signature once."""

    __slots__ = ("_good", "_verify")

    def __init__(self, good: set[bytes], verify: Verify) -> None:
        self._good = good
        self._verify = verify

    def __call__(self, public: bytes, message: bytes, signature: bytes) -> None:
        """Check a signature unless it was found good before.

        Raises:
            CryptoError: whatever the handed-in ``verify`` raises.
        """
        key = sha256(public + signature + message)
        if key not in self._good:
            self._verify(public, message, signature)
            self._good.add(key)


class DirectoryLog:
    """Entries by hash and in order."""

    __slots__ = ("_by_position", "_entries", "_order", "_unplaced")

    def __init__(self) -> None:
        self._entries: dict[bytes, Entry] = {}
        self._by_position: dict[int, bytes] = {}
        self._order: list[tuple[int, bytes]] = []
        self._unplaced = 0

    def __iter__(self) -> Iterator[Entry]:
        return (self._entries[batch_hash] for _, batch_hash in self._order)

    def next_unplaced(self) -> int:
        """Give the next position behind all those of the server."""
        self._unplaced += 1
        return UNPLACED + self._unplaced

    def knows(self, batch_hash: bytes, position: int) -> bool:
        """Tell whether a batch stands at this position already, or at the server's own."""
        entry = self._entries.get(batch_hash)
        return entry is not None and (
            entry.position == position or (position >= UNPLACED and entry.is_placed)
        )

    def check_free(self, position: int, batch_hash: bytes) -> None:
        """Refuse a second batch at one position.

        Raises:
            RemoteProtocolError: the server placed another batch there.
        """
        if self._by_position.get(position, batch_hash) != batch_hash:
            raise RemoteProtocolError(what="position")

    def put(self, entry: Entry) -> bool:
        """Place an entry, moving it when it was known elsewhere.

        Returns:
            Whether it went to the very end and moved nothing.
        """
        moved = self._entries.get(entry.hash)
        if moved is not None:
            self._order.remove((moved.position, moved.hash))
            del self._by_position[moved.position]
        self._entries[entry.hash] = entry
        self._by_position[entry.position] = entry.hash
        is_last = moved is None and (not self._order or self._order[-1][0] < entry.position)
        insort(self._order, (entry.position, entry.hash))
        return is_last

    def last_placed(self) -> int:
        """Give the highest position of the server, 0 when there is none."""
        end = bisect_left(self._order, (UNPLACED, b""))
        return self._order[end - 1][0] if end else 0
