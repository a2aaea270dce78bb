"""The vault key at rest, and which PIN may protect it.

The key file is a box under the PIN (see `passphrase_box`); where the platform has a key store,
half of the wrapping key lies there and the PIN alone opens nothing. Delays after wrong PINs and
the file's life on disk are storage's.
"""

import os
from typing import Final

from fieldapp.crypto.passphrase_box import (
    DEFAULT_PARAMS,
    KdfParams,
    Purpose,
    needs_platform_half,
    open_box,
    seal_box,
)
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.suite import KEY_BYTES
from fieldapp.errors import WeakPinError

__all__ = (
    "DEFAULT_PARAMS",
    "KdfParams",
    "check_pin_policy",
    "needs_platform_half",
    "new_vault_key",
    "unwrap_vault_key",
    "wrap_vault_key",
)

SHORT_PIN_DIGITS: Final = 6
PASSPHRASE_CHARACTERS: Final = 10


def new_vault_key() -> Secret:
    """Return a fresh key for a vault, or for the platform's half of its wrapping."""
    return Secret(os.urandom(KEY_BYTES))


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


def check_pin_policy(pin: str, *, may_be_short: bool) -> None:
    """Judge a new PIN.

    Args:
        pin: What the officer chose.
        may_be_short: A key store holds the other half (or this is a demo): 6 digits will do.

    Raises:
        WeakPinError: It is too short for where it protects.
    """
    if may_be_short:
        if len(pin) < SHORT_PIN_DIGITS:
            raise WeakPinError("pin_too_short", minimum=SHORT_PIN_DIGITS)
    elif len(pin) < PASSPHRASE_CHARACTERS:
        raise WeakPinError("passphrase_too_short", minimum=PASSPHRASE_CHARACTERS)
