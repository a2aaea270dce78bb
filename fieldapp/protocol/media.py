"""Pictures and sounds on the wire: sealed chunks, the ticket that moves one, and its receipt.

Laws:
  * A chunk's id is the SHA-256 of its ciphertext: whoever holds the id can check the bytes, and
    nobody can keep other bytes under it.
  * Which chunks make a file, and the key that opens them, stand in a sealed entry alone. The
    server sees ids and sizes.
  * A ticket names a device, a deed, a chunk and a place in it, and is signed. A chunk that is put
    names a batch of its author; it is handed to whoever reads that batch, and goes with it.
  * A server counts what arrived: a device goes on there after a cut.

Realises docs/PROTOCOL.md section 13.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol, runtime_checkable

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.batch import SIGNATURE_BYTES, TAG_BYTES
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.checks import Verify
from fieldapp.protocol.hashing import HASH_BYTES, ZERO_HASH, sha256
from fieldapp.protocol.ids import ID_BYTES, DeviceId
from fieldapp.protocol.limits import MAX_CHUNK_BYTES, MAX_MEDIA_CHUNKS
from fieldapp.protocol.reading import Reader, fixed, number

TICKET_LABEL: Final = b"sync-media-v1\0"
MEDIA_RECEIPT_LABEL: Final = b"sync-media-stored-v1\0"
CHUNK_LABEL: Final = b"baraza-media-chunk-v1\0"
MEDIA_PATH: Final = "/v1/media/{chunk_id}"
TICKET_HEADER: Final = "Baraza-Ticket"
HELD_HEADER: Final = "Baraza-Held"
RECEIPT_HEADER: Final = "Baraza-Receipt"
CODE_HEADER: Final = "Baraza-Code"
TICKET_BYTES: Final = 161
RECEIPT_BYTES: Final = 140
MIN_CHUNK_BYTES: Final = TAG_BYTES + 1


class Deed(IntEnum):
    """What a ticket asks for."""

    ASK = 1
    PUT = 2
    GET = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One signed request about one chunk.

    Attributes:
        batch: hash of the author's batch that names the file; zeros in a GET.
        size: bytes of the whole chunk; 0 in a GET.
        offset: where the bytes begin that are sent or asked for.
    """

    device: DeviceId
    time_ms: int
    deed: Deed
    chunk: bytes
    batch: bytes = ZERO_HASH
    size: int = 0
    offset: int = 0
    signature: bytes = b""

    def unsigned_bytes(self) -> bytes:
        """Return the 97 bytes before the signature."""
        return fixed(
            "ticket",
            (self.device, ID_BYTES),
            (number("time", self.time_ms, 8), 8),
            (number("deed", self.deed, 1), 1),
            (self.chunk, HASH_BYTES),
            (self.batch, HASH_BYTES),
            (number("size", self.size, 4), 4),
            (number("offset", self.offset, 4), 4),
        )

    def signing_bytes(self) -> bytes:
        """Return the exact message of the signature."""
        return TICKET_LABEL + self.unsigned_bytes()

    def to_bytes(self) -> bytes:
        """Return the 161 bytes.

        Raises:
            LocalProtocolError: It is not signed, or a field has a wrong length.
        """
        return self.unsigned_bytes() + fixed("ticket", (self.signature, SIGNATURE_BYTES))


def parse_ticket(raw: bytes) -> Ticket:
    """Read a ticket; the signature is not checked here.

    Raises:
        MalformedMessageError: It has another length, an unknown deed, or places that do not fit.
        LimitExceededError: The chunk is larger than any may be.
    """
    reader = Reader(raw)
    device, time_ms, deed = DeviceId(reader.take(ID_BYTES)), reader.u64(), reader.u8()
    if deed not in set(Deed):
        raise MalformedMessageError(reason="media_deed")
    ticket = Ticket(
        device=device,
        time_ms=time_ms,
        deed=Deed(deed),
        chunk=reader.take(HASH_BYTES),
        batch=reader.take(HASH_BYTES),
        size=reader.u32(),
        offset=reader.u32(),
        signature=reader.take(SIGNATURE_BYTES),
    )
    reader.end()
    _check_places(ticket)
    return ticket


