"""Questions back to authors with their answers, the states of referred cases, and notices.

Laws:
  * A question goes to the device that wrote the record and to nobody else; the answer comes back
    to the office that asked, and both see them beside the record.
  * Restricted records are not asked about in words, which would stay on the author's phone: the
    desk gives them a state of a closed list.
  * Whose question and answer it is follows from the channel, never from what the text says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fieldapp.domain.actions import Action
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.fold import RecordState, from_json, view
from fieldapp.domain.parties import Party
from fieldapp.domain.record_type import Tier
from fieldapp.domain.rights import may
from fieldapp.domain.routing import tier_of
from fieldapp.domain.text import Text, same
from fieldapp.errors import NoRightError, UnknownRecordError
from fieldapp.protocol.channels import Channel
from fieldapp.protocol.ids import ID_BYTES, RecordId, id_to_text
from fieldapp.services import notices
from fieldapp.services.access import AccessService
from fieldapp.services.drafts import record_of
from fieldapp.services.party_channels import (
    channel_between,
    readable_state,
    sides_of,
    writer_of,
)
from fieldapp.services.problems import ProblemsError
from fieldapp.services.sealing import Writer
from fieldapp.services.titles import title_of
from fieldapp.services.views import CaseStatusView, NoticeView, QueryView, StoryView
from fieldapp.services.workspace import Workspace
from fieldapp.storage.search import Query
from fieldapp.storage.vault import Transaction

MOST: Final = 1_000
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"


class AnswerService:
    """What offices and authors say to each other about records, and what all officers are told."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    # ------------------------------------------------------------------ questions

    def may_ask(self, record_id: str) -> bool:
        """Tell whether this officer may ask the author of a record back."""
        work = self._work()
        try:
            state = self._readable(work, record_id)
        except (NoRightError, UnknownRecordError):
            return False
        is_mine = writer_of(state) == work.keys.device
        return (
            not is_mine
            and not _is_restricted(work, state)
            and may(work.role, "query", Action.CREATE)
        )

    def ask(self, record_id: str, question: str) -> str:
        """Ask the author of a received record; returns the question's id.

        Raises:
            UnknownRecordError, NoRightError, ProblemsError, NoReaderError: as they say.
        """
        work = self._work()
        state = self._readable(work, record_id)
        if _is_restricted(work, state):
            raise NoRightError("asked_restricted")
        fields = {
            "record": id_to_text(state.record),
            "question": question.strip(),
            "asked_by": work.places.office(work.profile.unit, work.profile.desk).en,
            "status": OPEN,
        }
        return self._seal("query", state, fields)

    def answer(self, query_id: str, text: str) -> None:
        """Answer a question that this device was asked.

        Raises:
            UnknownRecordError, NoRightError, ProblemsError, NoReaderError: as they say.
        """
        if not text.strip():
            raise ProblemsError([FieldProblem("answer", "required")])
        self._go_on(query_id, {"answer": text.strip(), "status": ANSWERED}, ANSWERED)

    def close(self, query_id: str) -> None:
        """Close a question that this office asked.

        Raises:
            UnknownRecordError, NoRightError, NoReaderError: as they say.
        """
        self._go_on(query_id, {"status": CLOSED}, CLOSED)

    def open(self) -> Sequence[QueryView]:
        """The questions that wait for this device's answer, the oldest first."""
        return [one for one in self._queries(Party.DEVICE) if one.status == OPEN]

    def asked(self) -> Sequence[QueryView]:
        """The questions that our office asked and has not closed, the oldest first."""
        return [one for one in self._queries(Party.OFFICE) if one.status != CLOSED]

    def of_record(self, record_id: str) -> Sequence[QueryView]:
        """Every question about a record that can be read here, the oldest first."""
        work = self._work()
        with work.vault.reading() as tx:
            known = id_to_text(record_of(tx, record_id))
        return [one for one in self._queries() if one.record_id == known]

    # ------------------------------------------------------------------ states of cases

    def may_tell_status(self, record_id: str) -> bool:
        """Tell whether this desk may give a record's author a state."""
        work = self._work()
        try:
            state = self._readable(work, record_id)
        except (NoRightError, UnknownRecordError):
            return False
        is_mine = writer_of(state) == work.keys.device
        may_say = may(work.role, "case_status", Action.CREATE)
        return may_say and not is_mine and _is_restricted(work, state)

    def tell_status(self, record_id: str, status: str) -> str:
        """Give the author of a restricted record its state; returns the id of what was said.

        Raises:
            UnknownRecordError, NoRightError, ProblemsError, NoReaderError: as they say.
        """
        work = self._work()
        state = self._readable(work, record_id)
        day = work.today().isoformat()
        fields = {"record": id_to_text(state.record), "day": day, "status": status}
        return self._seal("case_status", state, fields)

    def statuses(self, record_id: str) -> Sequence[CaseStatusView]:
        """What desks said of a record's state, the oldest first."""
        work = self._work()
        found = []
        with work.lock, work.vault.reading() as tx:
            known = id_to_text(record_of(tx, record_id))
            for record, fields, _, at_ms in _said(work, tx, "case_status"):
                if fields.get("record") == known:
                    office = _office(work, channel_between(tx, record))
                    day, status = str(fields.get("day", "")), str(fields.get("status", ""))
                    found.append(CaseStatusView(id_to_text(record), status, day, office, at_ms))
        return sorted(found, key=lambda one: one.at_ms)

    def story(self, record_id: str) -> StoryView:
        """All that was said about a record, and what may be said."""
        return StoryView(
            queries=self.of_record(record_id),
            statuses=self.statuses(record_id),
            may_ask=self.may_ask(record_id),
            may_tell_status=self.may_tell_status(record_id),
        )

    # ------------------------------------------------------------------ notices

    def publish(self, unit: str, title: str, text: str, until: str) -> str:
        """Tell every officer of a unit something until a day; returns the notice's id.

        Raises:
            ProblemsError, NoRightError, InvalidUnitError: as they say.
        """
        return notices.publish(self._work(), unit, title, text, until)

    def notices(self) -> Sequence[NoticeView]:
        """The notices that are to be shown today, the newest first."""
        work = self._work()
        work.catch_up()
        return notices.current(work)

    def mark_read(self, notice_id: str) -> None:
        """Note that the officer has seen a notice.

        Raises:
            UnknownRecordError: it is not spelled like an id.
        """
        notices.mark_read(self._work(), notice_id)

    # ------------------------------------------------------------------ within

    def _seal(self, type_key: str, about: RecordState, fields: dict[str, Any]) -> str:
        writer = Writer(self._work())
        return id_to_text(writer.seal(writer.prepare(type_key, about.unit, fields)))

    def _go_on(self, query_id: str, changes: dict[str, Any], reason: str) -> None:
        work = self._work()
        if self._readable(work, query_id).type != "query":
            raise UnknownRecordError("unknown_question")
        Writer(work).amend(query_id, changes, reason)

    def _readable(self, work: Workspace, record_id: str) -> RecordState:
        work.catch_up()
        with work.lock, work.vault.reading() as tx:
            return readable_state(tx, record_id)

    def _queries(self, side: Party | None = None) -> list[QueryView]:
        work = self._work()
        work.catch_up()
        language = self._access.language() or "en"
        with work.lock, work.vault.reading() as tx:
            found = [
                _query_view(work, (record, fields, created, changed), channel, language)
                for record, fields, created, changed in _said(work, tx, "query")
                if (channel := channel_between(tx, record)) is not None
                and (side is None or side in sides_of(work, channel))
            ]
        return sorted(found, key=lambda one: one.asked_at_ms)

    def _work(self) -> Workspace:
        return self._access.workspace()


