"""Entries into records, many at a time.

Laws:
  * The same fold for our own entries and for others'; order and repetition change nothing.
  * Records are read once and written once per call, in the caller's transaction.
  * A restricted record that we wrote lies under a random key of its own from its first moment.
    Of the contact of a person who gave information not even a number stays.
    A desk that reads it keeps it like any other record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from fieldapp.domain.clock import BUILD_MS
from fieldapp.domain.entries import Entry
from fieldapp.domain.fold import RecordState, fold, from_json, to_json
from fieldapp.domain.parties import SOURCE_TYPE
from fieldapp.protocol.ids import DeviceId, RecordId
from fieldapp.storage.rows import RecordPut
from fieldapp.storage.vault import Transaction
from fieldapp.sync.record_cards import make_card, make_stub

OWN_KEY_DAYS: Final = 14
DAY_MS: Final = 24 * 60 * 60 * 1000
RECORD_KEY_BYTES: Final = 32


def give_up_due(tx: Transaction, now_ms: int) -> None:
    """Drop the keys of restricted records and drafts whose day has come by this device's clock.

    A day before the build date was set by a clock that had lost its date: it counts from now on.
    """
    if now_ms >= BUILD_MS:
        tx.record_keys.put_off(BUILD_MS, now_ms + OWN_KEY_DAYS * DAY_MS)
    tx.record_keys.purge_expired(now_ms)


class Opened(NamedTuple):
    """An entry with its author and the batch that brought it."""

    entry: Entry
    device: DeviceId
    batch: bytes


@dataclass(frozen=True, slots=True)
class Folder:
    """Folds on behalf of one device.

    Attributes:
        device: we.
        now_ms: our clock.
        best_time_ms: the later of our clock and the last time that a server signed.
        chance: random bytes, for the keys of single records.
    """

    device: DeviceId
    now_ms: Callable[[], int]
    best_time_ms: Callable[[], int]
    chance: Callable[[int], bytes]

    def fold(self, tx: Transaction, opened: Sequence[Opened], *, private: bool = False) -> int:
        """Fold entries into their records; return how many entries that were.

        Args:
            tx: the open transaction.
            opened: the entries, checked and allowed.
            private: the records are restricted and ours: each gets a key of its own.
        """
        by_record: dict[RecordId, list[Opened]] = {}
        for one in opened:
            by_record.setdefault(one.entry.record, []).append(one)
        known = tx.records.get_many(by_record)
        best_ms = self.best_time_ms()
        rows = []
        for record, entries in by_record.items():
            row = known.get(record)
            state = _folded(None if row is None or row.state is None else row.state, entries)
            rows.append(
                self._private_row(state, entries, best_ms, is_new=row is None)
                if private
                else self._row(state, entries, best_ms)
            )
        tx.records.put_many(rows)
        return len(opened)

    def rewrite(self, tx: Transaction, record: RecordId, opened: Sequence[Opened]) -> None:
        """Fold a record anew from all that counts of it; nothing left erases it."""
        if opened:
            tx.records.put(self._row(_folded(None, opened), opened, self.best_time_ms()))
        else:
            tx.records.erase(record)

    def _row(self, state: RecordState, opened: Sequence[Opened], best_ms: int) -> RecordPut:
        card = make_card(state, device=self.device, best_time_ms=best_ms)
        batches = tuple(dict.fromkeys(one.batch for one in opened))
        return RecordPut(state.record, to_json(state), card.to_json(), batches)

    def _stub(self, state: RecordState) -> bytes:
        return make_stub(state, device=self.device).to_json()

    def _private_row(
        self, state: RecordState, opened: Sequence[Opened], best_ms: int, *, is_new: bool
    ) -> RecordPut:
        return self._row(state, opened, best_ms)._replace(
            key=self.chance(RECORD_KEY_BYTES) if is_new else None,
            delete_after_ms=self.now_ms() + OWN_KEY_DAYS * DAY_MS,
            stub=None if state.type == SOURCE_TYPE else self._stub(state),
        )


def _folded(known: bytes | None, opened: Sequence[Opened]) -> RecordState:
    first, *rest = opened
    state = fold(from_json(known) if known is not None else None, first.entry, first.device)
    for entry, device, _ in rest:
        state = fold(state, entry, device)
    return state
