"""Sealing and opening batches, and wrapping the keys they are sealed with (PROTOCOL 2, 3).

Laws:
  * A body's key is fresh for each batch (a random salt), so its nonce is zero and never reused,
    even by a phone restored from a backup.
  * The sealed body is bound to the whole header but its own hash: nobody can pass another's
    ciphertext off as his own, or move it to another stream.
  * A key opened from a packet is believed only when it gives the kid that the header commits to.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp.crypto.keys import DeviceKeys, OfficeKey
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.suite import (
    KEY_BYTES,
    ZERO_NONCE,
    aead_open,
    aead_seal,
    derive_key,
    hpke_open,
    hpke_seal,
)
from fieldapp.errors import (
    LocalProtocolError,
    NotARecipientError,
    RemoteProtocolError,
    TamperedBatchError,
)
from fieldapp.protocol.batch import (
    TAG_BYTES,
    UNSIGNED_BYTES,
    ZERO_ID,
    Batch,
    Flag,
    Header,
    Kind,
    aad_of,
    body_hash,
    join_body,
    parse_batch,
)
from fieldapp.protocol.grants import OfficeKeyRow, office_key_info
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId, Kid, kid_of
from fieldapp.protocol.key_packet import KeyPacket, Recipient, WrappedKey, key_info
from fieldapp.protocol.limits import MAX_ENTRY_BYTES
from fieldapp.protocol.payload import deflate, pack_entries, unpack_entries

BODY_LABEL: Final = b"baraza-body-v1\0"
SALT_BYTES: Final = 16
NO_KID: Final = Kid(ZERO_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """Where a new batch will stand."""

    kind: Kind
    seq: int
    prev: bytes
    channel: ChannelId
    directory_version: int
    dictionary: int = 0
    stored: bool = False
    kid: Kid = NO_KID
    """Only for an erase order: the kid of the batch it erases."""


def new_sender_key() -> Secret:
    """Return a fresh key for a stream, or for a single restricted record."""
    return Secret(os.urandom(KEY_BYTES))


def new_salt() -> bytes:
    """Return 16 fresh bytes: the salt or the seed of one batch."""
    return os.urandom(SALT_BYTES)


def wrap_key(
    sender_key: Secret,
    *,
    author: DeviceId,
    channel: ChannelId,
    recipient: Recipient,
    public_x25519: bytes,
) -> WrappedKey:
    """Seal a sender key to one reader.

    Args:
        sender_key: The key K.
        author: The device whose batches K seals, also when another device grants it.
        channel: The stream's channel.
        recipient: The reader's office or device and its epoch.
        public_x25519: The reader's key of that epoch.

    Raises:
        UntrustedSenderError: The public key is not a usable X25519 key.
    """
    kid = kid_of(sender_key.reveal())
    info = key_info(author=author, channel=channel, kid=kid, recipient=recipient)
    return WrappedKey(recipient, hpke_seal(sender_key.reveal(), public_x25519, info))


def unwrap_key(
    wrapped: WrappedKey,
    *,
    author: DeviceId,
    channel: ChannelId,
    kid: Kid,
    private_x25519: X25519PrivateKey,
) -> Secret:
    """Open a sender key that is wrapped for me.

    Raises:
        NotARecipientError: It was sealed to another key, or for another place.
        TamperedBatchError: It opens, but to a key that the header does not commit to.
    """
    info = key_info(author=author, channel=channel, kid=kid, recipient=wrapped.recipient)
    sender_key = hpke_open(wrapped.sealed, private_x25519, info)
    if kid_of(sender_key.reveal()) != kid:
        raise TamperedBatchError(reason="kid")
    return sender_key


def wrap_office_key(office_key: OfficeKey, device: DeviceId, public_x25519: bytes) -> OfficeKeyRow:
    """Seal an office's private half to one of its devices.

    Raises:
        UntrustedSenderError: The public key is not a usable X25519 key.
    """
    info = office_key_info(office=office_key.office, epoch=office_key.epoch, device=device)
    sealed = hpke_seal(office_key.to_secret().reveal(), public_x25519, info)
    return OfficeKeyRow(office_key.office, office_key.epoch, device, sealed)


def unwrap_office_key(
    row: OfficeKeyRow, *, public_x25519: bytes, private_x25519: X25519PrivateKey
) -> OfficeKey:
    """Open an office's private half that is sealed to this device.

    Args:
        row: The row of a kind 7 batch.
        public_x25519: What the directory shows for this office and epoch.
        private_x25519: This device's key.

    Raises:
        NotARecipientError: It was sealed to another device.
        TamperedBatchError: It opens, but not to the key of the directory.
    """
    info = office_key_info(office=row.office, epoch=row.epoch, device=row.device)
    office_key = OfficeKey.from_secret(
        row.office, row.epoch, hpke_open(row.sealed, private_x25519, info)
    )
    if office_key.public != public_x25519:
        raise TamperedBatchError(reason="office_key")
    return office_key


def seal_batch(  # noqa: PLR0913 - everything that the bytes depend on is handed in, nothing drawn
    entries: Sequence[bytes],
    *,
    keys: DeviceKeys,
    plan: BatchPlan,
    sender_key: Secret,
    key_packet: KeyPacket | None,
    salt: bytes,
    seed: bytes,
) -> Batch:
    """Seal entries into a signed batch.

    Args:
        entries: 1 to 50 entries, hashed as they are.
        keys: The author's.
        plan: Where the batch will stand.
        sender_key: The key K that the channel's readers hold, or get by the packet.
        key_packet: Attached when K is new.
        salt: 16 fresh bytes.
        seed: 16 other fresh bytes.

    Raises:
        LocalProtocolError: A limit is broken, or the plan is for a plain kind.
    """
    _check_entries(entries, plan)
    plaintext, root = pack_entries(entries, seed, dictionary=plan.dictionary, stored=plan.stored)
    packet = b"" if key_packet is None else key_packet.to_bytes()
    header = replace(
        _draft_header(keys, plan),
        flags=_flags(plan, has_packet=bool(packet)),
        kid=kid_of(sender_key.reveal()),
        salt=salt,
        root=root,
        body_length=len(join_body(packet, b"")) + len(plaintext) + TAG_BYTES,
    )
    body_key = derive_key(sender_key, salt=salt, info=BODY_LABEL)
    ciphertext = aead_seal(body_key, ZERO_NONCE, plaintext, header.aad())
    return _sign(header, packet, ciphertext, keys)


def seal_plain(payload: bytes, *, keys: DeviceKeys, plan: BatchPlan) -> Batch:
    """Sign a payload of a plain kind: directory, erase order, grants or office keys.

    Raises:
        LocalProtocolError: The plan is for a sealed kind, or the payload is too long.
    """
    header = replace(_draft_header(keys, plan), kid=plan.kid)
    if not header.is_plain or plan.stored:
        raise LocalProtocolError(what="plain_kind")
    body = deflate(payload, plan.dictionary)
    return _sign(replace(header, body_length=len(body)), b"", body, keys)


def open_batch(batch: Batch, sender_key: Secret) -> list[bytes]:
    """Open a sealed batch; its signature is checked elsewhere.

    Raises:
        NotARecipientError: The key is not the one that the header commits to.
        TamperedBatchError: The body is not what its author sealed.
        MalformedMessageError: The author sealed something that is no payload.
        LimitExceededError: It inflates beyond the limit.
        UnsupportedVersionError: It needs a dictionary of a newer version.
    """
    return unpack_entries(open_payload(batch, sender_key), batch.header)


def open_payload(batch: Batch, sender_key: Secret) -> bytes:
    """Return the padded plaintext, which starts with the seed; a re-issue needs it.

    Raises:
        NotARecipientError: The key is not the one that the header commits to.
        TamperedBatchError: The body is not what its author sealed, or was erased.
    """
    header = batch.header
    if header.is_plain or kid_of(sender_key.reveal()) != header.kid:
        raise NotARecipientError(reason="kid")
    body_key = derive_key(sender_key, salt=header.salt, info=BODY_LABEL)
    return aead_open(body_key, ZERO_NONCE, batch.ciphertext(), aad_of(batch.raw[:UNSIGNED_BYTES]))


def _check_entries(entries: Sequence[bytes], plan: BatchPlan) -> None:
    if plan.kind is not Kind.REISSUE and any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise LocalProtocolError(what="entry_bytes", limit=MAX_ENTRY_BYTES)


def _flags(plan: BatchPlan, *, has_packet: bool) -> int:
    flags = Flag.STORED if plan.stored else Flag(0)
    if plan.dictionary:
        flags |= Flag.DICTIONARY
    if has_packet:
        flags |= Flag.KEY_PACKET
    return int(flags)


def _draft_header(keys: DeviceKeys, plan: BatchPlan) -> Header:
    """Return a header with everything that does not depend on the body."""
    return Header(
        kind=plan.kind,
        flags=_flags(plan, has_packet=False),
        dictionary=plan.dictionary,
        device=keys.device,
        seq=plan.seq,
        prev=plan.prev,
        channel=plan.channel,
        directory_version=plan.directory_version,
        kid=NO_KID,
        salt=ZERO_ID,
        body_length=0,
        body_hash=ZERO_HASH,
        root=ZERO_HASH,
    )


def _sign(header: Header, packet: bytes, ciphertext: bytes, keys: DeviceKeys) -> Batch:
    """Fix the body's hash, sign, and read the result back as any reader would."""
    hashed = replace(header, body_hash=body_hash(packet, ciphertext))
    signed = replace(hashed, signature=keys.sign(hashed.signing_bytes()))
    try:
        return parse_batch(signed.to_bytes() + join_body(packet, ciphertext))
    except RemoteProtocolError as error:
        raise LocalProtocolError(what="batch", reason=str(error)) from error
