"""The founding of an organisation: its root, headquarters, and one hand-over per desk.

Laws:
  * The root is three keys, threshold two. They leave here as three share files and are kept
    nowhere else; so is each ``KE`` desk's office key, in its hand-over file under eight words.
  * Headquarters' own device keeps the key of ``KE/admin`` and the directory key, and no other.
  * Nothing is written here; what must be written is handed back.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fieldapp.crypto.invite_secret import invite_keys, new_invite_secret
from fieldapp.crypto.keys import (
    DeviceKeys,
    OfficeKey,
    SigningKey,
    generate_device_keys,
    generate_office_key,
    generate_signing_key,
)
from fieldapp.crypto.secret import Secret
from fieldapp.protocol.channels import RESTRICTED_DESKS, Desk, OfficeRef
from fieldapp.protocol.ids import InviteId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.root_document import (
    ROOT_KEYS,
    ROOT_THRESHOLD,
    RootDocument,
    root_signing_bytes,
)
from fieldapp.protocol.statements import (
    DeviceStatement,
    InviteStatement,
    OfficeStatement,
    RootStatement,
)
from fieldapp.protocol.units import REPUBLIC
from fieldapp.services.ports import Chance

HAND_OVER_DAYS: Final = 365
DAY_MS: Final = 24 * 60 * 60 * 1000
INVITE_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class HandOver:
    """One desk's office key and the invite for its first device."""

    desk: str
    invite: InviteId
    secret: Secret
    office_key: OfficeKey
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Founding:
    """A new organisation, before anything of it was written or claimed."""

    root: RootStatement
    document: RootDocument
    shares: tuple[SigningKey, ...]
    device_keys: DeviceKeys
    admin_key: OfficeKey
    directory_key: SigningKey
    hand_overs: tuple[HandOver, ...]


def found(org: str, server_key: bytes, *, now_ms: int, chance: Chance) -> Founding:
    """Make the root document and every key that it speaks of.

    Args:
        org: the organisation's name.
        server_key: the Ed25519 key that the server answered with.
        now_ms: our time.
        chance: for the ids of invites.
    """
    shares = tuple(generate_signing_key() for _ in range(ROOT_KEYS))
    device_keys = generate_device_keys()
    directory_key = generate_signing_key()
    admin_key = generate_office_key(OfficeRef(REPUBLIC, Desk.ADMIN).id, 1)
    hand_overs = tuple(_hand_over(desk, now_ms, chance) for desk in RESTRICTED_DESKS)
    document = RootDocument(
        version=1,
        keys=tuple(share.public for share in shares),
        org=org,
        created_ms=now_ms,
        server_key=server_key,
        directory_key=directory_key.public,
        devices=(_admin_device(device_keys),),
        offices=(
            OfficeStatement(REPUBLIC, Desk.ADMIN.value, 1, admin_key.public),
            *(OfficeStatement(REPUBLIC, one.desk, 1, one.office_key.public) for one in hand_overs),
        ),
        invites=tuple(_invite(one) for one in hand_overs),
    )
    doc = document.to_bytes()
    signatures = _sign(doc, shares[:ROOT_THRESHOLD])
    root = RootStatement(doc, signatures)
    return Founding(root, document, shares, device_keys, admin_key, directory_key, hand_overs)


def _sign(doc: bytes, shares: Sequence[SigningKey]) -> tuple[tuple[int, bytes], ...]:
    message = root_signing_bytes(doc)
    return tuple((index, share.sign(message)) for index, share in enumerate(shares))


def _admin_device(keys: DeviceKeys) -> DeviceStatement:
    return DeviceStatement(
        device=keys.device,
        ed=keys.public_ed25519,
        x=keys.public_x25519,
        unit=REPUBLIC,
        desk=Desk.ADMIN.value,
        role=Role.HQ_ADMIN,
        confirmed=True,
    )


def _hand_over(desk: Desk, now_ms: int, chance: Chance) -> HandOver:
    return HandOver(
        desk=desk.value,
        invite=InviteId(chance.token(INVITE_BYTES)),
        secret=new_invite_secret(),
        office_key=generate_office_key(OfficeRef(REPUBLIC, desk).id, 1),
        expires_ms=now_ms + HAND_OVER_DAYS * DAY_MS,
    )


def _invite(one: HandOver) -> InviteStatement:
    return InviteStatement(
        invite=one.invite,
        key=invite_keys(one.invite, one.secret).signing.public,
        unit=REPUBLIC,
        desk=one.desk,
        role=Role.REFERRAL_DESK,
        expires_ms=one.expires_ms,
    )


def share_text(number: int, share: SigningKey, org: str) -> str:
    """Write the text of one root share's file."""
    secret = base64.b64encode(share.to_secret().reveal()).decode("ascii")
    return json.dumps(
        {
            "baraza": "root-share",
            "share": number,
            "of": ROOT_KEYS,
            "threshold": ROOT_THRESHOLD,
            "org": org,
            "key": secret,
        }
    )
