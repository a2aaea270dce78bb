"""The policy on pictures and sounds: who may put a chunk, who may have it, when it goes.

Laws:
  * Nothing is taken or given without a ticket signed by a device that the directory knows.
  * What arrived stays, however the connection ended; a put goes on where it stopped.
  * Bytes that do not hash to their id are thrown away, never kept; between the look at them and
    the keeping nobody writes. What comes for a chunk that is whole by then is let go.
  * Media have room of their own: text is never refused for theirs.
  * To whom a chunk is not addressed, it does not exist.

Realises docs/PROTOCOL.md section 13.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from fieldapp.errors import (
    PermanentSyncError,
    RemoteProtocolError,
    TransientSyncError,
    UntrustedSenderError,
)
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.feeds import followed_readers
from fieldapp.protocol.media import Deed, Held, MediaReceipt, Ticket, check_ticket, chunk_id
from fieldapp.protocol.media import parse_ticket as parse
from sync_server.auth import ServerKey, verify
from sync_server.exchange.counters import Counters
from sync_server.exchange.directory_copy import DirectoryCopy
from sync_server.exchange.writer import Writer
from sync_server.storage.chunk_store import ChunkStore
from sync_server.storage.database import Database
from sync_server.storage.media import (
    forget_gone,
    gone_chunks,
    is_named_by,
    may_read,
    media_bytes,
    note_chunk,
    stored_at,
)

UNKNOWN: Final = "media_unknown"


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What bounds media: bytes altogether (0 for no limit), and how far a clock may be off."""

    quota_bytes: int
    clock_tolerance_ms: int


@dataclass(frozen=True, slots=True)
class MediaParts:
    """What the shelf shares with the exchange."""

    database: Database
    directory: DirectoryCopy
    writer: Writer
    key: ServerKey
    counters: Counters
    now_ms: Callable[[], int]


