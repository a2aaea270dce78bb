"""Offices: where keys stand, and since when (PROTOCOL 7.4).

Laws:
  * An office is never listed as a reader; it exists since a position, and readers follow.
  * Epochs count from 1 without gaps. An older epoch stays openable for ever: offices keep their
    old private halves (finding 4).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from fieldapp.protocol.channels import PARTY_CLASSES, Channel, OfficeRef, readers
from fieldapp.protocol.ids import ID_BYTES, OfficeId, UnitId


@dataclass(frozen=True, slots=True)
class Epoch:
    """One key of an office, and the position since when it is known."""

    epoch: int
    x: bytes
    since: int


@dataclass(frozen=True, slots=True)
class Office:
    """An office with all its epochs, the first one first."""

    ref: OfficeRef
    epochs: tuple[Epoch, ...]

    @property
    def id(self) -> OfficeId:
        """The office's number on the wire."""
        return self.ref.id

    @property
    def unit(self) -> UnitId:
        """The office's unit."""
        return self.ref.unit

    @property
    def desk(self) -> str:
        """The office's desk."""
        return self.ref.desk

    @property
    def since(self) -> int:
        """The position since when the office exists."""
        return self.epochs[0].since

    def epoch_at(self, at_version: int | None = None) -> Epoch:
        """Give the newest epoch, or the newest one known at a directory version."""
        if at_version is None:
            return self.epochs[-1]
        known = [epoch for epoch in self.epochs if epoch.since <= at_version]
        return known[-1] if known else self.epochs[0]

    def epoch_numbered(self, number: int) -> Epoch | None:
        """Give the epoch of a number, None when there is none."""
        return self.epochs[number - 1] if 1 <= number <= len(self.epochs) else None


class OfficesAt(Collection[OfficeRef]):
    """The offices of a book as of a version, without copying them."""

    __slots__ = ("_book", "_version")

    def __init__(self, book: "OfficeBook", version: int | None) -> None:
        self._book = book
        self._version = version

    def __contains__(self, ref: object) -> bool:
        office = self._book.by_ref.get(ref) if isinstance(ref, tuple) else None
        return office is not None and self._shows(office)

    def __iter__(self) -> Iterator[OfficeRef]:
        return (office.ref for office in self._book.by_ref.values() if self._shows(office))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _shows(self, office: Office) -> bool:
        return self._version is None or office.since <= self._version


class OfficeBook:
    """Every office that the directory shows, found by name and by number."""

    __slots__ = ("by_id", "by_ref")

    def __init__(self) -> None:
        self.by_ref: dict[tuple[UnitId, str], Office] = {}
        self.by_id: dict[bytes, Office] = {}

    def next_epoch(self, ref: OfficeRef) -> int:
        """Say which epoch would be the office's next one."""
        office = self.by_ref.get(ref)
        return len(office.epochs) + 1 if office else 1

    def add(self, ref: OfficeRef, x: bytes, position: int) -> None:
        """Give an office its next epoch, and create it when it is the first."""
        epoch = Epoch(self.next_epoch(ref), x, position)
        office = self.by_ref.get(ref)
        grown = replace(office, epochs=(*office.epochs, epoch)) if office else Office(ref, (epoch,))
        self.by_ref[ref] = grown
        self.by_id[ref.id] = grown

    def readers_of(self, channel: Channel, at_version: int | None) -> tuple[Office, ...]:
        """Give the offices that read a channel, the nearest first."""
        shown = OfficesAt(self, at_version)
        if channel.cls in PARTY_CLASSES:
            named = self.by_id.get(channel.parties[ID_BYTES:])
            return (named,) if named is not None and named.ref in shown else ()
        return tuple(self.by_ref[ref] for ref in readers(channel, shown))
