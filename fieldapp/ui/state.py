"""What the screens show, observable and without a page or a control in it.

Laws:
  * One ``AppState`` per open page. It calls the services off the event loop and keeps outcomes.
  * A page is locked until its own PIN was given, whatever other pages of the home do.
  * Locking never loses typing: the open form is saved and a waiting seal is carried out first.
  * Nothing here waits for the network except a running sync, which can be called off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import flet as ft

from fieldapp.domain.offices import ADMIN
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.roles import ENROLLING_ROLES
from fieldapp.errors import FieldAppError
from fieldapp.services.raising import Edited
from fieldapp.services.views import DraftView, HomeState, Officer, RecordRow, RecordView, Status
from fieldapp.ui.forms import FormState, Sources
from fieldapp.ui.places import country, shipped_names
from fieldapp.ui.platform import Platform
from fieldapp.ui.ports import Demo, ServicesPort, SyncProgress
from fieldapp.ui.runs import Failure, Sealing, SyncState
from fieldapp.ui.theme import LARGE_FROM
from fieldapp.ui.words import Words

P = ParamSpec("P")
T = TypeVar("T")

LINKED_TYPES = ("meeting", "concern")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A short good word after a deed: a catalogue key with parameters."""

    key: str
    params: Mapping[str, Any]


class Door:
    """How many pages of a home are unlocked; the vault closes with the last one."""

    def __init__(self) -> None:
        self.unlocked_pages: set[int] = set()

    def enter(self, page: int) -> None:
        """Count a page in."""
        self.unlocked_pages.add(page)

    def leave(self, page: int) -> bool:
        """Count a page out; true when nobody is left inside."""
        self.unlocked_pages.discard(page)
        return not self.unlocked_pages


