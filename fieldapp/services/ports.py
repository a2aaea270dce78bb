"""What the services need from outside: time, chance and a way to a server.

Only ``bootstrap`` chooses the real ones; tests hand in seeded ones. Nothing here does anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

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


ServerFactory = Callable[[str], SyncService]
"""Makes the way to the server at an address; raises ConfigError for an address not allowed."""
