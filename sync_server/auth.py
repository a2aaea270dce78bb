"""The server's own key, and how it checks everybody else's: the only home of ``cryptography``.

Laws:
  * A check raises; it never answers with a boolean that somebody may overlook.
  * The private key lies in one file that its owner alone may read, and is never printed.
  * The claim token is made from the key, so it is the same at each start and stored nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from fieldapp.errors import BadSignatureError, ClaimRefusedError, ConfigError, InviteUnknownError
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.message_parts import Welcome
from fieldapp.protocol.receipts import StoredReceipt
from sync_server.errors import OperatorError

PRIVATE_KEY_BYTES: Final = 32
CLAIM_TOKEN_BYTES: Final = 16
LOG_ID_BYTES: Final = 16
CLAIM_LABEL: Final = b"baraza-claim-token-v1\0"
OWNER_ONLY: Final = 0o600
CHECKED: Final = 256
"""Signatures and keys of the last moments that are remembered as good."""
_ANOTHER_KEY: Final = "the data folder holds another server's key; name an empty one with --data"


@lru_cache(CHECKED)
def _check(public: bytes, message: bytes, signature: bytes) -> None:
    """Check once: what is asked a second time within a request was right, or raises again."""
    _public_key(public).verify(signature, message)


@lru_cache(CHECKED)
def _public_key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Check an Ed25519 signature.

    Raises:
        BadSignatureError: it is not this key's signature of this message.
    """
    try:
        _check(public, message, signature)
    except (InvalidSignature, ValueError) as problem:
        raise BadSignatureError from problem


class ServerKey:
    """The key that signs receipts and answers.

    Args:
        private: the 32 private bytes.
    """

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self._private = private
        self.public = self._key.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        """Show nothing of the key."""
        return "ServerKey(<redacted>)"

    def sign_stored(self, receipt: StoredReceipt) -> StoredReceipt:
        """Sign that a batch is on this server's disk."""
        return replace(receipt, signature=self._key.sign(receipt.signing_bytes()))

    def sign(self, message: bytes) -> bytes:
        """Sign that a chunk is on this server's disk."""
        return self._key.sign(message)

    def sign_welcome(self, welcome: Welcome, hello_hash: bytes = ZERO_HASH) -> Welcome:
        """Sign the head of an answer over the hello that it answers."""
        return replace(welcome, signature=self._key.sign(welcome.signing_bytes(hello_hash)))

    def claim_token(self) -> str:
        """Return the word by which the operator shows that this server is his."""
        return self._claim_bytes().hex()

    def check_claim(self, token: bytes) -> None:
        """Compare a claim token, in constant time.

        Raises:
            ClaimRefusedError: it is another one.
        """
        if not hmac.compare_digest(token, self._claim_bytes()):
            raise ClaimRefusedError("wrong_claim_token")

    def to_private_bytes(self) -> bytes:
        """Return the private key, for the backup alone."""
        return self._private

    def _claim_bytes(self) -> bytes:
        mac = hmac.new(self._private, CLAIM_LABEL, hashlib.sha256)
        return mac.digest()[:CLAIM_TOKEN_BYTES]


def load_key(path: Path) -> ServerKey:
    """Read the server's key, or make it at the first start.

    Raises:
        ConfigError: the file cannot be read or written, or is no key.
    """
    try:
        if not path.exists():
            write_key(path, Ed25519PrivateKey.generate().private_bytes_raw())
        private = path.read_bytes()
    except OSError as problem:
        raise ConfigError("file_unreadable", what="server_key") from problem
    if len(private) != PRIVATE_KEY_BYTES:
        raise ConfigError("file_unreadable", what="server_key")
    return ServerKey(private)


def write_key(path: Path, private: bytes) -> None:
    """Write a private key where there is none yet, for its owner's eyes only."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(private)
        file.flush()
        os.fsync(file.fileno())


def restore_key(path: Path, private: bytes) -> None:
    """Put a backup's key in its place; the same key may be there already.

    Raises:
        ConfigError: the file cannot be written.
        OperatorError: another server's key is there.
    """
    try:
        if not path.exists():
            write_key(path, private)
        found = path.read_bytes()
    except OSError as problem:
        raise ConfigError("file_unreadable", what="server_key") from problem
    if not hmac.compare_digest(found, private):
        raise OperatorError(_ANOTHER_KEY)


def new_log_id() -> bytes:
    """Return a fresh, random log id of 16 bytes."""
    return os.urandom(LOG_ID_BYTES)


def token_hash(token: bytes) -> bytes:
    """Return what is kept of an upload token."""
    return hashlib.sha256(token).digest()


def check_token(token: bytes, kept_hash: bytes) -> None:
    """Compare an upload token with what was kept of it, in constant time.

    Raises:
        InviteUnknownError: it is another one.
    """
    if not hmac.compare_digest(token_hash(token), kept_hash):
        raise InviteUnknownError