def _check_places(ticket: Ticket) -> None:
    if max(ticket.size, ticket.offset) > MAX_CHUNK_BYTES:
        raise LimitExceededError(limit=MAX_CHUNK_BYTES)
    if ticket.deed is not Deed.GET and not ticket.offset <= ticket.size >= MIN_CHUNK_BYTES:
        raise MalformedMessageError(reason="media_size")


def check_ticket(ticket: Ticket, certificate: Certificate, verify: Verify) -> None:
    """Hold a ticket against the key of the device that it names.

    Raises:
        BadSignatureError: It is not this device's.
    """
    verify(certificate.ed, ticket.signing_bytes(), ticket.signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceipt:
    """Says "on the server's disk" for one whole chunk, under the batch that names it."""

    chunk: bytes
    batch: bytes
    size: int
    time_ms: int
    signature: bytes = b""

    def unsigned_bytes(self) -> bytes:
        """Return the 76 bytes before the signature."""
        return fixed(
            "media_receipt",
            (self.chunk, HASH_BYTES),
            (self.batch, HASH_BYTES),
            (number("size", self.size, 4), 4),
            (number("time", self.time_ms, 8), 8),
        )

    def signing_bytes(self) -> bytes:
        """Return the exact message of the signature."""
        return MEDIA_RECEIPT_LABEL + self.unsigned_bytes()

    def to_bytes(self) -> bytes:
        """Return the 140 bytes.

        Raises:
            LocalProtocolError: It is not signed, or a field has a wrong length.
        """
        return self.unsigned_bytes() + fixed("media_receipt", (self.signature, SIGNATURE_BYTES))

    def speaks_for(self, ticket: Ticket) -> bool:
        """Tell whether it is about the chunk and the batch of a ticket."""
        return (self.chunk, self.batch, self.size) == (ticket.chunk, ticket.batch, ticket.size)


def parse_media_receipt(raw: bytes) -> MediaReceipt:
    """Read a media receipt; the signature is not checked here.

    Raises:
        MalformedMessageError: It has another length.
    """
    reader = Reader(raw)
    receipt = MediaReceipt(
        chunk=reader.take(HASH_BYTES),
        batch=reader.take(HASH_BYTES),
        size=reader.u32(),
        time_ms=reader.u64(),
        signature=reader.take(SIGNATURE_BYTES),
    )
    reader.end()
    return receipt


def check_media_receipt(receipt: MediaReceipt, server_key: bytes, verify: Verify) -> None:
    """Hold a receipt against the server key of the directory.

    Raises:
        BadSignatureError: It is not that server's.
    """
    verify(server_key, receipt.signing_bytes(), receipt.signature)


@dataclass(frozen=True, slots=True)
class Held:
    """How many bytes a server holds of a chunk; the receipt once that is all of it."""

    count: int
    receipt: bytes = b""


@runtime_checkable
class MediaService(Protocol):
    """What a server does with chunks; transports and simulators offer the same."""

    def ask_chunk(self, ticket: bytes) -> Held:
        """Say how much of a chunk is here."""
        ...

    def put_chunk(self, ticket: bytes, piece: bytes) -> Held:
        """Take the bytes of a chunk from the ticket's offset on."""
        ...

    def get_chunk(self, ticket: bytes) -> bytes:
        """Return the bytes of a chunk from the ticket's offset on."""
        ...


def chunk_id(ciphertext: bytes) -> bytes:
    """Name a sealed chunk."""
    return sha256(ciphertext)


def chunk_path(chunk: bytes) -> str:
    """Return the path of a chunk."""
    return MEDIA_PATH.format(chunk_id=chunk.hex())


def chunk_nonce(index: int) -> bytes:
    """Return the nonce of a chunk: its number, as each file has a key of its own."""
    return number("chunk", index, 12)


def chunk_aad(file: bytes, count: int) -> bytes:
    """Return what a chunk is bound to: its file, and of how many chunks that is made.

    Raises:
        LocalProtocolError: A file has more chunks than any may have, or none.
    """
    if not 0 < count <= MAX_MEDIA_CHUNKS:
        raise LocalProtocolError(what="media_chunks")
    return CHUNK_LABEL + fixed("media_file", (file, ID_BYTES)) + number("count", count, 2)


def sealed_sizes(size: int, chunk_size: int) -> Sequence[int]:
    """Return how long each sealed chunk of a file is."""
    starts = range(0, size, chunk_size)
    return [min(chunk_size, size - at) + TAG_BYTES for at in starts]
