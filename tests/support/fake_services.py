"""Services in memory: the same API as the real ones, the real declarations and checks, no keys.

Everything is seeded and the clock stands still unless a test moves it, so a screen looks the same
each time. ``SyncScript`` says how the next exchange goes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from fieldapp.domain.clock import kenya_date
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.gazetteer import parse
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type
from fieldapp.domain.samples import golden_meeting, records
from fieldapp.domain.text import Text
from fieldapp.domain.validation import check, defaults, tidy
from fieldapp.errors import (
    InvalidCodeError,
    NoRightError,
    UnknownRecordError,
    WeakPinError,
    WrongPinError,
)
from fieldapp.i18n.assets import UNITS, asset_text
from fieldapp.protocol.ids import UnitId
from fieldapp.services.views import (
    ConflictView,
    DeviceRow,
    DraftView,
    Enrolled,
    FieldChange,
    HistoryItem,
    HomeState,
    InvitePreview,
    InviteView,
    Note,
    Officer,
    OfficeRow,
    Organisation,
    PendingSeal,
    RecordRow,
    RecordView,
    Status,
    SummaryLine,
    Tick,
    UnitRow,
)

PIN = "246810"
CODE = "BARAZA1-0000-TEST"
PHRASE = "amber basket cedar dune ember flint grove harbor"
WORDS = "copper lantern river maize"
START_MS = 1_795_327_200_000  # 22 Nov 2026, 09:00 in Kenya
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
LOCATION = "KE-005-S022-LMK01"
UNDER = (
    UnitRow("KE-005-S022", "Lamu West", "sub_county", "Lamu", None),
    UnitRow(LOCATION, "Mkomani", "location", "Lamu West", "Mkomani"),
    UnitRow("KE-005-S022-LMK01-BLG02", "Langoni", "sub_location", "Mkomani", "Mkomani"),
    UnitRow("KE-005-S022-LMK01-BMK03", "Mkunguni", "sub_location", "Mkomani", "Mkomani"),
    UnitRow("KE-005-S022-LMK01-BLG02-VKA04", "Kashmiri", "village", "Langoni", "Mkomani"),
)
CHIEF = Officer(
    "Amina Bakari", "chief", LOCATION, "Mkomani", "7f3k9m2q8r4t6v1w5x0y2z3a4b", "admin",
    "Ministry of Interior",
)  # fmt: skip
SUB_COUNTY = replace(
    CHIEF, name="Brian Otieno", role="dcc_admin", unit="KE-005-S022", unit_name="Lamu West"
)


@dataclass
class SyncProgress:
    """How far an exchange is."""

    stage: str
    done: int
    total: int


@dataclass
class SyncReport:
    """What an exchange did."""

    sent: int = 0
    received: int = 0
    waiting: int = 0
    quarantined: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    round_trips: int = 1
    error: tuple[str, Mapping[str, Any]] | None = None


@dataclass
class SyncScript:
    """How the next exchange goes: its error, or how far delivery gets."""

    error: tuple[str, Mapping[str, Any]] | None = None
    reaches: str = "server"
    hold: threading.Event | None = None


@dataclass
class Held:
    """A sealed record in the fake."""

    id: str
    type: str
    unit: str
    fields: dict[str, Any]
    author: str
    mine: bool
    at_ms: int
    tick: str = "phone"
    ticks: dict[str, int | None] = field(default_factory=dict)
    history: list[HistoryItem] = field(default_factory=list)
    conflicts: list[ConflictView] = field(default_factory=list)
    attention: Note | None = None


class World:
    """What all fake services of one home share."""

    def __init__(self, officer: Officer, state: HomeState, *, pin: str = PIN) -> None:
        self.officer = officer
        self.state = state
        self.pin = pin
        self.now_ms = START_MS
        self.language = ""
        self.theme = "light"
        self.text_scale = 1.0
        self.autolock_seconds = 60
        self.wrong_pins = 0
        self.saves: list[tuple[str, dict[str, Any]]] = []
        self.drafts: dict[str, DraftView] = {}
        self.records: dict[str, Held] = {}
        self.last_delivered: int | None = None
        self.next_sync = SyncScript()
        self.synced = 0
        self.units = list(UNDER)
        self.device_rows: list[DeviceRow] = []
        self.notes: list[Note] = []
        self.handover_pending = False
        self.offices = {row.id for row in UNDER[:2]}
        self._number = 0

    def new_id(self, kind: str) -> str:
        """Return the next id."""
        self._number += 1
        return f"{kind}{self._number:04d}"

    def unit_name(self, unit: str) -> str:
        """Return a unit's name."""
        return next((row.name for row in self.units if row.id == unit), unit)

    def hold(self, type_key: str, unit: str, fields: dict[str, Any], **more: Any) -> Held:
        """Put a sealed record into the home."""
        record = Held(
            self.new_id("r"), type_key, unit, fields,
            more.pop("author", self.officer.name), more.pop("mine", True),
            more.pop("at_ms", self.now_ms), **more,
        )  # fmt: skip
        record.ticks = record.ticks or {"server": None, "sub_county": None, "hq": None}
        record.history.append(
            HistoryItem(record.at_ms, record.author, "created", (), None, clock_unsure=False)
        )
        self.records[record.id] = record
        return record


