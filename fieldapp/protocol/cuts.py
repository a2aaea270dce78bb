"""Cuts: up to where a device's streams count (PROTOCOL 7.6).

Laws:
  * A cut names the last batch that counts in one stream: channel, seq and hash. No clock decides.
  * Beyond it lies every later number, every later generation, and another batch at the same seq.
  * A stream that the issuer could not name is cut at the position of the statement: what the
    server already held then counts, what came later does not (finding 19). Whoever does not know
    the position holds the batch beyond the cut: fail closed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fieldapp.errors import MalformedMessageError
from fieldapp.protocol.hashing import HASH_BYTES, ZERO_HASH
from fieldapp.protocol.ids import CHANNEL_BYTES, ChannelId
from fieldapp.protocol.json_fields import as_array, as_hex, as_natural
from fieldapp.protocol.limits import MAX_NUMBER

MAX_CUTS: Final = 500
_CUT_FIELDS: Final = 3


@dataclass(frozen=True, slots=True)
class Cut:
    """The last batch of one stream that counts; seq 0 and a zero hash cut all of it."""

    channel: ChannelId
    seq: int
    hash: bytes

    def excludes(self, seq: int, batch_hash: bytes | None) -> bool:
        """Tell whether a batch of this stream lies beyond the cut.

        Args:
            seq: the batch's seq, generation included.
            batch_hash: its header hash; None compares places only.
        """
        if seq >> 48 > self.seq >> 48 or seq & MAX_NUMBER > self.seq & MAX_NUMBER:
            return True
        return seq == self.seq and batch_hash not in {None, self.hash}


@dataclass(frozen=True, slots=True)
class CutLine:
    """The cuts of one statement, with the statement's own position."""

    cuts: tuple[Cut, ...]
    position: int

    def excludes(
        self, channel: ChannelId, seq: int, batch_hash: bytes | None, position: int | None
    ) -> bool:
        """Tell whether a batch of the device lies beyond the line.

        Args:
            channel: the batch's channel.
            seq: its seq.
            batch_hash: its header hash; None compares places only.
            position: where the server put it; None when not known.
        """
        for cut in self.cuts:
            if cut.channel == channel:
                return cut.excludes(seq, batch_hash)
        return position is None or position > self.position


def cuts_to_json(cuts: Iterable[Cut]) -> list[object]:
    """Write cuts as rows of [channel hex, seq, hash hex]."""
    return [[cut.channel.hex(), cut.seq, cut.hash.hex()] for cut in cuts]


def read_cuts(value: object) -> tuple[Cut, ...]:
    """Read what ``cuts_to_json`` wrote.

    Raises:
        MalformedMessageError: a row is no cut, or a channel stands there twice.
    """
    cuts = tuple(_read_cut(row) for row in as_array(value, limit=MAX_CUTS))
    if len({cut.channel for cut in cuts}) != len(cuts):
        raise MalformedMessageError(reason="cut_twice")
    return cuts


def _read_cut(value: object) -> Cut:
    row: Sequence[object] = as_array(value, limit=_CUT_FIELDS)
    if len(row) != _CUT_FIELDS:
        raise MalformedMessageError(reason="cut")
    channel = as_hex(row[0], "channel", length=CHANNEL_BYTES)
    seq = as_natural(row[1], "seq")
    batch_hash = as_hex(row[2], "hash", length=HASH_BYTES)
    if (seq == 0) != (batch_hash == ZERO_HASH):
        raise MalformedMessageError(reason="cut")
    return Cut(ChannelId(channel), seq, batch_hash)
