"""Checking Ed25519 signatures (RFC 8032): verification raises, it never returns a boolean."""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.errors import BadSignatureError


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Hold a signature against a public key and the exact message.

    Raises:
        BadSignatureError: It does not fit, or the key is not a key.
    """
    try:
        _public_key(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise BadSignatureError from error


@lru_cache(maxsize=1024)
def _public_key(public: bytes) -> Ed25519PublicKey:
    """Return the parsed key; a stream's batches all have the same author."""
    return Ed25519PublicKey.from_public_bytes(public)
