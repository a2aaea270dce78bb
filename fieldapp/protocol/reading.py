"""Reading fixed layouts: a position in bytes that never runs past their end (PROTOCOL 1.1)."""

import struct
from typing import Final

from fieldapp.errors import LocalProtocolError, MalformedMessageError

U16: Final = struct.Struct(">H")
U32: Final = struct.Struct(">I")
U64: Final = struct.Struct(">Q")


class Reader:
    """Takes bytes from the front; each method raises when too few are left."""

    __slots__ = ("_at", "_raw")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes.

        Raises:
            MalformedMessageError: Fewer are left (`truncated`).
        """
        end = self._at + count
        if end > len(self._raw):
            raise MalformedMessageError(reason="truncated", at=self._at)
        found = self._raw[self._at : end]
        self._at = end
        return found

    def u8(self) -> int:
        """Return the next byte as a number."""
        return self.take(1)[0]

    def u16(self) -> int:
        """Return the next 2 bytes as a number."""
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        """Return the next 4 bytes as a number."""
        return int.from_bytes(self.take(4), "big")

    def u64(self) -> int:
        """Return the next 8 bytes as a number."""
        return int.from_bytes(self.take(8), "big")

    def word(self) -> str:
        """Return a short ASCII word after its length byte.

        Raises:
            MalformedMessageError: It holds anything but small letters, digits and underscores.
        """
        raw = self.take(self.u8())
        if not raw or raw.translate(None, _WORD_BYTES):
            raise MalformedMessageError(reason="word", at=self._at)
        return raw.decode("ascii")

    def rest(self) -> bytes:
        """Return everything that is left."""
        return self.take(len(self._raw) - self._at)

    def end(self) -> None:
        """Refuse bytes that are left over.

        Raises:
            MalformedMessageError: There are some (`trailing_bytes`).
        """
        if self._at != len(self._raw):
            raise MalformedMessageError(reason="trailing_bytes", at=self._at)


_WORD_BYTES: Final = b"abcdefghijklmnopqrstuvwxyz0123456789_"


def word_bytes(word: str) -> bytes:
    """Write what `Reader.word` reads.

    Raises:
        LocalProtocolError: It is no such word.
    """
    try:
        raw = word.encode("ascii")
    except UnicodeEncodeError as error:
        raise LocalProtocolError(what="word") from error
    if not 0 < len(raw) <= 0xFF or raw.translate(None, _WORD_BYTES):  # noqa: PLR2004 - one byte
        raise LocalProtocolError(what="word")
    return bytes((len(raw),)) + raw


def fixed(what: str, *parts: tuple[bytes, int]) -> bytes:
    """Join byte fields after checking each one's length.

    Args:
        what: The structure's name, for the error.
        parts: Each field with the length that it must have.

    Raises:
        LocalProtocolError: A field has another length.
    """
    if any(len(part) != length for part, length in parts):
        raise LocalProtocolError(what=what)
    return b"".join(part for part, _ in parts)


def number(what: str, value: int, size: int) -> bytes:
    """Write a number in so many bytes.

    Raises:
        LocalProtocolError: It does not fit.
    """
    try:
        return value.to_bytes(size, "big")
    except OverflowError as error:
        raise LocalProtocolError(what=what) from error
