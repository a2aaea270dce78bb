"""What is due is said again while the app stays open: on whatever page, once for each change.

Laws:
  * Only while the home is open to this page; a lock ends it. Nothing is said outside the app.
  * The same number on the same day is said once; a new day or a further promise is said anew.
  * It tells how many are due, never what they are about.
"""

from __future__ import annotations

import asyncio

from fieldapp.ui.editing import Editing
from fieldapp.ui.ports import ServicesPort

REMIND_SECONDS = 15 * 60
"""How often an open page looks whether something has become due."""


class Reminding(Editing):
    """The reminder of a page; ``reminder`` is how many promises are due, 0 when nothing is said."""

    def __init__(self, services: ServicesPort) -> None:
        super().__init__(services)
        self.reminder = 0
        self._told: tuple[str, int] | None = None
        self._reminding: asyncio.Task[None] | None = None

    def begin_reminding(self) -> None:
        """Look now and then from here on."""
        self.stop_reminding()
        self._reminding = asyncio.get_running_loop().create_task(self._remind())

    def stop_reminding(self) -> None:
        """Look no more, and say nothing."""
        if self._reminding is not None:
            self._reminding.cancel()
        self._reminding, self._told, self.reminder = None, None, 0

    async def _remind(self) -> None:
        while True:
            await asyncio.sleep(REMIND_SECONDS)
            await self._look_what_is_due()

    async def _look_what_is_due(self) -> None:
        day = await self.look(self.services.day.look)
        if day is None:
            return
        now = (day.today, day.due_follow_ups)
        if now == self._told:
            return
        is_more = self._told is None or now[0] != self._told[0] or now[1] > self._told[1]
        if self._told is not None and now[0] != self._told[0]:
            await self.refresh()  # A new day: what home and lists say of it is read again.
        self._told = now
        self.reminder = day.due_follow_ups if is_more else 0
