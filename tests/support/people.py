"""Three people with fixed keys, one channel, and batches of theirs: the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from fieldapp.crypto.keys import DeviceKeys, OfficeKey, SigningKey
from fieldapp.crypto.sealing import BatchPlan, seal_batch, seal_plain, wrap_key
from fieldapp.crypto.secret import Secret
from fieldapp.protocol.batch import Batch, Kind, make_seq
from fieldapp.protocol.hashing import ZERO_HASH, channel_id_bytes
from fieldapp.protocol.ids import ChannelId, office_id
from fieldapp.protocol.key_packet import KeyPacket, Recipient, RecipientKind


def fixed_bytes(name: str, length: int) -> bytes:
    """Bytes that depend on their name only."""
    return hashlib.shake_256(b"baraza tests " + name.encode()).digest(length)


def device_keys(name: str) -> DeviceKeys:
    """The keys of a person's device."""
    return DeviceKeys.from_secret(Secret(fixed_bytes(f"device {name}", 64)))


AMINA = device_keys("amina")
BRIAN = device_keys("brian")
CHEBET = device_keys("chebet")
SERVER = SigningKey(Secret(fixed_bytes("server", 32)))

OFFICE = office_id("KE-005-S022", "admin")
OTHER_OFFICE = office_id("KE", "admin")
OFFICE_KEY = OfficeKey.from_secret(OFFICE, 1, Secret(fixed_bytes("office", 32)))
OTHER_OFFICE_KEY = OfficeKey.from_secret(OTHER_OFFICE, 3, Secret(fixed_bytes("other office", 32)))

DESCRIPTOR = b"\x01\x11KE-005-S022-LMKOM\x00"
CHANNEL = ChannelId(channel_id_bytes(DESCRIPTOR))
SENDER_KEY = Secret(fixed_bytes("sender key", 32))
SALT = fixed_bytes("salt", 16)
SEED = fixed_bytes("seed", 16)
ENTRIES = (
    b'{"r":"0123456789abcdefghjkmnpqrs","y":"meeting","o":"s","f":{"title":"Baraza ya usalama"}}',
    b'{"r":"0123456789abcdefghjkmnpqrs","y":"meeting","o":"s","f":{"female":8,"male":71}}',
    b'{"r":"0123456789abcdefghjkmnpqrs","y":"meeting","o":"d"}',
)


def plan(number: int = 1, *, kind: Kind = Kind.ENTRIES, prev: bytes = ZERO_HASH) -> BatchPlan:
    """A plan for a batch of generation 0 in the channel."""
    return BatchPlan(
        kind=kind, seq=make_seq(0, number), prev=prev, channel=CHANNEL, directory_version=7
    )


def packet(keys: DeviceKeys = AMINA) -> KeyPacket:
    """A key packet that wraps the sender key for both offices."""
    return KeyPacket(
        DESCRIPTOR,
        tuple(
            wrap_key(
                SENDER_KEY,
                author=keys.device,
                channel=CHANNEL,
                recipient=Recipient(RecipientKind.OFFICE, office.office, office.epoch),
                public_x25519=office.public,
            )
            for office in (OFFICE_KEY, OTHER_OFFICE_KEY)
        ),
    )


def sealed(
    where: BatchPlan | None = None,
    *,
    entries: Sequence[bytes] = ENTRIES,
    keys: DeviceKeys = AMINA,
    key_packet: KeyPacket | None = None,
) -> Batch:
    """A sealed batch."""
    return seal_batch(
        entries,
        keys=keys,
        plan=where or plan(),
        sender_key=SENDER_KEY,
        key_packet=key_packet,
        salt=SALT,
        seed=SEED,
    )


def plain(payload: bytes, kind: Kind, *, keys: DeviceKeys = AMINA) -> Batch:
    """A plain batch."""
    return seal_plain(payload, keys=keys, plan=plan(kind=kind))


def chain(length: int, *, keys: DeviceKeys = AMINA) -> list[Batch]:
    """The first batches of one stream."""
    batches: list[Batch] = []
    for number in range(1, length + 1):
        prev = batches[-1].hash if batches else ZERO_HASH
        batches.append(sealed(plan(number, prev=prev), keys=keys))
    return batches


def next_generation(where: BatchPlan, generation: int) -> BatchPlan:
    """The same place in another generation."""
    return replace(where, seq=where.seq | generation << 48)
