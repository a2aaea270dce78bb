"""Statements: what a directory batch says (PROTOCOL 7.1).

Laws:
  * A payload is one JSON array of objects; ``k`` names the kind of each.
  * Signatures inside a statement cover fixed bytes under their own label, never JSON.
  * Here is what each kind says and how it is written; ``statement_reading`` takes it from
    outside, and whether it counts is the directory's to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from fieldapp.protocol import strict_json
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.cuts import Cut, cuts_to_json
from fieldapp.protocol.ids import DeviceId, InviteId, UnitId
from fieldapp.protocol.json_fields import to_b64
from fieldapp.protocol.reading import U64
from fieldapp.protocol.roles import Role

CLAIM_LABEL: Final = b"baraza-claim-v1\0"


@dataclass(frozen=True, slots=True)
class RootStatement:
    """A root document as its exact bytes, with (key index, signature) pairs."""

    doc: bytes
    sigs: tuple[tuple[int, bytes], ...]

    def to_json(self) -> dict[str, object]:
        """Write the statement."""
        sigs = [[index, to_b64(sig)] for index, sig in self.sigs]
        return {"k": "root", "doc": to_b64(self.doc), "sigs": sigs}


@dataclass(frozen=True, slots=True)
class OfficeStatement:
    """An office with the X25519 public key of one epoch."""

    unit: UnitId
    desk: str
    epoch: int
    x: bytes

    def to_json(self) -> dict[str, object]:
        """Write the statement."""
        return {
            "k": "office",
            "unit": self.unit,
            "desk": self.desk,
            "epoch": self.epoch,
            "x": to_b64(self.x),
        }


@dataclass(frozen=True, slots=True)
class InviteStatement:
    """The right of one Ed25519 key to certify one device until a time."""

    invite: InviteId
    key: bytes
    unit: UnitId
    desk: str
    role: Role
    expires_ms: int

    def to_json(self) -> dict[str, object]:
        """Write the statement."""
        return {
            "k": "invite",
            "id": self.invite.hex(),
            "key": to_b64(self.key),
            "unit": self.unit,
            "desk": self.desk,
            "role": self.role.value,
            "expires_ms": self.expires_ms,
        }


@dataclass(frozen=True, slots=True)
class ClaimStatement:
    """A new device's own certificate, signed by the invite's key."""

    invite: InviteId
    ed: bytes
    x: bytes
    created_ms: int
    sig: bytes = field(default=b"", repr=False)

    def signing_bytes(self) -> bytes:
        """Give the exact message that the invite's key signs."""
        return CLAIM_LABEL + self.invite + self.ed + self.x + U64.pack(self.created_ms)

    def to_json(self) -> dict[str, object]:
        """Write the statement."""
        return {
            "k": "claim",
            "invite": self.invite.hex(),
            "ed": to_b64(self.ed),
            "x": to_b64(self.x),
            "created_ms": self.created_ms,
            "sig": to_b64(self.sig),
        }


@dataclass(frozen=True, slots=True)
class DeviceStatement:
    """An issuer's certificate for a device: confirmation, first admission or another role."""

    device: DeviceId
    ed: bytes
    x: bytes
    unit: UnitId
    desk: str
    role: Role
    confirmed: bool
    after: tuple[Cut, ...] | None = None
    because: Cause = Cause.OTHER

    def to_json(self) -> dict[str, object]:
        """Write the statement."""
        fields: dict[str, object] = {
            "k": "device",
            "device": self.device.hex(),
            "ed": to_b64(self.ed),
            "x": to_b64(self.x),
            "unit": self.unit,
            "desk": self.desk,
            "role": self.role.value,
            "confirmed": self.confirmed,
        }
        if self.after is not None:
            fields["after"] = cuts_to_json(self.after)
            fields["because"] = self.because.value
        return fields


@dataclass(frozen=True, slots=True)
class RevokeStatement:
    """The end of a device, with the last batch of each stream that counts."""

    device: DeviceId
    cuts: tuple[Cut, ...]
    because: Cause = Cause.OTHER

    def to_json(self) -> dict[str, object]:
        """Write the statement."""
        return {
            "k": "revoke",
            "device": self.device.hex(),
            "cuts": cuts_to_json(self.cuts),
            "because": self.because.value,
        }


@dataclass(frozen=True, slots=True)
class AdoptStatement:
    """An issuer takes over one batch that a cut left outside."""

    hash: bytes
    because: Cause = Cause.OTHER

    def to_json(self) -> dict[str, object]:
        """Write the statement."""
        return {"k": "adopt", "hash": self.hash.hex(), "because": self.because.value}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A statement that a newer version wrote: kept, without effect until an update."""

    k: str


Statement: TypeAlias = (
    RootStatement
    | OfficeStatement
    | InviteStatement
    | ClaimStatement
    | DeviceStatement
    | RevokeStatement
    | AdoptStatement
)


def encode_statements(statements: Sequence[Statement]) -> bytes:
    """Write the payload of a kind 2 batch, before deflation."""
    return strict_json.dumps([statement.to_json() for statement in statements])
