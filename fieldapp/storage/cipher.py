"""The seam between rows and encryption.

Laws:
  * Every body in a vault is sealed by a ``RowCipher`` before it is handed to the database.
  * The additional data of a sealed value names its table, its column and its row, so that a
    sealed value moved to another place no longer opens.
"""

from collections.abc import Callable
from typing import Protocol

MAX_PART_BYTES = 0xFFFF


class RowCipher(Protocol):
    """Seals the values of rows under one key."""

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        """Return the plaintext sealed and bound to ``aad``."""
        ...

    def open(self, blob: bytes, aad: bytes) -> bytes:
        """Return the plaintext of ``blob``; raise a ``CryptoError`` if it was changed."""
        ...


class RecordCipher(Protocol):
    """Makes the cipher of one restricted record from its own random key."""

    def __call__(self, key: bytes) -> RowCipher:
        """Return the cipher under ``key``."""
        ...


def row_aad(place: str, *parts: bytes) -> bytes:
    r"""Name one sealed value: the place ("table.column"), then the parts of the row's key.

    >>> row_aad("meta.value", b"cursor")
    b'meta.value\x00\x00\x06cursor'
    """
    framed = (len(part).to_bytes(2, "big") + part for part in parts)
    return place.encode("ascii") + b"\0" + b"".join(framed)


def column_aad(place: str) -> Callable[[bytes], bytes]:
    r"""Return what names the sealed values of one column, whose rows have a key of one part.

    >>> column_aad("records.card")(b"ab") == row_aad("records.card", b"ab")
    True
    """
    start = row_aad(place)
    return lambda key: start + len(key).to_bytes(2, "big") + key
