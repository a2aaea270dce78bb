"""Vaults for tests: a real AEAD under a fixed key, made-up batches, seeded bytes."""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from fieldapp.errors import TamperedBatchError
from fieldapp.protocol.batch import ZERO_ID, Batch, Header, Kind, body_hash, parse_batch
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId, Kid, OfficeId, RecordId
from fieldapp.storage.vault import Vault

VAULT_KEY = bytes(range(32))
CHANNEL = ChannelId(b"channel1")


class CountingCipher:
    """A RowCipher with a nonce that counts: real sealing, the same bytes in every run."""

    def __init__(self, key: bytes = VAULT_KEY) -> None:
        self._aead = ChaCha20Poly1305(key)
        self._count = 0

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        self._count += 1
        nonce = self._count.to_bytes(12, "big")
        return nonce + self._aead.encrypt(nonce, plaintext, aad)

    def open(self, blob: bytes, aad: bytes) -> bytes:
        try:
            return self._aead.decrypt(blob[:12], blob[12:], aad)
        except InvalidTag as problem:
            raise TamperedBatchError from problem


def seeded(name: str, size: int = 16) -> bytes:
    """Return bytes that depend on the name only."""
    return hashlib.shake_128(name.encode()).digest(size)


def device(name: str) -> DeviceId:
    return DeviceId(seeded("device " + name))


def open_vault(path: Path, key: bytes = VAULT_KEY) -> Vault:
    return Vault.open(path, CountingCipher(key), record_cipher=CountingCipher)


def made_batch(
    number: int,
    *,
    author: str = "amina",
    channel: ChannelId = CHANNEL,
    kind: Kind = Kind.ENTRIES,
    kid: bytes = ZERO_ID,
    body: bytes = bytes(300),
) -> Batch:
    """Return a batch that parses but whose seal and signature mean nothing."""
    header = Header(
        kind=kind,
        flags=0,
        dictionary=0,
        device=device(author),
        seq=number,
        prev=ZERO_HASH if number == 1 else seeded("previous", 32),
        channel=channel,
        directory_version=1,
        kid=Kid(kid),
        salt=bytes(16),
        body_length=len(body),
        body_hash=body_hash(b"", body),
        root=ZERO_HASH,
        signature=seeded("signature", 64),
    )
    return parse_batch(header.to_bytes() + body)


def channel(name: str) -> ChannelId:
    return ChannelId(seeded("channel " + name, 8))


def kid(name: str) -> Kid:
    return Kid(seeded("kid " + name))


def office(name: str) -> OfficeId:
    return OfficeId(seeded("office " + name))


def record(name: str) -> RecordId:
    return RecordId(seeded("record " + name))
