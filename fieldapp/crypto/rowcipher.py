"""Rows of a vault: each sealed alone, bound to its place.

    row = nonce 12 | ChaCha20-Poly1305 of the content, with the row's place as AAD

Each purpose has a key of its own, derived from the vault's key or from a record's random key.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from fieldapp.crypto.secret import Secret
from fieldapp.crypto.suite import NONCE_BYTES, derive_key
from fieldapp.errors import TamperedRowError

ROW_LABEL: Final = b"baraza-row-v1\0"


class RowCipher:
    """Seals and opens the rows of one purpose."""

    __slots__ = ("_aead",)

    def __init__(self, key: Secret, purpose: str) -> None:
        row_key = derive_key(key, info=ROW_LABEL + purpose.encode("ascii"))
        self._aead = ChaCha20Poly1305(row_key.reveal())

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        """Return a row's bytes.

        Args:
            plaintext: The content.
            aad: The row's place: table, column and key.
        """
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plaintext, aad)

    def open(self, blob: bytes, aad: bytes) -> bytes:
        """Return a row's content.

        Raises:
            TamperedRowError: Changed bytes, another place, or another vault's row.
        """
        try:
            return self._aead.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], aad)
        except (InvalidTag, ValueError) as error:
            raise TamperedRowError from error

    def __repr__(self) -> str:
        return "<RowCipher redacted>"
