"""A record or draft as one page shows it.

Decides nothing about rights or sealing: it reads the fold, the history and the receipts, and says
where something needs a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fieldapp.domain.entries import Entry
from fieldapp.domain.fold import Conflict, from_json, view
from fieldapp.domain.media import is_secret_path
from fieldapp.domain.media import shown as without_keys
from fieldapp.domain.paths import set_path
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type
from fieldapp.domain.retention import GONE
from fieldapp.domain.routing import tier_of
from fieldapp.domain.text import Text, same
from fieldapp.errors import UnknownRecordTypeError
from fieldapp.protocol.ids import id_to_text
from fieldapp.services.record_history import (
    batches_of,
    channel_of,
    desk_channel_of,
    entries_of,
    erasures,
    history,
    named_channel_of,
    ticks,
)
from fieldapp.services.views import ConflictView, DraftView, HistoryItem, Note, RecordView
from fieldapp.services.workspace import Workspace
from fieldapp.storage.cards import Card, card_from_json
from fieldapp.storage.rows import BatchRow, BatchState, RecordRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.own_streams import RESEALED

CONTINUES: Final = "k"
"""The key of an entry that names the record which it continues."""
NEEDS_YOU: Final[Mapping[BatchState, str]] = {
    "refused": "record_refused",
    "forked": "record_forked",
}


def changed_document(
    old: Mapping[str, Any], changes: Mapping[str, Any], whole: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """The document after single changes, or the whole new one.

    Raises:
        InvalidFieldError: a path is misspelt or names an item that does not exist.
    """
    if whole is not None:
        return whole
    document: Mapping[str, Any] = dict(old)
    for path, value in changes.items():
        document = set_path(document, path, value)
    return document


def declared_type(key: str) -> RecordType | None:
    """The declaration of a type, None for one of a newer version."""
    try:
        return record_type(key)
    except UnknownRecordTypeError:
        return None


def record_view(work: Workspace, tx: Transaction, kept: RecordRow) -> RecordView:
    """Show a sealed record with its ticks, history and conflicts."""
    batches = batches_of(tx, kept)
    if kept.state is None:
        return _given_up(work, tx, kept, batches)
    state = from_json(kept.state)
    shown = view(state, work.best_time_ms())
    declared = declared_type(state.type)
    entries = list(entries_of(tx, kept, batches))
    if not entries and state.only is not None:
        entries = [(state.only, work.keys.device)]
    channel = channel_of(state.record, state.unit) or named_channel_of(tx, batches)
    return RecordView(
        id=id_to_text(state.record),
        type=state.type,
        unit=state.unit,
        unit_name=work.places.name(state.unit),
        tier="" if declared is None else tier_of(state.type, shown.fields).value,
        state="sealed",
        fields=without_keys(shown.fields),
        ticks=ticks(work, tx, channel, batches),
        history=_by_day(history(work, declared, entries), erasures(work, tx, batches)),
        conflicts=[
            _conflict(work, declared, clash)
            for clash in shown.conflicts
            if not is_secret_path(clash.path)
        ],
        author=work.who(shown.author),
        mine=shown.author == id_to_text(work.keys.device),
        updated_at_ms=shown.updated_at,
        needs_attention=_attention(
            batches,
            has_conflict=bool(shown.conflicts),
            is_overdue=work.is_overdue(state.record),
        ),
        continues=continues(entry for entry, _ in entries),
    )


def draft_view(work: Workspace, draft: DraftView) -> RecordView:
    """Show a draft in the shape of a record."""
    return RecordView(
        id=draft.id,
        type=draft.type,
        unit=draft.unit,
        unit_name=work.places.name(draft.unit),
        tier=tier_of(draft.type, draft.fields).value,
        state="draft",
        fields=draft.fields,
        ticks=[],
        history=[],
        conflicts=[],
        author=work.profile.name,
        mine=True,
        updated_at_ms=draft.updated_at_ms,
        needs_attention=None,
    )


def _given_up(
    work: Workspace, tx: Transaction, kept: RecordRow, batches: list[BatchRow]
) -> RecordView:
    """What is left of a record that was given up or erased: number, day, how far it came."""
    erased = erasures(work, tx, batches)
    card = card_from_json(kept.card) if kept.card is not None else None
    blank = Card(type="", unit="", title=same("-"))
    found = card or blank
    gone = found.extra.get(GONE)
    own = desk_channel_of(work, batches) if gone is None else channel_of(kept.record, found.unit)
    return RecordView(
        id=id_to_text(kept.record),
        type=found.type,
        unit=found.unit,
        unit_name=work.places.name(found.unit) if gone is not None else "",
        tier="" if erased or gone is not None else "restricted",
        state="sealed",
        fields={},
        ticks=ticks(work, tx, own, batches),
        history=erased,
        conflicts=[],
        author=work.who(found.author),
        mine=found.mine,
        updated_at_ms=found.updated_ms,
        needs_attention=_why_given_up(gone, is_erased=bool(erased)),
    )


def _why_given_up(gone: str | None, *, is_erased: bool) -> Note:
    """Say why only number and day are left."""
    if is_erased:
        return Note("record_erased")
    return Note("record_given_up") if gone is None else Note("record_time_over", {"day": gone})


def continues(entries: Iterable[Entry]) -> str | None:
    """Name the record that another one continues, as its own sealed text says."""
    named = (entry.extra.get(CONTINUES) for entry in entries)
    return next((one for one in named if isinstance(one, str)), None)


def _by_day(*parts: list[HistoryItem]) -> list[HistoryItem]:
    """One history, oldest first."""
    return sorted((item for part in parts for item in part), key=lambda item: item.at_ms)


def _conflict(work: Workspace, declared: RecordType | None, clash: Conflict) -> ConflictView:
    return ConflictView(
        path=clash.path,
        label=label_at(declared, clash.path),
        kept=clash.kept,
        lost=clash.lost,
        lost_author=work.who(clash.lost_device),
        at_ms=clash.at_ms,
        kept_author=work.who(clash.kept_device),
    )


def label_at(declared: RecordType | None, path: str) -> Text:
    """The label of the field at a path, the path itself where none is declared."""
    spec = None if declared is None else declared.spec_at(path)
    return same(path) if spec is None else spec.label


def _attention(batches: list[BatchRow], *, has_conflict: bool, is_overdue: bool) -> Note | None:
    """What a person should look at, the most serious first."""
    for batch in batches:
        if batch.state in NEEDS_YOU and batch.reason != RESEALED:
            return Note(NEEDS_YOU[batch.state], {"reason": batch.reason or ""})
    if has_conflict:
        return Note("record_conflicted")
    return Note("record_overdue") if is_overdue else None