class MediaShelf:
    """Chunks in a store, under batches in the database.

    Args:
        parts: the exchange's own.
        store: where chunks lie.
        limits: what bounds them.
    """

    def __init__(self, parts: MediaParts, store: ChunkStore, limits: MediaLimits) -> None:
        self._parts = parts
        self._store = store
        self._limits = limits
        self._changing = threading.Lock()

    def ask_chunk(self, ticket: bytes) -> Held:
        """Say how much of a chunk is here.

        Raises:
            ProtocolError, CryptoError, SyncError: the ticket is not one to act on.
        """
        asked, _ = self._judged(ticket, Deed.ASK)
        self._require_named(asked)
        return self._held(asked)

    def put_chunk(self, ticket: bytes, piece: bytes) -> Held:
        """Take a piece whole.

        Raises:
            ProtocolError, CryptoError, SyncError: it is not taken.
        """
        asked = self.begin_put(ticket)
        self.take_piece(asked, asked.offset, piece)
        return self.end_put(asked)

    def begin_put(self, ticket: bytes) -> Ticket:
        """Judge a put before its first byte.

        Raises:
            RemoteProtocolError: it begins elsewhere than what is held ends (`media_offset`), or
                names no batch of this device that is here (`media_unnamed`).
            PermanentSyncError: there is no room (`quota_exceeded`).
        """
        asked, _ = self._judged(ticket, Deed.PUT)
        self._require_named(asked)
        held = self._store.held(asked.device, asked.chunk)
        if held != asked.offset:
            raise RemoteProtocolError("media_offset", held=held)
        if not held:
            self._require_room(asked.size)
        return asked

    def take_piece(self, ticket: Ticket, offset: int, piece: bytes) -> None:
        """Keep bytes as they arrive.

        Raises:
            RemoteProtocolError: they go beyond the chunk's size (`media_offset`).
            StorageError: the disk refuses.
        """
        if offset + len(piece) > ticket.size:
            raise RemoteProtocolError("media_offset", held=offset)
        if piece:
            with self._changing:
                if not self._store.has(ticket.chunk):
                    self._store.append(ticket.device, ticket.chunk, offset, piece)
            self._parts.counters.add("media", "in", len(piece))

    def end_put(self, ticket: Ticket) -> Held:
        """Say what is held now; once that is all, keep it under its batch and sign for it.

        Raises:
            RemoteProtocolError: the bytes are not those of the id (`media_changed`).
            StorageError: the disk refuses.
        """
        with self._changing:
            held = self._store.held(ticket.device, ticket.chunk)
            if held < ticket.size:
                return Held(held)
            if not self._store.has(ticket.chunk):
                self._make_whole(ticket)
        note = partial(
            note_chunk,
            chunk=ticket.chunk,
            batch=ticket.batch,
            size=ticket.size,
            stored_ms=self._parts.now_ms(),
        )
        stored_ms = self._parts.writer.submit(note).result()
        return self._receipted(ticket, stored_ms)

    def _make_whole(self, ticket: Ticket) -> None:
        if chunk_id(self._store.read_part(ticket.device, ticket.chunk)) != ticket.chunk:
            self._store.drop_part(ticket.device, ticket.chunk)
            raise RemoteProtocolError("media_changed")
        self._store.finish(ticket.device, ticket.chunk)

    def get_chunk(self, ticket: bytes) -> bytes:
        """Return a chunk from an offset on, to who may have it.

        Raises:
            RemoteProtocolError: it is not here, or not for this device (`media_unknown`).
        """
        asked, certificate = self._judged(ticket, Deed.GET)
        readers = followed_readers(certificate)
        with self._parts.database.read() as connection:
            is_allowed = may_read(connection, asked.chunk, asked.device, readers)
        content = self._store.read(asked.chunk) if is_allowed else None
        if content is None:
            raise RemoteProtocolError(UNKNOWN)
        rest = content[asked.offset :]
        self._parts.counters.add("media", "out", len(rest))
        return rest

    def sweep(self) -> None:
        """Remove the files of erased batches."""
        with self._parts.database.read() as connection:
            gone = gone_chunks(connection)
        for chunk in gone:
            if self._parts.writer.submit(partial(forget_gone, chunk=chunk)).result():
                self._store.remove(chunk)

    def tidy(self) -> None:
        """Do at a start what an earlier run left: erased files, forgotten parts."""
        self.sweep()
        self._store.drop_old_parts(self._parts.now_ms())

    # ------------------------------------------------------------------ judging

    def _judged(self, raw: bytes, deed: Deed) -> tuple[Ticket, Certificate]:
        ticket = parse(raw)
        certificate = self._parts.directory.ask(lambda found: found.device(ticket.device))
        if certificate is None:
            raise UntrustedSenderError("unknown_device")
        check_ticket(ticket, certificate, verify)
        if ticket.deed is not deed:
            raise RemoteProtocolError(UNKNOWN)
        if abs(ticket.time_ms - self._parts.now_ms()) > self._limits.clock_tolerance_ms:
            raise TransientSyncError("clock_wrong")
        if certificate.state is State.REVOKED:
            raise UntrustedSenderError("device_revoked")
        return ticket, certificate

    def _require_named(self, ticket: Ticket) -> None:
        with self._parts.database.read() as connection:
            if not is_named_by(connection, ticket.batch, ticket.device):
                raise RemoteProtocolError("media_unnamed")

    def _require_room(self, size: int) -> None:
        if not self._limits.quota_bytes:
            return
        with self._parts.database.read() as connection:
            _, held = media_bytes(connection)
        if held + size > self._limits.quota_bytes:
            raise PermanentSyncError("quota_exceeded", limit=self._limits.quota_bytes)

    def _held(self, ticket: Ticket) -> Held:
        with self._parts.database.read() as connection:
            stored_ms = stored_at(connection, ticket.chunk, ticket.batch)
        if stored_ms is not None and self._store.has(ticket.chunk):
            return self._receipted(ticket, stored_ms)
        return Held(self._store.held(ticket.device, ticket.chunk))

    def _receipted(self, ticket: Ticket, stored_ms: int) -> Held:
        receipt = MediaReceipt(
            chunk=ticket.chunk, batch=ticket.batch, size=ticket.size, time_ms=stored_ms
        )
        signature = self._parts.key.sign(receipt.signing_bytes())
        return Held(ticket.size, replace(receipt, signature=signature).to_bytes())
