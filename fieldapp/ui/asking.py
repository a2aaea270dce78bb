"""How a page asks the services: off the event loop, with failures kept for the screen.

Laws:
  * A call never blocks the page, and a refusal never raises through a screen.
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
        # What the device says of its network; None while it says nothing.
        self.is_online: bool | None = None

    def note_network(self, is_online: bool) -> None:  # noqa: FBT001  as the device says it
        """Take what the device says of its network."""
        if is_online is not self.is_online:
            self.is_online = is_online

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
