"""Whether the records that a document links to may be linked: asked before it is sealed.

Laws:
  * A linked record that this device does not hold is believed: it may come later.
  * What the linked record may not be is declared with the type that links (``LinkRule``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fieldapp.domain.fields import FieldProblem, Fields
from fieldapp.domain.fold import from_json, view
from fieldapp.domain.record_types import record_type
from fieldapp.errors import UnknownRecordError
from fieldapp.services.drafts import record_of
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction


def link_problems(work: Workspace, type_key: str, fields: Mapping[str, Any]) -> list[FieldProblem]:
    """Find the fields that link what they may not."""
    declared = record_type(type_key)
    wanted = [rule for rule in declared.link_rules if fields.get(rule.field)]
    if not wanted:
        return []
    with work.lock, work.vault.reading() as tx:
        return [
            FieldProblem(rule.field, rule.name)
            for rule in wanted
            if any(rule.forbids(found) for found in _linked(work, tx, fields[rule.field]))
        ]


def _linked(work: Workspace, tx: Transaction, value: object) -> Iterator[Fields]:
    """Give the documents behind a link field that are held here."""
    for key in value if isinstance(value, list) else [value]:
        try:
            kept = tx.records.get(record_of(tx, str(key)))
        except UnknownRecordError:
            continue  # What is spelled wrong is told by the field itself.
        if kept is not None and kept.state is not None:
            yield view(from_json(kept.state), work.best_time_ms()).fields
