"""A newcomer's claim: who the invite makes of a device, and its first statement.

Laws:
  * The claim is the first batch of the device's own directory stream, signed by the invite's key.
  * It is queued in the transaction that makes the vault: nothing waits for a network.
"""

from __future__ import annotations

from dataclasses import replace

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.statements import ClaimStatement, encode_statements
from fieldapp.services.joining import Joining
from fieldapp.services.workspace import META_FINGERPRINT, META_UNITS, Profile, as_json
from fieldapp.storage.vault import Transaction
from fieldapp.sync.directory_store import keep_directory
from fieldapp.sync.own_streams import DIRECTORY, append


def introduction(profile: Profile) -> dict[str, str]:
    """What readers are told of the holder of a device: an officer record's fields."""
    fields = {"name": profile.name, "role": profile.role}
    if profile.desk != "admin":
        fields["desk"] = profile.desk
    return fields


def invited_profile(joining: Joining, officer_name: str) -> Profile:
    """Who holds the new vault, as the invite says, under the name that was typed."""
    invite = joining.invite
    return Profile(
        name=officer_name.strip(),
        role=invite.role.value,
        unit=invite.unit,
        desk=invite.desk,
        org=joining.packet.org,
        server_url=joining.packet.server_url,
        invite=invite.invite.hex(),
    )


def queue_claim(tx: Transaction, joining: Joining, keys: DeviceKeys, now_ms: int) -> None:
    """Keep the invite's directory and queue our claim as the first of our own statements."""
    keep_directory(tx, joining.batches, now_ms=now_ms)
    tx.meta.set(META_FINGERPRINT, joining.code.root_fingerprint)
    tx.meta.set(META_UNITS, as_json(list(joining.packet.units)))
    if joining.office_key:
        office = joining.directory.office(joining.invite.unit, joining.invite.desk)
        if office is not None:
            tx.office_keys.put(office.id, 1, joining.office_key)
    append(tx, _claim_batch(joining, keys, now_ms), now_ms=now_ms, priority=DIRECTORY)


def _claim_batch(joining: Joining, keys: DeviceKeys, now_ms: int) -> Batch:
    """The newcomer's own certificate, as the first batch of its directory stream."""
    invite = joining.invite
    claim = ClaimStatement(invite.invite, keys.public_ed25519, keys.public_x25519, now_ms)
    signed = replace(claim, sig=joining.keys.signing.sign(claim.signing_bytes()))
    plan = BatchPlan(
        kind=Kind.DIRECTORY,
        seq=1,
        prev=ZERO_HASH,
        channel=Channel(invite.unit, ChannelClass.DIRECTORY).id,
        directory_version=joining.directory.version,
    )
    return seal_plain(encode_statements([signed]), keys=keys, plan=plan)
