"""Pictures and voice notes of exported records: files in a folder, and a table that names them.

Laws:
  * Only what an exported record names leaves, for whoever may export that record.
  * A file is called by its id, which the record's own row or document holds too.
  * What is not on this device is fetched; what cannot be had is named as missing in the table and
    stops nothing else. One failed fetch is enough: the rest is not asked for.
  * Files can be read by their owner only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fieldapp.domain.fold import from_json, view
from fieldapp.domain.media import MediaItem, items_of
from fieldapp.errors import CryptoError, ProtocolError, SyncError
from fieldapp.protocol.ids import id_to_text
from fieldapp.services.media_reading import files_of
from fieldapp.services.workspace import Workspace
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import write_private
from fieldapp.storage.hq.export import csv_bytes

FOLDER: Final = "media"
TABLE: Final = "media.csv"
COLUMNS: Final = ("record", "type", "field", "file", "name", "kind", "bytes", "seconds", "state")
WRITTEN: Final = "written"
MISSING: Final = "missing"
_ENDINGS: Final = (
    (b"\xff\xd8", "jpg"),
    (b"RIFF", "wav"),
    (b"OggS", "ogg"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"ID3", "mp3"),
)
_MP4_MARK: Final = b"ftyp"

Open = Callable[[Workspace, MediaItem], bytes]


@dataclass(frozen=True, slots=True)
class Named:
    """One picture or voice note, and what names it."""

    record: str
    type: str
    field: str
    item: MediaItem


def named_by(work: Workspace, records: Collection[str]) -> list[Named]:
    """List the pictures and voice notes of some records, each file once."""
    found: dict[bytes, Named] = {}
    for one in _named(work):
        if one.record in records:
            found.setdefault(one.item.file, one)
    return list(found.values())


def write_media(work: Workspace, named: list[Named], out: Path, opened: Open) -> dict[str, int]:
    """Write the files and their table.

    Args:
        work: the open home.
        named: what to write.
        out: the folder of the export; it exists.
        opened: opens an item, fetching what is not here.

    Returns:
        The rows of the table by its name; nothing where there is nothing.

    Raises:
        StorageError: the disk is full or refuses.
    """
    if not named:
        return {}
    folder = out / FOLDER
    with disk_errors():
        folder.mkdir(exist_ok=True)
    rows, is_cut = [], False
    for one in named:
        content = None if is_cut and not _is_here(work, one.item) else _content(work, one, opened)
        is_cut = is_cut or content is None
        rows.append(_row(one, folder, content))
    with disk_errors():
        write_private(out / TABLE, csv_bytes(COLUMNS, rows))
    return {TABLE: len(rows)}


def _row(one: Named, folder: Path, content: bytes | None) -> list[object]:
    item, name = one.item, ""
    if content is not None:
        name = f"{id_to_text(item.file)}.{_ending(content)}"
        with disk_errors():
            write_private(folder / name, [content])
    state = MISSING if content is None else WRITTEN
    head = [one.record, one.type, one.field, id_to_text(item.file), name]
    return [*head, item.kind, item.size, item.seconds, state]


def _content(work: Workspace, one: Named, opened: Open) -> bytes | None:
    try:
        return opened(work, one.item)
    except (SyncError, ProtocolError, CryptoError):
        return None


def _is_here(work: Workspace, item: MediaItem) -> bool:
    return files_of(work).has(item.chunks)


def _ending(content: bytes) -> str:
    if content[4:8] == _MP4_MARK:
        return "m4a"
    return next((ending for mark, ending in _ENDINGS if content.startswith(mark)), "bin")


def _named(work: Workspace) -> Iterator[Named]:
    with work.vault.reading() as tx:
        number = 0
        while rows := tx.records.changed_states(number):
            number = rows[-1][0]
            for _, record, raw in rows:
                if raw is None or b"chunks" not in raw:
                    continue
                state = from_json(raw)
                for field, item in items_of(view(state, work.best_time_ms()).fields):
                    yield Named(id_to_text(record), state.type, field, item)
