"""Receipts: signed statements that an office opened, or the server holds, a batch.

Laws:
  * A receipt is kept in its signed form and in clear: it holds ids, hashes and instants only.
  * An office's receipt speaks for everything up to its number, so the newest replaces the older;
    the server's speaks for one batch, so each is kept.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from fieldapp.protocol.ids import ChannelId, DeviceId, OfficeId
from fieldapp.storage.repository import AnyRow, Repository
from fieldapp.storage.rows import SERVER, ReceiptRow
from fieldapp.storage.tables import receipts

_ALL = select(
    receipts.c.device,
    receipts.c.channel,
    receipts.c.office,
    receipts.c.seq,
    receipts.c.hash,
    receipts.c.time_ms,
    receipts.c.raw,
).order_by(receipts.c.device, receipts.c.channel, receipts.c.office, receipts.c.seq)
_OF_STREAM = _ALL.where(receipts.c.device == bindparam("d"), receipts.c.channel == bindparam("c"))
_NEWEST = select(func.max(receipts.c.time_ms)).where(
    receipts.c.device == bindparam("d"), receipts.c.office == bindparam("o")
)
_OUTGOING = _ALL.where(receipts.c.outgoing == 1).limit(bindparam("most"))
_SAME = (
    (receipts.c.device == bindparam("d"))
    & (receipts.c.channel == bindparam("c"))
    & (receipts.c.office == bindparam("o"))
)
_NEWER = select(receipts.c.seq).where(_SAME, receipts.c.seq > bindparam("s"))
_DROP_OLDER = delete(receipts).where(_SAME, receipts.c.seq < bindparam("s"))
_SENT = update(receipts).where(_SAME, receipts.c.seq == bindparam("s")).values(outgoing=0)
_AGAIN = (
    update(receipts)
    .where(receipts.c.office == bindparam("o"), receipts.c.device != bindparam("d"))
    .values(outgoing=1)
)
_PUT = insert(receipts).on_conflict_do_nothing()


class Receipts(Repository):
    """Receipts by (author device, channel, office)."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._by_stream: dict[tuple[bytes, bytes], list[ReceiptRow]] = {}

    def put(self, receipt: ReceiptRow, *, outgoing: bool = False) -> bool:
        """Keep a receipt unless a newer one of the same office is kept; tell which.

        Args:
            receipt: the receipt, its signature already verified.
            outgoing: this vault's office signed it, and it waits to be sent.
        """
        same = _same(receipt)
        self._by_stream.clear()
        if receipt.office != SERVER:
            if self._run(_NEWER, same).first() is not None:
                return False
            self._run(_DROP_OLDER, same)
        values = {
            "device": receipt.device,
            "channel": receipt.channel,
            "office": receipt.office,
            "seq": receipt.seq,
            "hash": receipt.hash,
            "time_ms": receipt.time_ms,
            "outgoing": int(outgoing),
            "raw": receipt.raw,
        }
        return self._run(_PUT, values).rowcount > 0

    def for_stream(self, device: bytes, channel: bytes) -> list[ReceiptRow]:
        """Return the receipts for a stream, by office and number; read once in a transaction."""
        stream = device, channel
        if stream not in self._by_stream:
            rows = self._run(_OF_STREAM, {"d": device, "c": channel})
            self._by_stream[stream] = [_row(row) for row in rows]
        return self._by_stream[stream]

    def all(self) -> list[ReceiptRow]:
        """Return every receipt."""
        return [_row(row) for row in self._run(_ALL)]

    def newest_ms(self, device: bytes, office: bytes) -> int | None:
        """Return the time of the newest receipt of an office for a device's batches."""
        newest: int | None = self._run(_NEWEST, {"d": device, "o": office}).scalar_one()
        return newest

    def outgoing(self, most: int = -1) -> list[ReceiptRow]:
        """Return the receipts that this vault's office signed and has not sent.

        Args:
            most: how many at most; all of them when left out.
        """
        return [_row(row) for row in self._run(_OUTGOING, {"most": most})]

    def send_again(self, office: OfficeId, *, but_for: DeviceId) -> None:
        """Let an office's receipts wait to be sent once more.

        Args:
            office: who signed them.
            but_for: an author whose receipts came to this vault from others.
        """
        self._by_stream.clear()
        self._run(_AGAIN, {"o": office, "d": but_for})

    def mark_sent(self, receipt: ReceiptRow) -> None:
        """Note that a receipt was sent."""
        self._by_stream.clear()
        self._run(_SENT, _same(receipt))


def _same(receipt: ReceiptRow) -> dict[str, Any]:
    return {
        "d": receipt.device,
        "c": receipt.channel,
        "o": receipt.office,
        "s": receipt.seq,
    }


def _row(row: AnyRow) -> ReceiptRow:
    device, channel, office, *rest = row
    return ReceiptRow(DeviceId(device), ChannelId(channel), OfficeId(office), *rest)
