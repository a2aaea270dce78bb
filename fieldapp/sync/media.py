"""Sends pictures and sounds, chunk by chunk, and fetches those of others.

Laws:
  * A chunk goes under a batch that the server holds already: text is always first.
  * At most 16 KB are on their way at a time, so that is the most a cut can cost.
  * A chunk counts as sent by a receipt that verifies, and is noted before the next one begins:
    whenever the process dies, the next run goes on behind it.
  * What comes back is kept only if it hashes to its id.
  * The network is waited for outside any transaction and without the home's lock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fieldapp.crypto.signing import verify
from fieldapp.domain.media import MediaItem, read_item
from fieldapp.errors import (
    BadSignatureError,
    CryptoError,
    FieldAppError,
    ProtocolError,
    RemoteProtocolError,
    SyncError,
)
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import RecordId
from fieldapp.protocol.media import (
    Deed,
    Held,
    MediaService,
    Ticket,
    check_media_receipt,
    chunk_id,
    parse_media_receipt,
)
from fieldapp.storage.chunk_files import ChunkFiles
from fieldapp.storage.media import MediaRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.device import Device
from fieldapp.sync.exchange import OFFSET_KEY

PIECE_BYTES: Final = 16_384
RATE_KEY: Final = "media_rate"
MOST_TRIES: Final = 3
GOES_ON: Final = frozenset({"media_unnamed", "media_changed", "media_not_here"})
"""Troubles of one file; any other stops the run, as the next file would meet it too."""


@dataclass(frozen=True, slots=True)
class MediaProgress:
    """How far sending is, in bytes."""

    sent: int
    total: int


@dataclass(slots=True)
class MediaReport:
    """What a run moved: whole files, bytes, and the first trouble."""

    sent: int = 0
    received: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    error: SyncFailure | None = None


@dataclass(slots=True)
class MediaRun:
    """How a run is watched and bounded.

    Attributes:
        budget: most bytes of chunks that it may move.
        progress: told after each piece.
        cancelled: asked before each piece.
    """

    budget: int
    progress: Callable[[MediaProgress], None] = field(default=lambda _: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)


class MediaCourier:
    """Moves the chunks of one device.

    Args:
        device: whose they are.
        files: where chunks lie.
        service: the server, by whatever transport.
        run: how it is watched and bounded.
    """

    def __init__(
        self, device: Device, files: ChunkFiles, service: MediaService, run: MediaRun
    ) -> None:
        self._device = device
        self._files = files
        self._service = service
        self._run = run
        self._report = MediaReport()
        self._total = 0

    def send(self) -> MediaReport:
        """Send what waits, the oldest first, until the budget is spent or nothing is left.

        Raises:
            StorageError: our own disk refused.
        """
        with self._device.vault.reading() as tx:
            rows = tx.media.in_state("waiting")
        self._total = sum(row.size for row in rows)
        for row in rows:
            if not self._may_go_on():
                break
            try:
                self._report.sent += self._send_file(row)
            except (SyncError, ProtocolError, CryptoError) as problem:
                self._fail(problem)
                if problem.code not in GOES_ON:
                    break
        return self._report

    def fetch(self, items: Sequence[MediaItem]) -> MediaReport:
        """Fetch the chunks of some files that are not here.

        Raises:
            StorageError: our own disk refused.
        """
        for item in items:
            try:
                self._report.received += self._fetch_file(item)
            except (SyncError, ProtocolError, CryptoError) as problem:
                self._fail(problem)
                if problem.code not in {*GOES_ON, "media_unknown"}:
                    break
        return self._report

    # ------------------------------------------------------------------ sending

    def _send_file(self, row: MediaRow) -> bool:
        """Send what is left of a file; tell whether it is whole at the server."""
        item = read_item(json.loads(row.item))
        with self._device.vault.reading() as tx:
            batch = naming_batch(tx, self._device, RecordId(row.owner))
        if batch is None or item is None:
            return False
        for place in range(row.sent, len(item.chunks)):
            content = self._files.read(item.chunks[place])
            if content is None:
                signed_ms = self._already_there(batch, item.chunks[place], item.sizes[place])
            else:
                signed_ms = self._send_chunk(batch, item.chunks[place], content)
            if signed_ms is None:
                self._let_damaged_go(item.chunks[place])
                return False
            is_last = place + 1 == len(item.chunks)
            with self._device.vault.transaction() as tx:
                tx.media.note_sent(row.file, place + 1)
                if is_last:
                    tx.media.finish(row.file, signed_ms)
        return True

    def _let_damaged_go(self, chunk: bytes) -> None:
        """Remove a chunk that is no longer what it was, so that its file is told as gone."""
        if self._files.read(chunk) is None:
            self._files.remove([chunk])

    def _already_there(self, batch: bytes, chunk: bytes, size: int) -> int | None:
        """Ask for a chunk that is not here: the server may hold it; None when it does not."""
        ticket = self._ticket(batch, chunk, size)
        held = self._service.ask_chunk(self._signed(ticket))
        return self._check(ticket, held.receipt) if held.receipt else None

    def _ticket(self, batch: bytes, chunk: bytes, size: int) -> Ticket:
        return Ticket(
            device=self._device.keys.device,
            time_ms=0,
            deed=Deed.ASK,
            chunk=chunk,
            batch=batch,
            size=size,
        )

    def _send_chunk(self, batch: bytes, chunk: bytes, content: bytes) -> int | None:
        """Send a chunk from where the server stands; say when it was whole there, None if not."""
        ticket = self._ticket(batch, chunk, len(content))
        held = self._service.ask_chunk(self._signed(ticket))
        for _ in range(MOST_TRIES):
            try:
                return self._put_rest(ticket, content, held)
            except FieldAppError as problem:
                if problem.code not in {"media_offset", "media_changed"}:
                    raise
                held = self._service.ask_chunk(self._signed(ticket))
        raise RemoteProtocolError("media_changed")

    def _put_rest(self, ticket: Ticket, content: bytes, held: Held) -> int | None:
        while not held.receipt:
            if not self._may_go_on():
                return None
            piece = content[held.count : held.count + PIECE_BYTES]
            put = replace(ticket, deed=Deed.PUT, offset=held.count)
            began = self._device.surroundings.now_ms()
            after = self._service.put_chunk(self._signed(put), piece)
            self._note_rate(len(piece), self._device.surroundings.now_ms() - began)
            self._count(len(piece))
            if after.count <= held.count and not after.receipt:
                raise RemoteProtocolError("media_offset", held=after.count)
            held = after
        return self._check(ticket, held.receipt)

    def _check(self, ticket: Ticket, raw: bytes) -> int:
        """Believe a receipt of the server's own key about this chunk alone; return its time."""
        receipt = parse_media_receipt(raw)
        try:
            check_media_receipt(receipt, self._device.directory.server_key or ZERO_HASH, verify)
        except BadSignatureError as problem:
            raise RemoteProtocolError("answer_not_signed") from problem
        if not receipt.speaks_for(ticket):
            raise RemoteProtocolError("answer_not_signed")
        return receipt.time_ms

    # ------------------------------------------------------------------ fetching

    def _fetch_file(self, item: MediaItem) -> bool:
        """Fetch what lacks of a file; tell whether it is here now."""
        for chunk, size in zip(item.chunks, item.sizes, strict=True):
            if self._files.read(chunk) is not None:
                continue
            if not self._may_go_on():
                return False
            ticket = Ticket(device=self._device.keys.device, time_ms=0, deed=Deed.GET, chunk=chunk)
            content = self._service.get_chunk(self._signed(ticket))
            self._report.bytes_down += len(content)
            if len(content) != size or chunk_id(content) != chunk:
                raise RemoteProtocolError("media_changed")
            self._files.remove([chunk])
            self._files.keep(content)
        return True

    # ------------------------------------------------------------------ both

    def _signed(self, ticket: Ticket) -> bytes:
        with self._device.vault.reading() as tx:
            offset = int.from_bytes(tx.meta.get(OFFSET_KEY) or b"", "big", signed=True)
        now_ms = max(0, self._device.surroundings.now_ms() + offset)
        timed = replace(ticket, time_ms=now_ms)
        return replace(timed, signature=self._device.keys.sign(timed.signing_bytes())).to_bytes()

    def _may_go_on(self) -> bool:
        moved = self._report.bytes_up + self._report.bytes_down
        return moved < self._run.budget and not self._run.cancelled()

    def _count(self, size: int) -> None:
        self._report.bytes_up += size
        self._run.progress(MediaProgress(self._report.bytes_up, self._total))

    def _note_rate(self, size: int, spent_ms: int) -> None:
        """Remember how fast the link was, for the next estimate; one slow piece does not rule."""
        if spent_ms <= 0:
            return
        now = size * 1000 // spent_ms
        with self._device.vault.transaction(durable=False) as tx:
            known = int.from_bytes(tx.meta.get(RATE_KEY) or b"", "big") or now
            tx.meta.set(RATE_KEY, max(1, (3 * known + now) // 4).to_bytes(8, "big"))

    def _fail(self, problem: FieldAppError) -> None:
        if self._report.error is None:
            self._report.error = SyncFailure(problem.code, dict(problem.params))


def naming_batch(tx: Transaction, device: Device, record: RecordId) -> bytes | None:
    """Return our newest batch of a record that the server holds, None while it holds none."""
    kept = tx.records.get(record)
    for header_hash in reversed(() if kept is None else kept.batches):
        row = tx.batches.by_hash(header_hash)
        if row is not None and row.device == device.keys.device and row.state == "stored":
            return header_hash
    return None