def _said(
    work: Workspace, tx: Transaction, type_key: str
) -> list[tuple[RecordId, dict[str, Any], int, int]]:
    """Every record of a type with its fields, when it was made, and changed last."""
    found = []
    page = work.index.search(Query(type=type_key, state="sealed"), limit=MOST)
    for record, _ in page.rows:
        kept = tx.records.get(record)
        if kept is not None and kept.state is not None:
            shown = view(from_json(kept.state), work.best_time_ms())
            row = (record, dict(shown.fields), shown.created_at, shown.updated_at)
            found.append(row)
    return found


def open_questions(work: Workspace, tx: Transaction) -> int:
    """How many questions wait for this device's answer."""
    found = 0
    for record, fields, _, _ in _said(work, tx, "query"):
        channel = channel_between(tx, record) if fields.get("status") == OPEN else None
        found += channel is not None and Party.DEVICE in sides_of(work, channel)
    return found


def _query_view(
    work: Workspace,
    said: tuple[RecordId, dict[str, Any], int, int],
    channel: Channel,
    language: str,
) -> QueryView:
    record, fields, created_ms, changed_ms = said
    about = str(fields.get("record", ""))
    answer = fields.get("answer")
    return QueryView(
        id=id_to_text(record),
        record_id=about,
        record_title=title_of(work, about, language),
        question=str(fields.get("question", "")),
        asked_by=_office(work, channel),
        asked_at_ms=created_ms,
        answer=str(answer) if answer else None,
        answered_at_ms=changed_ms if answer else None,
        status=str(fields.get("status", OPEN)),
        to_me=Party.DEVICE in sides_of(work, channel),
    )


def _office(work: Workspace, channel: Channel | None) -> Text:
    """The office of a channel of two parties."""
    found = None
    if channel is not None:
        found = work.directory.office_by_id(channel.parties[ID_BYTES:])
    return same("-") if found is None else work.places.office(found.unit, found.desk)


def _is_restricted(work: Workspace, state: RecordState) -> bool:
    shown = view(state, work.best_time_ms())
    return tier_of(state.type, shown.fields) is Tier.RESTRICTED
