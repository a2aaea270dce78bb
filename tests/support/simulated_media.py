"""Pictures and sounds of a simulated server: the contract of ``MediaService``, and how it is bad.

Laws:
  * Left alone it takes, refuses and gives as the real server does.
  * A cut takes effect once; what arrived before it stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldapp.crypto.signing import verify
from fieldapp.errors import (
    PermanentSyncError,
    RemoteProtocolError,
    TransientSyncError,
    UntrustedSenderError,
)
from fieldapp.protocol.certificates import State
from fieldapp.protocol.feeds import followed_readers
from fieldapp.protocol.media import (
    Deed,
    Held,
    MediaReceipt,
    Ticket,
    check_ticket,
    chunk_id,
    parse_ticket,
)

if TYPE_CHECKING:
    from tests.support.simulated_store import SimulatedStore

    Store = SimulatedStore
else:
    Store = object

CLOCK_TOLERANCE_MS = 600_000


class SimulatedMedia(Store):
    """``MediaService`` in memory.

    Attributes:
        put_pieces: how many bytes each put brought, for whoever counts what was sent twice.
        cut_piece_at: the next put is cut after so many bytes.
        loses_next_answer: the next put arrives, and its answer does not.
        bend_chunk: changes what a get gives.
        media_quota: room for chunks, None for no limit.
    """

    put_pieces: list[int]
    cut_piece_at: int | None = None
    loses_next_answer = False
    bend_chunk: Callable[[bytes], bytes] | None = None
    media_quota: int | None = None

    def ask_chunk(self, ticket: bytes) -> Held:
        """Say how much of a chunk is here."""
        asked = self._judged(ticket, Deed.ASK)
        self._require_named(asked)
        stored_ms = self.tables.named.get((asked.chunk, asked.batch))
        if stored_ms is not None and asked.chunk in self.tables.chunks:
            return self._receipted(asked, stored_ms)
        return Held(self._arrived(asked))

    def put_chunk(self, ticket: bytes, piece: bytes) -> Held:
        """Take the bytes of a chunk from the ticket's offset on."""
        asked = self._judged(ticket, Deed.PUT)
        self._require_named(asked)
        held = self._arrived(asked)
        if held != asked.offset or held + len(piece) > asked.size:
            raise RemoteProtocolError("media_offset", held=held)
        stored = sum(map(len, self.tables.chunks.values()))
        if not held and self.media_quota is not None and stored + asked.size > self.media_quota:
            raise PermanentSyncError("quota_exceeded", limit=self.media_quota)
        self._take_piece(asked, piece)
        if self._arrived(asked) < asked.size:
            return Held(self._arrived(asked))
        answer = self._finish(asked)
        if self.loses_next_answer:
            self.loses_next_answer = False
            raise TransientSyncError("connection_cut")
        return answer

    def get_chunk(self, ticket: bytes) -> bytes:
        """Return the bytes of a chunk from the ticket's offset on."""
        asked = self._judged(ticket, Deed.GET)
        content = self.tables.chunks.get(asked.chunk)
        if content is None or not self._may_read(asked):
            raise RemoteProtocolError("media_unknown")
        given = content[asked.offset :]
        return given if self.bend_chunk is None else self.bend_chunk(given)

    def _erase(self, batch_hash: bytes) -> None:
        """Forget what an erased batch named as well."""
        super()._erase(batch_hash)
        gone = {chunk for chunk, named in self.tables.named if named == batch_hash}
        for chunk in gone:
            del self.tables.named[chunk, batch_hash]
            if not any(chunk == other for other, _ in self.tables.named):
                self.tables.chunks.pop(chunk, None)

    def _take_piece(self, asked: Ticket, piece: bytes) -> None:
        cut, self.cut_piece_at = self.cut_piece_at, None
        arrived = piece if cut is None else piece[:cut]
        self.put_pieces = [*getattr(self, "put_pieces", []), len(piece)]
        if asked.chunk not in self.tables.chunks:
            key = (asked.device, asked.chunk)
            self.tables.parts[key] = self.tables.parts.get(key, b"") + arrived
        if cut is not None:
            raise TransientSyncError("connection_cut")

    def _arrived(self, asked: Ticket) -> int:
        whole = self.tables.chunks.get(asked.chunk)
        return len(whole or self.tables.parts.get((asked.device, asked.chunk), b""))

    def _finish(self, asked: Ticket) -> Held:
        part = self.tables.parts.pop((asked.device, asked.chunk), None)
        if part is not None:
            if chunk_id(part) != asked.chunk:
                raise RemoteProtocolError("media_changed")
            self.tables.chunks[asked.chunk] = part
        stored_ms = self.tables.named.setdefault((asked.chunk, asked.batch), self._now_ms())
        return self._receipted(asked, stored_ms)

    def _receipted(self, asked: Ticket, stored_ms: int) -> Held:
        receipt = MediaReceipt(
            chunk=asked.chunk, batch=asked.batch, size=asked.size, time_ms=stored_ms
        )
        signature = self._signer.sign(receipt.signing_bytes())
        return Held(asked.size, replace(receipt, signature=signature).to_bytes())

    def _judged(self, raw: bytes, deed: Deed) -> Ticket:
        ticket = parse_ticket(raw)
        known = self.directory.device(ticket.device)
        if known is None:
            raise UntrustedSenderError("unknown_device")
        check_ticket(ticket, known, verify)
        if ticket.deed is not deed:
            raise RemoteProtocolError("media_unknown")
        if abs(ticket.time_ms - self._now_ms()) > CLOCK_TOLERANCE_MS:
            raise TransientSyncError("clock_wrong")
        if known.state is State.REVOKED:
            raise UntrustedSenderError("device_revoked")
        return ticket

    def _require_named(self, asked: Ticket) -> None:
        kept = self.tables.kept.get(asked.batch)
        is_mine = kept is not None and kept.batch.header.device == asked.device
        if not is_mine or asked.batch in self.tables.erased:
            raise RemoteProtocolError("media_unnamed")

    def _may_read(self, asked: Ticket) -> bool:
        certificate = self.directory.device(asked.device)
        assert certificate is not None
        followed = set(followed_readers(certificate))
        for chunk, batch in self.tables.named:
            header = self.tables.kept[batch].batch.header
            holders = self.tables.holders.get((header.device, header.channel, header.kid), set())
            if chunk == asked.chunk and (header.device == asked.device or holders & followed):
                return True
        return False
