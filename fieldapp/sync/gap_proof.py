"""The gap proof: which sealed batches are known to exist and are not here.

Laws:
  * A stream is (device, channel); its numbers start at 1 and have no gaps, over generations too.
  * What is known to be sealed is the highest number that any proof names: a batch that is here, a
    receipt, or a list of heads that an office signed.
  * A list of heads counts from whoever enrols others, and from the author of a stream about it:
    nobody else makes a stream look longer than it is.
  * Of what is missing the first numbers are named and the rest is counted: a false number costs
    neither memory nor time.
  * A batch that waits or is quarantined is here: the proof speaks of bytes, not of their worth.
  * Two batches with one number, of one generation, prove a fork; both are kept and shown.
  * Streams of keys go to one recipient each and have gaps by design; they are left out.

Realises PROTOCOL section 9 of the sync notes' "tamper and gaps".
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.protocol.limits import MAX_NUMBER
from fieldapp.storage.vault import Transaction
from fieldapp.sync.report import StreamProof, VerifyReport

HEADS_KEY: Final = "claimed_heads"
MOST_MISSING: Final = 1_000
"""How many missing numbers of one stream are named."""
_ROW: Final = struct.Struct(">16s8sQ32s")


class StreamHead(NamedTuple):
    """How far somebody signed that a stream goes."""

    device: DeviceId
    channel: ChannelId
    seq: int
    hash: bytes


def pack_heads(heads: Iterable[StreamHead]) -> bytes:
    """Write heads one after the other, in order, as a heads batch and the vault keep them."""
    return b"".join(_ROW.pack(*head) for head in sorted(heads))


def unpack_heads(raw: bytes) -> Iterator[StreamHead]:
    """Read heads; bytes that are left over are not a head."""
    whole = len(raw) - len(raw) % _ROW.size
    for device, channel, seq, head_hash in _ROW.iter_unpack(raw[:whole]):
        yield StreamHead(DeviceId(device), ChannelId(channel), seq, head_hash)


def claim_heads(tx: Transaction, heads: Iterable[StreamHead]) -> None:
    """Remember that these heads were signed; a claim only ever grows."""
    claims = {(c.device, c.channel): c for c in unpack_heads(tx.meta.get(HEADS_KEY) or b"")}
    for head in heads:
        known = claims.get((head.device, head.channel))
        if known is None or number_of(known.seq) < number_of(head.seq):
            claims[head.device, head.channel] = head
    tx.meta.set(HEADS_KEY, pack_heads(claims.values()))


def number_of(seq: int) -> int:
    """Return the place in the stream without the generation."""
    return seq & MAX_NUMBER


def prove(tx: Transaction) -> VerifyReport:
    """Go through every stream that this vault knows of."""
    claims = {(c.device, c.channel): c.seq for c in unpack_heads(tx.meta.get(HEADS_KEY) or b"")}
    for receipt in tx.receipts.all():
        key = receipt.device, receipt.channel
        claims[key] = max(claims.get(key, 0), receipt.seq, key=number_of)
    streams = {(row.device, row.channel) for row in tx.streams.all()} | set(claims)
    return VerifyReport(tuple(_proof(tx, key, claims.get(key, 0)) for key in sorted(streams)))


def _proof(tx: Transaction, stream: tuple[DeviceId, ChannelId], claimed: int) -> StreamProof:
    """Compare the numbers that are here with the highest that is known."""
    rows = tx.batches.sequence(*stream)
    here = {number_of(seq) for seq, _, _ in rows}
    sealed = max(here | {number_of(claimed)})
    missing = _first_missing(here, sealed)
    return StreamProof(
        *stream,
        sealed=sealed,
        received=missing[0] - 1 if missing else sealed,
        missing=missing,
        forked=len({seq for seq, _, _ in rows}) < len(rows),
    )


def _first_missing(here: set[int], sealed: int) -> tuple[int, ...]:
    """Name the lowest numbers that lack, at most ``MOST_MISSING``."""
    found: list[int] = []
    number = 1
    for present in (*sorted(here), sealed + 1):
        last = min(present, number + MOST_MISSING - len(found))
        found.extend(range(number, last))
        if len(found) >= MOST_MISSING:
            break
        number = present + 1
    return tuple(found)
