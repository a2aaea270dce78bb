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
from fieldapp.protocol import payload
from fieldapp.protocol.batch import Batch, Kind, erased_form
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


Case = tuple[str, Vector]


def case(
    name: str,
    comment: str,
    raw: bytes,
    shown: Mapping[str, str] = MappingProxyType({}),
    *,
    expect: str = "ok",
    keys: DeviceKeys = AMINA,
) -> Case:
    """A named vector of a batch, with what a reader has to know."""
    known = {"author": keys.public_ed25519.hex(), "sender-key": SENDER_KEY.reveal().hex()}
    return name, Vector(comment, "batch", expect, raw, {**known, **shown})


FIRST_COMMENT = "three entries, dictionary 1, key packet for two offices and a device"
SHOWN = {f"entry-{at}": entry.decode() for at, entry in enumerate(ENTRIES)}


def stream_batches() -> Iterator[Case]:
    """Entries: first and next, another generation, restricted, and the erased forms."""
    first = sealed(replace(plan(), dictionary=1), key_packet=PACKET)
    keys = {"hash": first.hash.hex(), "office-key": OFFICE_KEY.to_secret().reveal().hex()}
    yield case("entries", FIRST_COMMENT, first.raw, {**keys, **SHOWN})
    after = sealed(plan(2, prev=first.hash))
    yield case("entries-second", "the next batch: no packet, no dictionary", after.raw, SHOWN)
    generation = sealed(next_generation(plan(2, prev=first.hash), 1))
    comment = "generation 1 after a restore, prev is number 1"
    yield case("entries-generation", comment, generation.raw)
    restricted = sealed(replace(plan(), stored=True), entries=ENTRIES[:1])
    yield case("entries-stored", "a restricted record: stored, padded to 1024", restricted.raw)
    gone = "tampered_batch/aead"
    yield case("erased", "entries-second without its body", erased_form(after), expect=gone)
    comment = "entries without its ciphertext, the packet kept"
    yield case("erased-with-packet", comment, erased_form(first), expect=gone)


def other_sealed_batches(target: Batch) -> Iterator[Case]:
    """Heads and a re-issue."""
    heads = encode_heads([StreamHead(CHANNEL, 2, target.hash)])
    batch = sealed(plan(kind=Kind.HEADS), entries=[heads])
    yield case("heads", "heads of the author's own streams", batch.raw)
    reissue = make_reissue(target.header, SEED, ENTRIES, {1}).to_bytes()
    batch = sealed(plan(kind=Kind.REISSUE), entries=[reissue], keys=BRIAN)
    comment = "survivors of another's batch, in the re-issuer's own stream"
    yield case("reissue", comment, batch.raw, keys=BRIAN)


def plain_batches(target: Batch) -> Iterator[Case]:
    """One batch of each plain kind."""
    payloads = {
        Kind.DIRECTORY: b'[{"k":"adopt","hash":"00"}]',
        Kind.ERASE: EraseOrder(target.point, (1,)).to_bytes(),
        Kind.GRANT: encode_grants([GRANT]),
        Kind.OFFICE_KEYS: encode_office_keys([OFFICE_KEY_ROW]),
    }
    for kind, content in payloads.items():
        where = plan(kind=kind)
        if kind is Kind.ERASE:
            where = replace(where, kid=target.header.kid)
        batch = sealing.seal_plain(content, keys=BRIAN, plan=where)
        name = "plain-" + kind.name.lower().replace("_", "-")
        yield case(name, f"kind {kind}", batch.raw, {"payload": content.hex()}, keys=BRIAN)


def good_batches() -> Iterator[Case]:
    """One batch of each kind and form."""
    yield from stream_batches()
    yield from other_sealed_batches(sealed())
    yield from plain_batches(sealed())
