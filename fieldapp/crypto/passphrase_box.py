"""A secret in a file, under a PIN or a phrase (PROTOCOL 3.7).

     0   4  magic "BVK1"
     4   1  purpose: 1 vault key under a PIN, 2 handed-over key under a phrase
     5   1  flags: bit 0, the platform's key store holds a further half
     6   4  Argon2id memory in KiB
    10   2  Argon2id passes
    12   1  Argon2id lanes
    13   1  zero
    14  16  salt
    30  12  nonce
    42   2  length n of the sealed secret
    44   n  ChaCha20-Poly1305, bytes 0..43 as AAD
  44+n   8  SHA-256 of all before, cut

Laws:
  * Parameters are in the file, so that they can grow, and are bounded before they are used.
  * The last 8 bytes tell rot from a wrong PIN: a file that fails them never judges a PIN.
"""

import os
import struct
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from fieldapp.crypto.secret import Secret
from fieldapp.crypto.suite import KEY_BYTES, NONCE_BYTES, aead_open, aead_seal, derive_key
from fieldapp.errors import (
    KeyFileDamagedError,
    KeyStoreMissingError,
    NotEnoughMemoryError,
    TamperedBatchError,
    WrongPinError,
)
from fieldapp.protocol.hashing import sha256

MAGIC: Final = b"BVK1"
SALT_BYTES: Final = 16
_CHECK_BYTES: Final = 8
_TAG_BYTES: Final = 16
_NEEDS_PLATFORM: Final = 1
_HEAD: Final = struct.Struct(">4sBBIHBB16s12sH")
_MAX_MEMORY_KIB: Final = 1 << 20
_MAX_PASSES: Final = 64
_MAX_LANES: Final = 16
_MIN_KIB_PER_LANE: Final = 8


class Purpose(IntEnum):
    """What the box protects, and so which word opens it."""

    VAULT = 1
    HAND_OVER = 2


_LABEL_BY_PURPOSE: Final = {
    Purpose.VAULT: b"baraza-vault-key-v1\0",
    Purpose.HAND_OVER: b"baraza-hand-over-v1\0",
}
_WRONG_BY_PURPOSE: Final = {Purpose.VAULT: "wrong_pin", Purpose.HAND_OVER: "wrong_phrase"}


@dataclass(frozen=True, slots=True)
class KdfParams:
    """How dear one guess is (Argon2id, RFC 9106)."""

    memory_kib: int = 32 * 1024
    passes: int = 3
    lanes: int = 1

    @property
    def is_sane(self) -> bool:
        """Tell whether the numbers are within what any device may be asked for."""
        return (
            1 <= self.lanes <= _MAX_LANES
            and 1 <= self.passes <= _MAX_PASSES
            and self.lanes * _MIN_KIB_PER_LANE <= self.memory_kib <= _MAX_MEMORY_KIB
        )

    @property
    def cost(self) -> int:
        """Memory times passes, to compare two settings."""
        return self.memory_kib * self.passes


DEFAULT_PARAMS: Final = KdfParams()


def argon2id(password: bytes, salt: bytes, params: KdfParams, length: int) -> Secret:
    """Return Argon2id of a password.

    Raises:
        NotEnoughMemoryError: The machine cannot give the memory asked for.
    """
    try:
        return Secret(
            hash_secret_raw(
                password,
                salt,
                time_cost=params.passes,
                memory_cost=params.memory_kib,
                parallelism=params.lanes,
                hash_len=length,
                type=Type.ID,
            )
        )
    except HashingError as error:
        raise NotEnoughMemoryError(kib=params.memory_kib) from error


def seal_box(
    secret: Secret,
    password: str,
    *,
    purpose: Purpose,
    params: KdfParams = DEFAULT_PARAMS,
    platform_half: Secret | None = None,
) -> bytes:
    """Wrap a secret under a PIN or phrase.

    Args:
        secret: What to keep.
        password: The PIN or phrase; compatibility forms are folded (NFKC).
        purpose: What kind of box it is.
        params: The cost of one guess.
        platform_half: 32 bytes that the platform's key store keeps, where there is one.
    """
    flags = 0 if platform_half is None else _NEEDS_PLATFORM
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    head = _head(purpose, flags, params, salt, nonce, len(secret) + _TAG_BYTES)
    key = _box_key(password, salt, params, purpose, platform_half)
    body = head + aead_seal(key, nonce, secret.reveal(), head)
    return body + sha256(body)[:_CHECK_BYTES]


