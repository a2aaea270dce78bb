"""From a document to sealed entries: what is checked, where it goes, and under whose eyes.

Laws:
  * A record is checked whole before it is sealed; what is sealed is never overwritten, only
    amended by a further entry with a reason.
  * Entry, fold, batch, outbox and the end of the draft are one transaction.
  * A record's channel is fixed by its first entry. A change that asks for fewer readers makes a
    new record (``raising``); one that asks for more is refused with what to do instead.
  * Where nobody may read, or every reader would refuse, nothing is sealed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from fieldapp.domain.actions import Action
from fieldapp.domain.entries import Entry, encode_entry
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.fold import RecordState, from_json, view
from fieldapp.domain.paths import changes as changes_between
from fieldapp.domain.paths import flatten
from fieldapp.domain.record_types import record_type
from fieldapp.domain.rights import Author, Target, refusal
from fieldapp.domain.routing import is_same_class, routed
from fieldapp.domain.validation import check, drop_hidden, tidy
from fieldapp.errors import InvalidUnitError, NoReaderError, NoRightError, UnknownRecordError
from fieldapp.protocol.channels import DESK_CLASSES, PARTY_CLASSES, Channel, ChannelClass, route
from fieldapp.protocol.ids import RecordId, UnitId, id_to_text, new_record_id
from fieldapp.protocol.units import Level, level, parse_unit
from fieldapp.services.drafts import close_draft, record_of
from fieldapp.services.links import link_problems
from fieldapp.services.media_carrying import carried, let_go
from fieldapp.services.media_keys import with_keys
from fieldapp.services.party_channels import channel_between, party_channel_of, sides_of
from fieldapp.services.problems import ProblemsError
from fieldapp.services.raising import (
    Edited,
    leave_behind,
    link_to,
    readers_so_far,
    require_move,
)
from fieldapp.services.reading_window import refuse_received
from fieldapp.services.record_history import UNFINISHED, channel_of
from fieldapp.services.record_view import changed_document
from fieldapp.services.views import DraftView
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction
from fieldapp.sync.entry_rules import rank
from fieldapp.sync.own_streams import ORDINARY, URGENT

RECORD_RANDOM_BYTES: Final = 12
MOST_URGENT: Final = "U1"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may be sealed: tidied, checked and routed."""

    type: str
    unit: UnitId
    channel: Channel
    fields: Mapping[str, Any]

    @property
    def priority(self) -> int:
        """Its place in the outbox."""
        return _priority(self.fields)


