"""The courier: what is due to others once a page is folded.

Laws:
  * A receipt says "opened on the office's computer" up to a number before which nothing is
    missing, waiting or kept apart; one for each stream that moved (decision 15).
  * A receipt is kept only if it can be true (``readership.counts_as_opened``).
  * A restricted record that we wrote is given up when the receipt of a desk that reads it covers
    every batch of it, at the latest after 14 days (decision 8).
  * A key that does not open for our office is asked for (``asking``).
  * Once a day an office with authority tells its readers how far it has seen each stream.
  * All of it waits in the outbox like anything else; nothing here talks to a server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError
from fieldapp.protocol.batch import PLAIN_KINDS, Kind, StreamPoint
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.checks import check_receipt
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import ChannelId, RecordId
from fieldapp.protocol.readership import counts_as_opened
from fieldapp.protocol.receipts import RECEIPT_BYTES, Receipt, parse_receipt
from fieldapp.protocol.roles import may_enrol
from fieldapp.storage.rows import BatchRow, ReceiptRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.acknowledged import (
    acknowledged_ms,
    channel_of_batch,
    counting,
    readers_of_batch,
    standing_at,
)
from fieldapp.sync.asking import ask
from fieldapp.sync.folding import DAY_MS, give_up_due
from fieldapp.sync.gap_proof import StreamHead, pack_heads
from fieldapp.sync.office_duties import OfficeDuties
from fieldapp.sync.orders import UNREAD
from fieldapp.sync.sealer import Sealer
from fieldapp.sync.stream_heads import RECEIPTS_KEY, Stream, receipts_due

HEADS_SENT_KEY: Final = "heads_sent_ms"
RECEIPTS_WAITING_KEY: Final = "receipts_waiting"
HEADS_PER_BATCH: Final = 500
MOST_WAITING: Final = 500
"""How many receipts of signers that are not known yet are kept; the newest stay."""


@dataclass(frozen=True, slots=True)
class Courier:
    """Writes and takes receipts for one device, and has the office's duties done."""

    keys: DeviceKeys
    directory: Directory
    sealer: Sealer
    duties: OfficeDuties
    now_ms: Callable[[], int]

    def settle(self, tx: Transaction) -> None:
        """Write everything that is due."""
        self.take_receipts(tx, ())
        give_up_due(tx, self.now_ms())
        me = self.directory.device(self.keys.device)
        if me is None or not me.may_hold_keys:
            return
        moved = receipts_due(tx)
        for stream in moved:
            self._write_receipt(tx, me, stream)
        if moved:
            tx.meta.delete(RECEIPTS_KEY)
        self.duties.perform(tx)
        ask(tx, self.sealer, me, self.now_ms())
        self._send_heads(tx, me)

    def take_receipts(self, tx: Transaction, receipts: Iterable[Receipt]) -> None:
        """Keep the offices' receipts that verify; those of unknown signers wait."""
        raw = tx.meta.get(RECEIPTS_WAITING_KEY) or b""
        waited = [
            parse_receipt(raw[at : at + RECEIPT_BYTES]) for at in range(0, len(raw), RECEIPT_BYTES)
        ]
        still = [
            receipt.to_bytes() for receipt in (*waited, *receipts) if not self._take(tx, receipt)
        ]
        if still or waited:
            tx.meta.set(RECEIPTS_WAITING_KEY, b"".join(still[-MOST_WAITING:]))
        self._give_up_private(tx)

    def _take(self, tx: Transaction, receipt: Receipt) -> bool:
        """Judge one receipt; tell whether that is settled, for better or worse."""
        signer = self.directory.device(receipt.signer)
        if signer is None or signer.state in (State.UNCONFIRMED, State.CONTESTED):
            return False
        try:
            check_receipt(receipt, signer.ed, verify)
        except BadSignatureError:
            return True
        row = standing_at(tx, receipt)
        if row is not None:
            held = StreamPoint(row.device, row.channel, row.seq, row.hash)
            readers = readers_of_batch(tx, row, self.directory)
            if counts_as_opened(receipt, signer, readers, held):
                tx.receipts.put(_row(receipt))
        return True

    def _write_receipt(self, tx: Transaction, me: Certificate, stream: Stream) -> None:
        head = tx.streams.head(*stream)
        if head is None or not head[0] or not _is_sealed(tx, head[1]):
            return
        if not self._may_speak(tx, me, head[1]):
            return
        unsigned = Receipt(
            office=me.office_id,
            device=stream[0],
            channel=stream[1],
            seq=head[0],
            header_hash=head[1],
            time_ms=self.now_ms(),
            signer=self.keys.device,
        )
        signed = replace(unsigned, signature=self.keys.sign(unsigned.signing_bytes()))
        tx.receipts.put(_row(signed), outgoing=True)

    def _may_speak(self, tx: Transaction, me: Certificate, batch_hash: bytes) -> bool:
        """Tell whether our office reads the batch, as far as its channel has a name here.

        What only this device reads, or every officer of a unit, no office can acknowledge.
        """
        row = tx.batches.by_hash(batch_hash)
        if row is None or channel_of_batch(tx, row) is None:
            return True
        return me.office_id in readers_of_batch(tx, row, self.directory)

    def _give_up_private(self, tx: Transaction) -> None:
        """Drop the own keys of restricted records that their desk has opened by now."""
        for record in sorted(tx.record_keys.all()):
            if self._is_opened_by_desk(tx, record):
                tx.record_keys.drop(record)

    def _is_opened_by_desk(self, tx: Transaction, record: RecordId) -> bool:
        found = [tx.batches.by_hash(batch_hash) for batch_hash in tx.records.history(record)]
        rows = counting(row for row in found if row is not None)
        is_whole = bool(rows) and None not in found
        return is_whole and all(self._is_acknowledged(tx, row) for row in rows)

    def _is_acknowledged(self, tx: Transaction, row: BatchRow) -> bool:
        """Tell whether a desk that reads the batch's channel has opened it."""
        desks = readers_of_batch(tx, row, self.directory)
        return acknowledged_ms(tx, row, desks) is not None

    def _send_heads(self, tx: Transaction, me: Certificate) -> None:
        """Tell how far we have seen each stream, at most once a day."""
        last = int.from_bytes(tx.meta.get(HEADS_SENT_KEY) or b"", "big")
        if not may_enrol(me.role) or abs(self.now_ms() - last) < DAY_MS:
            return
        heads = [
            StreamHead(row.device, row.channel, row.seq, row.hash)
            for row in tx.streams.all()
            if row.seq and row.device != self.keys.device and _is_sealed(tx, row.hash)
        ]
        if not heads:
            return
        channel = Channel(me.unit, ChannelClass.ORDINARY)
        for start in range(0, len(heads), HEADS_PER_BATCH):
            self.sealer.seal_heads(tx, channel, pack_heads(heads[start : start + HEADS_PER_BATCH]))
        tx.meta.set(HEADS_SENT_KEY, self.now_ms().to_bytes(8, "big"))


def _row(receipt: Receipt) -> ReceiptRow:
    return ReceiptRow(
        receipt.device,
        ChannelId(receipt.channel),
        receipt.office,
        receipt.seq,
        receipt.header_hash,
        receipt.time_ms,
        receipt.to_bytes(),
    )


def _is_sealed(tx: Transaction, batch_hash: bytes) -> bool:
    """Tell whether a head stands for records; the directory has snapshots of its own.

    A batch that was erased before it was opened here stands for nothing that we have seen.
    """
    row = tx.batches.by_hash(batch_hash)
    return row is not None and row.reason != UNREAD and Kind(row.kind) not in PLAIN_KINDS
