"""Obeying erase orders: what an order takes leaves this vault, wherever it lies.

Laws:
  * The ciphertext, the fold, the card that search reads and what was set aside in quarantine go
    in one transaction; the header stays, with its key packet, and so does the stream.
  * A record is folded again from what still counts. One of which nothing is left is erased; that
    it was here, and who took it, its history still tells.
  * The text of a restricted record that we wrote is not kept under any batch's key. It goes with
    its own key, whichever of its batches an order names.
  * Entries of the same batch that the order spares come back by the re-issue, as their author's.
  * Obeying twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldapp.protocol.batch import Batch, Kind, parse_batch
from fieldapp.protocol.erasure import EraseOrder
from fieldapp.protocol.ids import RecordId
from fieldapp.storage.batches import NewBatch
from fieldapp.storage.quarantine import WHOLE_BATCH
from fieldapp.storage.rows import BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.folding import Folder
from fieldapp.sync.judge import Judge
from fieldapp.sync.orders import UNREAD, is_erased, note_order, withheld
from fieldapp.sync.rejudging import Rejudging, remember_retry
from fieldapp.sync.stream_heads import StreamHeads

_HERE = frozenset({"received", "forked"})
_WITHHELD_AT = "withheld:{}"


@dataclass(frozen=True, slots=True)
class Eraser:
    """Carries out orders in one vault."""

    judge: Judge
    folder: Folder
    rejudging: Rejudging
    now_ms: Callable[[], int]

    def obey(self, tx: Transaction, order: EraseOrder, ordered_by: bytes) -> None:
        """Take what an order names; it was judged, and its batch is kept.

        Args:
            tx: an open transaction.
            order: what it says.
            ordered_by: the hash of the order's batch.
        """
        target = order.target.hash
        note_order(tx, target, ordered_by)
        remember_retry(tx)
        row = tx.batches.by_hash(target)
        if row is None:
            self._take_withheld(tx, target)
            row = tx.batches.by_hash(target)
        touched = set() if row is None else self._strip(tx, row)
        for reissue in list(tx.batches.of_kind(Kind.REISSUE)):
            if self._is_covered(tx, reissue, order):
                touched |= self._strip(tx, reissue)
        self.rejudging.fold_again(tx, touched)

    def _strip(self, tx: Transaction, row: BatchRow) -> set[RecordId]:
        """Leave the erased form of a batch; return the records that it was part of."""
        if is_erased(row.raw):
            return set()
        batch = parse_batch(row.raw)
        touched = {one.entry.record for one in self.judge.entries(tx, batch)}
        touched |= _private(tx, row.hash)
        tx.batches.erase_body(row.hash)
        for kept in tx.quarantine.all():
            if kept.batch == row.hash:
                tx.quarantine.release(kept.batch, kept.entry)
        if row.device != self.folder.device:
            self._mark(tx, row, batch)
        return {record for record in touched if tx.records.get(record) is not None}

    def _mark(self, tx: Transaction, row: BatchRow, batch: Batch) -> None:
        """Note of another's batch that it is erased, and whether it had been opened here."""
        if row.state != "forked":
            tx.batches.mark(row.hash, "erased", None if row.state in _HERE else UNREAD)
        heads = StreamHeads(tx, self.folder.device)
        heads.settle(batch)
        heads.save()

    def _is_covered(self, tx: Transaction, row: BatchRow, order: EraseOrder) -> bool:
        """Tell whether a re-issue holds what a later order takes."""
        if is_erased(row.raw):
            return False
        reissue = self.judge.reissue(tx, parse_batch(row.raw))
        if reissue is None or reissue.original_hash != order.target.hash:
            return False
        return any(order.covers(index) for index, _ in reissue.survivors())

    def _take_withheld(self, tx: Transaction, target: bytes) -> None:
        """Take a batch that came without its body, now that an order says why."""
        raw = withheld(tx, target)
        if raw is None:
            return
        batch = parse_batch(raw)
        at = _WITHHELD_AT.format(target.hex())
        noted = tx.meta.get(at)
        position = None if noted is None else int.from_bytes(noted, "big")
        judged = self.judge.judge(tx, batch, position)
        new = NewBatch(batch, judged.state, self.now_ms(), position, reason=judged.reason)
        heads = StreamHeads(tx, self.folder.device)
        verdict = heads.place(batch)
        tx.batches.add(new)
        tx.quarantine.release(target, WHOLE_BATCH)
        tx.meta.delete(at)
        heads.pass_over(batch, verdict, is_folded=judged.state == "erased")
        heads.save()


def note_withheld(tx: Transaction, batch_hash: bytes, position: int) -> None:
    """Remember where the server put a batch whose body is missing."""
    tx.meta.set(_WITHHELD_AT.format(batch_hash.hex()), position.to_bytes(8, "big"))


def _private(tx: Transaction, batch_hash: bytes) -> set[RecordId]:
    """Find the restricted record that we wrote and that a batch is part of."""
    return {record for record in tx.record_keys.all() if batch_hash in tx.records.history(record)}