class FakeAccess:
    """Enrolment and lock."""

    def __init__(self, world: World) -> None:
        self._world = world

    def state(self) -> HomeState:
        return self._world.state

    def officer(self) -> Officer:
        return self._world.officer

    def needs_phrase(self, code_or_text: str) -> bool:
        return code_or_text.startswith("HAND-OVER")

    def preview_invite(self, code_or_text: str) -> InvitePreview:
        if self.needs_phrase(code_or_text):
            raise WrongPinError
        if not code_or_text.upper().replace(" ", "").startswith("BARAZA1"):
            raise InvalidCodeError
        return InvitePreview(
            "Ministry of Interior", "https://sync.example", START_MS + DAY, needs_network=False
        )

    def enrol(
        self, code_or_text: str, officer_name: str, pin: str, phrase: str | None = None
    ) -> Enrolled:
        if len(set(pin)) == 1:
            raise WeakPinError
        if self.needs_phrase(code_or_text) and phrase != PHRASE:
            raise WrongPinError
        world = self._world
        world.officer = replace(world.officer, name=officer_name)
        world.pin, world.state = pin, HomeState.UNLOCKED
        officer = world.officer
        return Enrolled(officer.device, officer.unit, officer.unit_name, officer.role, WORDS)

    def unlock(self, pin: str) -> None:
        if pin != self._world.pin:
            self._world.wrong_pins += 1
            raise WrongPinError(retry_after_seconds=2)
        self._world.state = HomeState.UNLOCKED

    def lock(self) -> None:
        self._world.state = HomeState.LOCKED

    def change_pin(self, old: str, new: str) -> None:
        if old != self._world.pin:
            raise WrongPinError
        self._world.pin = new

    def language(self) -> str:
        return self._world.language

    def set_language(self, code: str) -> None:
        self._world.language = code

    def theme(self) -> str:
        return self._world.theme

    def set_theme(self, name: str) -> None:
        self._world.theme = name

    def text_scale(self) -> float:
        return self._world.text_scale

    def set_text_scale(self, factor: float) -> None:
        self._world.text_scale = factor

    def autolock_seconds(self) -> int:
        return self._world.autolock_seconds

    def set_autolock_seconds(self, seconds: int) -> None:
        self._world.autolock_seconds = seconds


