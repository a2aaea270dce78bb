"""Verdicts of the directory: what became of a statement, and why (PROTOCOL 7.5).

Laws:
  * Every statement is accepted, void for a named reason, or waiting for something named.
  * Void and waiting statements have no effect at all; both are kept and shown.
  * What waits is judged again when the thing arrives; nobody has to send it twice.
"""

from dataclasses import dataclass
from enum import StrEnum

from fieldapp.protocol.ids import DeviceId


class Outcome(StrEnum):
    """What became of a batch."""

    ACCEPTED = "accepted"
    VOID = "void"
    WAITING = "waiting"
    KNOWN = "known"


class Reason(StrEnum):
    """Why a statement does not count."""

    # Waiting.
    CHAIN_GAP = "chain_gap"
    UNKNOWN_ISSUER = "unknown_issuer"
    UNKNOWN_INVITE = "unknown_invite"
    ISSUER_UNCONFIRMED = "issuer_unconfirmed"
    WAITING_FOR_UPDATE = "waiting_for_update"
    # The batch.
    MALFORMED = "malformed"
    BAD_SIGNATURE = "bad_signature"
    FORKED = "forked"
    WRONG_CHANNEL = "wrong_channel"
    NOT_ALONE = "not_alone"
    # The issuer.
    ISSUER_REVOKED = "issuer_revoked"
    ROLE_MAY_NOT_ENROL = "role_may_not_enrol"
    ROLE_ABOVE_ISSUER = "role_above_issuer"
    OUTSIDE_SUBTREE = "outside_subtree"
    WRONG_DESK = "wrong_desk"
    # The root.
    FORGED_ROOT = "forged_root"
    ROOT_SIGNATURES = "root_signatures"
    ROOT_VERSION = "root_version"
    # Offices and invites.
    EPOCH_NOT_NEXT = "epoch_not_next"
    OFFICE_TOO_HIGH = "office_too_high"
    UNKNOWN_OFFICE = "unknown_office"
    ROLE_DOES_NOT_FIT = "role_does_not_fit"
    INVITE_EXISTS = "invite_exists"
    # Devices.
    ID_MISMATCH = "id_mismatch"
    KEY_MISMATCH = "key_mismatch"
    CLAIM_SIGNATURE = "claim_signature"
    ALREADY_CLAIMED = "already_claimed"
    INVITE_USED = "invite_used"
    CUT_MISSING = "cut_missing"
    UNKNOWN_DEVICE = "unknown_device"
    DEVICE_REVOKED = "device_revoked"
    CUTS_OWN_ISSUER = "cuts_own_issuer"


class AlarmCode(StrEnum):
    """What people must be shown although nothing is wrong with the bytes."""

    SECOND_CLAIM = "second_claim"
    DESK_OFFICE_CREATED = "desk_office_created"


@dataclass(frozen=True, slots=True)
class Voided:
    """A statement without effect; index None stands for its whole batch."""

    hash: bytes
    device: DeviceId
    position: int
    index: int | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something to show.

    Attributes:
        device: the second claimant, or the device that created the office.
        subject: the invite in hex, or the office as UNIT/DESK.
    """

    code: AlarmCode
    position: int
    device: DeviceId
    subject: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What one batch did to a directory.

    Attributes:
        outcome: accepted when at least one statement was.
        reason: the first reason when something is void or waiting.
        refolded: the whole history was folded again, so any verdict may have changed.
        devices: devices whose certificates changed; all of them after a refold.
        released: hashes of earlier batches that no longer wait.
    """

    outcome: Outcome
    reason: Reason | None = None
    refolded: bool = False
    devices: frozenset[DeviceId] = frozenset()
    released: tuple[bytes, ...] = ()
