"""Drafts: what is being typed, kept sealed from the first letters on.

Laws:
  * A save is one durable transaction; what a screen was told is saved is saved.
  * A draft that has once been restricted lies under a key of its own and goes with it.
  * A sealed draft leaves its id behind as another name of the record, so that a command that
    knew the draft finds the record.
  * A sealed record has at most one draft over it. It keeps what it began from, so that what
    others changed meanwhile is not put back when it is taken up again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from fieldapp.domain.record_type import Tier
from fieldapp.domain.routing import tier_of
from fieldapp.errors import FieldAppError, UnknownRecordError
from fieldapp.protocol.ids import RecordId, id_to_text, text_to_id
from fieldapp.services.views import DraftView, RecordView
from fieldapp.services.workspace import Workspace
from fieldapp.storage.rows import DraftRow
from fieldapp.storage.vault import Transaction

ID_BYTES: Final = 16
KEY_BYTES: Final = 32
KEEP_MS: Final = 14 * 24 * 60 * 60 * 1000
_ALIAS: Final = "sealed:"


def id_of(text: str) -> bytes:
    """Read a record's or draft's id.

    Raises:
        UnknownRecordError: it is not spelled like one.
    """
    try:
        return text_to_id(text.strip().lower(), ID_BYTES)
    except FieldAppError as problem:
        raise UnknownRecordError from problem


class DraftChangedError(Exception):
    """A draft holds other words by now than those that were to be sealed."""


class Drafts:
    """The drafts of an unlocked vault."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def new(self, type_key: str, unit: str, fields: Mapping[str, Any]) -> DraftView:
        """Begin a draft."""
        draft = id_to_text(self._work.chance.token(ID_BYTES))
        return self._save(DraftView(draft, type_key, unit, dict(fields), 0), is_new=True)

    def save(
        self,
        draft_id: str,
        fields: Mapping[str, Any],
        unit: str | None = None,
        section: str | None = None,
    ) -> DraftView:
        """Replace what a draft holds; without a unit or section, those that it has stay.

        Raises:
            UnknownRecordError: there is no such draft.
        """
        known = self.get(draft_id)
        page = known.section if section is None else section
        unit = unit or known.unit
        return self._save(replace(known, fields=dict(fields), unit=unit, section=page))

    def save_amendment(
        self, record: RecordView, fields: Mapping[str, Any], reason: str
    ) -> DraftView:
        """Keep what was typed over a sealed record, in the one draft that it has."""
        known = self.amendment(record.id)
        is_new = known is None
        if known is None:
            draft = id_to_text(self._work.chance.token(ID_BYTES))
            known = DraftView(draft, record.type, record.unit, {}, 0, amends=record.id)
        typed = replace(known, fields=dict(fields), reason=reason, base=dict(record.fields))
        return self._save(typed, is_new=is_new)

    def amendment(self, record_id: str) -> DraftView | None:
        """Return the draft over a sealed record, or None."""
        return next((draft for draft in self.all() if draft.amends == record_id), None)

    def get(self, draft_id: str) -> DraftView:
        """Return one draft.

        Raises:
            UnknownRecordError: there is no such draft.
        """
        with self._work.vault.reading() as tx:
            row = tx.drafts.get(id_of(draft_id))
            if row is None:
                raise UnknownRecordError("unknown_draft")
            return _view(tx, row)

    def find(self, draft_id: str) -> DraftView | None:
        """Return one draft, or None."""
        try:
            return self.get(draft_id)
        except UnknownRecordError:
            return None

    def all(self) -> list[DraftView]:
        """Return every draft, the newest first."""
        with self._work.vault.reading() as tx:
            return [_view(tx, row) for row in tx.drafts.all()]

    def discard(self, draft_id: str) -> None:
        """Delete a draft."""
        with self._work.vault.transaction() as tx:
            tx.drafts.delete(id_of(draft_id))

    def _save(self, draft: DraftView, *, is_new: bool = False) -> DraftView:
        """Write a draft; one that another process sealed or deleted meanwhile stays gone."""
        now_ms = self._work.now_ms()
        key = id_of(draft.id)
        document: dict[str, Any] = {"y": draft.type, "x": draft.unit, "f": draft.fields}
        if draft.section:
            document["s"] = draft.section
        if draft.amends is not None:
            document |= {"a": draft.amends, "r": draft.reason, "b": draft.base}
        with self._work.vault.transaction() as tx:
            if not is_new and tx.drafts.get(key) is None:
                raise UnknownRecordError("unknown_draft")
            if tier_of(draft.type, draft.fields) is Tier.RESTRICTED:
                until_ms = self._work.clock.now_ms() + KEEP_MS  # By the clock that gives it up.
                tx.record_keys.put(key, self._work.chance.token(KEY_BYTES), until_ms)
            tx.drafts.save(key, json.dumps(document, ensure_ascii=False).encode(), now_ms)
            kept_until_ms = tx.record_keys.kept_until_ms(key)
        return replace(draft, updated_at_ms=now_ms, kept_until_ms=kept_until_ms)


def _view(tx: Transaction, row: DraftRow) -> DraftView:
    document = json.loads(row.body)
    return DraftView(
        id_to_text(row.draft),
        document["y"],
        document["x"],
        document["f"],
        row.updated_ms,
        kept_until_ms=tx.record_keys.kept_until_ms(row.draft),
        amends=document.get("a"),
        reason=document.get("r", ""),
        base=document.get("b", {}),
        section=document.get("s", ""),
    )


def rebased(draft: DraftView, current: Mapping[str, Any]) -> dict[str, Any]:
    """Put what a draft changed onto the record as it is by now.

    A field that the draft left as it began is the record's; any other is the draft's.
    """
    names = dict.fromkeys([*current, *draft.fields])
    chosen = {
        name: (current if draft.fields.get(name) == draft.base.get(name) else draft.fields).get(
            name
        )
        for name in names
    }
    return {name: value for name, value in chosen.items() if value is not None}


def close_draft(tx: Transaction, draft: DraftView, record: RecordId) -> None:
    """Remove a draft in the transaction that seals it, and remember what it became.

    Raises:
        UnknownRecordError: another process sealed or deleted it meanwhile.
        DraftChangedError: other words were saved meanwhile.
    """
    row = tx.drafts.get(id_of(draft.id))
    if row is None:
        raise UnknownRecordError("unknown_draft")
    saved = _view(tx, row)
    if (saved.unit, saved.fields) != (draft.unit, draft.fields):
        raise DraftChangedError
    tx.drafts.delete(row.draft)
    tx.meta.set(_ALIAS + draft.id, record)


def record_of(tx: Transaction, text: str) -> RecordId:
    """The record that an id names: its own, or the one its draft became.

    Raises:
        UnknownRecordError: it is not spelled like an id.
    """
    known = id_of(text)
    became = tx.meta.get(_ALIAS + id_to_text(known))
    return RecordId(known if became is None else became)
