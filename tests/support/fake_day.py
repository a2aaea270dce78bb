"""The fake home's day: promises read from its records, its return, its questions and notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fieldapp.domain.actions import Action
from fieldapp.domain.clock import kenya_date
from fieldapp.domain.follow_ups import (
    Noted,
    group_of,
    matters_of,
    progress_changes,
    reason_of,
    still_open,
)
from fieldapp.domain.local_contacts import LocalContact
from fieldapp.domain.monthly import Dated, counted, month_of, nothing
from fieldapp.domain.paths import set_path
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.rights import may
from fieldapp.domain.text import Text
from fieldapp.errors import FieldAppError
from fieldapp.services.case_sharing import Shared
from fieldapp.services.day import URGENT_MS, Day, Forecast
from fieldapp.services.follow_ups import FollowUp, FollowUpPage
from fieldapp.services.retention import KeptFor
from fieldapp.services.returns import ReturnDue
from fieldapp.services.views import (
    CaseStatusView,
    DraftView,
    HistoryItem,
    NoticeView,
    QueryView,
    SourceView,
    StoryView,
    TallyDraft,
    TallyRow,
)
from tests.support.fake_world import World

STAGES = ("hq", "sub_county", "server")
GENDER_DESK = Text("Gender desk, Lamu West", "Dawati la jinsia, Lamu West")


class FakeFollowUps:
    """Promises of the records in memory."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.noted: list[Noted] = []

    def find(self, text: str = "", offset: int = 0, limit: int = 50) -> FollowUpPage:
        found = self.open(text)
        groups = Counter(line.group for line in found)
        return FollowUpPage(found[offset : offset + limit], len(found), groups)

    def open(self, text: str = "") -> Sequence[FollowUp]:
        world = self._world
        today = kenya_date(world.now_ms)
        known = {
            record.id: (
                record_type(record.type),
                matters_of(record_type(record.type), record.fields),
            )
            for record in world.records.values()
        }
        found = []
        for record_id, matter in still_open(known, today):
            record, declared = world.records[record_id], known[record_id][0]
            line = FollowUp(
                record_id, record.type, matter.path, matter.text.in_language(world.language),
                matter.responsible, matter.due.isoformat() if matter.due else None,
                matter.status, matter.is_overdue(today), world.unit_name(record.unit),
                declared.label.in_language(world.language), group_of(matter.due, today),
            )  # fmt: skip
            if text.casefold() in f"{line.text} {line.responsible}".casefold():
                found.append(line)
        return sorted(found, key=lambda one: (one.due or "9999", one.record_id))

    def note(
        self, record_id: str, path: str, status: str, progress: str = "", evidence: str = ""
    ) -> None:
        world = self._world
        record, noted = world.records[record_id], Noted(path, status, progress, evidence)
        declared = record_type(record.type)
        changes = progress_changes(declared, record.fields, noted, kenya_date(world.now_ms))
        for at, value in changes.items():
            record.fields = dict(set_path(record.fields, at, value))
        record.tick = "phone"
        record.history.append(
            HistoryItem(
                world.now_ms, world.officer.name, "changed", (),
                reason_of(declared, noted, world.language), clock_unsure=False,
            )
        )  # fmt: skip
        self.noted.append(noted)


class FakeConflicts:
    """The choice between two values, in memory."""

    def __init__(self, world: World) -> None:
        self._world = world

    def choose(self, record_id: str, path: str, *, keeps: bool) -> None:
        record = self._world.records[record_id]
        (found,) = [one for one in record.conflicts if one.path == path]
        record.conflicts.remove(found)
        if not keeps:
            record.fields = dict(set_path(record.fields, path, found.lost))
        record.history.append(
            HistoryItem(
                self._world.now_ms, self._world.officer.name, "changed", (),
                f"Changed in two places: {found.label.en}", clock_unsure=False,
            )
        )  # fmt: skip


class FakeRetention:
    """The declared lines."""

    def lines(self) -> Sequence[KeptFor]:
        return [
            KeptFor(declared.label, line)
            for declared in record_types()
            for line in declared.retention
        ]


class FakeContacts:
    """Numbers of offices nearby, in memory."""

    def __init__(self) -> None:
        self.held: list[LocalContact] = []

    def all(self) -> Sequence[LocalContact]:
        return list(self.held)

    def keep(self, office: str, name: str, number: str) -> None:
        self.held.append(LocalContact(office, name, number, "2026-11-22"))

    def forget(self, office: str, name: str) -> None:
        self.held = [one for one in self.held if (one.office, one.name) != (office, name)]


class FakeTallies:
    """A desk's tallies, as a test sets them up."""

    def __init__(self) -> None:
        self.drafts: list[TallyDraft] = []
        self.sealed: list[str] = []

    def ready(self) -> TallyDraft | None:
        return self.drafts[0] if self.drafts else None

    def seal(self, month: str) -> Sequence[TallyRow]:
        self.sealed.append(month)
        return self.drafts.pop(0).rows


class FakeReturns:
    """A return counted from the records in memory."""

    def __init__(self, world: World) -> None:
        self._world = world

    def prepare(self, *, is_nothing: bool = False) -> DraftView:
        world = self._world
        month = month_of(kenya_date(world.now_ms))
        known = [
            Dated(record.type, record.fields, kenya_date(record.at_ms))
            for record in world.records.values()
        ]
        fields = nothing(month) if is_nothing else counted(month, known, 0)
        draft = DraftView(
            world.new_id("d"), "return", world.officer.unit, {"status": "prepared", **fields},
            world.now_ms,
        )  # fmt: skip
        world.drafts[draft.id] = draft
        return draft


