"""Letting go of sealed batches of which this device shows nothing any more.

Laws:
  * Only the body goes. Number, place and hash of the batch stay, so that heads, gaps, forks,
    receipts and ticks are what they were.
  * A batch goes whole: while one of its records is shown here, or waits here, it stays.
  * Our own stays for ninety days after headquarters opened it; where headquarters is no reader,
    after an office that is. Until then it is the copy that a lost server gets back.
  * Others' copies are their own: what came from another device goes with its last record.
  * A batch whose entries were sealed again goes after those that followed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fieldapp.domain.clock import kenya_date
from fieldapp.domain.retention import sealed_until
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.ids import OfficeId, RecordId
from fieldapp.protocol.units import REPUBLIC
from fieldapp.services.record_history import reached_ms, records_of
from fieldapp.services.workspace import Workspace
from fieldapp.storage.rows import RETIRED, BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.acknowledged import channel_of_batch
from fieldapp.sync.orders import is_erased
from fieldapp.sync.own_streams import RESEALED

_OURS: Final = frozenset({"stored", "received", "forked"})
_THEIRS: Final = frozenset({"received", "forked"})
_KINDS: Final = frozenset({Kind.ENTRIES, Kind.REISSUE})

Gone = Mapping[RecordId, Collection[bytes]]


def due_bodies(work: Workspace, tx: Transaction, today: date) -> list[bytes]:
    """Name the batches whose bodies may go today."""
    gone = tx.records.given_up()
    hashes = dict.fromkeys(one for made_by in gone.values() for one in made_by)
    rows = [row for row in tx.batches.not_retired(hashes) if not is_erased(row.raw)]
    return _Day(work, tx, gone, today).due(rows)


@dataclass(frozen=True, slots=True)
class _Day:
    """One look at what is gone."""

    work: Workspace
    tx: Transaction
    gone: Gone
    today: date

    def due(self, rows: Collection[BatchRow]) -> list[bytes]:
        """Name those of the batches that may go."""
        first = {row.hash for row in rows if row.reason != RESEALED and self._is_due(row)}
        again = [row for row in rows if row.reason == RESEALED and self._is_followed(row, first)]
        return [row.hash for row in rows if row.hash in first] + [row.hash for row in again]

    def _is_due(self, row: BatchRow) -> bool:
        is_ours = row.device == self.work.keys.device
        is_settled = row.state in (_OURS if is_ours else _THEIRS) and row.kind in _KINDS
        return is_settled and self._shows_nothing(row) and (not is_ours or self._is_kept(row))

    def _is_kept(self, row: BatchRow) -> bool:
        """Tell whether headquarters has had one of our batches for long enough.

        Nobody opened it before it was sealed, whatever the clock of the opener says.
        """
        at_ms = reached_ms(self.work, self.tx, self._readers(row), row)
        if at_ms is None:
            return False
        return sealed_until(kenya_date(max(at_ms, row.created_ms))) < self.today

    def _readers(self, row: BatchRow) -> frozenset[OfficeId]:
        """Return headquarters' offices that read a batch, else all that do."""
        channel = channel_of_batch(self.tx, row)
        readers = () if channel is None else self.work.directory.readers_of(channel)
        at_ke = frozenset(office.id for office in readers if office.unit == REPUBLIC)
        return at_ke or frozenset(office.id for office in readers)

    def _shows_nothing(self, row: BatchRow) -> bool:
        """Tell whether every record of a batch is gone from here.

        One whose key is gone held a single record, which is how it came to be looked at.
        """
        if self.tx.sender_keys.get(row.kid) is None:
            return True
        records = records_of(self.tx, row)
        return bool(records) and records <= self.gone.keys()

    def _is_followed(self, row: BatchRow, due: Collection[bytes]) -> bool:
        """Tell whether what was sealed in the place of a batch goes as well, or went."""
        if not self._shows_nothing(row):
            return False
        made_by = {one for made_by in self.gone.values() if row.hash in made_by for one in made_by}
        others = [found for one in made_by if (found := self.tx.batches.by_hash(one)) is not None]
        return all(
            one.hash in due or one.reason == RETIRED for one in others if one.reason != RESEALED
        )
