"""Whether the records that a document links to may be linked: asked before it is sealed.

Laws:
  * A linked record that this device does not hold is believed: it may come later. To which desk
    it belongs its id tells, where it is of a unit around the document's own.
  * What the linked record may not be is declared with the type that links (``LinkRule``); from
    which record which may be linked at all is said in ``link_tiers``.
  * A link that stood in the record before is not asked about again.
  * A list to choose from holds nothing that the seal would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fieldapp.domain.fields import FieldProblem, Fields, Kind
from fieldapp.domain.fold import from_json, view
from fieldapp.domain.link_tiers import link_refusal, linked_keys, links_in
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type
from fieldapp.domain.routing import Routed, routed
from fieldapp.errors import UnknownRecordError
from fieldapp.protocol.ids import RecordId, UnitId
from fieldapp.services.drafts import record_of
from fieldapp.services.reading_window import is_closed
from fieldapp.services.record_history import channel_of
from fieldapp.services.workspace import Workspace
from fieldapp.storage.search import Query
from fieldapp.storage.vault import Transaction

AT_ONCE: Final = 400


def link_problems(
    work: Workspace,
    type_key: str,
    unit: UnitId,
    fields: Mapping[str, Any],
    *,
    carried: Fields | None = None,
) -> list[FieldProblem]:
    """Find the fields that link what they may not.

    Args:
        work: the open home.
        type_key: the type of the document that links.
        unit: the unit of the document.
        fields: what it says.
        carried: what the record said before.
    """
    declared = record_type(type_key)
    held = {(one.path, one.record) for one in links_in(declared, carried or {})}
    with work.lock, work.vault.reading() as tx:
        found = _declared_problems(work, tx, declared, fields)
        known = {problem.path for problem in found}
        own = routed(type_key, unit, fields)
        for one in links_in(declared, fields):
            if one.path not in known and (one.path, one.record) not in held:
                refusal = _refusal(work, tx, own, one.record)
                if refusal is not None:
                    known.add(one.path)
                    found.append(FieldProblem(one.path, refusal))
    return found


def linkable(
    work: Workspace, draft: tuple[str, UnitId, Fields], field: str, text: str, limit: int
) -> list[RecordId]:
    """Return the records that a field may link to, the newest first.

    Args:
        work: the open home.
        draft: the type, the unit and the fields of the document that links.
        field: the path of the field.
        text: words that they must hold.
        limit: how many at most.
    """
    declared = record_type(draft[0])
    spec = declared.spec_at(field)
    if spec is None or spec.kind is not Kind.LINK:
        return []
    own = routed(*draft)
    mine = True if is_closed(work) else None
    query = Query(text=text, type=spec.link_type, state="sealed", mine=mine)
    found: list[RecordId] = []
    with work.lock, work.vault.reading() as tx:
        for offset in range(0, len(work.index), AT_ONCE):
            page = work.index.search(query, offset=offset, limit=AT_ONCE)
            for record, card in page.rows:
                if _may_link(own, record, card.unit) and _is_lawful(
                    work, tx, declared, field, record
                ):
                    found.append(record)
                    if len(found) == limit:
                        return found
            if offset + AT_ONCE >= page.total:
                break
    return found


def _declared_problems(
    work: Workspace, tx: Transaction, declared: RecordType, fields: Fields
) -> list[FieldProblem]:
    """Ask what the type itself declares of its links."""
    found = []
    for rule in declared.link_rules:
        linked = (_document(work, tx, key) for key in linked_keys(fields.get(rule.field)))
        if any(document is not None and rule.forbids(document) for document in linked):
            found.append(FieldProblem(rule.field, rule.name))
    return found


def _document(work: Workspace, tx: Transaction, key: str) -> Fields | None:
    """Return the document behind a link that is held here."""
    try:
        kept = tx.records.get(record_of(tx, key))
    except UnknownRecordError:
        return None  # What is spelled wrong is told by the field itself.
    if kept is None or kept.state is None:
        return None
    return view(from_json(kept.state), work.best_time_ms()).fields


def _refusal(work: Workspace, tx: Transaction, own: Routed, key: str) -> str | None:
    """Say why a record may not be linked, by the channel that its id is bound to."""
    try:
        record = record_of(tx, key)
    except UnknownRecordError:
        return None
    card = work.index.get(record)
    units = [own.unit] if card is None or not card.unit else [card.unit, own.unit]
    channels = (channel_of(record, unit) for unit in units)
    channel = next((one for one in channels if one is not None), None)
    return None if channel is None else link_refusal(own, channel.cls)


def _may_link(own: Routed, record: RecordId, unit: str) -> bool:
    channel = channel_of(record, unit or own.unit)
    return channel is None or link_refusal(own, channel.cls) is None


def _is_lawful(
    work: Workspace, tx: Transaction, declared: RecordType, field: str, record: RecordId
) -> bool:
    """Whether what the type declares of a field allows a record in it."""
    rules = [rule for rule in declared.link_rules if rule.field == field]
    kept = tx.records.get(record) if rules else None
    if kept is None or kept.state is None:
        return True
    document = view(from_json(kept.state), work.best_time_ms()).fields
    return not any(rule.forbids(document) for rule in rules)
