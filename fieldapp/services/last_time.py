"""The last meeting of the same body: what a new one may begin with.

Laws:
  * Only a meeting of the very same unit counts, and only one that this officer may read now.
  * The latest by its own day wins, not the latest that was typed in.
  * Nothing is written here; a form decides what it takes.
"""

from __future__ import annotations

from typing import Final

from fieldapp.domain.carry_over import LastTime, is_same_series, taken_over
from fieldapp.domain.fields import Fields
from fieldapp.domain.fold import RecordView, from_json, view
from fieldapp.protocol.ids import RecordId, id_to_text
from fieldapp.services.reading_window import is_closed
from fieldapp.services.workspace import Workspace
from fieldapp.storage.search import Query

MEETING: Final = "meeting"
MOST_LOOKED_AT: Final = 200


def last_time(work: Workspace, unit: str, wanted: Fields) -> LastTime | None:
    """Find the meeting that a new one goes on with.

    Args:
        work: the unlocked home.
        unit: the new meeting's unit.
        wanted: what is known of it: its kind and its body, if any.
    """
    found = [
        (str(shown.fields.get("date", "")), record, shown)
        for record, shown in _meetings(work, unit)
        if is_same_series(wanted, shown.fields)
    ]
    if not found:
        return None
    day, record, shown = max(found, key=lambda one: (one[0], one[1]))
    text = id_to_text(record)
    return LastTime(text, day, taken_over(shown.fields, text))


def _meetings(work: Workspace, unit: str) -> list[tuple[RecordId, RecordView]]:
    """Read the newest meetings of a unit."""
    mine = True if is_closed(work) else None
    query = Query(type=MEETING, unit=unit, state="sealed", mine=mine)
    page = work.index.search(query, limit=MOST_LOOKED_AT)
    ids = [record for record, card in page.rows if card.unit == unit]
    with work.lock, work.vault.reading() as tx:
        rows = tx.records.get_many(ids)
    states = ((record, row.state) for record, row in rows.items())
    best = work.best_time_ms()
    return [(record, view(from_json(raw), best)) for record, raw in states if raw is not None]
