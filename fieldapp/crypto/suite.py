"""The one suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305 (RFC 9180).

HPKE base mode comes from `cryptography`; the output is enc (32 bytes) then the ciphertext.
Context goes into `info`, as the library offers no public AAD.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fieldapp.crypto.secret import Secret
from fieldapp.errors import NotARecipientError, TamperedBatchError, UntrustedSenderError

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
ZERO_NONCE: Final = bytes(NONCE_BYTES)
"""Only under keys that seal one message ever."""

_HPKE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def hpke_seal(plaintext: bytes, public_x25519: bytes, info: bytes) -> bytes:
    """Seal to a public key.

    Raises:
        UntrustedSenderError: The public key is not a usable X25519 key.
    """
    try:
        return _HPKE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public_x25519), info)
    except ValueError as error:
        raise UntrustedSenderError(reason="x25519_key") from error


def hpke_open(sealed: bytes, private_x25519: X25519PrivateKey, info: bytes) -> Secret:
    """Open what was sealed to a key of mine.

    Raises:
        NotARecipientError: It is for another key or context, or was changed; HPKE cannot tell.
    """
    try:
        return Secret(_HPKE.decrypt(sealed, private_x25519, info))
    except (InvalidTag, ValueError) as error:
        raise NotARecipientError from error


def derive_key(
    secret: Secret, *, info: bytes, salt: bytes = b"", length: int = KEY_BYTES
) -> Secret:
    """Return HKDF-SHA256 of a secret.

    Args:
        secret: The input key material.
        info: A label that ends in a zero byte, and what follows it.
        salt: RFC 5869's salt; empty means zeros.
        length: How many bytes to derive.
    """
    kdf = HKDF(algorithm=SHA256(), length=length, salt=salt or None, info=info)
    return Secret(kdf.derive(secret.reveal()))


def aead_seal(key: Secret, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Seal with ChaCha20-Poly1305 (RFC 8439)."""
    return ChaCha20Poly1305(key.reveal()).encrypt(nonce, plaintext, aad)


def aead_open(key: Secret, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
    """Open what `aead_seal` sealed.

    Raises:
        TamperedBatchError: Another key, another context or changed bytes.
    """
    try:
        return ChaCha20Poly1305(key.reveal()).decrypt(nonce, ciphertext, aad)
    except (InvalidTag, ValueError) as error:
        raise TamperedBatchError(reason="aead") from error
