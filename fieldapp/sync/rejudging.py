"""Judging again: verdicts follow what is known, whatever the order in which it came.

Laws:
  * What waits is judged again after any news; what was received or quarantined is judged again
    when its author's certificate changed (decision 16).
  * A batch that no longer counts is taken out of its records: they are folded again from the
    sealed batches that do count. A record that nothing is left of is erased, its batches stay.
  * What an order took does not come back, whatever becomes known of the order.
  * Judging again without news changes nothing. What was retired is not judged again: nothing of
    it is shown any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from fieldapp.domain.entries import decode_entry
from fieldapp.errors import ProtocolError
from fieldapp.protocol.batch import Batch, Kind, parse_batch
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import ID_BYTES, DeviceId, RecordId
from fieldapp.storage.rows import RETIRED, BatchRow, BatchState
from fieldapp.storage.vault import Transaction
from fieldapp.sync.folding import Folder, Opened
from fieldapp.sync.judge import Judge, Judged
from fieldapp.sync.orders import survivors

RETRY_KEY: Final = "retry_due"
_COUNTED: Final = frozenset({"received", "forked"})
_FOLDED: Final = _COUNTED | {"quarantined"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A batch whose verdict is another one now."""

    batch: Batch
    before: BatchState
    judged: Judged


@dataclass(slots=True)
class News:
    """What came out of judging again: new entries, and records that lost some."""

    changed: list[Changed] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    shrunk: set[RecordId] = field(default_factory=set)


def remember_retry(tx: Transaction, devices: Iterable[DeviceId] = ()) -> None:
    """Note that something new came, and whose certificates changed."""
    before = devices_of(tx.meta.get(RETRY_KEY) or b"")
    tx.meta.set(RETRY_KEY, b"".join(sorted(before | set(devices))))


def remember_adopted(tx: Transaction, hashes: Iterable[bytes]) -> None:
    """Note that batches were adopted: whatever lies here of their authors is judged again."""
    rows = [tx.batches.by_hash(batch_hash) for batch_hash in hashes]
    remember_retry(tx, [row.device for row in rows if row is not None])


def devices_of(due: bytes) -> set[DeviceId]:
    """Read the devices of a note."""
    return {DeviceId(due[at : at + ID_BYTES]) for at in range(0, len(due), ID_BYTES)}


@dataclass(frozen=True, slots=True)
class Rejudging:
    """Goes over the batches that news may concern."""

    directory: Directory
    judge: Judge
    folder: Folder

    def run(self, tx: Transaction) -> News:
        """Judge again what is due and fold what changed; the note is taken away."""
        news = News()
        due = tx.meta.get(RETRY_KEY)
        if due is None:
            return news
        tx.meta.delete(RETRY_KEY)
        for row in list(self._due(tx, devices_of(due))):
            self._judge_again(tx, row, news)
        self.folder.fold(tx, [one for one in news.opened if one.entry.record not in news.shrunk])
        self.fold_again(tx, news.shrunk)
        return news

    def fold_again(self, tx: Transaction, records: Collection[RecordId]) -> None:
        """Fold records anew from the batches that count; nothing left erases them."""
        for record in sorted(records):
            self._fold_again(tx, record)

    def _due(self, tx: Transaction, devices: Collection[DeviceId]) -> Iterator[BatchRow]:
        yield from tx.batches.waiting()
        for row in tx.batches.in_state("quarantined"):
            if row.device in devices or row.kind == Kind.REISSUE:
                yield row
        if devices:
            yield from self._reissues(tx)
        for device in sorted(devices):
            if device != self.folder.device:
                yield from self._counted(tx, device)

    def _reissues(self, tx: Transaction) -> Iterator[BatchRow]:
        """Yield the counted re-issues: whose entries they are is known when they are opened."""
        for row in tx.batches.of_kind(Kind.REISSUE):
            if row.state in _COUNTED and row.device != self.folder.device:
                yield row

    def _counted(self, tx: Transaction, device: DeviceId) -> Iterator[BatchRow]:
        """Yield the counted batches of a device that may not count any more."""
        certificate = self.directory.device(device)
        if certificate is None or not (certificate.cuts or certificate.after):
            return
        for stream in tx.streams.all(device):
            for _, batch_hash, state in tx.batches.sequence(device, stream.channel):
                row = tx.batches.by_hash(batch_hash) if state in _COUNTED else None
                if row is not None and row.kind == Kind.ENTRIES:
                    yield row

    def _judge_again(self, tx: Transaction, row: BatchRow, news: News) -> None:
        if row.reason == RETIRED:
            return
        batch = parse_batch(row.raw)
        judged = self.judge.judge(tx, batch, row.position)
        if judged.state == row.state or (judged.state, row.state) == ("received", "forked"):
            return
        if judged.state == "erased":
            return
        if row.state in _COUNTED:
            news.shrunk.update(one.entry.record for one in self.judge.entries(tx, batch))
        tx.batches.mark(batch.hash, judged.state, judged.reason)
        news.changed.append(Changed(batch, row.state, judged))
        news.opened += judged.opened

    def _fold_again(self, tx: Transaction, record: RecordId) -> None:
        """Fold a record anew from the batches that count."""
        opened: list[Opened] = []
        for batch_hash in tx.records.history(record):
            row = tx.batches.by_hash(batch_hash)
            if row is not None and (row.device == self.folder.device or row.state in _FOLDED):
                opened += self._of_record(tx, row, record)
        self.folder.rewrite(tx, record, opened)

    def _of_record(self, tx: Transaction, row: BatchRow, record: RecordId) -> list[Opened]:
        """Return what a batch still says of a record."""
        try:
            batch = parse_batch(row.raw)
        except ProtocolError:
            return []
        return [one for one in self.counting(tx, batch, row.position) if one.entry.record == record]

    def counting(self, tx: Transaction, batch: Batch, position: int | None) -> Sequence[Opened]:
        """Return the entries of a batch that count; our own count whatever is known of us."""
        reissue = self.judge.reissue(tx, batch)
        author = batch.header.device if reissue is None else reissue.header.device
        if author == self.folder.device and reissue is not None:
            found = (decode_entry(raw) for raw in survivors(tx, reissue))
            return [Opened(entry, author, batch.hash) for entry in found]
        if author == self.folder.device:
            return self.judge.entries(tx, batch)
        return self.judge.judge(tx, batch, position).opened
