"""Room on a device that runs out of it: what the server holds already goes first.

Laws:
  * Only pictures and sounds of which the server signed for every piece go, the oldest first, and
    only while room is low. Each opens again when it is asked for, from the server.
  * A picture whose field says so (an attendance sheet) leaves a phone that many days after the
    server signed for its last piece, by a day that the server signed too.
  * Text never goes for room, nor does anything that nobody else holds. The thumbnail in the record
    stays as long as the record's text does.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Final

from fieldapp.domain.clock import kenya_date
from fieldapp.domain.fold import from_json, view
from fieldapp.domain.media import items_of, read_item
from fieldapp.domain.record_types import find_record_type
from fieldapp.protocol.ids import RecordId
from fieldapp.services.media_reading import files_of
from fieldapp.services.workspace import Workspace
from fieldapp.storage.files import free_bytes
from fieldapp.storage.media import MediaRow
from fieldapp.storage.rows import RecordRow

LOW_BYTES: Final = 300_000_000


def low_room(work: Workspace) -> int | None:
    """The bytes that are left on this device; None while there is enough, or nothing is told."""
    left = free_bytes(work.home.root)
    return None if left is None or left >= LOW_BYTES else left


def make_room(work: Workspace) -> int:
    """Let go of sent pictures and sounds until there is room; returns how many went."""
    if low_room(work) is None:
        return 0
    gone = 0
    with work.vault.reading() as tx:
        sent = tx.media.in_state("sent")
    for row in sent:
        if _let_go(work, row):
            gone += 1
            if low_room(work) is None:
                break
    return gone


def let_old_sheets_go(work: Workspace, today: date) -> int:
    """Let go of sent pictures whose days on a phone are over; returns how many went."""
    with work.vault.reading() as tx:
        sent = tx.media.in_state("sent")
        records = tx.records.get_many({row.owner for row in sent})
    due = [row for row in sent if _is_due(work, records.get(RecordId(row.owner)), row, today)]
    return sum(_let_go(work, row) for row in due)


def _is_due(work: Workspace, record: RecordRow | None, row: MediaRow, today: date) -> bool:
    """Tell whether a file has been at the server for as long as its field lets it stay here."""
    if record is None or record.state is None or not row.sent_ms:
        return False
    state = from_json(record.state)
    declared = find_record_type(state.type)
    fields = view(state, work.best_time_ms()).fields
    name = next((name for name, item in items_of(fields) if item.file == row.file), "")
    spec = None if declared is None else declared.field(name)
    if spec is None or spec.kept_days is None:
        return False
    return (today - kenya_date(row.sent_ms)).days > spec.kept_days


def _let_go(work: Workspace, row: MediaRow) -> bool:
    """Remove the pieces of a file that the server holds; its row stays and says so."""
    item, files = read_item(json.loads(row.item)), files_of(work)
    if item is None or not files.has(item.chunks):
        return False
    files.remove(item.chunks)
    return True
