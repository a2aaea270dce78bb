"""Having a record erased: the orders for its batches, and what is left of them.

Laws:
  * One transaction holds the survivors' re-issue, the order and its effect here. The re-issue
    stands before the order in the same stream, so that it is there before the server drops the
    body (decision 5).
  * Only entries of the one record go. Other records of the same batch are re-issued, with the
    salts of their leaves and never the seed.
  * Whoever may not have one of the batches erased has none of them erased: ``NoRightError``.
  * An order says all that is erased of its batch, also what earlier orders took, and a re-issue
    that held the record is erased whole after its own survivors were re-issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from fieldapp.crypto.sealing import open_payload
from fieldapp.domain.entries import decode_entry
from fieldapp.errors import InvalidRecordError, NoRightError
from fieldapp.protocol.batch import Batch, Kind, StreamPoint, parse_batch
from fieldapp.protocol.channels import Channel
from fieldapp.protocol.checks import check_packet
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.erasure import EraseOrder, Reissue, make_reissue
from fieldapp.protocol.ids import Kid, RecordId
from fieldapp.protocol.payload import SEED_BYTES, unpack_entries
from fieldapp.protocol.readership import may_erase
from fieldapp.storage.rows import BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.acknowledged import readers_of_batch
from fieldapp.sync.keyring import Keyring
from fieldapp.sync.opener import Opener
from fieldapp.sync.orders import is_erased, note_order
from fieldapp.sync.sealer import Sealer

MAY_NOT_ERASE: Final = "erase"


class _Part(NamedTuple):
    """What has to go of one batch, and what is left of it."""

    order: EraseOrder
    kid: Kid
    left: Reissue | None


@dataclass(frozen=True, slots=True)
class Erasure:
    """Orders on behalf of one device."""

    directory: Directory
    keyring: Keyring
    sealer: Sealer
    opener: Opener

    def erase_record(self, tx: Transaction, channel: Channel, record: RecordId) -> int:
        """Order that everything which is here of a record be erased, and obey.

        Args:
            tx: a durable transaction.
            channel: the record's.
            record: the record; what is sealed of it later is not touched.

        Returns:
            How many orders that took.

        Raises:
            NoRightError: One of its batches is not ours to have erased.
            NoReaderError: Nobody may read the channel.
        """
        rows = [tx.batches.by_hash(one) for one in tx.records.history(record)]
        here = [row for row in rows if row is not None and not is_erased(row.raw)]
        for row in here:
            self._require(tx, row)
        parts = [part for row in here for part in self._parts(tx, row, record)]
        for part in parts:
            self._order(tx, channel, part)
        return len(parts)

    def _require(self, tx: Transaction, row: BatchRow) -> None:
        me = self.directory.device(self.sealer.keys.device)
        is_own = row.device == self.sealer.keys.device
        if me is None and is_own:
            return
        holders = readers_of_batch(tx, row, self.directory)
        if me is None or not may_erase(me, row.device, holders):
            raise NoRightError(reason=MAY_NOT_ERASE)

    def _order(self, tx: Transaction, channel: Channel, part: _Part) -> None:
        left: Batch | None = None
        if part.left is not None and part.left.survivors():
            left = self.sealer.seal_reissue(tx, channel, part.left)
        ordered = self.sealer.seal_order(tx, part.order, part.kid)
        note_order(tx, part.order.target.hash, ordered.hash)
        if left is not None:
            self.sealer.folder.fold(tx, self.opener.counting(tx, left))
        self.opener.eraser.obey(tx, part.order, ordered.hash)

    def _parts(self, tx: Transaction, row: BatchRow, record: RecordId) -> list[_Part]:
        batch = parse_batch(row.raw)
        if row.kind == Kind.REISSUE:
            return self._of_reissue(tx, batch, record)
        return self._of_entries(tx, batch, record)

    def _of_entries(self, tx: Transaction, batch: Batch, record: RecordId) -> list[_Part]:
        """A batch of entries: whole, or the entries of the record alone."""
        key = self.keyring.sender_key(tx, batch.header, check_packet(batch))
        kid = Kid(batch.header.kid)
        if key is None:
            return [_Part(EraseOrder(batch.point, ()), kid, None)]
        payload = open_payload(batch, key)
        entries = unpack_entries(payload, batch.header)
        gone = [index for index, raw in enumerate(entries) if _is_of(raw, record)]
        if len(gone) == len(entries):
            return [_Part(EraseOrder(batch.point, ()), kid, None)]
        left = make_reissue(batch.header, payload[:SEED_BYTES], entries, gone)
        return [_Part(EraseOrder(batch.point, left.erased()), kid, left)]

    def _of_reissue(self, tx: Transaction, batch: Batch, record: RecordId) -> list[_Part]:
        """A re-issue: the original's order again, with what is left, and the re-issue whole."""
        held = self.opener.reissue(tx, batch)
        whole = _Part(EraseOrder(batch.point, ()), Kid(batch.header.kid), None)
        if held is None:
            return [whole]
        gone = [index for index, raw in held.survivors() if _is_of(raw, record)]
        left = held.without(gone)
        header = left.header
        target = StreamPoint(header.device, header.channel, header.seq, left.original_hash)
        order = EraseOrder(target, left.erased() if left.survivors() else ())
        return [_Part(order, Kid(header.kid), left), whole]


def _is_of(raw: bytes, record: RecordId) -> bool:
    try:
        return decode_entry(raw).record == record
    except InvalidRecordError:
        return False
