"""What grows from the 16 secret bytes of an invite code (PROTOCOL 3.5).

A box key opens the invite's packet, an upload token fetches it from the server, and an Ed25519
key signs the packet and the one claim. The server learns the token only, and neither of the others
from it.
"""

import os
from dataclasses import dataclass, field
from typing import Final

from fieldapp.crypto.keys import SigningKey
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.crypto.suite import NONCE_BYTES, aead_open, aead_seal, derive_key
from fieldapp.errors import (
    BadSignatureError,
    InvalidCodeError,
    LocalProtocolError,
    TamperedBatchError,
)
from fieldapp.protocol.ids import InviteId
from fieldapp.protocol.invites import check_upload, upload_signing_bytes

SECRET_BYTES: Final = 16
TOKEN_BYTES: Final = 16
BOX_LABEL: Final = b"baraza-invite-box-v1\0"
TOKEN_LABEL: Final = b"baraza-invite-token-v1\0"
SIGN_LABEL: Final = b"baraza-invite-sign-v1\0"
PACKET_LABEL: Final = b"baraza-invite-packet-v1\0"


@dataclass(frozen=True, slots=True, eq=False)
class InviteKeys:
    """The three keys of one invite."""

    invite: InviteId
    box_key: Secret
    token: bytes = field(repr=False)
    signing: SigningKey

    def seal_packet(self, packet: bytes) -> bytes:
        """Return the packet as the server or the invite's file carries it."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + aead_seal(self.box_key, nonce, packet, PACKET_LABEL + self.invite)
        return sealed + self.signing.sign(upload_signing_bytes(self.invite, self.token, sealed))

    def open_packet(self, sealed: bytes) -> bytes:
        """Return the packet.

        Raises:
            InvalidCodeError: The code is another invite's, or the packet was changed.
        """
        try:
            box = check_upload(sealed, self.invite, self.token, self.signing.public, verify)
            nonce, body = box[:NONCE_BYTES], box[NONCE_BYTES:]
            return aead_open(self.box_key, nonce, body, PACKET_LABEL + self.invite)
        except (BadSignatureError, TamperedBatchError) as error:
            raise InvalidCodeError(reason="packet") from error


def new_invite_secret() -> Secret:
    """Return 16 fresh bytes for a code."""
    return Secret(os.urandom(SECRET_BYTES))


def invite_keys(invite: InviteId, secret: Secret) -> InviteKeys:
    """Derive the keys of an invite.

    Args:
        invite: The invite's id, which salts them.
        secret: The 16 bytes of its code.

    Raises:
        LocalProtocolError: The secret has another length.
    """
    if len(secret) != SECRET_BYTES:
        raise LocalProtocolError(what="invite_secret")
    return InviteKeys(
        invite,
        derive_key(secret, salt=invite, info=BOX_LABEL),
        derive_key(secret, salt=invite, info=TOKEN_LABEL, length=TOKEN_BYTES).reveal(),
        SigningKey(derive_key(secret, salt=invite, info=SIGN_LABEL)),
    )
