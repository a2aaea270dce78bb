"""Pictures and sounds of a record that goes on under fewer readers, and of one that is no more.

Laws:
  * Whoever could read the old record knows its keys. So each file is opened here and sealed anew,
    under a new id and a new key, before the new record names it.
  * A row comes first, under the old record, then the pieces, then the record that names them: of
    a raise that died between them, what nobody names is settled like any picture of a draft.
  * Nothing is fetched while a record is raised: what is not on this device is asked for first.
  * A field that the new record hides takes nothing along; how many stayed behind is told.
  * With an erased record go this device's rows, keys and pieces. With one that only left the
    screens goes what a server signed for; what still waits is sent first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from fieldapp.crypto.media import new_media_key, open_chunks, seal_chunks
from fieldapp.crypto.secret import Secret
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.fold import from_json, view
from fieldapp.domain.media import MediaItem, items_of, read_item
from fieldapp.domain.retention import GONE
from fieldapp.protocol.ids import ID_BYTES, RecordId
from fieldapp.protocol.media import chunk_id
from fieldapp.services.media_reading import files_of
from fieldapp.services.problems import ProblemsError
from fieldapp.services.workspace import Workspace
from fieldapp.storage.media import MediaRow, MediaState
from fieldapp.storage.rows import RecordRow
from fieldapp.storage.vault import Transaction


@dataclass(frozen=True, slots=True)
class Carried:
    """A document that names its files anew, what is to be noted of them, and how many stayed."""

    fields: Mapping[str, Any]
    items: Sequence[MediaItem] = field(default=(), repr=False)
    left: int = 0

    def note(self, tx: Transaction, record: RecordId) -> None:
        """Let the files wait to be sent under the new record."""
        for item in self.items:
            tx.media.move(item.file, owner=record, state="waiting")


def carried(
    work: Workspace, record: RecordId, fields: Mapping[str, Any], old: Mapping[str, Any]
) -> Carried:
    """Seal the files of a document anew.

    Args:
        work: the open home.
        record: the one that is left behind.
        fields: the document as it goes on; its items have their keys.
        old: its document.

    Raises:
        ProblemsError: a file is not on this device (`media_open_first`).
        StorageError: the disk refuses; nothing names what was written.
    """
    problems = [
        FieldProblem(name, "media_open_first")
        for name, item in items_of(fields)
        if not files_of(work).has(item.chunks)
    ]
    if problems:
        raise ProblemsError(problems)
    anew = {item.file: _sealed_anew(work, record, item) for _, item in items_of(fields)}
    left = sum(item.file not in anew for _, item in items_of(old))
    if not anew:
        return Carried(fields, left=left)
    named = {name: _renamed(value, anew) for name, value in fields.items()}
    return Carried(named, list(anew.values()), left)


def _renamed(value: Any, anew: Mapping[bytes, MediaItem]) -> Any:  # noqa: ANN401  any JSON value
    if not isinstance(value, list):
        return value
    items = [(one, read_item(one)) for one in value]
    return [one if item is None else anew[item.file].to_value() for one, item in items]


def _sealed_anew(work: Workspace, record: RecordId, item: MediaItem) -> MediaItem:
    files = files_of(work)
    content = open_chunks(
        Secret(item.key), item.file, [files.read(chunk) or b"" for chunk in item.chunks]
    )
    file, key = work.chance.token(ID_BYTES), new_media_key()
    sealed = seal_chunks(key, file, content, item.chunk)
    made = replace(item, file=file, chunks=tuple(map(chunk_id, sealed)), key=key.reveal())
    row = new_row(work, record, made, "draft")
    with work.vault.transaction() as tx:
        tx.media.add(row)
    with ExitStack() as undo:
        undo.callback(forget, work, row)
        for chunk in sealed:
            files.keep(chunk)
        undo.pop_all()
    return made


def new_row(work: Workspace, owner: bytes, item: MediaItem, state: MediaState) -> MediaRow:
    """Return this device's row of a file of its own."""
    return MediaRow(
        file=item.file,
        owner=owner,
        state=state,
        size=item.size,
        chunks=len(item.chunks),
        sent=0,
        created_ms=work.now_ms(),
        item=json.dumps(item.to_value()).encode(),
    )


def let_go(work: Workspace, record: RecordId, old: Mapping[str, Any]) -> None:
    """Forget the files of a record that was left behind, received ones too.

    Raises:
        StorageError: the disk refuses; the next settling goes on.
    """
    forget_of(work, record)
    for _, item in items_of(old):
        files_of(work).remove(item.chunks)


def forget_unread(work: Workspace) -> None:
    """Forget files of this device's own whose records can no longer be read here.

    Raises:
        StorageError: the disk refuses; the next settling goes on.
    """
    with work.vault.reading() as tx:
        rows = [*tx.media.in_state("waiting"), *tx.media.in_state("sent")]
        kept = tx.records.get_many({RecordId(row.owner) for row in rows})
    for row in rows:
        record = kept.get(RecordId(row.owner))
        if record is not None and _is_unread(work, record, row):
            forget(work, row)


def _is_unread(work: Workspace, record: RecordRow, row: MediaRow) -> bool:
    """Tell whether nothing of a record speaks of a file any more, nor waits for it to be sent."""
    if record.state is not None:
        return not view(from_json(record.state), work.best_time_ms()).fields
    card = work.index.get(record.record)
    left_the_screens = card is not None and GONE in card.extra
    return row.state == "sent" or not left_the_screens


def forget_of(work: Workspace, record: RecordId) -> None:
    """Forget this device's own files of a record."""
    with work.vault.reading() as tx:
        rows = tx.media.of(record)
    for row in rows:
        forget(work, row)


def forget(work: Workspace, row: MediaRow) -> None:
    """Remove a row with its key, then the pieces."""
    item = read_item(json.loads(row.item))
    with work.vault.transaction() as tx:
        tx.media.drop(row.file)
    if item is not None:
        files_of(work).remove(item.chunks)
