"""Erase orders (kind 4) and what survives one: the re-issue (kind 5) (PROTOCOL 2.6, 2.7).

Laws:
  * An order names one batch and the indexes to erase; none means the whole batch.
  * The body of an order is plain, as the server obeys it too, and its kid is the kid of the
    batch it erases, so that it reaches that batch's readers.
  * A re-issue is an entry of an ordinary sealed batch in the re-issuer's own stream: own seq,
    own salt, own key. It never holds the seed, which would give back the erased salts.
  * Survivors are believed because the original header's root and signature still verify.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.batch import HEADER_BYTES, Header, Kind, StreamPoint, parse_header
from fieldapp.protocol.hashing import HASH_BYTES, sha256
from fieldapp.protocol.ids import CHANNEL_BYTES, ID_BYTES, ChannelId, DeviceId
from fieldapp.protocol.limits import MAX_BATCH_ENTRIES
from fieldapp.protocol.payload import SALT_BYTES, entry_salt, leaf_hash, root_hash
from fieldapp.protocol.reading import Reader, fixed, number

_ERASED: Final = 0
_SURVIVES: Final = 1


@dataclass(frozen=True, slots=True)
class EraseOrder:
    """Which entries of which batch have to go."""

    target: StreamPoint
    indexes: tuple[int, ...]

    def covers(self, index: int) -> bool:
        """Tell whether an entry of the target has to go."""
        return not self.indexes or index in self.indexes

    def to_bytes(self) -> bytes:
        """Return the payload of a kind 4 batch.

        Raises:
            LocalProtocolError: The indexes do not ascend or are out of range.
        """
        if not _ascend(self.indexes):
            raise LocalProtocolError(what="erase_indexes")
        return b"".join(
            (
                fixed(
                    "erase_order",
                    (self.target.device, ID_BYTES),
                    (self.target.channel, CHANNEL_BYTES),
                    (number("seq", self.target.seq, 8), 8),
                    (self.target.hash, HASH_BYTES),
                ),
                number("erase_indexes", len(self.indexes), 1),
                bytes(self.indexes),
            )
        )


def parse_erase_order(payload: bytes) -> EraseOrder:
    """Read the payload of a kind 4 batch.

    Raises:
        MalformedMessageError: A length is wrong or the indexes do not ascend.
    """
    reader = Reader(payload)
    target = StreamPoint(
        DeviceId(reader.take(ID_BYTES)),
        ChannelId(reader.take(CHANNEL_BYTES)),
        reader.u64(),
        reader.take(HASH_BYTES),
    )
    indexes = tuple(reader.take(reader.u8()))
    reader.end()
    if not _ascend(indexes):
        raise MalformedMessageError(reason="erase_indexes")
    return EraseOrder(target, indexes)


def _ascend(indexes: Sequence[int]) -> bool:
    in_order = all(low < high for low, high in pairwise(indexes))
    return in_order and all(0 <= index < MAX_BATCH_ENTRIES for index in indexes)


@dataclass(frozen=True, slots=True)
class Survivor:
    """An entry that stays, with the salt of its leaf."""

    salt: bytes
    entry: bytes


@dataclass(frozen=True, slots=True)
class Reissue:
    """An original header and, for each of its entries, the survivor or the bare leaf hash."""

    header: Header
    places: tuple[Survivor | bytes, ...]

    @property
    def original_hash(self) -> bytes:
        """Return the hash of the original batch."""
        return sha256(self.header.to_bytes())

    def survivors(self) -> tuple[tuple[int, bytes], ...]:
        """Return the entries that stay, each with its index in the original."""
        return tuple(
            (index, place.entry)
            for index, place in enumerate(self.places)
            if isinstance(place, Survivor)
        )

    def erased(self) -> tuple[int, ...]:
        """Return the indexes that are gone."""
        return tuple(
            index for index, place in enumerate(self.places) if not isinstance(place, Survivor)
        )

    def root(self) -> bytes:
        """Return the root that the places give."""
        return root_hash(
            [
                leaf_hash(place.salt, place.entry) if isinstance(place, Survivor) else place
                for place in self.places
            ]
        )

    def without(self, indexes: Collection[int]) -> "Reissue":
        """Return the re-issue after one more order, for holders of the survivors only."""
        return Reissue(
            self.header,
            tuple(
                leaf_hash(place.salt, place.entry)
                if isinstance(place, Survivor) and index in indexes
                else place
                for index, place in enumerate(self.places)
            ),
        )

    def to_bytes(self) -> bytes:
        """Return the bytes of the one entry of a kind 5 batch.

        Raises:
            LocalProtocolError: No place, too many, or a field of a wrong length.
        """
        if not 0 < len(self.places) <= MAX_BATCH_ENTRIES:
            raise LocalProtocolError(what="reissue")
        rows = [_place_bytes(place) for place in self.places]
        return self.header.to_bytes() + number("reissue", len(rows), 1) + b"".join(rows)


def _place_bytes(place: Survivor | bytes) -> bytes:
    if not isinstance(place, Survivor):
        return bytes((_ERASED,)) + fixed("reissue", (place, HASH_BYTES))
    salt = fixed("reissue", (place.salt, SALT_BYTES))
    return bytes((_SURVIVES,)) + salt + number("reissue", len(place.entry), 4) + place.entry


def make_reissue(
    header: Header, seed: bytes, entries: Sequence[bytes], erased: Collection[int]
) -> Reissue:
    """Build what stays of a batch.

    Args:
        header: The original, signed header.
        seed: The original seed; only the survivors' salts are made from it.
        entries: All original entries.
        erased: Indexes that have to go.
    """
    places: list[Survivor | bytes] = []
    for index, entry in enumerate(entries):
        salt = entry_salt(seed, index)
        places.append(leaf_hash(salt, entry) if index in erased else Survivor(salt, entry))
    return Reissue(header, tuple(places))


def parse_reissue(entry: bytes) -> Reissue:
    """Read a re-issue and hold it against the original root.

    The original signature is for the caller to check, with `checks.check_header_signature`.

    Raises:
        MalformedMessageError: A length is wrong, the original is not an entries batch, or the
            places do not give its root.
        LimitExceededError: Too many places.
        UnsupportedVersionError: The original was written by a newer version.
    """
    reader = Reader(entry)
    header = parse_header(reader.take(HEADER_BYTES))
    if header.kind is not Kind.ENTRIES:
        raise MalformedMessageError(reason="reissue_kind")
    count = reader.u8()
    if count > MAX_BATCH_ENTRIES:
        raise LimitExceededError(what="entry_count", limit=MAX_BATCH_ENTRIES)
    reissue = Reissue(header, tuple(_read_place(reader) for _ in range(count)))
    reader.end()
    if reissue.root() != header.root:
        raise MalformedMessageError(reason="root")
    return reissue


def _read_place(reader: Reader) -> Survivor | bytes:
    mark = reader.u8()
    if mark == _ERASED:
        return reader.take(HASH_BYTES)
    if mark != _SURVIVES:
        raise MalformedMessageError(reason="reissue_mark")
    return Survivor(reader.take(SALT_BYTES), reader.take(reader.u32()))
