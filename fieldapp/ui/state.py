"""What the screens show, observable and without a page or a control in it.

Laws:
  * One ``AppState`` per open page. It calls the services off the event loop and keeps outcomes.
  * A page is locked until its own PIN was given, whatever other pages of the home do.
  * Locking never loses typing: the open form is saved and a waiting seal is carried out first.
  * Nothing here waits for the network except a running sync, which can be called off.
"""

from __future__ import annotations

import asyncio

from fieldapp.domain.offices import ADMIN
from fieldapp.domain.record_type import Menu
from fieldapp.domain.roles import ENROLLING_ROLES
from fieldapp.errors import FieldAppError
from fieldapp.services.views import HomeState, Officer
from fieldapp.ui.door import Doors
from fieldapp.ui.errands import Errands, as_platform
from fieldapp.ui.phone_port import PhonePort
from fieldapp.ui.platform import Platform
from fieldapp.ui.ports import Demo, ServicesPort, SyncProgress
from fieldapp.ui.reminding import Reminding
from fieldapp.ui.runs import Failure, SyncState
from fieldapp.ui.theme import LARGE_FROM
from fieldapp.ui.words import Words

AT_ONCE_IDLE_SECONDS = 60
"""How long a page in front may idle where it locks at once when it leaves the front."""


