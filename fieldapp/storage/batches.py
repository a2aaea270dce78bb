"""Batches as they travel: ours to send, others' as received.

Laws:
  * A batch is known by the hash of its header; adding it again changes nothing.
  * Batches are protocol bytes and stand outside the vault key: a locked vault, or one whose key
    was destroyed, can still deliver (``outbox.py``).
  * A batch is marked, never deleted; erasing leaves its erased form, which still proves its place.
    So does retiring one whose time here is over.
  * What a newer version wrote is kept unread, under the place that its header names.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Update, bindparam, case, func, select, update
from sqlalchemy.dialects.sqlite import insert

from fieldapp.protocol.batch import Batch, erased_form, parse_batch
from fieldapp.protocol.ids import ChannelId, DeviceId, Kid
from fieldapp.storage.repository import AnyRow, Repository
from fieldapp.storage.rows import ORDINARY_PRIORITY, RETIRED, BatchRow, BatchState
from fieldapp.storage.tables import batches

_LOOKUP_CHUNK: Final = 500

_COLUMNS = (
    batches.c.hash,
    batches.c.device,
    batches.c.channel,
    batches.c.seq,
    batches.c.kind,
    batches.c.kid,
    batches.c.state,
    batches.c.reason,
    batches.c.priority,
    batches.c.position,
    batches.c.created_ms,
    batches.c.raw,
)
_BY_HASH = select(*_COLUMNS).where(batches.c.hash == bindparam("h"))
_BY_STREAM = (
    select(*_COLUMNS)
    .where(
        batches.c.device == bindparam("d"),
        batches.c.channel == bindparam("c"),
        batches.c.seq == bindparam("s"),
    )
    .order_by(batches.c.id)
)
_SEQUENCE = (
    select(batches.c.seq, batches.c.hash, batches.c.state)
    .where(batches.c.device == bindparam("d"), batches.c.channel == bindparam("c"))
    .order_by(batches.c.seq, batches.c.id)
)
_OUTBOX = (
    select(*_COLUMNS).where(batches.c.state == "outbox").order_by(batches.c.priority, batches.c.id)
)
_WAITING = select(*_COLUMNS).where(batches.c.state == "waiting").order_by(batches.c.id)
_WAITING_FOR = _WAITING.where(batches.c.kid == bindparam("k"))
_IN_STATE = select(*_COLUMNS).where(batches.c.state == bindparam("s")).order_by(batches.c.id)
_HASHES_IN = select(batches.c.hash).where(
    batches.c.state.in_(bindparam("ss", expanding=True)), batches.c.kind == bindparam("k")
)
_NEWEST = (
    select(*_COLUMNS)
    .where(batches.c.state == bindparam("s"), batches.c.kind == bindparam("k"))
    .order_by(batches.c.id.desc())
    .limit(1)
)
_OF_KIND = (
    select(*_COLUMNS)
    .where(batches.c.kind == bindparam("k"))
    .order_by(batches.c.position.is_(None), batches.c.position, batches.c.id)
)
_KNOWN = select(batches.c.hash).where(batches.c.hash.in_(bindparam("hs", expanding=True)))
_ADD = insert(batches).on_conflict_do_nothing(index_elements=[batches.c.hash])
_MARK = (
    update(batches)
    .where(batches.c.hash == bindparam("h"))
    .values(
        state=bindparam("s"),
        reason=case((batches.c.reason == RETIRED, RETIRED), else_=bindparam("r")),
    )
)
_PLACE = update(batches).where(batches.c.hash == bindparam("h")).values(position=bindparam("p"))
_ERASE = (
    update(batches)
    .where(batches.c.hash == bindparam("h"))
    .values(raw=bindparam("form"), size=bindparam("length"))
)
_RETIRE = _ERASE.values(reason=func.coalesce(batches.c.reason, RETIRED))
_NOT_RETIRED = select(*_COLUMNS).where(
    batches.c.hash.in_(bindparam("hs", expanding=True)),
    func.coalesce(batches.c.reason, "") != RETIRED,
)
_COUNTS = select(
    batches.c.state, func.count(), func.min(batches.c.created_ms), func.sum(batches.c.size)
).group_by(batches.c.state)
_COUNTS_OF_KIND = _COUNTS.where(batches.c.kind == bindparam("k"))


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch to be added; ``priority`` orders the outbox, the lowest first."""

    batch: Batch
    state: BatchState
    created_ms: int
    position: int | None = None
    priority: int = ORDINARY_PRIORITY
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many batches are in a state, since when, and how large they are together."""

    count: int
    oldest_ms: int
    size: int


class Batches(Repository):
    """Batches by header hash; ``erased`` counts the bodies that this transaction took away."""

    erased = 0

    def add(self, new: NewBatch) -> int | None:
        """Keep a batch; return its row number, or None if it was known already."""
        result = self._run(_ADD, _values(new))
        return result.lastrowid if result.rowcount else None

    def add_many(self, rows: Sequence[NewBatch]) -> list[bytes]:
        """Keep batches; return the hashes of those that were new, in order."""
        known = self.known(row.batch.hash for row in rows)
        fresh = {row.batch.hash: row for row in reversed(rows) if row.batch.hash not in known}
        hashes = [row.batch.hash for row in rows if fresh.get(row.batch.hash) is row]
        if hashes:
            self._run(_ADD, [_values(fresh[header_hash]) for header_hash in hashes])
        return hashes

    def known(self, hashes: Iterable[bytes]) -> set[bytes]:
        """Return those of the hashes whose batch is kept here."""
        asked = list(hashes)
        found: set[bytes] = set()
        for start in range(0, len(asked), _LOOKUP_CHUNK):
            found.update(self._run(_KNOWN, {"hs": asked[start : start + _LOOKUP_CHUNK]}).scalars())
        return found

    def by_hash(self, header_hash: bytes) -> BatchRow | None:
        """Return the batch with this header hash."""
        row = self._run(_BY_HASH, {"h": header_hash}).one_or_none()
        return None if row is None else _row(row)

    def by_stream(self, device: bytes, channel: bytes, seq: int) -> list[BatchRow]:
        """Return the batches with this number: none, one, or the two sides of a fork."""
        return [_row(row) for row in self._run(_BY_STREAM, {"d": device, "c": channel, "s": seq})]

    def sequence(self, device: bytes, channel: bytes) -> list[tuple[int, bytes, BatchState]]:
        """Return (seq, hash, state) of every batch of a stream in order, for the gap proof."""
        return [(s, h, state) for s, h, state in self._run(_SEQUENCE, {"d": device, "c": channel})]

    def outbox(self, limit_bytes: int) -> list[BatchRow]:
        """Return what to send next, most urgent first, at least one and up to the limit."""
        taken: list[BatchRow] = []
        size = 0
        with self._run(_OUTBOX) as rows:
            for row in rows:
                size += len(row.raw)
                if taken and size > limit_bytes:
                    break
                taken.append(_row(row))
        return taken

    def waiting(self, kid: bytes | None = None) -> list[BatchRow]:
        """Return the batches that wait, or those that wait for one sender key."""
        rows = self._run(_WAITING) if kid is None else self._run(_WAITING_FOR, {"k": kid})
        return [_row(row) for row in rows]

    def in_state(self, state: BatchState) -> Iterator[BatchRow]:
        """Yield the batches in a state, in the order they came."""
        return map(_row, self._run(_IN_STATE, {"s": state}))

    def hashes_in(self, states: Iterable[BatchState], kind: int) -> list[bytes]:
        """Return the hashes of the batches of a kind that are in some states, without a body."""
        asked = {"ss": list(states), "k": kind}
        return list(self._run(_HASHES_IN, asked).scalars())

    def newest(self, state: BatchState, kind: int) -> BatchRow | None:
        """Return the batch of a kind that came last into this vault and is in a state."""
        row = self._run(_NEWEST, {"s": state, "k": kind}).one_or_none()
        return None if row is None else _row(row)

    def of_kind(self, kind: int) -> Iterator[BatchRow]:
        """Yield the batches of a kind by feed position, those without one last."""
        return map(_row, self._run(_OF_KIND, {"k": kind}))

    def mark(self, header_hash: bytes, state: BatchState, reason: str | None = None) -> bool:
        """Move a batch to a state; tell whether it is kept here. A retired one stays that."""
        return self._run(_MARK, {"h": header_hash, "s": state, "r": reason}).rowcount > 0

    def place(self, header_hash: bytes, position: int) -> None:
        """Note at which feed position a batch stands."""
        self._run(_PLACE, {"h": header_hash, "p": position})

    def erase_body(self, header_hash: bytes) -> bool:
        """Leave the erased form of a batch; tell whether it is kept here."""
        return self._take_body(_ERASE, header_hash)

    def retire(self, header_hash: bytes) -> bool:
        """Let go of the body of a batch whose time here is over; tell whether it is kept here.

        A batch whose entries were sealed again keeps that reason.
        """
        return self._take_body(_RETIRE, header_hash)

    def _take_body(self, how: Update, header_hash: bytes) -> bool:
        row = self.by_hash(header_hash)
        if row is None:
            return False
        form = erased_form(parse_batch(row.raw))
        self._run(how, {"h": header_hash, "form": form, "length": len(form)})
        self.erased += 1
        return True

    def not_retired(self, hashes: Iterable[bytes]) -> list[BatchRow]:
        """Return those of the batches that were never retired."""
        asked = list(hashes)
        starts = range(0, len(asked), _LOOKUP_CHUNK)
        pages = (self._run(_NOT_RETIRED, {"hs": asked[at : at + _LOOKUP_CHUNK]}) for at in starts)
        return [_row(row) for page in pages for row in page]

    def counts(self, kind: int | None = None) -> dict[BatchState, StateCount]:
        """Return the number, the oldest instant and the bytes of the batches in each state.

        Args:
            kind: only batches of this kind.
        """
        rows = self._run(_COUNTS) if kind is None else self._run(_COUNTS_OF_KIND, {"k": kind})
        return {state: StateCount(n, oldest, size) for state, n, oldest, size in rows}


def _values(new: NewBatch) -> dict[str, Any]:
    header = new.batch.header
    return {
        "hash": new.batch.hash,
        "device": header.device,
        "channel": header.channel,
        "seq": header.seq,
        "kind": int(header.kind),
        "kid": header.kid,
        "state": new.state,
        "reason": new.reason,
        "priority": new.priority,
        "position": new.position,
        "created_ms": new.created_ms,
        "size": len(new.batch.raw),
        "raw": new.batch.raw,
    }


def _row(row: AnyRow) -> BatchRow:
    header_hash, device, channel, seq, kind, kid, *rest = row
    return BatchRow(header_hash, DeviceId(device), ChannelId(channel), seq, kind, Kid(kid), *rest)