def open_box(
    box: bytes, password: str, *, purpose: Purpose, platform_half: Secret | None = None
) -> Secret:
    """Unwrap a secret.

    Raises:
        WrongPinError: The PIN or phrase is wrong.
        KeyFileDamagedError: The file is not such a box, or its bytes rotted.
        KeyStoreMissingError: It needs the platform's half, which is not there.
        NotEnoughMemoryError: The machine cannot give the memory asked for.
    """
    params, salt, nonce = _parse_head(box, purpose)
    if needs_platform_half(box):
        if platform_half is None:
            raise KeyStoreMissingError
    else:
        platform_half = None
    key = _box_key(password, salt, params, purpose, platform_half)
    try:
        sealed = box[_HEAD.size : -_CHECK_BYTES]
        return Secret(aead_open(key, nonce, sealed, box[: _HEAD.size]))
    except TamperedBatchError as error:
        raise WrongPinError(_WRONG_BY_PURPOSE[purpose]) from error


def blank_box(params: KdfParams, *, with_platform: bool) -> bytes:
    """Return a box that nothing opens and that looks like one under a PIN."""
    flags = _NEEDS_PLATFORM if with_platform else 0
    length = KEY_BYTES + _TAG_BYTES
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    body = _head(Purpose.VAULT, flags, params, salt, nonce, length) + os.urandom(length)
    return body + sha256(body)[:_CHECK_BYTES]


def first_box(raw: bytes) -> tuple[bytes, bytes]:
    """Take the first box off the bytes of a key file; return it and what follows."""
    if len(raw) < _HEAD.size:
        return raw, b""
    end = _HEAD.size + int.from_bytes(raw[_HEAD.size - 2 : _HEAD.size], "big") + _CHECK_BYTES
    return raw[:end], raw[end:]


def needs_platform_half(box: bytes) -> bool:
    """Tell whether the platform's key store holds a half of this box's key."""
    return len(box) > _HEAD.size and bool(box[5] & _NEEDS_PLATFORM)


def params_of(box: bytes) -> KdfParams:
    """Return the parameters that a box of a vault's key records.

    Raises:
        KeyFileDamagedError: The file is not such a box, or its bytes rotted.
    """
    return _parse_head(box, Purpose.VAULT)[0]


def _head(
    purpose: Purpose, flags: int, params: KdfParams, salt: bytes, nonce: bytes, length: int
) -> bytes:
    cost = params.memory_kib, params.passes, params.lanes
    return _HEAD.pack(MAGIC, purpose, flags, *cost, 0, salt, nonce, length)


def _parse_head(box: bytes, purpose: Purpose) -> tuple[KdfParams, bytes, bytes]:
    body = box[:-_CHECK_BYTES]
    if len(body) < _HEAD.size or sha256(body)[:_CHECK_BYTES] != box[-_CHECK_BYTES:]:
        raise KeyFileDamagedError(reason="checksum")
    magic, found, flags, memory_kib, passes, lanes, zero, salt, nonce, length = _HEAD.unpack_from(
        box
    )
    params = KdfParams(memory_kib, passes, lanes)
    if magic != MAGIC or found != purpose or zero or flags & ~_NEEDS_PLATFORM:
        raise KeyFileDamagedError(reason="head")
    if not params.is_sane or len(body) != _HEAD.size + length:
        raise KeyFileDamagedError(reason="parameters")
    return params, salt, nonce


def _box_key(
    password: str,
    salt: bytes,
    params: KdfParams,
    purpose: Purpose,
    platform_half: Secret | None,
) -> Secret:
    folded = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    stretched = argon2id(folded, salt, params, KEY_BYTES).reveal()
    half = b"" if platform_half is None else platform_half.reveal()
    return derive_key(Secret(stretched + half), info=_LABEL_BY_PURPOSE[purpose])
