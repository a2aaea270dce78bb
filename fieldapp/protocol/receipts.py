"""The two receipts: stored by the server, opened on an office's computer (PROTOCOL 4).

Laws:
  * A stored receipt says that the server holds a batch on its disk. It never says "read".
  * An office's receipt says that one of its devices decrypted and folded a stream up to a seq,
    with no gap, waiting or quarantined entry before it.
  * Both are fixed layouts that end in a signature; who may sign is the directory's to say.
"""

from dataclasses import dataclass
from typing import Final

from fieldapp.protocol.batch import SIGNATURE_BYTES, StreamPoint
from fieldapp.protocol.hashing import HASH_BYTES
from fieldapp.protocol.ids import CHANNEL_BYTES, ID_BYTES, ChannelId, DeviceId, OfficeId
from fieldapp.protocol.reading import Reader, fixed, number

RECEIPT_LABEL: Final = b"sync-receipt-v1\0"
STORED_LABEL: Final = b"sync-stored-v1\0"
RECEIPT_BYTES: Final = 168


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Says "opened on the office's computer", up to a place in one stream."""

    office: OfficeId
    device: DeviceId
    channel: ChannelId
    seq: int
    header_hash: bytes
    time_ms: int
    signer: DeviceId
    signature: bytes = b""

    @property
    def point(self) -> StreamPoint:
        """Return the place that is vouched for."""
        return StreamPoint(self.device, self.channel, self.seq, self.header_hash)

    def unsigned_bytes(self) -> bytes:
        """Return the 104 bytes before the signature."""
        return fixed(
            "receipt",
            (self.office, ID_BYTES),
            (self.device, ID_BYTES),
            (self.channel, CHANNEL_BYTES),
            (number("seq", self.seq, 8), 8),
            (self.header_hash, HASH_BYTES),
            (number("time", self.time_ms, 8), 8),
            (self.signer, ID_BYTES),
        )

    def signing_bytes(self) -> bytes:
        """Return the exact message of the signature."""
        return RECEIPT_LABEL + self.unsigned_bytes()

    def to_bytes(self) -> bytes:
        """Return the 168 bytes.

        Raises:
            LocalProtocolError: It is not signed, or a field has a wrong length.
        """
        return self.unsigned_bytes() + fixed("receipt", (self.signature, SIGNATURE_BYTES))


def parse_receipt(raw: bytes) -> Receipt:
    """Read an office's receipt; the signature is not checked here.

    Raises:
        MalformedMessageError: It has another length.
    """
    reader = Reader(raw)
    receipt = Receipt(
        office=OfficeId(reader.take(ID_BYTES)),
        device=DeviceId(reader.take(ID_BYTES)),
        channel=ChannelId(reader.take(CHANNEL_BYTES)),
        seq=reader.u64(),
        header_hash=reader.take(HASH_BYTES),
        time_ms=reader.u64(),
        signer=DeviceId(reader.take(ID_BYTES)),
        signature=reader.take(SIGNATURE_BYTES),
    )
    reader.end()
    return receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReceipt:
    """Says "on the server's disk", for one batch, at one position of its feed."""

    device: DeviceId
    channel: ChannelId
    seq: int
    header_hash: bytes
    position: int
    time_ms: int
    signature: bytes = b""

    @property
    def point(self) -> StreamPoint:
        """Return the place that is vouched for."""
        return StreamPoint(self.device, self.channel, self.seq, self.header_hash)

    def unsigned_bytes(self) -> bytes:
        """Return the 80 bytes before the signature."""
        return fixed(
            "stored_receipt",
            (self.device, ID_BYTES),
            (self.channel, CHANNEL_BYTES),
            (number("seq", self.seq, 8), 8),
            (self.header_hash, HASH_BYTES),
            (number("position", self.position, 8), 8),
            (number("time", self.time_ms, 8), 8),
        )

    def signing_bytes(self) -> bytes:
        """Return the exact message of the signature."""
        return STORED_LABEL + self.unsigned_bytes()

    def to_bytes(self) -> bytes:
        """Return the 144 bytes.

        Raises:
            LocalProtocolError: It is not signed, or a field has a wrong length.
        """
        return self.unsigned_bytes() + fixed("stored_receipt", (self.signature, SIGNATURE_BYTES))


def parse_stored_receipt(raw: bytes) -> StoredReceipt:
    """Read a server's receipt; the signature is not checked here.

    Raises:
        MalformedMessageError: It has another length.
    """
    reader = Reader(raw)
    receipt = StoredReceipt(
        device=DeviceId(reader.take(ID_BYTES)),
        channel=ChannelId(reader.take(CHANNEL_BYTES)),
        seq=reader.u64(),
        header_hash=reader.take(HASH_BYTES),
        position=reader.u64(),
        time_ms=reader.u64(),
        signature=reader.take(SIGNATURE_BYTES),
    )
    reader.end()
    return receipt
