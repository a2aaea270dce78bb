"""A phone that several officers share: each has a home and services of their own.

Laws:
  * Nobody sees another's drafts, records or counts: services of one home know no other home. What
    they do for it is to deliver its sealed outbox when they sync, unread and uncounted.
  * A lock screen lists numbers and colours. A home whose key is gone is not listed.
  * A quick delete that was stopped half way is gone on with when the officers are next listed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from fieldapp.errors import StorageError
from fieldapp.services.facade import Services
from fieldapp.services.phone_view import OfficerChoice
from fieldapp.services.views import HomeState
from fieldapp.storage import phone
from fieldapp.storage.home import Home

FIRST_OFFICER: Final = str(phone.FIRST)
"""The key of the home that a phone of one officer has."""


class Phone:
    """The officers of one phone."""

    def __init__(self, root: Path, build: Callable[[Path], Services]) -> None:
        self._root = root
        self._build = build
        self._services: dict[str, Services] = {}

    def officers(self) -> Sequence[OfficerChoice]:
        """Who can unlock a vault here, in the order in which they came."""
        found = []
        for number in phone.numbers(self._root):
            home = phone.home_of(self._root, number)
            if home.has_vault() and home.has_key():
                found.append(OfficerChoice(str(number), number, phone.mark_of(home, number)))
            elif home.has_vault():
                self._go_on(str(number), home)
        return found

    def services(self, key: str) -> Services:
        """The services of one officer; the same ones each time."""
        if key not in self._services:
            self._services[key] = self._build(phone.home_of(self._root, int(key)).root)
        return self._services[key]

    def newcomer(self) -> str:
        """The key of a home for one more officer; its folder is made by enrolment."""
        return str(phone.free_number(self._root))

    def choose_mark(self, key: str, mark: str) -> None:
        """Keep the colour of an officer whose vault is open.

        Raises:
            LockedError: it is not.
            StorageError: the disk refused.
        """
        self.services(key).access.workspace()
        phone.keep_mark(phone.home_of(self._root, int(key)), mark)

    def lock(self) -> None:
        """Close every vault."""
        for services in self._services.values():
            services.access.lock()

    def close(self) -> None:
        """Lock the vaults and let everything go."""
        for services in self._services.values():
            services.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _go_on(self, key: str, home: Home) -> None:
        """Finish a quick delete that was stopped; the next listing tries again."""
        access = self.services(key).access
        if access.state() is HomeState.WIPED and access.withdrawn() is None:
            with suppress(StorageError):
                access.quick_delete()
                phone.remove_if_empty(home)