class AppState(Reminding):
    """Everything one open page knows.

    On a phone of several officers ``chosen`` is the key of the one whose home this page looks
    at, empty while a lock screen asks who it is.
    """

    def __init__(
        self,
        services: ServicesPort,
        *,
        doors: Doors,
        platform: Platform,
        demo: Demo | None = None,
        phone: PhonePort | None = None,
    ) -> None:
        super().__init__(services)
        self.errands = Errands(platform)
        self.platform = as_platform(self.errands)
        self.demo = demo
        self.phone = phone
        self.chosen = ""
        self.is_invented = False
        self.wide = False
        self.width = 0
        self.is_low = False
        self.can_set_up = True
        self.language = "en"
        self._read_choices()
        self.phase = _as_seen_from_outside(services.access.state())
        self.officer: Officer | None = None
        self.fault = ""
        self.syncing = SyncState()
        self._doors = doors
        self._door = doors.of("")
        self._idle: asyncio.Task[None] | None = None
        self._touched_at = 0.0

    # ------------------------------------------------------------------ words

    @property
    def words(self) -> Words:
        """The catalogue in the officer's language."""
        return Words(self.language, is_large=self.text_scale >= LARGE_FROM)

    def t(self, key: str, **params: object) -> str:
        """Return a text of the screens."""
        return self.words.t(key, **params)

    def _read_choices(self) -> None:
        access = self.services.access
        self.language = access.language() or self.language
        self.theme = access.theme()
        self.text_scale = access.text_scale()
        self.autolock_seconds = access.autolock_seconds()

    # ------------------------------------------------------------------ whose home it is

    def take_home(self, services: ServicesPort, key: str) -> None:
        """Look at the home of another officer of this phone, from outside its lock."""
        self.step_out()
        self.services, self.chosen = services, key
        self._door = self._doors.of(key)
        self.officer = self.status = self.form = None
        self.forget_failures()
        self._read_choices()
        self.phase = _as_seen_from_outside(services.access.state())

    # ------------------------------------------------------------------ the lock

    async def unlock(self, pin: str) -> bool:
        """Open this page with the PIN."""
        self.failure = None
        try:
            await asyncio.to_thread(self.services.access.unlock, pin)
        except FieldAppError as problem:
            self.failure = Failure(problem.code, dict(problem.params))
            return False
        await self.enter()
        return True

    async def confirm_pin(self, pin: str) -> bool:
        """Tell whether this is the PIN of the open vault; a wrong try counts."""
        await self.attempt(self.services.access.unlock, pin)
        is_right = self.failure is None
        self.notice_lock()
        return is_right

    async def enter(self) -> None:
        """Show the home of an open vault."""
        self.officer = await self.look(self.services.access.officer)
        self.types = tuple(await self.look(self.services.records.types) or ())
        await self.refresh()
        self._door.enter(id(self))
        self.touch()
        self.phase = HomeState.UNLOCKED
        self.begin_reminding()

    async def lock(self) -> None:
        """Close this page, and the vault with the last one."""
        if self.phase is not HomeState.UNLOCKED:
            return
        await self.keep_everything()
        await self.platform.hush()
        self.syncing.cancel()
        self.stop_reminding()
        self.phase = HomeState.LOCKED
        self.officer = None
        self.status = None
        self.forget_failures()
        if self._door.leave(id(self)):
            await self.attempt(self.services.access.lock)

    async def keep_everything(self) -> None:
        """Carry a waiting seal out and save what was typed: the page is about to go."""
        if self.phase is not HomeState.UNLOCKED:
            return
        if self.sealing is not None:
            await self.sealing.finish_now()
        await self.save_form()

    async def save_form(self) -> None:
        """Save what was typed; the page may not come back."""
        if self.form is not None and self.phase is HomeState.UNLOCKED:
            await self.form.save()

    def notice_lock(self) -> None:
        """Lock this page if the vault was closed while it was away."""
        if self.phase is not HomeState.UNLOCKED:
            return
        if self.services.access.state() is HomeState.UNLOCKED:
            self._door.enter(id(self))
        else:
            self._door.leave(id(self))
            self.stop_reminding()
            self.phase = _as_seen_from_outside(self.services.access.state())

    def step_out(self) -> None:
        """Stop counting this page as open while its socket is gone."""
        self._door.leave(id(self))

    def touch(self) -> None:
        """Note that somebody is there; begins the watch that locks an idle page."""
        loop = asyncio.get_running_loop()
        self._touched_at = loop.time()
        if self._idle is None or self._idle.done():
            self._idle = loop.create_task(self._lock_when_idle())

    async def _lock_when_idle(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            idle_seconds = self.autolock_seconds or AT_ONCE_IDLE_SECONDS
            left = self._touched_at + idle_seconds - loop.time()
            if left <= 0:
                await self.lock()
                return
            await asyncio.sleep(left)

    def close(self) -> None:
        """Let go of every timer of this page."""
        self.stop_reminding()
        for task in (self._idle, self.sealing.task if self.sealing else None):
            if task is not None:
                task.cancel()
        if self.form is not None:
            self.form.close()
        self._door.leave(id(self))

    async def look_around(self) -> None:
        """Swap this page's home for one with invented data."""
        if self.demo is None:
            return
        invented = await self.attempt(self.demo)
        if invented is not None:
            self.services = invented
            self.is_invented = True
            await self.enter()

    # ------------------------------------------------------------------ choices

    async def choose_language(self, code: str) -> None:
        """Switch every word at once and keep the choice."""
        self.language = code
        await self.attempt(self.services.access.set_language, code)

    async def choose_theme(self, name: str) -> None:
        """Switch brightness and keep the choice."""
        self.theme = name
        await self.attempt(self.services.access.set_theme, name)

    async def choose_text_scale(self, factor: float) -> None:
        """Switch the text size and keep the choice."""
        self.text_scale = factor
        await self.attempt(self.services.access.set_text_scale, factor)

    async def choose_autolock(self, seconds: int) -> None:
        """Switch the idle time and keep the choice."""
        self.autolock_seconds = seconds
        self.touch()
        await self.attempt(self.services.access.set_autolock_seconds, seconds)

    @property
    def is_admin(self) -> bool:
        """Whether this officer may enrol others: an administrator, or a member of another desk."""
        officer = self.officer
        return officer is not None and (officer.role in ENROLLING_ROLES or officer.desk != ADMIN)

    @property
    def has_more(self) -> bool:
        """Whether this officer may begin anything but what the home screen offers."""
        return any(declared.menu not in {Menu.FIRST, Menu.NOWHERE} for declared in self.types)

    # ------------------------------------------------------------------ sync

    async def sync(self) -> None:
        """Exchange with the server, showing how far it is; at most one at a time.

        The screen stays on while it runs: a phone that falls asleep cuts the connection.
        """
        if self.syncing.is_running:
            return
        run = self.syncing
        run.begin()
        forecast = await self.look(self.services.day.forecast)
        run.expect(forecast.seconds if forecast else 0)
        await self.platform.stay_awake(is_awake=True)
        loop = asyncio.get_running_loop()

        def note(progress: SyncProgress) -> None:
            loop.call_soon_threadsafe(run.note, progress.stage, progress.done, progress.total)

        try:
            report = await self.attempt(self.services.syncing.sync, note, run.is_cancelled)
            run.end(report, self.failure)
        finally:
            await self.platform.stay_awake(is_awake=False)
        self.failure = None
        self.notice_lock()  # A phone that was revoked gave its key up.
        await self.refresh()


def _as_seen_from_outside(state: HomeState) -> HomeState:
    """A page starts locked even when another page has the vault open."""
    return HomeState.LOCKED if state is HomeState.UNLOCKED else state