class AppState(ft.Observable):
    """Everything one open page knows."""

    def __init__(
        self,
        services: ServicesPort,
        *,
        door: Door,
        platform: Platform,
        demo: Demo | None = None,
    ) -> None:
        self.services = services
        self.platform = platform
        self.demo = demo
        self.is_invented = False
        self.wide = False
        self.width = 0
        self.can_set_up = True
        self.language = services.access.language() or "en"
        self.theme = services.access.theme()
        self.text_scale = services.access.text_scale()
        self.autolock_seconds = services.access.autolock_seconds()
        self.phase = _as_seen_from_outside(services.access.state())
        self.officer: Officer | None = None
        self.types: tuple[RecordType, ...] = ()
        self.status: Status | None = None
        self.revision = 0
        self.outcome: Outcome | None = None
        self.failure: Failure | None = None
        self.fault = ""
        self.edited: Edited | None = None
        self.form: FormState | None = None
        self.sealing: Sealing | None = None
        self.syncing = SyncState()
        self._door = door
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

    # ------------------------------------------------------------------ asking the services

    async def attempt(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Call a service off the event loop; a failure is kept for the screen and gives None."""
        self.failure = None
        try:
            return await asyncio.to_thread(call, *args, **kwargs)
        except FieldAppError as problem:
            self.failure = Failure(problem.code, dict(problem.params))
            return None

    async def refresh(self) -> None:
        """Read the counts again and tell the lists that records changed."""
        self.status = await self.attempt(self.services.syncing.status)
        self.revision += 1

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
        return self.failure is None

    async def enter(self) -> None:
        """Show the home of an open vault."""
        self.officer = await self.attempt(self.services.access.officer)
        self.types = tuple(await self.attempt(self.services.records.types) or ())
        await self.refresh()
        self._door.enter(id(self))
        self.touch()
        self.phase = HomeState.UNLOCKED

    async def lock(self) -> None:
        """Close this page, and the vault with the last one."""
        if self.phase is not HomeState.UNLOCKED:
            return
        await self.keep_everything()
        self.syncing.cancel()
        self.phase = HomeState.LOCKED
        self.officer = None
        self.status = None
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
        while self.autolock_seconds:
            left = self._touched_at + self.autolock_seconds - loop.time()
            if left <= 0:
                await self.lock()
                return
            await asyncio.sleep(left)

    def close(self) -> None:
        """Let go of every timer of this page."""
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

    def type_named(self, key: str) -> RecordType | None:
        """Return a type that this officer may write."""
        return next((found for found in self.types if found.key == key), None)

    # ------------------------------------------------------------------ what pickers choose from

    async def sources(self, unit: str) -> Sources:
        """Return units, wards and linkable records for a form."""
        own = await self.attempt(self.services.records.units_below) or ()
        wards = await self.attempt(self.services.records.wards, unit) or ()
        known = {row.id for row in own}
        shipped = await asyncio.to_thread(country)
        units = (*own, *(row for row in shipped if row.id not in known))
        records: dict[str, Sequence[RecordRow]] = {}
        for key in LINKED_TYPES:
            found = await self.attempt(self.services.records.find, "", key)
            records[key] = [row for row in found[0] if row.state == "sealed"] if found else ()
        return Sources(own, units, wards, records)

    async def unit_names(self) -> dict[str, str]:
        """Return the names of units and wards by id."""
        own = await self.attempt(self.services.records.units_below) or ()
        shipped = await asyncio.to_thread(shipped_names)
        return {**shipped, **{row.id: row.name for row in own}}

    # ------------------------------------------------------------------ forms

    async def new_record(self, type_key: str) -> str | None:
        """Begin a draft and open its form; returns the draft's id."""
        draft = await self.attempt(self.services.records.new_draft, type_key)
        if draft is None:
            return None
        await self.open_draft(draft.id)
        self.revision += 1
        return draft.id

    async def open_draft(self, draft_id: str) -> None:
        """Open the form of a draft, unless it is open already."""
        if self.form is not None and self.form.record_id == draft_id and not self.form.amends:
            return
        await self.leave_form()
        draft = await self.attempt(self.services.records.draft, draft_id)
        record_type = self.type_named(draft.type) if draft else None
        if draft is None or record_type is None:
            return
        if draft.amends is None:
            self.form = FormState(self.services.records, record_type, draft)
            return
        record = await self.attempt(self.services.records.show, draft.amends)
        if record is not None:
            await self.open_amendment(record)

    async def open_amendment(self, record: RecordView) -> None:
        """Open a form over a sealed record, as it was left if it was begun before."""
        if self.form is not None and self.form.amends and self.form.record_id == record.id:
            return
        await self.leave_form()
        if record_type := self.type_named(record.type):
            begun = await self.attempt(self.services.records.amendment, record)
            if begun is None:
                begun = DraftView("", record.type, record.unit, record.fields, 0)
            self.form = FormState(self.services.records, record_type, begun, over=record)

    async def leave_form(self) -> None:
        """Save and close the open form."""
        if self.form is not None:
            await self.form.save()
            self.form.close()
            self.form = None

    async def check_form(self) -> bool:
        """Save the open draft and look for problems; true when there is none."""
        form = self.form
        if form is None:
            return False
        await form.save()
        if form.amends:
            return True
        problems = await self.attempt(self.services.records.check, form.record_id)
        form.take_problems(problems or ())
        return problems is not None and not problems

    async def discard_draft(self, draft_id: str) -> None:
        """Delete a draft for good."""
        if self.form is not None and self.form.draft_id == draft_id:
            self.form.close()
            self.form = None
        await self.attempt(self.services.records.discard_draft, draft_id)
        await self.refresh()

    async def amend(self) -> bool:
        """Seal the open amendment with its reason."""
        form = self.form
        if form is None or not form.amends:
            return False
        await form.save()
        done = await self.attempt(
            self.services.records.change,
            form.record_id,
            {},
            form.reason.strip(),
            whole=form.document(),
        )
        if done is None:
            return False
        form.close()
        self.form = None
        if form.draft_id:
            await self.attempt(self.services.records.discard_draft, form.draft_id)
        self.edited = done
        self.outcome = Outcome("ui.done.amended", {})
        await self.refresh()
        return True

    def begin_seal(self) -> None:
        """Start the wait before sealing, during which it can be undone."""
        if self.form is not None and self.sealing is None:
            self.sealing = Sealing(self, self.form.record_id)

    async def seal_now(self, draft_id: str) -> str | None:
        """Seal a draft; used by the wait when it is over."""
        record = await self.attempt(self.services.records.seal, draft_id)
        self.sealing = None
        if record is not None:
            if self.form is not None and self.form.record_id == draft_id:
                self.form.close()
                self.form = None
            self.outcome = Outcome("ui.done.sealed", {})
            await self.refresh()
        return record

    # ------------------------------------------------------------------ sync

    async def sync(self) -> None:
        """Exchange with the server, showing how far it is; at most one at a time."""
        if self.syncing.is_running:
            return
        run = self.syncing
        run.begin()
        loop = asyncio.get_running_loop()

        def note(progress: SyncProgress) -> None:
            loop.call_soon_threadsafe(run.note, progress.stage, progress.done, progress.total)

        report = await self.attempt(self.services.syncing.sync, note, run.is_cancelled)
        run.end(report, self.failure)
        self.failure = None
        self.notice_lock()  # A phone that was revoked gave its key up.
        await self.refresh()


def _as_seen_from_outside(state: HomeState) -> HomeState:
    """A page starts locked even when another page has the vault open."""
    return HomeState.LOCKED if state is HomeState.UNLOCKED else state
