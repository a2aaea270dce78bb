"""Pictures and voice notes of records: added, shown, opened, sent after the text.

Laws:
  * What a camera wrote beside a picture never reaches the vault; sounds are bounded in length.
  * A row comes first, then its sealed chunks, then the draft names them. A crash leaves a row that
    nobody names, which ``settle`` removes with its chunks, and never a name without them.
  * Restricted records take none, nor does a field that the form hides.
  * Keys stay inside: a view holds a thumbnail and numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from fieldapp.crypto.media import new_media_key, open_chunks, seal_chunks
from fieldapp.crypto.secret import Secret
from fieldapp.domain.fields import Kind
from fieldapp.domain.fold import view
from fieldapp.domain.media import MAX_SECONDS, MediaItem, items_of, read_item
from fieldapp.domain.record_types import record_type
from fieldapp.errors import InvalidFieldError, RemoteProtocolError, UnknownRecordError
from fieldapp.protocol.ids import ID_BYTES, RecordId, id_to_text
from fieldapp.protocol.limits import CHUNK_BYTES, SLOW_CHUNK_BYTES
from fieldapp.protocol.media import MediaService as ServerPort
from fieldapp.protocol.media import chunk_id
from fieldapp.services.access import AccessService
from fieldapp.services.drafts import Drafts, id_of, record_of
from fieldapp.services.media_carrying import forget, new_row
from fieldapp.services.media_reading import (
    bytes_left,
    drafted,
    fate_of,
    files_of,
    is_sound,
    is_whole,
    left_to_move,
    listed,
    may_hold,
    named_items,
    public_value,
    rate,
    sealed_fields,
    state_in,
    state_of,
)
from fieldapp.services.media_views import MediaView, Waiting
from fieldapp.services.opening import Environment
from fieldapp.services.pictures import shrink
from fieldapp.services.reading_window import refuse_received
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction
from fieldapp.sync.media import MediaCourier, MediaReport, MediaRun

MAX_SOUND_BYTES: Final = 600_000
SLOW_BYTES_PER_SECOND: Final = 8_000
_FETCH_BUDGET: Final = 1 << 30


class MediaService:
    """Pictures and sounds of an unlocked home."""

    def __init__(self, environment: Environment, access: AccessService) -> None:
        self._environment = environment
        self._access = access
        self._shown: dict[bytes, RecordId] = {}

    # ------------------------------------------------------------------ adding

    def add_photo(self, draft_id: str, path: str, image: bytes) -> MediaView:
        """Shrink a picture, seal it, and name it in a draft or on a record to be amended.

        Raises:
            UnknownRecordError: nothing has this id.
            InvalidFieldError: it is no picture, or this field takes none.
            StorageError: the disk refuses; nothing was added.
        """
        work = self._access.workspace()
        self._require_room(work, draft_id, path, Kind.PHOTO)
        made = shrink(image)
        blank = MediaItem(b"", "photo", len(made.content), 0, (), b"", thumb=made.thumb)
        return self._add(work, draft_id, path, made.content, blank)

    def add_audio(self, draft_id: str, path: str, sound: bytes, seconds: int) -> MediaView:
        """Seal a voice note and name it in a draft or on a record to be amended.

        Raises:
            UnknownRecordError: nothing has this id.
            InvalidFieldError: it is no sound, too long, or this field takes none.
            StorageError: the disk refuses; nothing was added.
        """
        work = self._access.workspace()
        self._require_room(work, draft_id, path, Kind.AUDIO)
        if not is_sound(sound):
            raise InvalidFieldError("not_a_sound")
        if not 0 < seconds <= MAX_SECONDS or len(sound) > MAX_SOUND_BYTES:
            raise InvalidFieldError("sound_too_long", limit=MAX_SECONDS)
        blank = MediaItem(b"", "audio", len(sound), 0, (), b"", seconds=seconds)
        return self._add(work, draft_id, path, sound, blank)

    def remove(self, draft_id: str, path: str, media_id: str) -> None:
        """Take a picture or sound out of a draft, and off this device if no record names it.

        Raises:
            UnknownRecordError: there is no such draft, or it is another file's name.
        """
        work = self._access.workspace()
        drafts = Drafts(work)
        draft = drafts.find(draft_id)
        if draft is not None:
            left = [one for one in listed(draft.fields, path) if one.get("file") != media_id]
            drafts.save(draft_id, {**draft.fields, path: left})
        with work.vault.reading() as tx:
            row = tx.media.get(id_of(media_id))
        if row is not None and row.state == "draft":
            forget(work, row)

    # ------------------------------------------------------------------ showing

    def of_record(self, record_or_draft_id: str) -> Sequence[MediaView]:
        """The pictures and sounds of a record or draft, in the order they were added.

        Raises:
            UnknownRecordError: nothing has this id.
        """
        work = self._access.workspace()
        draft = Drafts(work).find(record_or_draft_id)
        if draft is None:
            self.settle(work)
        with work.vault.reading() as tx:
            if draft is None:
                record = record_of(tx, record_or_draft_id)
                items = [item for _, item in items_of(sealed_fields(work, tx, record))]
                self._shown.update(dict.fromkeys((item.file for item in items), record))
            else:
                base = None if draft.amends is None else record_of(tx, draft.amends)
                items = drafted(tx, draft.fields, sealed_fields(work, tx, base) if base else {})
            return [self._view(tx, work, item) for item in items]

    def read(self, media_id: str) -> bytes:
        """Open a picture or sound; what is not here is fetched.

        Raises:
            UnknownRecordError: no record that this device reads names it.
            SyncError, ProtocolError: the server does not give it, or gave something else.
            CryptoError: it does not open.
        """
        work = self._access.workspace()
        return self.open_item(work, self._item(work, id_of(media_id)))

    def open_item(self, work: Workspace, item: MediaItem) -> bytes:
        """Open what a record names; what is not here is fetched.

        Raises:
            SyncError, ProtocolError: the server does not give it, or gave something else.
            CryptoError: it does not open.
        """
        files = files_of(work)
        if not all(files.read(chunk) is not None for chunk in item.chunks):
            self._fetch_or_raise(work, item)
        chunks = [files.read(chunk) or b"" for chunk in item.chunks]
        return open_chunks(Secret(item.key), item.file, chunks)

    def waiting(self) -> Waiting:
        """What has to be sent, and about how long that takes at the last measured rate."""
        work = self._access.workspace()
        self.settle(work)
        files = files_of(work)
        with work.vault.reading() as tx:
            rows = [row for row in tx.media.in_state("waiting") if is_whole(files, row)]
            speed = rate(tx)
        left = sum(bytes_left(row) for row in rows)
        total = sum(row.size for row in rows)
        return Waiting(len(rows), left, -(-left // speed), max(total, left))

    # ------------------------------------------------------------------ sending

    def send(self, work: Workspace, service: ServerPort, run: MediaRun) -> MediaReport:
        """Send what waits; text was sent before.

        Raises:
            StorageError: our own disk refused.
        """
        self.settle(work)
        return MediaCourier(work.device, files_of(work), service, run).send()

    def fetch_all(self, work: Workspace, service: ServerPort, run: MediaRun) -> MediaReport:
        """Fetch what records name and is not here, as headquarters asked for.

        Raises:
            StorageError: our own disk refused.
        """
        files = files_of(work)
        wanted = [item for _, item in named_items(work) if not files.has(item.chunks)]
        return MediaCourier(work.device, files, service, run).fetch(wanted)

    def settle(self, work: Workspace) -> None:
        """Let what was sealed wait to be sent; remove what no draft and no record names."""
        with work.vault.reading() as tx:
            rows = tx.media.in_state("draft")
            fates = [(row, fate_of(work, tx, row)) for row in rows]
        for row, (fate, owner) in fates:
            if fate == "nobody":
                forget(work, row)
            elif fate == "record":
                with work.vault.transaction() as tx:
                    tx.media.move(row.file, owner=owner, state="waiting")

    # ------------------------------------------------------------------ parts

    def _require_room(self, work: Workspace, draft_id: str, path: str, kind: Kind) -> None:
        """Refuse a field that is none of this kind, is hidden, full, or restricted."""
        draft = Drafts(work).find(draft_id)
        if draft is None:
            with work.vault.reading() as tx:
                state = state_of(tx, record_of(tx, draft_id))
            type_key, fields = state.type, dict(view(state, work.best_time_ms()).fields)
        else:
            type_key, fields = draft.type, dict(draft.fields)
        spec = record_type(type_key).field(path)
        if spec is None or not may_hold(spec, kind, type_key, fields):
            raise InvalidFieldError("media_not_allowed")
        if len(listed(fields, path)) >= spec.max_items:
            raise InvalidFieldError("media_too_many", limit=spec.max_items)

    def _add(
        self, work: Workspace, draft_id: str, path: str, content: bytes, blank: MediaItem
    ) -> MediaView:
        """Seal a file; complete its item, and name it where it was added."""
        file, key = work.chance.token(ID_BYTES), new_media_key()
        with work.vault.reading() as tx:
            size = SLOW_CHUNK_BYTES if rate(tx) < SLOW_BYTES_PER_SECOND else CHUNK_BYTES
        sealed = seal_chunks(key, file, content, size)
        chunks = tuple(map(chunk_id, sealed))
        item = replace(blank, file=file, chunk=size, chunks=chunks, key=key.reveal())
        draft = Drafts(work).find(draft_id)
        amended = None if draft is None else draft.amends
        row = new_row(work, id_of(amended or draft_id), item, "draft")
        with work.vault.transaction() as tx:
            tx.media.add(row)
        with ExitStack() as undo:
            undo.callback(forget, work, row)
            for chunk in sealed:
                files_of(work).keep(chunk)
            undo.pop_all()
        if draft is not None:
            grown = [*listed(draft.fields, path), public_value(item)]
            Drafts(work).save(draft_id, {**draft.fields, path: grown})
        with work.vault.reading() as tx:
            return self._view(tx, work, item)

    def _view(self, tx: Transaction, work: Workspace, item: MediaItem) -> MediaView:
        row = tx.media.get(item.file)
        is_here = files_of(work).has(item.chunks)
        sent = 0 if row is None else sum(item.sizes[: row.sent])
        state = state_in(row, is_here=is_here)
        left = left_to_move(item, row, state)
        return MediaView(
            id=id_to_text(item.file),
            kind=item.kind,
            bytes=item.size,
            seconds=item.seconds,
            state=state,
            sent_bytes=min(sent, item.size),
            takes=-(-left // rate(tx)),
            thumb=item.thumb,
        )

    def _item(self, work: Workspace, file: bytes) -> MediaItem:
        with work.vault.reading() as tx:
            row = tx.media.get(file)
            record = self._shown.get(file)
            if row is None and record is not None:
                named = [(record, item) for _, item in items_of(sealed_fields(work, tx, record))]
            else:
                named = []
        own = None if row is None else read_item(json.loads(row.item))
        if own is not None:
            return own
        for record, item in named or named_items(work):
            if item.file == file:
                refuse_received(work, record)
                return item
        raise UnknownRecordError

    def _fetch_or_raise(self, work: Workspace, item: MediaItem) -> None:
        service = self._environment.connect(work.profile.server_url)
        if not isinstance(service, ServerPort):
            raise RemoteProtocolError("media_unknown")
        courier = MediaCourier(work.device, files_of(work), service, MediaRun(_FETCH_BUDGET))
        failure = courier.fetch([item]).error
        if failure is not None:
            raise RemoteProtocolError(failure.code, **failure.params)
