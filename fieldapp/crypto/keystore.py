"""The vault key at rest, and which PIN may protect it.

The key file is two boxes (see `passphrase_box`): the vault's key under the PIN, and a second one
that either opens by a second PIN and holds nothing, or opens by none; they look alike. A file of
the first release has one box. Where the platform has a key store,
half of the wrapping key lies under it and the PIN alone opens nothing. That half is kept in a file
of its own: `BVH1`, what the key store made of it, and 8 bytes of SHA-256 that tell rot. Delays
after wrong PINs and the files' life on disk are storage's.
"""

import os
from typing import Final

from fieldapp.crypto.passphrase_box import (
    DEFAULT_PARAMS,
    KdfParams,
    Purpose,
    blank_box,
    first_box,
    needs_platform_half,
    open_box,
    seal_box,
)
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.suite import KEY_BYTES
from fieldapp.errors import KeyFileDamagedError, WeakPinError
from fieldapp.protocol.hashing import sha256

__all__ = (
    "DEFAULT_PARAMS",
    "PIN_PARAMS",
    "KdfParams",
    "blank_box",
    "check_pin_policy",
    "first_box",
    "is_passphrase",
    "needs_platform_half",
    "new_platform_half",
    "new_vault_key",
    "pack_half",
    "unpack_half",
    "unwrap_vault_key",
    "wrap_vault_key",
)

SHORT_PIN_DIGITS: Final = 6
PASSPHRASE_CHARACTERS: Final = 10
PASSPHRASE_WORDS: Final = 5
PIN_PARAMS: Final = KdfParams(memory_kib=64 * 1024)
"""What one guess costs where a PIN is all there is."""
_HALF_MAGIC: Final = b"BVH1"
_CHECK_BYTES: Final = 8


def new_vault_key() -> Secret:
    """Return a fresh key for a vault."""
    return Secret(os.urandom(KEY_BYTES))


def new_platform_half() -> Secret:
    """Return a fresh half for the platform's key store to keep."""
    return Secret(os.urandom(KEY_BYTES))


def pack_half(wrapped: bytes) -> bytes:
    """Return the file around what the key store made of its half."""
    body = _HALF_MAGIC + wrapped
    return body + sha256(body)[:_CHECK_BYTES]


def unpack_half(raw: bytes) -> bytes:
    """Return what the key store is to unwrap.

    Raises:
        KeyFileDamagedError: The file is not such a half, or its bytes rotted.
    """
    body = raw[:-_CHECK_BYTES]
    if not body.startswith(_HALF_MAGIC) or sha256(body)[:_CHECK_BYTES] != raw[-_CHECK_BYTES:]:
        raise KeyFileDamagedError(reason="half")
    return body[len(_HALF_MAGIC) :]


def wrap_vault_key(
    vault_key: Secret,
    pin: str,
    params: KdfParams = DEFAULT_PARAMS,
    *,
    platform_half: Secret | None = None,
) -> bytes:
    """Return the bytes of the key file."""
    return seal_box(
        vault_key, pin, purpose=Purpose.VAULT, params=params, platform_half=platform_half
    )


def unwrap_vault_key(box: bytes, pin: str, *, platform_half: Secret | None = None) -> Secret:
    """Open the key file.

    Raises:
        WrongPinError: The PIN is wrong.
        KeyFileDamagedError: The file is not a key file, or its bytes rotted.
        KeyStoreMissingError: It needs the platform's half, which is not there.
        NotEnoughMemoryError: The machine cannot give the memory asked for.
    """
    return open_box(box, pin, purpose=Purpose.VAULT, platform_half=platform_half)


def is_passphrase(typed: str) -> bool:
    """Tell whether something is more than a PIN: ten characters or five words, not digits alone."""
    is_long = len(typed) >= PASSPHRASE_CHARACTERS or len(typed.split()) >= PASSPHRASE_WORDS
    return is_long and not typed.replace(" ", "").isdecimal()


def check_pin_policy(pin: str, *, may_be_short: bool) -> None:
    """Judge a new PIN.

    Args:
        pin: What the officer chose.
        may_be_short: Six digits will do: a key store holds the other half, the role may go by
            a PIN alone, or this is a demo.

    Raises:
        WeakPinError: It is too weak for where it protects.
    """
    if may_be_short:
        if len(pin) < SHORT_PIN_DIGITS:
            raise WeakPinError("pin_too_short", minimum=SHORT_PIN_DIGITS)
    elif not is_passphrase(pin):
        code = "passphrase_is_digits" if pin.isdecimal() else "passphrase_too_short"
        raise WeakPinError(code, minimum=PASSPHRASE_CHARACTERS, words=PASSPHRASE_WORDS)
