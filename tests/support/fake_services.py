"""Services in memory: the same API as the real ones, the real declarations and checks, no keys.

Everything is seeded and the clock stands still unless a test moves it, so a screen looks the same
each time. ``SyncScript`` says how the next exchange goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import flet as ft

from fieldapp.errors import (
    InvalidCodeError,
    WeakPinError,
    WrongPinError,
)
from fieldapp.services.phone_view import OfficerChoice
from fieldapp.services.views import (
    Enrolled,
    HomeState,
    InvitePreview,
    Officer,
    Status,
)
from fieldapp.storage.phone import MARKS
from tests.support import fake_day as day
from tests.support.fake_concerns import fake_concerns
from tests.support.fake_media import FakeMedia
from tests.support.fake_minutes import FakeMinutes
from tests.support.fake_office import FakeOrganisation
from tests.support.fake_records import FakeRecords
from tests.support.fake_world import (
    CHIEF,
    DAY,
    PHRASE,
    START_MS,
    WORDS,
    Held,
    SyncProgress,
    SyncReport,
    World,
)


class FakeAccess:
    """Enrolment and lock."""

    def __init__(self, world: World) -> None:
        self._world = world

    def state(self) -> HomeState:
        return self._world.state

    def withdrawn(self) -> int | None:
        return self._world.withdrawn

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
        if pin == self._world.second_pin:
            self._world.pin = self._world.second_pin = None
            self._world.state = HomeState.LOCKED
        if pin != self._world.pin:
            self._world.wrong_pins += 1
            raise WrongPinError(retry_after_seconds=2)
        self._world.state = HomeState.UNLOCKED

    def lock(self) -> None:
        self._world.state = HomeState.LOCKED

    def check_pin(self, pin: str) -> None:
        if pin != self._world.pin:
            raise WrongPinError(retry_after_seconds=2)

    def set_duress_pin(self, pin: str, second: str | None) -> None:
        self.check_pin(pin)
        if second == pin:
            raise WeakPinError("second_pin_near")
        self._world.second_pin = second

    def quick_delete(self) -> None:
        self._world.drafts.clear()
        self._world.state = HomeState.NEW

    def change_pin(self, old: str, new: str) -> None:
        if old != self._world.pin:
            raise WrongPinError
        self._world.pin = new

    def sealed_waiting(self) -> int:
        return sum(record.tick == "phone" for record in self._world.records.values())

    def forget_pin(self) -> int:
        kept = self.sealed_waiting()
        self._world.state = HomeState.NEW
        return kept

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
        if script.withdraws is not None:
            world.withdrawn, world.state = script.withdraws, HomeState.NEW
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
            waiting=len(waiting) + world.cards_waiting,
            sent=len(sent),
            records_waiting=len(waiting),
            records_sent=len(sent),
            received=sum(not record.mine for record in held),
            needs_attention=sum(record.attention is not None for record in held),
            last_delivered_at_ms=world.last_delivered,
            oldest_waiting_at_ms=min((record.at_ms for record in waiting), default=None),
            handover_pending=world.handover_pending,
            notes=world.notes,
        )


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
        self.minutes = FakeMinutes(self.world)
        self.follow_ups = day.FakeFollowUps(self.world)
        self.returns = day.FakeReturns(self.world)
        self.conflicts = day.FakeConflicts(self.world)
        self.retention = day.FakeRetention()
        self.answers = day.FakeAnswers(self.world)
        self.sources = day.FakeSources(self.world)
        self.cases = day.FakeCases()
        self.tallies = day.FakeTallies()
        self.contacts = day.FakeContacts()
        self.media = FakeMedia(self.world)
        self.concerns = fake_concerns(self.world, self.records)
        self.day = day.FakeDay(self.world, self.follow_ups)


class FakePhone:
    """Officers who share a device."""

    def __init__(self, *homes: FakeServices) -> None:
        self.homes = {str(number): home for number, home in enumerate(homes, start=1)}
        self.marks = dict(zip(self.homes, MARKS, strict=False))

    def officers(self) -> Sequence[OfficerChoice]:
        return [
            OfficerChoice(key, int(key), self.marks[key])
            for key, home in self.homes.items()
            if home.world.state is not HomeState.NEW
        ]

    def services(self, key: str) -> FakeServices:
        self.marks.setdefault(key, MARKS[-1])
        return self.homes.setdefault(key, FakeServices(state=HomeState.NEW))

    def newcomer(self) -> str:
        taken = {one.key for one in self.officers()}
        return next(str(number) for number in range(1, 9) if str(number) not in taken)

    def choose_mark(self, key: str, mark: str) -> None:
        self.marks[key] = mark

    def lock(self) -> None:
        for home in self.homes.values():
            home.access.lock()


class FakePlatform:
    """A device that answers at once and remembers."""

    def __init__(self, picks: str | None = None) -> None:
        self.picks = picks
        self.picture: bytes | None = b"a picture" * 20_000
        self.voice: bytes | None = bytes(16_000)
        self.is_recording = False
        self.can_play = True
        self.has_camera = False
        self.is_camera_open = False
        self.seen: bytes | None = b"what the camera saw" * 9_000
        self.playing: bytes | None = None
        self._ended: Callable[[], None] | None = None
        self.saved: dict[str, str] = {}
        self.saved_bytes: dict[str, bytes] = {}
        self.copied: list[str] = []
        self.called: list[str] = []
        self.awake: list[bool] = []
        self.network: Callable[[bool], None] | None = None
        self.stands_at: tuple[float, float] | None = (-2.2749, 40.9061)

    async def pick_text(self, title: str) -> str | None:
        del title
        return self.picks

    async def pick_picture(self, title: str) -> bytes | None:
        del title
        return self.picture

    def new_camera(self) -> ft.Control:
        return ft.Container()

    async def open_camera(self) -> bool:
        self.is_camera_open = self.seen is not None
        return self.is_camera_open

    async def shoot(self) -> bytes | None:
        return self.seen if self.is_camera_open else None

    async def start_sound(self) -> bool:
        self.is_recording = self.voice is not None
        return self.is_recording

    async def stop_sound(self) -> bytes:
        self.is_recording = False
        return self.voice or b""

    async def play(self, sound: bytes, ended: Callable[[], None]) -> bool:
        await self.hush()
        if not self.can_play:
            return False
        self.playing, self._ended = sound, ended
        return True

    async def hush(self) -> None:
        ended, self._ended = self._ended, None
        self.playing = None
        if ended is not None:
            ended()

    async def save_text(self, name: str, content: str) -> bool:
        self.saved[name] = content
        return True

    async def save_bytes(self, name: str, content: bytes) -> bool:
        self.saved_bytes[name] = content
        return True

    async def copy(self, content: str) -> None:
        self.copied.append(content)

    async def call(self, number: str) -> None:
        self.called.append(number)

    def watch_network(self, take: Callable[[bool], None]) -> None:
        self.network = take
        take(True)

    async def stay_awake(self, *, is_awake: bool) -> None:
        self.awake.append(is_awake)

    async def place(self) -> tuple[float, float] | None:
        return self.stands_at
