"""HPKE base mode written from RFC 9180 alone: a second opinion on the library's.

The sender's ephemeral key is an argument, so that test vectors can be made twice alike.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEM_SUITE = b"KEM\x00\x20"
HPKE_SUITE = b"HPKE\x00\x20\x00\x01\x00\x03"


def extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    """LabeledExtract of RFC 9180, section 4."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, sha256)


def expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand of RFC 9180, section 4, for one block of output."""
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labelled + b"\x01", sha256)[:length]


def key_schedule(shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    """The key and the base nonce of mode_base (section 5.1)."""
    context = (
        b"\x00"
        + extract(HPKE_SUITE, b"", b"psk_id_hash", b"")
        + extract(HPKE_SUITE, b"", b"info_hash", info)
    )
    secret = extract(HPKE_SUITE, shared_secret, b"secret", b"")
    return (
        expand(HPKE_SUITE, secret, b"key", context, 32),
        expand(HPKE_SUITE, secret, b"base_nonce", context, 12),
    )


def shared_secret_of(exchanged: bytes, enc: bytes, public: bytes) -> bytes:
    """ExtractAndExpand of DHKEM (section 4.1)."""
    key = extract(KEM_SUITE, b"", b"eae_prk", exchanged)
    return expand(KEM_SUITE, key, b"shared_secret", enc + public, 32)


def seal(plaintext: bytes, public: bytes, info: bytes, ephemeral: bytes, aad: bytes = b"") -> bytes:
    """SealBase: enc, then the ciphertext."""
    sender = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = sender.public_key().public_bytes_raw()
    exchanged = sender.exchange(X25519PublicKey.from_public_bytes(public))
    key, nonce = key_schedule(shared_secret_of(exchanged, enc, public), info)
    return enc + ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)


def open_sealed(sealed: bytes, private: bytes, info: bytes, aad: bytes = b"") -> bytes:
    """OpenBase."""
    receiver = X25519PrivateKey.from_private_bytes(private)
    enc, public = sealed[:32], receiver.public_key().public_bytes_raw()
    exchanged = receiver.exchange(X25519PublicKey.from_public_bytes(enc))
    key, nonce = key_schedule(shared_secret_of(exchanged, enc, public), info)
    return ChaCha20Poly1305(key).decrypt(nonce, sealed[32:], aad)
