"""The card of a folded record: what lists and search will show of it.

Laws:
  * A card is made in the transaction of the fold and says nothing that the fold does not.
  * It is made of the fields themselves: titles look into no list of items.
  * A record of a type that this version does not know still gets a card, with the type's key.
  * The stub of a restricted record holds its number, its day and its state, and no word of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fieldapp.domain.deadlines import first_action_due
from fieldapp.domain.entries import device_text, dot_device
from fieldapp.domain.fold import RecordState, RecordView, outline
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import find_record_type
from fieldapp.domain.text import Text, same
from fieldapp.protocol.ids import DeviceId, id_to_text
from fieldapp.storage.cards import Card

MAX_WORDS: Final = 400
SEALED: Final = "sealed"
DELETED: Final = "deleted"


def make_card(state: RecordState, *, device: DeviceId, best_time_ms: int) -> Card:
    """Make the card of a record.

    Args:
        state: the fold.
        device: we; a record that we wrote is marked.
        best_time_ms: the later of our clock and the last time that a server signed.
    """
    shown = outline(state, best_time_ms)
    declared = find_record_type(state.type)
    title, subtitle = _titles(declared, state.type, shown)
    urgency = shown.fields.get("urgency")
    return Card(
        type=state.type,
        unit=state.unit,
        title=title,
        subtitle=subtitle,
        words=_words(shown.fields),
        state=DELETED if shown.deleted else SEALED,
        updated_ms=shown.updated_at,
        urgency=urgency if isinstance(urgency, str) else None,
        author=shown.author,
        mine=dot_device(state.first) == device_text(device),
        conflicted=bool(shown.conflicts),
        due_ms=_due_ms(state, shown),
        extra=_extra(declared, shown.fields),
    )


def _due_ms(state: RecordState, shown: RecordView) -> int | None:
    """By when somebody should have acted; a deleted record awaits nothing."""
    if shown.deleted:
        return None
    paths = (path for path in (*state.base, *state.heads) if "/" in path)
    return first_action_due(state.type, shown.fields, paths, shown.created_at)


def _extra(found: RecordType | None, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep what places need of a unit beside its name, and what a list says of stage and end."""
    if found is None:
        return {}
    ward = "ward" if found.key == "unit" else None
    wanted = (("ward", ward), ("until", found.ends_on), ("stage", found.stage))
    held = {name: fields.get(field) for name, field in wanted if field is not None}
    return {name: value for name, value in held.items() if isinstance(value, str)}


def make_stub(state: RecordState, *, device: DeviceId) -> Card:
    """Make what stays of a restricted record once the desk has it."""
    return Card(
        type=state.type,
        unit="",
        title=same(id_to_text(state.record)),
        updated_ms=int(state.last[:12], 16),
        author=device_text(device),
        mine=True,
    )


def _titles(found: RecordType | None, key: str, shown: RecordView) -> tuple[Text, Text | None]:
    if found is None:
        return same(key), None
    return found.title(shown.fields), found.subtitle(shown.fields)


def _words(fields: Mapping[str, Any]) -> str:
    """Join what people typed at the top of the document, up to a limit."""
    typed = (value for value in fields.values() if isinstance(value, str) and " " in value)
    return " ".join(typed)[:MAX_WORDS]
