"""A new generation: how to go on where the server's chain of our stream is not ours (decision 9).

The same way leads round a batch that the server refused: its entries and all that follows are
sealed again behind the last batch before it.

Laws:
  * A phone restored from a copy, or copied and used twice, seals numbers a second time. The server
    keeps both; we go on in the next generation after the last batch that both sides have. That
    is the server's own head where we read it in the feed, so that nothing is left out.
  * What was sealed here and is not in the chain then is sealed again. Entries have ids, so that
    a reader who got both folds them once.
  * A restricted record is sealed again from its own copy while that is here; else its first
    seal stands as it is, forked but kept.
  * The person is told once what happened, for a week.
  * What was refused is sealed again under a new key, behind the rest. What is refused on that way
    is left to a person, and the stream goes on without it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.domain.entries import encode_entry
from fieldapp.domain.fold import from_json
from fieldapp.protocol.batch import Kind, parse_batch, parse_header, split_seq
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.protocol.limits import MAX_GENERATION, MAX_NUMBER
from fieldapp.storage.rows import SERVER, BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.acknowledged import channel_of_batch
from fieldapp.sync.branching import chain
from fieldapp.sync.device import Device
from fieldapp.sync.folding import DAY_MS
from fieldapp.sync.orders import is_erased
from fieldapp.sync.own_streams import RESEALED, Link, raise_floor

SECOND_TRIES_KEY: Final = "sealed_after_refusal"
"""Hashes of the batches that were sealed on the way round a refused one."""
COPIED_KEY: Final = "home_copied"
SHOWN_MS: Final = 7 * DAY_MS
_TIME: Final = struct.Struct(">Q")
_GENERATION_BITS: Final = 48
_READ: Final = frozenset({"received", "forked", "stored", "erased"})
"""States of a batch whose signature was found good."""


def go_on(
    tx: Transaction, device: Device, branched: Mapping[ChannelId, tuple[int, bytes]], now_ms: int
) -> int:
    """Open the next generation of branched streams; return how many batches are sealed again.

    Args:
        tx: a durable transaction, after all was pulled that the server had.
        device: we.
        branched: the server's head of each stream.
        now_ms: the time.
    """
    count = 0
    for channel, (seq, head_hash) in branched.items():
        start = _start(tx, device.keys.device, channel, Link(seq, head_hash))
        if _open_generation(tx, device.keys.device, channel, start, beyond=seq):
            count += len(_reseal(tx, device, channel))
            tx.meta.set(COPIED_KEY, _TIME.pack(max(0, now_ms)))
    return count


def go_round(tx: Transaction, device: Device, refused: Mapping[ChannelId, BatchRow]) -> int:
    """Lead streams round what was refused in them; return how many batches are sealed again.

    Args:
        tx: a durable transaction.
        device: we.
        refused: the first refused batch of each stream.
    """
    count = 0
    for channel, row in refused.items():
        before = tx.batches.by_hash(parse_header(row.raw).prev)
        start = Link(0, ZERO_HASH) if before is None else Link(before.seq, before.hash)
        if _open_generation(tx, device.keys.device, channel, start, beyond=row.seq):
            current = tx.sender_keys.own_current(channel)
            if current is not None:
                tx.sender_keys.retire(current.kid)
            made = _reseal(tx, device, channel)
            tx.meta.set(SECOND_TRIES_KEY, _second_tries(tx) + b"".join(made))
            count += len(made)
    return count


def was_copied(tx: Transaction, now_ms: int) -> bool:
    """Tell whether this home turned out to be one of two copies, while that is to be shown."""
    raw = tx.meta.get(COPIED_KEY)
    return raw is not None and abs(now_ms - _TIME.unpack(raw)[0]) < SHOWN_MS


def _start(tx: Transaction, device: DeviceId, channel: ChannelId, theirs: Link) -> Link:
    """Find the last batch that both sides are known to have."""
    head = tx.batches.by_hash(theirs.prev)
    if head is not None and head.state in _READ and head.channel == channel:
        return Link(head.seq, head.hash)
    own = tx.streams.head(device, channel)
    generation, number = split_seq(theirs.seq)
    if own is None:
        return Link(0, ZERO_HASH)
    receipts = tx.receipts.for_stream(device, channel)
    opened = {row.hash for row in receipts if row.office != SERVER}
    is_stuck = split_seq(own[0])[0] > generation
    for row in chain(tx, own[1]):
        has = row.hash in opened if is_stuck else row.state == "stored"
        if has and split_seq(row.seq)[1] <= number:
            return Link(row.seq, row.hash)
    return Link(0, ZERO_HASH)


def _open_generation(
    tx: Transaction, device: DeviceId, channel: ChannelId, start: Link, *, beyond: int
) -> bool:
    """Put the head of a stream where its next generation begins; False when there is none left."""
    seqs = (seq for seq, _, _ in tx.batches.sequence(device, channel))
    generation = split_seq(max([beyond, *seqs]))[0] + 1
    if generation > MAX_GENERATION:
        return False
    seq = generation << _GENERATION_BITS | start.seq & MAX_NUMBER
    tx.streams.set(device, channel, seq, start.prev)
    for row in list(chain(tx, start.prev)):
        raise_floor(tx, parse_header(row.raw).directory_version)
        if row.state == "forked":
            tx.batches.mark(row.hash, "received" if row.position is not None else "stored")
    return True


def _reseal(tx: Transaction, device: Device, channel_id: ChannelId) -> list[bytes]:
    """Seal again what a stream's chain lacks; return the hashes of the new batches."""
    hashes: list[bytes] = []
    tried = _second_tries(tx)
    for row in sorted(_lacking(tx, device.keys.device, channel_id), key=_is_refused):
        is_given_up = _is_refused(row) and row.hash in tried
        channel, entries = channel_of_batch(tx, row), _entries(tx, row)
        if is_given_up or channel is None or not entries:
            continue
        made = device.sealer.seal_entries(tx, channel, entries, row.priority)
        tx.batches.mark(row.hash, "forked", RESEALED)
        hashes += [batch.hash for batch in made]
    return hashes


