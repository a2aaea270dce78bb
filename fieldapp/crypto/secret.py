"""Bytes that must not be seen: they print as redacted and compare in constant time.

A secret leaves only by `reveal`, so that a search for that word finds every place it does.
"""

import hmac
from typing import NoReturn


class Secret:
    """Secret bytes.

    >>> Secret(b"key")
    <Secret redacted>
    """

    __slots__ = ("_raw",)
    __hash__ = None  # type: ignore[assignment]  # a hash would be an unsalted digest of a key

    def __init__(self, raw: bytes) -> None:
        self._raw = bytes(raw)

    def reveal(self) -> bytes:
        """Return the bytes themselves."""
        return self._raw

    def __len__(self) -> int:
        return len(self._raw)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._raw, other._raw)

    def __repr__(self) -> str:
        return "<Secret redacted>"

    def __reduce__(self) -> NoReturn:
        msg = "a secret is not pickled or copied"
        raise TypeError(msg)
