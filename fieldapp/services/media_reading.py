"""Reading what drafts, records and this device's own rows say of pictures and sounds.

Decides whose a file is by now; changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.fold import RecordState, from_json, view
from fieldapp.domain.media import PUBLIC, MediaItem, items_of, read_item
from fieldapp.domain.record_type import Tier
from fieldapp.domain.routing import tier_of
from fieldapp.errors import UnknownRecordError
from fieldapp.protocol.ids import RecordId, id_to_text
from fieldapp.services.drafts import id_of, record_of
from fieldapp.services.media_views import State
from fieldapp.services.workspace import Workspace
from fieldapp.storage.chunk_files import ChunkFiles
from fieldapp.storage.media import MediaRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.media import RATE_KEY

SUPPOSED_BYTES_PER_SECOND: Final = 5_000
UNSAVED_MS: Final = 24 * 60 * 60 * 1000
"""How long a file waits for the amendment that names it."""
_SOUNDS: Final = (b"OggS", b"\x1aE\xdf\xa3", b"RIFF", b"ID3", b"\xff\xf1", b"\xff\xfb")
_MP4_MARK: Final = b"ftyp"


def files_of(work: Workspace) -> ChunkFiles:
    """Return where the chunks of a home lie."""
    return ChunkFiles(work.home.media)


def rate(tx: Transaction) -> int:
    """Bytes a second, as last measured."""
    return int.from_bytes(tx.meta.get(RATE_KEY) or b"", "big") or SUPPOSED_BYTES_PER_SECOND


def bytes_left(row: MediaRow) -> int:
    """How much of a file is still to be sent."""
    item = read_item(json.loads(row.item))
    return 0 if item is None else sum(item.sizes[row.sent :])


def is_whole(files: ChunkFiles, row: MediaRow) -> bool:
    """Tell whether all pieces of a file are on this device."""
    item = read_item(json.loads(row.item))
    return item is not None and files.has(item.chunks)


def listed(fields: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
    """Return what a document holds in a field of pictures or sounds."""
    value = fields.get(path)
    return value if isinstance(value, list) else []


def may_hold(spec: FieldSpec, kind: Kind, type_key: str, fields: Mapping[str, Any]) -> bool:
    """Tell whether a field of a document takes pictures or sounds of a kind now."""
    is_open = tier_of(type_key, fields) is not Tier.RESTRICTED
    return spec.kind is kind and spec.is_visible(fields) and is_open


def is_sound(sound: bytes) -> bool:
    """Tell whether bytes begin as a recorder's file does."""
    return sound.startswith(_SOUNDS) or sound[4:8] == _MP4_MARK


def state_in(row: MediaRow | None, *, is_here: bool) -> State:
    """Say where a file stands."""
    if row is None:
        return "here" if is_here else "coming"
    if row.state == "sent":
        return "sent"
    if not is_here:
        return "gone"
    return "here" if row.state == "draft" else "sending"


def left_to_move(item: MediaItem, row: MediaRow | None, state: State) -> int:
    """How many bytes of a file are still to be sent, or to be fetched."""
    if state == "coming":
        return sum(item.sizes)
    is_ours = row is not None and state in {"here", "sending"}
    return sum(item.sizes[row.sent :]) if is_ours and row is not None else 0


def state_of(tx: Transaction, record: RecordId) -> RecordState:
    """Return the fold of a record that is still readable here.

    Raises:
        UnknownRecordError: there is none.
    """
    kept = tx.records.get(record)
    if kept is None or kept.state is None:
        raise UnknownRecordError
    return from_json(kept.state)


def sealed_fields(work: Workspace, tx: Transaction, record: RecordId) -> Mapping[str, Any]:
    """The sealed document of a record; empty for one that is no longer readable."""
    kept = tx.records.get(record)
    if kept is None:
        raise UnknownRecordError
    if kept.state is None:
        return {}
    return view(from_json(kept.state), work.best_time_ms()).fields


def drafted(tx: Transaction, fields: Mapping[str, Any], base: Mapping[str, Any]) -> list[MediaItem]:
    """The items that a draft names: this device's own, or those of the record it changes."""
    known = {id_to_text(item.file): item for _, item in items_of(base)}
    found = []
    for value in fields.values():
        for one in value if isinstance(value, list) else ():
            name = one.get("file") if isinstance(one, Mapping) else None
            if not isinstance(name, str):
                continue
            row = tx.media.get(id_of(name))
            item = known.get(name) if row is None else read_item(json.loads(row.item))
            found += [] if item is None else [item]
    return found


def fate_of(work: Workspace, tx: Transaction, row: MediaRow) -> tuple[str, bytes]:
    """Say whose a file is by now: a draft's, a record's, or nobody's."""
    if tx.drafts.get(row.owner) is not None:
        return "draft", row.owner
    record = record_of(tx, id_to_text(row.owner))
    kept = tx.records.get(record)
    if kept is not None and kept.state is not None:
        fields = view(from_json(kept.state), work.best_time_ms()).fields
        if any(item.file == row.file for _, item in items_of(fields)):
            return "record", record
        if record == row.owner and row.created_ms > work.now_ms() - UNSAVED_MS:
            return "draft", row.owner
    return "nobody", row.owner


def named_items(work: Workspace) -> Iterator[tuple[RecordId, MediaItem]]:
    """Every picture and sound that a record here names."""
    with work.vault.reading() as tx:
        number = 0
        while rows := tx.records.changed_states(number):
            number = rows[-1][0]
            for _, record, raw in rows:
                if raw is not None and b"chunks" in raw:
                    fields = view(from_json(raw), work.best_time_ms()).fields
                    yield from ((record, item) for _, item in items_of(fields))


def public_value(item: MediaItem) -> dict[str, Any]:
    """What a form, a draft and a command hold of an item."""
    return {name: part for name, part in item.to_value().items() if name in PUBLIC}
