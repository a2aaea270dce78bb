"""What the services need from outside: time, chance, a key store and a way to a server.

Only ``bootstrap`` chooses the real ones; tests hand in seeded ones. All that is here is the honest
lack of a key store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from fieldapp.errors import KeyStoreMissingError
from fieldapp.protocol.service import SyncService


class Clock(Protocol):
    """The device's own clock."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC, as this device believes."""
        ...


class Chance(Protocol):
    """A source of random bytes that nobody can foretell."""

    def token(self, count: int) -> bytes:
        """Return ``count`` fresh random bytes."""
        ...


class Log(Protocol):
    """The app's own log: ids, codes and counts only."""

    def note(
        self, event: str, *, code: str = "", command: str = "", place: str = "", **counts: int
    ) -> None:
        """Write one line."""
        ...

    def tail(self, most: int = 20) -> list[dict[str, Any]]:
        """Return the newest lines, oldest first."""
        ...


class PlatformKeys(Protocol):
    """The key store of the platform: wraps 32 bytes under a key that never leaves the device."""

    def answers(self) -> bool:
        """Tell whether there is a key store here, and whether it can be used now."""
        ...

    def wrap(self, half: bytes) -> bytes:
        """Return the half, sealed under the platform's own key."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the half again.

        Raises:
            KeyStoreMissingError: the key store does not answer, or the key is not this one's.
        """
        ...


class NoPlatformKeys:
    """A machine without a key store that an app may use: a desktop, a server, a browser."""

    def answers(self) -> bool:
        """Tell that there is none."""
        return False

    def wrap(self, half: bytes) -> bytes:
        """Refuse: nothing here could keep it.

        Raises:
            KeyStoreMissingError: always.
        """
        raise KeyStoreMissingError(bytes=len(half))

    def unwrap(self, wrapped: bytes) -> bytes:
        """Refuse: another device wrapped it.

        Raises:
            KeyStoreMissingError: always.
        """
        raise KeyStoreMissingError(bytes=len(wrapped))


ServerFactory = Callable[[str], SyncService]
"""Makes the way to the server at an address; raises ConfigError for an address not allowed."""