def _is_refused(row: BatchRow) -> bool:
    return row.state == "refused"


def _second_tries(tx: Transaction) -> bytes:
    return tx.meta.get(SECOND_TRIES_KEY) or b""


def _lacking(tx: Transaction, device: DeviceId, channel: ChannelId) -> list[BatchRow]:
    """Return what was sealed here and does not stand in the chain.

    Where the chain is not here down to its first batch, what the server holds is left to it.
    """
    head = tx.streams.head(device, channel)
    rows = [] if head is None else list(chain(tx, head[1]))
    is_whole = not rows or parse_header(rows[-1].raw).prev == ZERO_HASH
    standing = {row.hash for row in rows}
    states = {"outbox", "forked", "refused", *(("stored",) if is_whole else ())}
    sealed_here = [
        row
        for _, row_hash, state in tx.batches.sequence(device, channel)
        if state in states
        and row_hash not in standing
        and (row := tx.batches.by_hash(row_hash)) is not None
        and row.position is None
    ]
    return [row for row in sealed_here if row.kind == Kind.ENTRIES and row.reason != RESEALED]


def _entries(tx: Transaction, row: BatchRow) -> list[bytes]:
    """Open one of our own batches, or find its one entry in the record that it made.

    What was erased is not sealed again.
    """
    if is_erased(row.raw):
        return []
    key = tx.sender_keys.get(row.kid)
    if key is not None:
        return open_batch(parse_batch(row.raw), Secret(key.key))
    for record in tx.record_keys.all():
        known = tx.records.get(record)
        if known is None or known.state is None or row.hash not in known.batches:
            continue
        only = from_json(known.state).only
        if only is not None:
            return [only.raw or encode_entry(only)]
    return []