class Writer:
    """Seals records of an unlocked home."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    # ------------------------------------------------------------------ new records

    def prepare(self, type_key: str, unit: str, fields: Mapping[str, Any]) -> Prepared:
        """Check a document and find its readers.

        Raises:
            UnknownRecordTypeError: no such type.
            InvalidUnitError: the unit is not one this device knows.
            ProblemsError: the document has problems.
            NoRightError: this officer may not record it there.
            NoReaderError: nobody could read it.
        """
        known = parse_unit(unit)
        if not self._work.places.is_known(known):
            raise InvalidUnitError("unknown_unit", unit=known)
        return self._prepared(type_key, known, fields)

    def _prepared(self, type_key: str, known: UnitId, fields: Mapping[str, Any]) -> Prepared:
        """Check a document; its unit need not be listed here, as a desk goes on with any."""
        where, tidied = tidy(type_key, known, with_keys(self._work, fields, {}))
        problems = check(type_key, where, tidied, today=self._work.today())
        problems += link_problems(self._work, type_key, where, tidied)
        if problems:
            raise ProblemsError(problems)
        channel = self.channel(type_key, where, tidied)
        self._require(Action.CREATE, type_key, known, channel, tidied)
        return Prepared(type_key, where, channel, tidied)

    def channel(self, type_key: str, unit: UnitId, fields: Mapping[str, Any]) -> Channel:
        """Say which channel carries a document.

        Raises:
            NoReaderError: nobody could read it.
            NoRightError: it is for all officers of a place that has no office of theirs.
        """
        where = routed(type_key, unit, fields)
        if where.cls in PARTY_CLASSES:
            return party_channel_of(self._work, where, fields)
        with self._work.lock:
            offices = self._work.directory.offices()
            accused = where.unit if where.accused_unit is None else where.accused_unit
            is_complaint = where.cls is ChannelClass.OVERSIGHT
            theirs = self._work.directory.offices_of_officers(accused) if is_complaint else ()
        try:
            return route(
                where.unit, where.cls, offices, accused_unit=where.accused_unit, without=theirs
            )
        except NoReaderError as problem:
            if where.cls is not ChannelClass.BROADCAST:
                raise
            is_high = level(where.unit) < Level.SUB_COUNTY
            code = "notice_too_high" if is_high else "no_office_of_all"
            raise NoRightError(code, unit=where.unit) from problem

    def seal(self, prepared: Prepared, draft: DraftView | None = None) -> RecordId:
        """Seal one new record; a draft that it came from ends with it.

        Raises:
            UnknownRecordError, DraftChangedError: another process was faster with the draft.
            NoReaderError: nobody could read it.
            StorageError: the disk refused; the draft stands.
        """
        with self._sealing() as tx:
            (record,) = self._append(tx, prepared.channel, [prepared], prepared.priority)
            if draft is not None:
                close_draft(tx, draft, record)
        return record

    def seal_unfinished(self, draft: DraftView, unit: str, fields: Mapping[str, Any]) -> RecordId:
        """Seal what can stand of a draft, marked as never finished; it is not checked.

        Raises:
            NoRightError: this officer may not record it there.
            NoReaderError: nobody could read it.
        """
        where = parse_unit(unit)
        channel = self.channel(draft.type, where, fields)
        self._require(Action.CREATE, draft.type, where, channel, fields)
        prepared = Prepared(draft.type, where, channel, fields)
        with self._sealing() as tx:
            entry = self._first_entry(tx, channel, prepared)._replace(extra={UNFINISHED: 1})
            self._work.sealer.seal_entries(tx, channel, [encode_entry(entry)], prepared.priority)
            close_draft(tx, draft, entry.record)
        return entry.record

    def add(self, tx: Transaction, prepared: Prepared) -> RecordId:
        """Seal one new record in a transaction of the caller's, who holds the lock.

        Raises:
            NoReaderError: nobody could read it.
        """
        (record,) = self._append(tx, prepared.channel, [prepared], prepared.priority)
        return record

    def seal_many(self, prepared: Sequence[Prepared]) -> list[RecordId]:
        """Seal new records in one transaction, as few batches as their channels allow.

        Raises:
            NoReaderError, StorageError: nothing of it was kept.
        """
        found: dict[int, RecordId] = {}
        places = sorted(range(len(prepared)), key=lambda at: _group(prepared[at]))
        with self._sealing() as tx:
            for (_, priority), group in groupby(places, key=lambda at: _group(prepared[at])):
                together = list(group)
                channel = prepared[together[0]].channel
                rows = [prepared[at] for at in together]
                found.update(zip(together, self._append(tx, channel, rows, priority), strict=True))
        return [found[at] for at in range(len(prepared))]

    def _append(
        self, tx: Transaction, channel: Channel, rows: Sequence[Prepared], priority: int
    ) -> list[RecordId]:
        entries = [self._first_entry(tx, channel, row) for row in rows]
        self._work.sealer.seal_entries(
            tx, channel, [encode_entry(entry) for entry in entries], priority
        )
        return [entry.record for entry in entries]

    def _first_entry(self, tx: Transaction, channel: Channel, row: Prepared) -> Entry:
        stamp, unsure = self._work.tick(tx)
        return Entry(
            record=new_record_id(channel.id, self._work.chance.token(RECORD_RANDOM_BYTES)),
            type=row.type,
            unit=row.unit,
            stamp=stamp,
            fields=flatten(row.fields, new_item_id=self._work.new_item_id),
            schema=record_type(row.type).version,
            unsure=unsure,
        )

    # ------------------------------------------------------------------ amending

    def amend(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        reason: str,
        *,
        whole: Mapping[str, Any] | None = None,
        settled: str = "",
    ) -> Edited:
        """Change a sealed record by a further entry; no change makes no entry.

        A path that was changed in two places is ``settled`` by saying its value once more.

        Raises:
            UnknownRecordError: nothing has this id.
            ProblemsError: the result has problems, or would need more readers.
            NoRightError: this officer may not change it, or not have the old text erased.
            NoReaderError: nobody could read what it would become.
        """
        with self._work.lock:
            state = self._state(record_id)
            refuse_received(self._work, state.record)
            seen = view(state, self._work.best_time_ms())
            old = seen.fields
            new = self._amended(state, old, changed_document(old, changes, whole))
            channel = channel_of(state.record, state.unit) or self._between(state)
            if channel is None:
                raise ProblemsError([FieldProblem("", "class_would_change")])
            declared = record_type(state.type)
            flat = changes_between(declared, old, new, new_item_id=self._work.new_item_id)
            flat = {one.path: one.kept for one in seen.conflicts if one.path == settled} | flat
            same = Edited(id_to_text(state.record), "sealed")
            if not flat:
                return same
            mine = self._is_author(state)
            self._require(Action.EDIT, state.type, state.unit, channel, flat, mine=mine)
            if not is_same_class(state.type, old, new):
                return self._move(state, channel, new, mine=mine)
            self._seal_change(state, channel, flat, reason, _priority(new))
            return same

    def _seal_change(
        self,
        state: RecordState,
        channel: Channel,
        flat: dict[str, Any],
        reason: str,
        priority: int,
    ) -> None:
        """Seal one further entry of a record."""
        with self._sealing() as tx:
            stamp, unsure = self._work.tick(tx)
            entry = Entry(
                record=state.record,
                type=state.type,
                unit=state.unit,
                stamp=stamp,
                fields=flat,
                replaced=state.refs(flat),
                schema=record_type(state.type).version,
                reason=reason,
                unsure=unsure,
            )
            self._work.sealer.seal_entries(tx, channel, [encode_entry(entry)], priority)

    def _move(
        self, state: RecordState, channel: Channel, new: Mapping[str, Any], *, mine: bool
    ) -> Edited:
        """Go on with a record in the channel that its new words ask for."""
        prepared = self._prepared(state.type, state.unit, new)
        require_move(self._work, channel, prepared.channel)
        rises = rank(prepared.channel.cls) > rank(channel.cls)
        if rises:
            self._require(Action.DELETE, state.type, state.unit, channel, {}, mine=mine)
        old = view(state, self._work.best_time_ms()).fields
        media = carried(self._work, state.record, prepared.fields, old)
        prepared = replace(prepared, fields=media.fields)
        with self._sealing() as tx:
            had_read = readers_so_far(self._work, tx, channel, state.record)
            if rises:
                leave_behind(self._work, tx, channel, state)
            first = self._first_entry(tx, prepared.channel, prepared)
            linked = first._replace(extra=link_to(state.record))
            self._work.sealer.seal_entries(
                tx, prepared.channel, [encode_entry(linked)], prepared.priority
            )
            media.note(tx, first.record)
        if rises:
            let_go(self._work, state.record, old)
        left = id_to_text(state.record)
        return Edited(id_to_text(first.record), "sealed", left, tuple(had_read), media.left)

    def _state(self, record_id: str) -> RecordState:
        """The folded state of a record that is still readable here."""
        with self._work.vault.reading() as tx:
            kept = tx.records.get(record_of(tx, record_id))
        if kept is None:
            raise UnknownRecordError
        if kept.state is None:
            raise NoRightError("record_given_up")
        return from_json(kept.state)

    def _amended(
        self, state: RecordState, old: Mapping[str, Any], wanted: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The new document: what the change hides goes, what it gets wrong is refused."""
        unit, tidied = tidy(state.type, state.unit, with_keys(self._work, wanted, old))
        shown = without_hidden(state.type, tidied)
        typed = {n: v for n, v in tidied.items() if n in shown or old.get(n) != v}
        problems = check(state.type, unit, typed, today=self._work.today(), carried=old)
        problems += link_problems(self._work, state.type, unit, typed, carried=old)
        if problems:
            raise ProblemsError(problems)
        return typed

    def _between(self, state: RecordState) -> Channel | None:
        with self._work.vault.reading() as tx:
            return channel_between(tx, state.record)

    def _is_author(self, state: RecordState) -> bool:
        author = view(state, self._work.best_time_ms()).author
        return author == id_to_text(self._work.keys.device)

    # ------------------------------------------------------------------ both

    @contextmanager
    def _sealing(self) -> Iterator[Transaction]:
        """One durable transaction; what it wrote is shown in the lists afterwards."""
        with self._work.lock:
            with self._work.vault.transaction() as tx:
                yield tx
            self._work.catch_up()

    def _require(
        self,
        action: Action,
        type_key: str,
        unit: UnitId,
        channel: Channel,
        fields: Mapping[str, Any],
        *,
        mine: bool = False,
    ) -> None:
        """Refuse here what every reader would quarantine."""
        sides = sides_of(self._work, channel)
        author = Author(self._work.role, UnitId(self._work.profile.unit), mine, sides)
        is_desk, is_party = channel.cls in DESK_CLASSES, channel.cls in PARTY_CLASSES
        target = Target(type_key, unit, channel.unit, is_desk, is_party)
        reason = refusal(author, action, target, fields)
        if reason is not None:
            raise NoRightError(reason=reason)


def without_hidden(type_key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A document without what its own answers hide, and what those fields in turn had shown."""
    shown = dict(fields)
    while (fewer := drop_hidden(type_key, shown)) != shown:
        shown = fewer
    return shown


def _priority(fields: Mapping[str, Any]) -> int:
    return URGENT if fields.get("urgency") == MOST_URGENT else ORDINARY


def _group(prepared: Prepared) -> tuple[bytes, int]:
    return prepared.channel.id, prepared.priority
