"""Batches that a reader has to refuse, to quarantine or to keep for later; most are well signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.sealing import BODY_LABEL
from fieldapp.crypto.suite import ZERO_NONCE, aead_seal, derive_key
from fieldapp.protocol import payload
from fieldapp.protocol.batch import Batch, Flag, Header, body_hash, parse_batch
from fieldapp.protocol.key_packet import KeyPacket
from tests.support import reference_deflate
from tests.support.people import AMINA, BRIAN, ENTRIES, SEED, SENDER_KEY, sealed
from tests.support.vector_cases import OFFICE_WRAP, Case, case

LATER = (("version", 2, 2), ("suite", 3, 2), ("kind", 4, 9), ("flags", 5, 8))


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


def later_batches() -> Iterator[Case]:
    """What a newer version might write."""
    raw = sealed().raw
    for name, at, value in LATER:
        later = raw[:at] + bytes((value,)) + raw[at + 1 :]
        comment = f"a {name} of a later version"
        yield case(f"later-{name}", comment, later, expect=f"waiting_for_update/{name}")
    header = replace(sealed().header, flags=int(Flag.DICTIONARY), dictionary=0xFFFF)
    plaintext = payload.pack_entries(ENTRIES, SEED, dictionary=0, stored=False)[0]
    batch = forged(header, plaintext)
    comment = "a dictionary of a later version"
    yield case("later-dictionary", comment, batch.raw, expect="waiting_for_update/dictionary")


def false_payloads() -> Iterator[Case]:
    """What an author must not seal."""
    header = sealed().header
    plaintext = payload.pack_entries(ENTRIES, SEED, dictionary=0, stored=False)[0]
    bomb = forged(header, padded(reference_deflate.deflate(bytes(1_048_577))))
    expect = "limit_exceeded/inflated_bytes"
    yield case("bomb", "inflates beyond 1 MiB", bomb.raw, expect=expect)
    batch = forged(replace(header, root=bytes(32)), plaintext)
    expect = "malformed_message/root"
    yield case("false-root", "the root of other entries", batch.raw, expect=expect)
    batch = forged(header, plaintext[:-1] + b"\1")
    expect = "malformed_message/padding"
    yield case("false-padding", "padding that is not zero", batch.raw, expect=expect)


def false_headers() -> Iterator[Case]:
    """A good body under a header that is not its own."""
    good, aead = sealed(), "tampered_batch/aead"
    comment = "another device signs the same ciphertext"
    yield case("stolen", comment, resigned(good, BRIAN), expect=aead, keys=BRIAN)
    comment = "the author moves a ciphertext to another number"
    yield case("moved", comment, resigned(good, seq=2, prev=good.hash), expect=aead)
    raw = resigned(good, kid=bytes(16))
    yield case("other-kid", "a kid that is not the key's", raw, expect="not_a_recipient/kid")
    comment, expect = "held against another device's key", "bad_signature/device"
    yield case("other-author", comment, good.raw, expect=expect, keys=BRIAN)
    packet = KeyPacket(b"\x01\x02KE\x00", (OFFICE_WRAP,))
    comment = "a packet that describes another channel"
    expect = "malformed_message/channel_descriptor"
    yield case("other-channel", comment, sealed(key_packet=packet).raw, expect=expect)


def bad_batches() -> Iterator[Case]:
    """All of them."""
    yield from later_batches()
    yield from false_payloads()
    yield from false_headers()