class FakeDay:
    """The day of a home in memory."""

    def __init__(self, world: World, follow_ups: FakeFollowUps) -> None:
        self._world = world
        self._follow_ups = follow_ups
        self.low_bytes: int | None = None
        self.makes_returns = True

    def look(self) -> Day:
        world = self._world
        today = kenya_date(world.now_ms)
        mine = [record for record in world.records.values() if record.mine]
        waiting = [record.at_ms for record in mine if record.tick == "phone"]
        delivered = max(
            (record for record in mine if record.tick in STAGES),
            key=lambda record: record.at_ms,
            default=None,
        )
        lines = self._follow_ups.open()
        return Day(
            today=today.isoformat(),
            reached=delivered.tick if delivered else None,  # type: ignore[arg-type]
            is_urgent=bool(waiting) and world.now_ms - min(waiting) > URGENT_MS,
            low_bytes=self.low_bytes,
            due=self._due(today) if self.makes_returns else None,
            open_follow_ups=len(lines),
            due_follow_ups=sum((line.due or "9") <= today.isoformat() for line in lines),
            overdue_follow_ups=sum(line.overdue for line in lines),
        )

    def forecast(self) -> Forecast:
        waiting = sum(record.tick == "phone" for record in self._world.records.values())
        return Forecast(900 * waiting, 0, 0, 40 if waiting else 0)

    def _due(self, today: date) -> ReturnDue:
        month = month_of(today)
        drafts = self._world.drafts.values()
        begun = next((draft.id for draft in drafts if draft.type == "return"), None)
        return ReturnDue(
            month.first.isoformat(), month.due.isoformat(), month.days_left(today), begun
        )


class FakeSources:
    """Contacts in memory."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.office: Text | None = None
        self.given: dict[str, SourceView] = {}

    def holder(self, record_id: str) -> Text | None:
        return self.office if record_id in self._world.records else None

    def give(self, record_id: str, contact: str) -> str:
        self.given[record_id] = SourceView("S-7K2M9Q", contact, self._world.now_ms)
        return "S-7K2M9Q"

    def of_record(self, record_id: str) -> Sequence[SourceView]:
        return [self.given[record_id]] if record_id in self.given else []


class FakeCases:
    """A desk's newcomers in memory."""

    def __init__(self) -> None:
        self.newcomers: tuple[Text, ...] = ()
        self.left: tuple[Text, ...] = ()
        self.given: dict[str, str] = {}
        self.refusal: FieldAppError | None = None

    def lacking(self, record_id: str) -> Sequence[Text]:
        return () if record_id in self.given else self.newcomers

    def share(self, record_id: str, reason: str) -> Shared:
        if self.refusal is not None:
            raise self.refusal
        self.given[record_id] = reason
        return Shared(record_id, (), (), self.newcomers, self.left)


class FakeAnswers:
    """Questions and notices in memory."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.queries: list[QueryView] = []
        self.posted: list[NoticeView] = []
        self.told: list[CaseStatusView] = []
        self.may_tell_status = False

    def hold_question(self, record_id: str, question: str) -> QueryView:
        """Put a question to this device into the home."""
        self.queries.append(replace(self._asked(record_id, question), to_me=True))
        return self.queries[-1]

    def may_ask(self, record_id: str) -> bool:
        record = self._world.records.get(record_id)
        is_lead = may(self._world.officer.role, "query", Action.CREATE)
        return is_lead and record is not None and not record.mine

    def ask(self, record_id: str, question: str) -> str:
        self.queries.append(self._asked(record_id, question))
        return self.queries[-1].id

    def _asked(self, record_id: str, question: str) -> QueryView:
        world = self._world
        record = world.records[record_id]
        title = record_type(record.type).title(record.fields)
        asked_by = replace(title, en=world.officer.unit_name, sw=world.officer.unit_name)
        return QueryView(
            world.new_id("q"), record_id, title.en, question, asked_by, world.now_ms,
            None, None, "open", to_me=False,
        )  # fmt: skip

    def answer(self, query_id: str, text: str) -> None:
        self.queries = [
            replace(one, answer=text, answered_at_ms=self._world.now_ms, status="answered")
            if one.id == query_id
            else one
            for one in self.queries
        ]

    def close(self, query_id: str) -> None:
        self.queries = [
            replace(one, status="closed") if one.id == query_id else one for one in self.queries
        ]

    def open(self) -> Sequence[QueryView]:
        return [one for one in self.queries if one.to_me and one.status == "open"]

    def of_record(self, record_id: str) -> Sequence[QueryView]:
        return [one for one in self.queries if one.record_id == record_id]

    def asked(self) -> Sequence[QueryView]:
        return [one for one in self.queries if not one.to_me and one.status != "closed"]

    def story(self, record_id: str) -> StoryView:
        asks = self.may_ask(record_id)
        return StoryView(self.of_record(record_id), self.told, asks, self.may_tell_status)

    def tell_status(self, record_id: str, status: str) -> str:
        del record_id
        day = kenya_date(self._world.now_ms).isoformat()
        told = CaseStatusView(self._world.new_id("s"), status, day, GENDER_DESK, self._world.now_ms)
        self.told.append(told)
        return told.id

    def publish(self, unit: str, title: str, text: str, until: str) -> str:
        world = self._world
        office = GENDER_DESK if unit == "" else replace(GENDER_DESK, en=unit, sw=unit)
        made = NoticeView(
            world.new_id("n"), title, text, office, world.now_ms, until, is_read=False
        )
        self.posted.append(made)
        return made.id

    def notices(self) -> Sequence[NoticeView]:
        return self.posted

    def mark_read(self, notice_id: str) -> None:
        self.posted = [
            replace(one, is_read=True) if one.id == notice_id else one for one in self.posted
        ]
