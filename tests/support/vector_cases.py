"""The cases of the test vectors, made the same way each time.

What is random in life is fixed here: salts, seeds, HPKE's ephemeral keys. Bodies are deflated by
the fixed codes of `reference_deflate`, as another zlib would write other bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from unittest import mock

from fieldapp.crypto import sealing
from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.sealing import BODY_LABEL
from fieldapp.crypto.suite import ZERO_NONCE, aead_seal, derive_key
from fieldapp.protocol import payload
from fieldapp.protocol.batch import Batch, Flag, Header, Kind, body_hash, erased_form, parse_batch
from fieldapp.protocol.dictionaries import dictionary_bytes
from fieldapp.protocol.erasure import EraseOrder, make_reissue
from fieldapp.protocol.grants import (
    GrantRow,
    OfficeKeyRow,
    encode_grants,
    encode_office_keys,
    office_key_info,
)
from fieldapp.protocol.ids import kid_of
from fieldapp.protocol.key_packet import (
    KeyPacket,
    Recipient,
    RecipientKind,
    WrappedKey,
    key_info,
)
from fieldapp.protocol.messages import StreamHead, encode_heads
from tests.support import reference_deflate, reference_hpke
from tests.support.people import (
    AMINA,
    BRIAN,
    CHANNEL,
    DESCRIPTOR,
    ENTRIES,
    OFFICE_KEY,
    OTHER_OFFICE_KEY,
    SALT,
    SEED,
    SENDER_KEY,
    fixed_bytes,
    next_generation,
    plan,
    sealed,
)
from tests.support.vectors import Vector

KID = kid_of(SENDER_KEY.reveal())


@contextmanager
def fixed_deflate() -> Iterator[None]:
    """Deflate by fixed codes while the vectors are made."""

    def deflate(data: bytes, dictionary: int = 0) -> bytes:
        return reference_deflate.deflate(data, dictionary_bytes(dictionary) or b"")

    with (
        mock.patch.object(payload, "deflate", deflate),
        mock.patch.object(sealing, "deflate", deflate),
    ):
        yield


def wrapped(recipient: Recipient, public: bytes, *, name: str) -> WrappedKey:
    """The sender key under a fixed ephemeral key."""
    info = key_info(author=AMINA.device, channel=CHANNEL, kid=KID, recipient=recipient)
    ephemeral = fixed_bytes(f"ephemeral {name}", 32)
    return WrappedKey(recipient, reference_hpke.seal(SENDER_KEY.reveal(), public, info, ephemeral))


OFFICE_WRAP = wrapped(
    Recipient(RecipientKind.OFFICE, OFFICE_KEY.office, 1), OFFICE_KEY.public, name="office"
)
OTHER_WRAP = wrapped(
    Recipient(RecipientKind.OFFICE, OTHER_OFFICE_KEY.office, 3),
    OTHER_OFFICE_KEY.public,
    name="other office",
)
DEVICE_WRAP = wrapped(
    Recipient(RecipientKind.DEVICE, BRIAN.device, 0), BRIAN.public_x25519, name="device"
)
PACKET = KeyPacket(DESCRIPTOR, (OFFICE_WRAP, OTHER_WRAP, DEVICE_WRAP))
GRANT = GrantRow(AMINA.device, CHANNEL, KID, OTHER_OFFICE_KEY.office, 3, OTHER_WRAP.sealed)
OFFICE_KEY_ROW = OfficeKeyRow(
    OFFICE_KEY.office,
    1,
    BRIAN.device,
    reference_hpke.seal(
        OFFICE_KEY.to_secret().reveal(),
        BRIAN.public_x25519,
        office_key_info(office=OFFICE_KEY.office, epoch=1, device=BRIAN.device),
        fixed_bytes("ephemeral office key", 32),
    ),
)


def forged(header: Header, plaintext: bytes, keys: DeviceKeys = AMINA) -> Batch:
    """A batch whose author seals whatever it likes, and signs it well."""
    key = derive_key(SENDER_KEY, salt=header.salt, info=BODY_LABEL)
    sized = replace(header, device=keys.device, body_length=len(plaintext) + 16)
    body = aead_seal(key, ZERO_NONCE, plaintext, sized.aad())
    hashed = replace(sized, body_hash=body_hash(b"", body))
    return parse_batch(
        replace(hashed, signature=keys.sign(hashed.signing_bytes())).to_bytes() + body
    )


def resigned(batch: Batch, keys: DeviceKeys = AMINA, **changes: object) -> bytes:
    """A batch with another header over the same body, well signed."""
    header = replace(batch.header, device=keys.device, **changes)  # type: ignore[arg-type]
    return replace(header, signature=keys.sign(header.signing_bytes())).to_bytes() + batch.body


def padded(packed: bytes) -> bytes:
    """A plaintext around deflated bytes."""
    plaintext = SEED + len(packed).to_bytes(4, "big") + packed
    return plaintext.ljust(payload.padded_size(len(plaintext), stored=False), b"\0")


def vector(
    comment: str,
    raw: bytes,
    shown: Mapping[str, str] = MappingProxyType({}),
    *,
    expect: str = "ok",
    keys: DeviceKeys = AMINA,
) -> Vector:
    """A vector of a batch, with what a reader has to know."""
    known = {"author": keys.public_ed25519.hex(), "sender-key": SENDER_KEY.reveal().hex()}
    return Vector(comment, "batch", expect, raw, {**known, **shown})


def good_batches() -> Iterator[tuple[str, Vector]]:
    """One batch of each kind and form."""
    entries = sealed(replace(plan(), dictionary=1), key_packet=PACKET)
    shown = {f"entry-{at}": entry.decode() for at, entry in enumerate(ENTRIES)}
    yield (
        "entries",
        vector(
            "three entries, dictionary 1, key packet for two offices and a device",
            entries.raw,
            {
                "hash": entries.hash.hex(),
                "office-key": OFFICE_KEY.to_secret().reveal().hex(),
                **shown,
            },
        ),
    )
    after = sealed(plan(2, prev=entries.hash))
    yield "entries-second", vector("the next batch: no packet, no dictionary", after.raw, shown)
    generation = sealed(next_generation(plan(2, prev=entries.hash), 1))
    yield (
        "entries-generation",
        vector("generation 1 after a restore, prev is number 1", generation.raw),
    )
    restricted = sealed(replace(plan(), stored=True), entries=ENTRIES[:1])
    yield "entries-stored", vector("a restricted record: stored, padded to 1024", restricted.raw)
    heads = encode_heads([StreamHead(CHANNEL, 2, after.hash)])
    yield (
        "heads",
        vector(
            "heads of the author's own streams", sealed(plan(kind=Kind.HEADS), entries=[heads]).raw
        ),
    )
    reissue = make_reissue(after.header, SEED, ENTRIES, {1})
    yield (
        "reissue",
        vector(
            "what survives of entries-second, in the re-issuer's own stream",
            sealed(plan(kind=Kind.REISSUE), entries=[reissue.to_bytes()], keys=BRIAN).raw,
            keys=BRIAN,
        ),
    )
    yield (
        "erased",
        vector("entries-second without its body", erased_form(after), expect="tampered_batch/aead"),
    )
    yield (
        "erased-with-packet",
        vector(
            "entries without its ciphertext, the packet kept",
            erased_form(entries),
            expect="tampered_batch/aead",
        ),
    )
    yield from plain_batches(after)


def plain_batches(target: Batch) -> Iterator[tuple[str, Vector]]:
    """One batch of each plain kind."""
    order = EraseOrder(target.point, (1,)).to_bytes()
    payloads = {
        Kind.DIRECTORY: b'[{"k":"adopt","hash":"00"}]',
        Kind.ERASE: order,
        Kind.GRANT: encode_grants([GRANT]),
        Kind.OFFICE_KEYS: encode_office_keys([OFFICE_KEY_ROW]),
    }
    for kind, content in payloads.items():
        where = plan(kind=kind)
        if kind is Kind.ERASE:
            where = replace(where, kid=target.header.kid)
        batch = sealing.seal_plain(content, keys=BRIAN, plan=where)
        name = kind.name.lower().replace("_", "-")
        yield (
            f"plain-{name}",
            vector(f"kind {kind}", batch.raw, {"payload": content.hex()}, keys=BRIAN),
        )


def bad_batches() -> Iterator[tuple[str, Vector]]:
    """Well signed batches that a reader has to refuse, quarantine or keep for later."""
    good = sealed()
    header = good.header
    for name, at, value in (("version", 2, 2), ("suite", 3, 2), ("kind", 4, 9), ("flags", 5, 8)):
        raw = good.raw[:at] + bytes((value,)) + good.raw[at + 1 :]
        yield (
            f"later-{name}",
            vector(f"a {name} of a later version", raw, expect=f"waiting_for_update/{name}"),
        )
    unknown = replace(header, flags=int(Flag.DICTIONARY), dictionary=0xFFFF)
    plaintext = payload.pack_entries(ENTRIES, SEED, dictionary=0, stored=False)[0]
    yield (
        "later-dictionary",
        vector(
            "a dictionary of a later version",
            forged(unknown, plaintext).raw,
            expect="waiting_for_update/dictionary",
        ),
    )
    bomb = reference_deflate.deflate(bytes(1_048_577))
    yield (
        "bomb",
        vector(
            "inflates beyond 1 MiB",
            forged(header, padded(bomb)).raw,
            expect="limit_exceeded/inflated_bytes",
        ),
    )
    yield (
        "false-root",
        vector(
            "the root of other entries",
            forged(replace(header, root=bytes(32)), plaintext).raw,
            expect="malformed_message/root",
        ),
    )
    yield (
        "false-padding",
        vector(
            "padding that is not zero",
            forged(header, plaintext[:-1] + b"\1").raw,
            expect="malformed_message/padding",
        ),
    )
    yield (
        "stolen",
        vector(
            "another device signs the same ciphertext",
            resigned(good, BRIAN),
            expect="tampered_batch/aead",
            keys=BRIAN,
        ),
    )
    yield (
        "moved",
        vector(
            "the author moves a ciphertext to another number",
            resigned(good, seq=2, prev=good.hash),
            expect="tampered_batch/aead",
        ),
    )
    yield (
        "other-kid",
        vector(
            "a kid that is not the key's",
            resigned(good, kid=bytes(16)),
            expect="not_a_recipient/kid",
        ),
    )
    yield (
        "other-author",
        vector(
            "held against another device's key", good.raw, expect="bad_signature/device", keys=BRIAN
        ),
    )
    other = KeyPacket(b"\x01\x02KE\x00", (OFFICE_WRAP,))
    yield (
        "other-channel",
        vector(
            "a packet that describes another channel",
            sealed(key_packet=other).raw,
            expect="malformed_message/channel_descriptor",
        ),
    )


def batches() -> Iterator[tuple[str, Vector]]:
    """All batch vectors by name."""
    with fixed_deflate():
        yield from good_batches()
        yield from bad_batches()


__all__ = ("GRANT", "OFFICE_KEY_ROW", "PACKET", "SALT", "batches", "fixed_deflate")
