"""How a page asks the services: off the event loop, with failures kept for the screen.

Laws:
  * A call never blocks the page, and a refusal never raises through a screen.
  * What a person's deed met with stays on the screen until they do something else or leave the
    page. What a screen reads by itself in the background takes no message away.
  * Whatever changes records ends in ``refresh``, which the lists follow by ``revision``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import flet as ft

from fieldapp.errors import FieldAppError
from fieldapp.services.views import Status
from fieldapp.ui.ports import ServicesPort
from fieldapp.ui.runs import Failure

P = ParamSpec("P")
T = TypeVar("T")


class Asking(ft.Observable):
    """The services of a page, and what became of the last call."""

    def __init__(self, services: ServicesPort) -> None:
        self.services = services
        self.status: Status | None = None
        self.revision = 0
        self.failure: Failure | None = None
        self.unread: dict[str, Failure] = {}
        self._address = ""
        # What the device says of its network; None while it says nothing.
        self.is_online: bool | None = None

    def note_network(self, is_online: bool) -> None:  # noqa: FBT001  as the device says it
        """Take what the device says of its network."""
        if is_online is not self.is_online:
            self.is_online = is_online

    async def attempt(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Do what a person asked for, off the event loop; a failure is kept and gives None."""
        self.failure = None
        try:
            return await asyncio.to_thread(call, *args, **kwargs)
        except FieldAppError as problem:
            deed = getattr(call, "__name__", "")
            self.failure = Failure(problem.code, dict(problem.params), deed)
            return None

    async def look(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Read what a screen shows, off the event loop; None when it cannot be read.

        Why is kept beside the last deed's failure, until the same reading succeeds or the page
        is left.
        """
        name, address = getattr(call, "__qualname__", ""), self._address
        try:
            found = await asyncio.to_thread(call, *args, **kwargs)
        except FieldAppError as problem:
            if self._address == address:
                self.unread = {**self.unread, name: Failure(problem.code, dict(problem.params))}
            return None
        if name in self.unread:
            self.unread = {one: why for one, why in self.unread.items() if one != name}
        return found

    def arrive(self, address: str) -> None:
        """Note which page is shown; what went wrong on another one is not told on this one."""
        if address and address != self._address:
            self._address = address
            self.forget_failures()

    def forget_failures(self) -> None:
        """Say no more of what went wrong."""
        self.failure, self.unread = None, {}

    @property
    def told(self) -> Failure | None:
        """What the page has to say went wrong: the last deed's failure before any reading's."""
        return self.failure or next(iter(self.unread.values()), None)

    async def refresh(self) -> None:
        """Read the counts again and tell the lists that records changed."""
        self.status = await self.look(self.services.syncing.status)
        self.revision += 1
