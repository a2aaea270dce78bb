"""By which rule the body of a meeting decides, as far as its record is here and may be read."""

from __future__ import annotations

from fieldapp.domain.fields import Fields
from fieldapp.domain.fold import from_json, view
from fieldapp.domain.quorum import BodyRule, rule_of
from fieldapp.errors import FieldAppError
from fieldapp.services.drafts import record_of
from fieldapp.services.reading_window import refuse_received
from fieldapp.services.workspace import Workspace

BODY = "body"


def body_rule(work: Workspace, body: object) -> BodyRule:
    """Return the rule of the body that a meeting links to; the usual one where it is not here."""
    return rule_of(_document(work, body) if isinstance(body, str) and body else None)


def _document(work: Workspace, body: str) -> Fields | None:
    try:
        with work.lock, work.vault.reading() as tx:
            record = record_of(tx, body)
            kept = tx.records.get(record)
            refuse_received(work, record)
    except FieldAppError:  # Not spelled like an id, or not for this officer now.
        return None
    if kept is None or kept.state is None:
        return None
    state = from_json(kept.state)
    return view(state, work.best_time_ms()).fields if state.type == BODY else None
