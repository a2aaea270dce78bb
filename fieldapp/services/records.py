"""Making, changing, finding and showing records.

Laws:
  * A record is checked whole before it is sealed; what is sealed is never overwritten, only
    amended by a further entry with a reason.
  * Entry, fold, batch, outbox and the end of the draft are one transaction.
  * A record's channel is fixed by its first entry. A change that would move it is refused with
    what to do instead.
  * Where nobody may read, nothing is sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fieldapp.domain.entries import Entry, encode_entry
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.fold import RecordState, from_json, view
from fieldapp.domain.paths import changes as changes_between
from fieldapp.domain.paths import flatten
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.rights import Action, Author, Target, may, refusal
from fieldapp.domain.routing import is_same_class, routed, tier_of
from fieldapp.domain.schema import schema
from fieldapp.domain.validation import check, defaults, tidy
from fieldapp.errors import (
    InvalidRecordError,
    InvalidUnitError,
    NoRightError,
    UnknownRecordError,
)
from fieldapp.protocol.channels import DESK_CLASSES, Channel, route
from fieldapp.protocol.ids import UnitId, id_to_text, new_record_id
from fieldapp.protocol.units import parse_unit
from fieldapp.services.access import AccessService
from fieldapp.services.drafts import Drafts, close_draft, record_of
from fieldapp.services.record_history import channel_of
from fieldapp.services.record_rows import Rows
from fieldapp.services.record_view import changed_document, draft_view, record_view
from fieldapp.services.summary import summary_lines
from fieldapp.services.views import (
    DraftView,
    PendingSeal,
    RecordRow,
    RecordStateName,
    RecordView,
    UnitRow,
)
from fieldapp.services.workspace import Workspace
from fieldapp.storage.rows import RecordRow as KeptRecord
from fieldapp.storage.vault import Transaction
from fieldapp.sync.own_streams import ORDINARY, URGENT

RECORD_RANDOM_BYTES: Final = 12
MOST_URGENT: Final = "U1"
HIDDEN_TYPES: Final = frozenset({"unit", "officer"})


class ProblemsError(InvalidRecordError, codes=("invalid_record",)):
    """A record was refused; ``problems`` names every field and why."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("invalid_record", count=len(problems))
        self.problems = tuple(problems)


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
        role = self._work().profile.role
        return tuple(
            declared
            for declared in record_types()
            if declared.key not in HIDDEN_TYPES and may(role, declared.key, Action.CREATE)
        )

    # ------------------------------------------------------------------ drafts

    def new_draft(
        self, type_key: str, unit: str | None = None, fields: Mapping[str, Any] | None = None
    ) -> DraftView:
        """Begin a record, with the declared defaults filled in."""
        work = self._work()
        declared = record_type(type_key)
        filled = {**defaults(declared.key, work.today()), **(fields or {})}
        return Drafts(work).new(type_key, unit or work.profile.unit, filled)

    def save_draft(self, draft_id: str, fields: Mapping[str, Any], unit: str | None = None) -> None:
        """Keep what was typed."""
        Drafts(self._work()).save(draft_id, fields, unit)

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
        """Say what is still missing or wrong in a draft."""
        work = self._work()
        draft = Drafts(work).get(draft_id)
        unit, fields = tidy(draft.type, UnitId(draft.unit), draft.fields)
        return check(draft.type, unit, fields, today=work.today())

    def review(self, draft_id: str) -> PendingSeal:
        """Say what sealing a draft would do: its summary, tier and readers.

        Raises:
            ProblemsError: it cannot be sealed yet.
            NoReaderError: nobody could read it.
        """
        work = self._work()
        draft = Drafts(work).get(draft_id)
        unit, fields = self._tidied(work, draft.type, draft.unit, draft.fields)
        channel = self._channel(work, draft.type, unit, fields)
        readers = work.directory.readers_of(channel)
        declared = record_type(draft.type)
        return PendingSeal(
            draft_id=draft_id,
            summary=summary_lines(declared, fields, work.places),
            tier=tier_of(draft.type, fields).value,
            readers=[f"{work.places.name(office.unit)} · {office.desk}" for office in readers],
        )

    def seal(self, draft_id: str) -> str:
        """Seal a draft and queue it; returns the record's id.

        Raises:
            ProblemsError: it is not complete.
            UnknownRecordError: no such draft.
            NoReaderError: nobody could read it.
        """
        draft = Drafts(self._work()).get(draft_id)
        return self._create(draft.type, draft.unit, draft.fields, draft_id=draft_id)

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
            return Drafts(work).new(declared.key, where, fields).id
        sealed_unit, _ = tidy(declared.key, parse_unit(where), fields)
        problems = check(declared.key, sealed_unit, fields, today=work.today())
        if problems:
            raise ProblemsError(problems)
        return self._create(declared.key, where, fields)

    def _create(
        self, type_key: str, unit: str, fields: Mapping[str, Any], *, draft_id: str | None = None
    ) -> str:
        work = self._work()
        where, tidied = self._tidied(work, type_key, unit, fields)
        channel = self._channel(work, type_key, where, tidied)
        self._require_right(work, type_key, UnitId(unit), channel, tidied)
        record = new_record_id(channel.id, work.chance.token(RECORD_RANDOM_BYTES))
        flat = flatten(tidied, new_item_id=work.new_item_id)
        with work.vault.transaction() as tx:
            stamp, unsure = work.tick(tx)
            entry = Entry(
                record=record,
                type=type_key,
                unit=where,
                stamp=stamp,
                fields=flat,
                schema=record_type(type_key).version,
                unsure=unsure,
            )
            self._seal(work, tx, channel, entry, urgency=tidied.get("urgency"))
            if draft_id is not None:
                close_draft(tx, draft_id, record)
        work.show_again((record,))
        return id_to_text(record)

    def _seal(
        self, work: Workspace, tx: Transaction, channel: Channel, entry: Entry, urgency: object
    ) -> None:
        priority = URGENT if urgency == MOST_URGENT else ORDINARY
        work.sealer.seal_entries(tx, channel, [encode_entry(entry)], priority)

    def _tidied(
        self, work: Workspace, type_key: str, unit: str, fields: Mapping[str, Any]
    ) -> tuple[UnitId, dict[str, Any]]:
        """The document as it would be sealed.

        Raises:
            InvalidUnitError: the unit is not one this device knows.
            ProblemsError: it has problems.
        """
        known = parse_unit(unit)
        if not work.places.is_known(known):
            raise InvalidUnitError("unknown_unit", unit=known)
        where, tidied = tidy(type_key, known, fields)
        problems = check(type_key, where, tidied, today=work.today())
        if problems:
            raise ProblemsError(problems)
        return where, tidied

    def _channel(
        self, work: Workspace, type_key: str, unit: UnitId, fields: Mapping[str, Any]
    ) -> Channel:
        where = routed(type_key, unit, fields)
        offices = work.directory.offices()
        return route(where.unit, where.cls, offices, accused_unit=where.accused_unit)

    def _require_right(
        self,
        work: Workspace,
        type_key: str,
        unit: UnitId,
        channel: Channel,
        fields: Mapping[str, Any],
    ) -> None:
        """Refuse here what every reader would quarantine."""
        author = Author(work.profile.role, UnitId(work.profile.unit))
        target = Target(type_key, unit, channel.unit, channel.cls in DESK_CLASSES)
        reason = refusal(author, Action.CREATE, target, fields)
        if reason is not None:
            raise NoRightError(reason=reason)

    # ------------------------------------------------------------------ amending

    def edit(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        reason: str = "",
        *,
        whole: Mapping[str, Any] | None = None,
    ) -> RecordStateName:
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
        """
        work = self._work()
        drafts = Drafts(work)
        draft = drafts.find(record_id)
        if draft is not None:
            drafts.save(record_id, changed_document(draft.fields, changes, whole))
            return "draft"
        if not reason.strip():
            raise ProblemsError([FieldProblem("reason", "required")])
        self._amend(work, record_id, changes, whole, reason.strip())
        return "sealed"

    def _amend(
        self,
        work: Workspace,
        record_id: str,
        changes: Mapping[str, Any],
        whole: Mapping[str, Any] | None,
        reason: str,
    ) -> None:
        state, _ = self._kept(work, record_id)
        old = view(state, work.best_time_ms()).fields
        wanted = changed_document(old, changes, whole)
        unit, tidied = tidy(state.type, state.unit, wanted)
        problems = check(state.type, unit, tidied, today=work.today(), carried=old)
        if problems:
            raise ProblemsError(problems)
        channel = channel_of(state.record, state.unit)
        if channel is None or not is_same_class(state.type, old, tidied):
            raise ProblemsError([FieldProblem("", "class_would_change")])
        declared = record_type(state.type)
        flat = changes_between(declared, old, tidied, new_item_id=work.new_item_id)
        if not flat:
            return
        self._require_edit(work, state, channel, flat)
        with work.vault.transaction() as tx:
            stamp, unsure = work.tick(tx)
            entry = Entry(
                record=state.record,
                type=state.type,
                unit=state.unit,
                stamp=stamp,
                fields=flat,
                replaced=state.refs(flat),
                schema=declared.version,
                reason=reason,
                unsure=unsure,
            )
            self._seal(work, tx, channel, entry, urgency=tidied.get("urgency"))
        work.show_again((state.record,))

    def _require_edit(
        self, work: Workspace, state: RecordState, channel: Channel, flat: Mapping[str, Any]
    ) -> None:
        shown = view(state, work.best_time_ms())
        author = Author(
            work.profile.role,
            UnitId(work.profile.unit),
            shown.author == id_to_text(work.keys.device),
        )
        target = Target(state.type, state.unit, channel.unit, channel.cls in DESK_CLASSES)
        reason = refusal(author, Action.EDIT, target, flat)
        if reason is not None:
            raise NoRightError(reason=reason)

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
        return Rows(self._work()).find(text, type_key, unit, state, offset, limit)

    def show(self, record_id: str) -> RecordView:
        """One record, whole, or a draft.

        Raises:
            UnknownRecordError: nothing has this id.
        """
        work = self._work()
        draft = Drafts(work).find(record_id)
        if draft is not None:
            return draft_view(work, draft)
        with work.vault.reading() as tx:
            kept = tx.records.get(record_of(tx, record_id))
            if kept is None:
                raise UnknownRecordError
            return record_view(work, tx, kept)

    def units_below(self) -> list[UnitRow]:
        """The units an officer may choose from."""
        work = self._work()
        return work.places.below(work.profile.unit)

    def wards(self, unit: str) -> list[UnitRow]:
        """The wards around a unit."""
        return self._work().places.wards(unit)

    def _kept(self, work: Workspace, record_id: str) -> tuple[RecordState, KeptRecord]:
        """The folded state of a record that is still readable here.

        Raises:
            UnknownRecordError: nothing has this id.
            NoRightError: its content was given up after the desk had it.
        """
        with work.vault.reading() as tx:
            kept = tx.records.get(record_of(tx, record_id))
        if kept is None:
            raise UnknownRecordError
        if kept.state is None:
            raise NoRightError("record_given_up")
        return from_json(kept.state), kept

    def _work(self) -> Workspace:
        return self._access.workspace()
