"""Where the server's chain of one of our streams is not ours, and what it lacks of ours.

Laws:
  * Our chain is what our head follows, batch by batch. A head of the server that lies on it needs
    to catch up; one that does not was sealed by a copy of this home: there the stream is branched.
  * Our own batches are the server's backup: what its head does not reach goes back into the outbox.
    What was retired here cannot, and headquarters has it. The server's head stays before that gap,
    so what lies behind it goes out once, and again only after a further loss.
  * Before a batch of records that the server refused the stream goes on anew: no head and no
    receipt ever passes such a hole, and what lies behind it is not sent again for its sake.
  * A receipt says that a batch is held, not where. One that came without the heads, from a server
    that could not trust our clock, is held against the next heads that it tells.

Nothing is sealed here; how we go on is for ``generations`` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from fieldapp.protocol.batch import Kind, parse_header, split_seq
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.protocol.limits import MAX_GENERATION
from fieldapp.storage.rows import RETIRED, BatchRow
from fieldapp.storage.vault import Transaction

UNPLACED_KEY: Final = "unplaced_batches"
GAPS_KEY: Final = "resent_beyond_gaps"
"""Before which gaps a server's heads stand, of what was sent again beyond them."""
_HASH_BYTES: Final = len(ZERO_HASH)
_DELIVERED: Final = frozenset({"stored", "received"})
"""The second is ours too, sealed by a copy of this home and read in the feed."""

ServerHeads = Mapping[ChannelId, tuple[int, bytes]]


class Difference(NamedTuple):
    """What comparing our streams with the server's heads brought to light."""

    resent: int
    branched: dict[ChannelId, tuple[int, bytes]]
    refused: dict[ChannelId, BatchRow]


def chain(tx: Transaction, last: bytes) -> Iterator[BatchRow]:
    """Walk back along a stream from a batch, as far as it is here."""
    while (row := tx.batches.by_hash(last)) is not None:
        yield row
        last = parse_header(row.raw).prev


def branches(tx: Transaction, device: DeviceId, server: ServerHeads) -> frozenset[ChannelId]:
    """Return the channels where the server's chain is not ours."""
    return frozenset(
        channel for channel, head in server.items() if _is_branched(tx, device, channel, head)
    )


def reconcile(tx: Transaction, device: DeviceId, server: ServerHeads) -> Difference:
    """Compare each of our streams with the server's head of it.

    Args:
        tx: the open transaction.
        device: we.
        server: the server's head (seq, hash) of each of our streams.

    Returns:
        How many batches go out again, the server's heads where a stream is branched, and the first
        batch of records that was refused in each other stream.
    """
    resent = 0
    refused = {}
    branched = branches(tx, device, server)
    for row in tx.streams.all(device):
        if row.channel not in branched:
            _, head_hash = server.get(row.channel, (0, ZERO_HASH))
            lost = _beyond(tx, row.hash, head_hash)
            holes = [at for at, one in enumerate(lost) if _is_hole(one)]
            if holes:
                refused[row.channel] = lost[holes[-1]]
                lost = lost[holes[-1] + 1 :]
            resent += _send_again(tx, row.channel, lost, beyond=head_hash)
    return Difference(resent, {one: server[one] for one in sorted(branched)}, refused)


def note_unplaced(tx: Transaction, hashes: Iterable[bytes]) -> None:
    """Remember batches that the server holds at a place which it did not tell."""
    added = b"".join(hashes)
    if added:
        tx.meta.set(UNPLACED_KEY, (tx.meta.get(UNPLACED_KEY) or b"") + added)


def settle_unplaced(tx: Transaction, branched: frozenset[ChannelId]) -> None:
    """Hold what was remembered against the heads: in a branched stream it forks the chain."""
    raw = tx.meta.get(UNPLACED_KEY)
    if raw is None:
        return
    tx.meta.delete(UNPLACED_KEY)
    for at in range(0, len(raw), _HASH_BYTES):
        row = tx.batches.by_hash(raw[at : at + _HASH_BYTES])
        if row is not None and row.state == "stored" and row.channel in branched:
            tx.batches.mark(row.hash, "forked")


def _is_branched(
    tx: Transaction, device: DeviceId, channel: ChannelId, head: tuple[int, bytes]
) -> bool:
    """Tell whether a head lies beside our chain, and nothing of ours is on its way beyond it.

    Where a later generation is open already and still empty, there is nothing better to do than
    to follow what the other copy sealed, if it is here. Nobody goes on after the last generation,
    which no honest server names.
    """
    seq, head_hash = head
    own = tx.streams.head(device, channel)
    if split_seq(seq)[0] >= MAX_GENERATION:
        return False
    if own is None:
        return True
    if split_seq(own[0])[0] > split_seq(seq)[0]:
        last = tx.batches.by_hash(own[1])
        if last is not None and last.state == "outbox":
            return False
        is_unused = last is None or last.seq != own[0]
        if is_unused and tx.batches.by_hash(head_hash) is None:
            return False
    return all(row.hash != head_hash for row in chain(tx, own[1]))


def _beyond(tx: Transaction, last: bytes, head: bytes) -> list[BatchRow]:
    """Return what our chain holds beyond the server's head, the newest first.

    Where its head is not on our chain, what is on its way comes first.
    """
    if head != ZERO_HASH and tx.batches.by_hash(head) is None:
        return []
    return list(takewhile(lambda row: row.hash != head, chain(tx, last)))


def _is_hole(row: BatchRow) -> bool:
    return row.state == "refused" and row.kind == Kind.ENTRIES


def _send_again(
    tx: Transaction, channel: ChannelId, lost: Sequence[BatchRow], *, beyond: bytes
) -> int:
    """Put what the server had of our chain and lost back into the outbox."""
    if any(row.reason == RETIRED for row in lost):
        noted = tx.meta.get(GAPS_KEY) or b""
        if beyond + channel in noted:
            return 0
        tx.meta.set(GAPS_KEY, noted + beyond + channel)
    lost = [row for row in lost if row.state in _DELIVERED and row.reason != RETIRED]
    for row in lost:
        tx.batches.mark(row.hash, "outbox")
    return len(lost)
