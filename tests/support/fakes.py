"""Clock and chance of tests: real classes that do what they are told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(slots=True)
class FakeClock:
    """A clock that stands until it is moved; waiting moves it."""

    ms: int = 1_767_258_000_000
    waited: list[float] = field(default_factory=list)

    def now_ms(self) -> int:
        """Tell the time."""
        return self.ms

    def advance(self, ms: int) -> None:
        """Let time pass, or run backwards."""
        self.ms += ms

    def wait(self, seconds: float) -> None:
        """Pass the time at once."""
        self.waited.append(seconds)
        self.ms += int(seconds * 1000)


@dataclass(slots=True)
class SeededChance:
    """Bytes that depend on a name and on how many were drawn before."""

    name: str
    drawn: int = 0

    def token(self, count: int) -> bytes:
        """Give the next bytes."""
        self.drawn += 1
        return hashlib.shake_256(f"{self.name} {self.drawn}".encode()).digest(count)
