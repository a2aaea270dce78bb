"""Things that take their time on a page: the wait before a seal, and an exchange.

Laws:
  * Both are observable, hold no control, and can be called off until their last step.
  * A seal that has begun is never undone; the draft is a draft until then.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import flet as ft

from fieldapp.ui.pace import Pace
from fieldapp.ui.ports import SyncReport

SEAL_WAIT_SECONDS = 10
TICK_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, as a code with parameters; ``deed`` names what was tried."""

    code: str
    params: Mapping[str, Any]
    deed: str = ""


class Seals(Protocol):
    """Who carries a seal out."""

    sealing: Sealing | None

    async def seal_now(self, draft_id: str) -> str | None:
        """Seal a draft."""


class Sealing(ft.Observable):
    """The seconds between "seal" and the seal, with a way back."""

    def __init__(self, seals: Seals, draft_id: str, *, seconds: int = SEAL_WAIT_SECONDS) -> None:
        self.draft_id = draft_id
        self.seconds_left = seconds
        self._seals = seals
        self.task = asyncio.get_running_loop().create_task(self._wait())

    async def _wait(self) -> None:
        while self.seconds_left > 0:
            await asyncio.sleep(1)
            self.seconds_left -= 1
        await self._seals.seal_now(self.draft_id)

    def undo(self) -> None:
        """Stop the wait; the draft stays a draft. Too late once the seal has begun."""
        if self.seconds_left > 0:
            self.task.cancel()
            self._seals.sealing = None

    async def finish_now(self) -> None:
        """Seal at once, because the app is about to lock."""
        if self.seconds_left > 0:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
            await self._seals.seal_now(self.draft_id)
        else:
            await self.task


class SyncState(ft.Observable):
    """A running or finished exchange."""

    def __init__(self) -> None:
        self.is_running = False
        self.is_stopping = False
        self.stage = ""
        self.done = 0
        self.total = 0
        self.seconds_left = 0
        self.report: SyncReport | None = None
        self.failure: Failure | None = None
        self._pace = Pace(0.0, 0.0)
        self._ticking: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Start afresh."""
        self.is_running, self.is_stopping = True, False
        self.stage, self.done, self.total = "connecting", 0, 0
        self.report = None
        self.failure = None
        loop = asyncio.get_running_loop()
        self._pace = Pace(loop.time(), 0.0)
        self.seconds_left = 0
        self._ticking = loop.create_task(self._tick())

    def expect(self, seconds: float) -> None:
        """Take how long it will last by what waits and the rate of the last time."""
        now = asyncio.get_running_loop().time()
        self._pace = Pace(now, seconds)
        self.seconds_left = self._pace.left(now)

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while self.is_running:
            await asyncio.sleep(TICK_SECONDS)
            self.seconds_left = self._pace.left(loop.time())

    def note(self, stage: str, done: int, total: int) -> None:
        """Take one step's progress."""
        if self.is_running:
            now = asyncio.get_running_loop().time()
            self.stage, self.done, self.total = stage, done, total
            self._pace = self._pace.noted(now, stage, done, total)
            self.seconds_left = self._pace.left(now)

    def end(self, report: SyncReport | None, failure: Failure | None) -> None:
        """Take the outcome; an error in the report counts as a failure."""
        self.is_running = False
        if self._ticking is not None:
            self._ticking.cancel()
        self.report = report
        self.failure = failure
        if report is not None and report.error is not None:
            code, params = report.error
            self.failure = Failure(code, params)

    def cancel(self) -> None:
        """Ask a running exchange to stop at the next step."""
        if self.is_running:
            self.is_stopping = True

    def is_cancelled(self) -> bool:
        """Tell the service whether to stop."""
        return self.is_stopping
