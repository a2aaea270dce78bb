"""Making, changing, finding and showing records.

Laws:
  * Every use case is one method; sealing itself is ``sealing``'s, lists and pages are
    ``record_rows``' and ``record_view``'s.
  * A form's draft may hold answers that its category hides by now; they are never checked, shown
    for review or sealed. A whole document that carries them is refused instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from fieldapp.domain.actions import Action
from fieldapp.domain.carry_over import LastTime
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.quorum import BodyRule
from fieldapp.domain.record_type import Facts, RecordType, Remark
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.rights import may
from fieldapp.domain.routing import tier_of
from fieldapp.domain.schema import schema
from fieldapp.domain.validation import check, check_reason, defaults, tidy
from fieldapp.errors import FieldAppError, UnknownRecordError
from fieldapp.protocol.ids import RecordId, UnitId, id_to_text
from fieldapp.protocol.units import parse_unit
from fieldapp.services.access import AccessService
from fieldapp.services.body_rules import body_rule
from fieldapp.services.drafts import DraftChangedError, Drafts, rebased, record_of
from fieldapp.services.last_time import MEETING, last_time
from fieldapp.services.links import link_problems, linkable
from fieldapp.services.problems import ProblemsError
from fieldapp.services.raising import Edited
from fieldapp.services.reading_window import refuse_received
from fieldapp.services.record_rows import Rows
from fieldapp.services.record_view import changed_document, draft_view, record_view
from fieldapp.services.sealing import Prepared, Writer, without_hidden
from fieldapp.services.summary import summary_of
from fieldapp.services.views import (
    DraftView,
    PendingSeal,
    RecordRow,
    RecordStateName,
    RecordView,
    UnitRow,
)
from fieldapp.services.workspace import Workspace


class RecordService:
    """Records and drafts of an unlocked home."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    # ------------------------------------------------------------------ declarations

    def all_types(self) -> tuple[RecordType, ...]:
        """Every declared type."""
        return record_types()

    def schema(self, type_key: str) -> dict[str, Any]:
        """A type as JSON Schema."""
        return schema(record_type(type_key))

    def types(self) -> tuple[RecordType, ...]:
        """The types that the officer may write in forms."""
        role = self._work().role
        return tuple(
            declared
            for declared in record_types()
            if declared.is_listed and may(role, declared.key, Action.CREATE)
        )

    # ------------------------------------------------------------------ drafts

    def new_draft(
        self, type_key: str, unit: str | None = None, fields: Mapping[str, Any] | None = None
    ) -> DraftView:
        """Begin a record, with the declared defaults and what stayed since last time."""
        work = self._work()
        declared = record_type(type_key)
        where, given = unit or work.profile.unit, fields or {}
        last = self.last_time(where, given) if type_key == MEETING else None
        taken = {} if last is None else last.fields
        filled = {**defaults(declared.key, work.today()), **taken, **given}
        return Drafts(work).new(type_key, where, filled)

    def last_time(self, unit: str, fields: Mapping[str, Any]) -> LastTime | None:
        """Return the last meeting of the body or kind that a new one names, or None."""
        (work := self._work()).catch_up()
        return last_time(work, unit, fields)

    def save_draft(
        self,
        draft_id: str,
        fields: Mapping[str, Any],
        unit: str | None = None,
        section: str | None = None,
    ) -> DraftView:
        """Keep what was typed."""
        return Drafts(self._work()).save(draft_id, fields, unit, section)

    def save_amendment(
        self, record: RecordView, fields: Mapping[str, Any], reason: str
    ) -> DraftView:
        """Keep what was typed over a sealed record, which began as ``record`` shows it."""
        return Drafts(self._work()).save_amendment(record, fields, reason)

    def amendment(self, record: RecordView) -> DraftView | None:
        """Return the draft over a sealed record, on top of what the record says by now."""
        draft = Drafts(self._work()).amendment(record.id)
        return None if draft is None else replace(draft, fields=rebased(draft, record.fields))

    def draft(self, draft_id: str) -> DraftView:
        """Return one draft."""
        return Drafts(self._work()).get(draft_id)

    def drafts(self) -> list[DraftView]:
        """All drafts, the newest first."""
        return Drafts(self._work()).all()

    def discard_draft(self, draft_id: str) -> None:
        """Delete a draft."""
        Drafts(self._work()).discard(draft_id)

    def check(self, draft_id: str) -> list[FieldProblem]:
        """Say what is still missing or wrong in a draft; hidden answers are left out."""
        work = self._work()
        draft = Drafts(work).get(draft_id)
        unit, fields = _as_sealed(draft)
        problems = check(draft.type, unit, fields, today=work.today())
        return [*problems, *link_problems(work, draft.type, unit, fields)]

    def review(self, draft_id: str) -> PendingSeal:
        """Say what sealing a draft would do: its summary, tier and readers.

        Raises:
            ProblemsError: it cannot be sealed yet.
            NoReaderError: nobody could read it.
        """
        work = self._work()
        draft = Drafts(work).get(draft_id)
        prepared = Writer(work).prepare(draft.type, draft.unit, _as_sealed(draft)[1])
        with work.lock:
            readers = work.directory.readers_of(prepared.channel)
        return PendingSeal(
            draft_id=draft_id,
            summary=summary_of(work, prepared, self._language()),
            tier=tier_of(draft.type, prepared.fields).value,
            readers=[work.places.office(office.unit, office.desk) for office in readers],
        )

    def seal(self, draft_id: str) -> str:
        """Seal a draft and queue it, with what was typed last; returns the record's id.

        A draft over a sealed record becomes its amendment.

        Raises:
            ProblemsError: it is not complete.
            UnknownRecordError: no such draft.
            NoReaderError: nobody could read it.
        """
        work = self._work()
        while True:
            draft = Drafts(work).get(draft_id)
            if draft.amends is not None:
                return self._seal_amendment(draft, draft.amends)
            prepared = Writer(work).prepare(draft.type, draft.unit, _as_sealed(draft)[1])
            with suppress(DraftChangedError):
                return id_to_text(Writer(work).seal(prepared, draft))

    def _seal_amendment(self, draft: DraftView, record_id: str) -> str:
        whole = rebased(draft, self.show(record_id).fields)
        edited = self.change(record_id, {}, draft.reason, whole=whole)
        self.discard_draft(draft.id)
        return edited.id

    # ------------------------------------------------------------------ sealing

    def create(
        self, type_key: str, unit: str | None, fields: Mapping[str, Any], *, draft: bool = False
    ) -> str:
        """Make a record from a whole document, sealed at once or kept as a draft.

        Raises:
            UnknownRecordTypeError, InvalidUnitError, NoRightError: as they say.
            ProblemsError: the document has problems; nothing was kept.
            NoReaderError: nobody could read it.
        """
        work = self._work()
        declared = record_type(type_key)
        where = unit or work.profile.unit
        if draft:
            return Drafts(work).new(declared.key, parse_unit(where), fields).id
        writer = Writer(work)
        return id_to_text(writer.seal(writer.prepare(declared.key, where, fields)))

    def create_many(
        self, type_key: str, rows: Sequence[tuple[str | None, Mapping[str, Any]]]
    ) -> list[str | FieldAppError]:
        """Seal whole documents together; each answers with its record's id or its refusal."""
        work = self._work()
        writer = Writer(work)
        found: list[str | FieldAppError] = []
        ready: dict[int, Prepared] = {}
        for unit, fields in rows:
            try:
                ready[len(found)] = writer.prepare(type_key, unit or work.profile.unit, fields)
                found.append("")
            except FieldAppError as refused:
                found.append(refused)
        for place, record in self._seal_ready(writer, ready).items():
            found[place] = record
        return found

    def _seal_ready(
        self, writer: Writer, ready: Mapping[int, Prepared]
    ) -> dict[int, str | FieldAppError]:
        """Seal all together; where that fails, one by one, so that each says its own reason."""
        try:
            records = writer.seal_many(list(ready.values()))
            return dict(zip(ready, map(id_to_text, records), strict=True))
        except FieldAppError:
            return {place: _seal_one(writer, one) for place, one in ready.items()}

    def edit(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        reason: str = "",
        *,
        whole: Mapping[str, Any] | None = None,
    ) -> RecordStateName:
        """Do what ``change`` does, and say only the state."""
        return self.change(record_id, changes, reason, whole=whole).state

    def change(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        reason: str = "",
        *,
        whole: Mapping[str, Any] | None = None,
    ) -> Edited:
        """Change a draft, or amend a sealed record by a further entry.

        Args:
            record_id: the record or draft.
            changes: flat path to value; None clears.
            reason: why a sealed record is amended.
            whole: the whole document instead of single changes.

        Raises:
            UnknownRecordError: nothing has this id.
            ProblemsError: the result has problems, or no reason was given.
            NoRightError: this officer may not change it.
            NoReaderError: nobody could read what it would become.

        Returns:
            The record as it goes on: a change that asks for fewer readers makes a new one.
        """
        work = self._work()
        drafts = Drafts(work)
        draft = drafts.find(record_id)
        if draft is not None:
            drafts.save(record_id, changed_document(draft.fields, changes, whole))
            return Edited(record_id, "draft")
        if problems := check_reason(reason):
            raise ProblemsError(problems)
        return Writer(work).amend(record_id, changes, reason.strip(), whole=whole)

    # ------------------------------------------------------------------ reading

    def find(
        self,
        text: str = "",
        type_key: str | None = None,
        unit: str | None = None,
        state: str | None = None,
        offset: int = 0,
        limit: int | None = 50,
    ) -> tuple[Sequence[RecordRow], int]:
        """One page of a list, drafts first and then the newest, with the number of all.

        Raises:
            UnknownRecordTypeError: no such type.
        """
        if type_key is not None:
            record_type(type_key)
        work = self._work()
        work.catch_up()
        return Rows(work, self._language()).find(text, type_key, unit, state, offset, limit)

    def linkable(
        self,
        type_key: str,
        unit: str,
        fields: Mapping[str, Any],
        field: str,
        text: str = "",
        limit: int = 80,
    ) -> Sequence[RecordRow]:
        """The rows that a field of a document may link to, the newest first.

        A record whose existence the readers of the document may not learn is not among them.
        """
        work = self._work()
        work.catch_up()
        found = linkable(work, (type_key, parse_unit(unit), fields), field, text, limit)
        return Rows(work, self._language()).named(found)

    def named(self, record_ids: Sequence[str]) -> Sequence[RecordRow]:
        """The rows of records that others link to, as far as this device holds them.

        Raises:
            UnknownRecordError: one is not spelled like an id.
        """
        work = self._work()
        return Rows(work, self._language()).named(self._records(work, record_ids))

    def columns(self, record_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """What the list columns of some records hold, by record and field.

        Raises:
            UnknownRecordError: one is not spelled like an id.
        """
        work = self._work()
        return Rows(work, self._language()).columns(self._records(work, record_ids))

    def _records(self, work: Workspace, record_ids: Sequence[str]) -> list[RecordId]:
        with work.lock, work.vault.reading() as tx:
            return [record_of(tx, one) for one in record_ids]

    def often_reported(self) -> list[str]:
        """The categories that this phone reports most, without restricted ones."""
        return Rows(self._work(), self._language()).often_reported()

    def remarks(self, type_key: str, unit: str, fields: Mapping[str, Any]) -> Sequence[Remark]:
        """What follows from a document today: a change computed, a term that ended."""
        return record_type(type_key).remarks(Facts(fields, unit, self._work().today()))

    def body_rule(self, body: object) -> BodyRule:
        """By which rule the body of a meeting decides; the usual one where it is not here."""
        return body_rule(self._work(), body)

    def show(self, record_id: str) -> RecordView:
        """One record, whole, or a draft.

        Raises:
            UnknownRecordError: nothing has this id.
        """
        work = self._work()
        draft = Drafts(work).find(record_id)
        if draft is not None:
            return draft_view(work, draft)
        work.catch_up()
        with work.lock, work.vault.reading() as tx:
            kept = tx.records.get(record_of(tx, record_id))
            if kept is None:
                raise UnknownRecordError
            refuse_received(work, kept.record)
            return record_view(work, tx, kept)

    def units_below(self) -> list[UnitRow]:
        """The units an officer may choose from."""
        work = self._work()
        return work.places.below(work.profile.unit)

    def place_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """What people call units and wards, each with the place around it."""
        places = self._work().places
        return {one: places.display_name(one) for one in ids}

    def wards(self, unit: str) -> list[UnitRow]:
        """The wards around a unit."""
        return self._work().places.wards(unit)

    def _language(self) -> str:
        return self._access.language() or "en"

    def _work(self) -> Workspace:
        return self._access.workspace()


def _as_sealed(draft: DraftView) -> tuple[UnitId, dict[str, Any]]:
    """What sealing a draft would seal: tidied, and without what its answers hide."""
    unit, fields = tidy(draft.type, parse_unit(draft.unit), draft.fields)
    return unit, without_hidden(draft.type, fields)


def _seal_one(writer: Writer, prepared: Prepared) -> str | FieldAppError:
    try:
        return id_to_text(writer.seal(prepared))
    except FieldAppError as refused:
        return refused
