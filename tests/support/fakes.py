"""Clock, chance and key store of tests: real classes that do what they are told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from fieldapp.crypto.rowcipher import RowCipher
from fieldapp.crypto.secret import Secret
from fieldapp.errors import CryptoError, KeyStoreMissingError
from fieldapp.protocol.hashing import sha256


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


class FakePlatformKeys:
    """A key store that seals a half by a secret of its own, as a phone's would."""

    def __init__(self, device: bytes = b"this phone") -> None:
        self._cipher = RowCipher(Secret(sha256(device)), "platform")

    def answers(self) -> bool:
        """Tell that there is one."""
        return True

    def wrap(self, half: bytes) -> bytes:
        """Seal the half."""
        return self._cipher.seal(half, b"half")

    def unwrap(self, wrapped: bytes) -> bytes:
        """Open what this device sealed.

        Raises:
            KeyStoreMissingError: another device did.
        """
        try:
            return self._cipher.open(wrapped, b"half")
        except CryptoError as problem:
            raise KeyStoreMissingError from problem