class FakeRecords:
    """Drafts and records."""

    def __init__(self, world: World) -> None:
        self._world = world

    def types(self) -> Sequence[RecordType]:
        return (record_type("meeting"), record_type("concern"))

    def new_draft(
        self, type_key: str, unit: str | None = None, fields: Mapping[str, Any] | None = None
    ) -> DraftView:
        world = self._world
        preset = {**defaults(type_key, kenya_date(world.now_ms)), **(fields or {})}
        draft = DraftView(
            world.new_id("d"), type_key, unit or world.officer.unit, preset, world.now_ms
        )
        world.drafts[draft.id] = draft
        return draft

    def save_draft(self, draft_id: str, fields: Mapping[str, Any], unit: str | None = None) -> None:
        world = self._world
        draft = self.draft(draft_id)
        world.saves.append((draft_id, dict(fields)))
        world.drafts[draft_id] = replace(draft, fields=dict(fields), unit=unit or draft.unit)

    def draft(self, draft_id: str) -> DraftView:
        if draft_id not in self._world.drafts:
            raise UnknownRecordError
        return self._world.drafts[draft_id]

    def drafts(self) -> Sequence[DraftView]:
        return list(reversed(self._world.drafts.values()))

    def discard_draft(self, draft_id: str) -> None:
        self._world.drafts.pop(draft_id, None)

    def check(self, draft_id: str) -> Sequence[FieldProblem]:
        draft = self.draft(draft_id)
        today = kenya_date(self._world.now_ms)
        unit, fields = tidy(draft.type, UnitId(draft.unit), dict(draft.fields))
        return check(draft.type, unit, fields, today=today)

    def review(self, draft_id: str) -> PendingSeal:
        draft = self.draft(draft_id)
        declared = record_type(draft.type)
        lines = [
            SummaryLine(Text("Area", "Eneo"), self._world.unit_name(draft.unit)),
            SummaryLine(declared.label, declared.title(draft.fields).en),
            SummaryLine(Text("Date", "Tarehe"), str(draft.fields.get("date", ""))),
        ]
        tier = declared.tier(draft.fields)
        readers = ["Mkomani", "Lamu West", "Lamu", "Kenya"]
        if tier == "restricted":
            readers = ["Lamu West, gender desk", "Kenya, gender desk"]
        return PendingSeal(draft_id, lines, tier, readers)

    def seal(self, draft_id: str) -> str:
        draft = self._world.drafts.pop(draft_id)
        return self._world.hold(draft.type, draft.unit, dict(draft.fields)).id

    def edit(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        reason: str = "",
        *,
        whole: Mapping[str, Any] | None = None,
    ) -> str:
        changes = whole or changes
        record = self._world.records[record_id]
        declared = record_type(record.type)
        changed = [
            FieldChange(name, spec.label, record.fields.get(name), value)
            for name, value in changes.items()
            if record.fields.get(name) != value and (spec := declared.field(name)) is not None
        ]
        record.fields = dict(changes)
        record.tick = "phone"
        record.history.append(
            HistoryItem(
                self._world.now_ms, self._world.officer.name, "changed", changed, reason,
                clock_unsure=False,
            )
        )  # fmt: skip
        return record_id

    def find(
        self,
        text: str = "",
        type_key: str | None = None,
        unit: str | None = None,
        state: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[Sequence[RecordRow], int]:
        del unit
        rows = [self._draft_row(draft) for draft in self.drafts()]
        rows += [
            self._row(record)
            for record in sorted(self._world.records.values(), key=lambda r: -r.at_ms)
        ]
        found = [
            row
            for row in rows
            if (type_key in {None, row.type}) and _is_in(row, state) and _matches(row, text)
        ]
        return found[offset : offset + limit], len(found)

    def _draft_row(self, draft: DraftView) -> RecordRow:
        declared = record_type(draft.type)
        return RecordRow(
            draft.id, draft.type, draft.unit, self._world.unit_name(draft.unit),
            declared.title(draft.fields).in_language(self._world.language),
            declared.subtitle(draft.fields).in_language(self._world.language),
            "draft", "draft", draft.updated_at_ms, None,
            mine=True, author=self._world.officer.name, conflicted=False,
        )  # fmt: skip

    def _row(self, record: Held) -> RecordRow:
        declared = record_type(record.type)
        tick: Any = "needs_you" if record.attention else record.tick
        return RecordRow(
            record.id, record.type, record.unit, self._world.unit_name(record.unit),
            declared.title(record.fields).in_language(self._world.language),
            declared.subtitle(record.fields).in_language(self._world.language),
            "sealed", tick, record.at_ms, record.fields.get("urgency"),
            mine=record.mine, author=record.author, conflicted=bool(record.conflicts),
        )  # fmt: skip

    def show(self, record_id: str) -> RecordView:
        record = self._world.records.get(record_id)
        if record is None:
            raise UnknownRecordError
        stages: Any = record.ticks.items()
        return RecordView(
            record.id, record.type, record.unit, self._world.unit_name(record.unit),
            record_type(record.type).tier(record.fields), "sealed", record.fields,
            [Tick(stage, at) for stage, at in stages], record.history, record.conflicts,
            record.author, record.mine, record.at_ms, record.attention,
        )  # fmt: skip

    def units_below(self) -> Sequence[UnitRow]:
        own = self._world.officer.unit
        return [row for row in self._world.units if row.id.startswith(own)]

    def wards(self, unit: str) -> Sequence[UnitRow]:
        gazetteer = parse(asset_text(UNITS))
        county = unit[:6]
        return [
            UnitRow(area.id, area.name, "ward", gazetteer.areas[area.parent].name, None)
            for area in gazetteer.of_level("ward")
            if area.id.startswith(county)
        ]


class FakeSyncing:
    """The exchange."""

    def __init__(self, world: World) -> None:
        self._world = world

    def sync(
        self,
        progress: Callable[[Any], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> SyncReport:
        world, script = self._world, self._world.next_sync
        mine = [record for record in world.records.values() if record.tick == "phone"]
        if progress is not None:
            progress(SyncProgress("connecting", 0, 0))
        if script.hold is not None:
            if progress is not None:
                progress(SyncProgress("sending", 1, 3))
            script.hold.wait(5)
        if cancelled is not None and cancelled():
            return SyncReport(waiting=len(mine), error=("cancelled", {}))
        if script.error is not None:
            return SyncReport(waiting=len(mine), error=script.error)
        world.synced += 1
        for record in mine:
            self._deliver(record, script.reaches)
        world.last_delivered = world.now_ms
        return SyncReport(
            sent=len(mine), bytes_up=412 * len(mine) + 380, bytes_down=1240, received=0
        )

    def _deliver(self, record: Held, reaches: str) -> None:
        stages = ["server", "sub_county", "hq"]
        for stage in stages[: stages.index(reaches) + 1]:
            record.ticks[stage] = self._world.now_ms
        record.tick = reaches

    def status(self) -> Status:
        world = self._world
        held = world.records.values()
        waiting = [record for record in held if record.mine and record.tick == "phone"]
        sent = [record for record in held if record.mine and record.tick != "phone"]
        return Status(
            drafts=len(world.drafts),
            waiting=len(waiting),
            sent=len(sent),
            received=sum(not record.mine for record in held),
            needs_attention=sum(record.attention is not None for record in held),
            last_delivered_at_ms=world.last_delivered,
            oldest_waiting_at_ms=min((record.at_ms for record in waiting), default=None),
            handover_pending=world.handover_pending,
            notes=world.notes,
        )


class FakeOrganisation:
    """Units, offices, invites, devices."""

    def __init__(self, world: World) -> None:
        self._world = world

    def init(
        self, server: str, claim: str, org: str, shares_dir: Path, officer: str, pin: str
    ) -> Organisation:
        del server, claim, shares_dir
        self._world.officer = Officer(officer, "hq_admin", "KE", "Kenya", "d" * 26, "admin", org)
        self._world.pin, self._world.state = pin, HomeState.UNLOCKED
        return Organisation(
            org, "d" * 26, ("root-1.key", "root-2.key", "root-3.key"),
            {"gender": PHRASE},
        )  # fmt: skip

    def add_unit(self, parent: str, level: str, name: str, ward: str | None = None) -> str:
        unit = f"{parent}-{level[0].upper()}{self._world.new_id('')}"
        above = self._world.unit_name(parent)
        self._world.units.append(UnitRow(unit, name, level, above, ward))
        return unit

    def list_units(self, under: str | None = None) -> Sequence[UnitRow]:
        del under
        return self._world.units

    def create_office(self, unit: str, desk: str = "admin") -> tuple[str, int]:
        self._world.offices.add(unit)
        return f"{unit}/{desk}", 1

    def offices(self) -> Sequence[OfficeRow]:
        return (OfficeRow(f"{self._world.officer.unit}/admin", 1, 2),)

    def invite(
        self, unit: str, role: str, desk: str = "admin", expires_hours: int = 24
    ) -> InviteView:
        if unit not in self._world.offices:
            raise NoRightError("office_missing", office=f"{unit}/{desk}", unit=unit, desk=desk)
        del role
        code = "BARAZA1-" + "-".join(["7K2M", "Q9XR", "4T6V", "1W5X"] * 6)
        return InviteView(code, "a1b2c3d4e5f60718", START_MS + expires_hours * 3_600_000, "{}")

    def devices(self) -> Sequence[DeviceRow]:
        return self._world.device_rows

    def confirm(self, device: str, words: str) -> None:
        del words
        self._change(device, state="active", words=None)

    def revoke(self, device: str, reason: str) -> None:
        del reason
        self._change(device, state="revoked")

    def _change(self, device: str, **changed: Any) -> None:
        rows = self._world.device_rows
        rows[:] = [replace(row, **changed) if row.device == device else row for row in rows]


class FakeServices:
    """All fake services of one home."""

    def __init__(
        self, officer: Officer = CHIEF, state: HomeState = HomeState.LOCKED, *, language: str = "en"
    ) -> None:
        self.world = World(officer, state)
        self.world.language = language
        self.access = FakeAccess(self.world)
        self.records = FakeRecords(self.world)
        self.syncing = FakeSyncing(self.world)
        self.organisation = FakeOrganisation(self.world)


class FakePlatform:
    """A device that answers at once and remembers."""

    def __init__(self, picks: str | None = None) -> None:
        self.picks = picks
        self.saved: dict[str, str] = {}
        self.copied: list[str] = []
        self.called: list[str] = []

    async def pick_text(self, title: str) -> str | None:
        del title
        return self.picks

    async def save_text(self, name: str, content: str) -> bool:
        self.saved[name] = content
        return True

    async def copy(self, content: str) -> None:
        self.copied.append(content)

    async def call(self, number: str) -> None:
        self.called.append(number)


def _is_in(row: RecordRow, state: str | None) -> bool:
    if state in {None, row.state, row.tick}:
        return True
    if state == "waiting":
        return row.mine and row.tick == "phone"
    if state == "sent":
        return row.mine and row.tick in {"server", "sub_county", "hq"}
    return state == "received" and not row.mine


def _matches(row: RecordRow, text: str) -> bool:
    words = f"{row.title} {row.subtitle} {row.unit_name} {row.author}".casefold()
    return all(part in words for part in text.casefold().split())


def chief_home(language: str = "en", state: HomeState = HomeState.LOCKED) -> FakeServices:
    """Return a chief's home with a realistic week in it."""
    services = FakeServices(CHIEF, state, language=language)
    world = services.world
    today = kenya_date(START_MS)
    for number, sample in enumerate(records(Random(7), LOCATION, today, 14)):  # noqa: S311  the same invented week each time
        at_ms = START_MS - number * 9 * 60 * MINUTE - 40 * MINUTE
        record = world.hold(sample.type, sample.unit, dict(sample.fields), at_ms=at_ms)
        reached = ("phone", "server", "sub_county", "hq")[min(number // 2, 3)]
        stages = ("server", "sub_county", "hq")
        if reached != "phone":
            for stage in stages[: stages.index(reached) + 1]:
                record.ticks[stage] = at_ms + 30 * MINUTE
            record.tick = reached
    golden = golden_meeting(LOCATION)
    workshop = world.hold(
        "meeting", LOCATION, dict(golden.fields), at_ms=START_MS - 3 * DAY, tick="hq",
        ticks={"server": START_MS - 2 * DAY, "sub_county": START_MS - DAY, "hq": START_MS - DAY},
    )  # fmt: skip
    workshop.conflicts.append(
        ConflictView(
            "venue", Text("Venue", "Mahali pa mkutano"), golden.fields["venue"], "Lamu Fort",
            "Brian Otieno", START_MS - DAY,
        )
    )  # fmt: skip
    services.records.new_draft("meeting", None, {"meeting_type": "baraza_chief"})
    world.last_delivered = START_MS - 90 * MINUTE
    return services


def sub_county_home(language: str = "en", state: HomeState = HomeState.LOCKED) -> FakeServices:
    """Return a sub-county's home: received records, devices to look after."""
    services = FakeServices(SUB_COUNTY, state, language=language)
    world = services.world
    for number, sample in enumerate(records(Random(11), LOCATION, kenya_date(START_MS), 60)):  # noqa: S311  the same invented week each time
        at_ms = START_MS - number * 5 * 60 * MINUTE
        world.hold(
            sample.type, sample.unit, dict(sample.fields), at_ms=at_ms, tick="sub_county",
            author="Amina Bakari", mine=False,
            ticks={"server": at_ms + MINUTE, "sub_county": at_ms + 9 * MINUTE, "hq": None},
        )  # fmt: skip
    queried = world.hold(
        "concern", LOCATION, {"category": "theft", "urgency": "U3", "date": "2026-11-20"},
        author="Amina Bakari", mine=False, tick="sub_county",
    )  # fmt: skip
    queried.attention = Note("quarantined", {})
    world.device_rows = [
        DeviceRow("7f3k9m2q8r4t6v1w5x0y2z3a4b", LOCATION, "Mkomani", "chief", "active",
                  START_MS - 20 * MINUTE, None),
        DeviceRow("9b8c7d6e5f4g3h2j1k0m9n8p7q", "KE-005-S022", "Lamu West", "dcc_admin",
                  "unconfirmed", None, WORDS),
    ]  # fmt: skip
    world.last_delivered = START_MS - 12 * MINUTE
    return services


__all__ = ["CODE", "PIN", "FakePlatform", "FakeServices", "chief_home", "sub_county_home"]
