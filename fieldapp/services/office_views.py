"""What a service hands to the screens and commands of an office; laws as in ``views``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device that this office may see.

    Attributes:
        words: while they are still to be compared.
        since_ms: since when it is known here to be in its state.
        kept_apart: how many of its sealed batches lie here beyond its cut.
        adoptable: how many of those this office may take over.
        holder: the officer's name, where it is known here.
        is_own: whether it is this device.
        may_act: whether this device may confirm, move or end it.
    """

    device: str
    unit: str
    unit_name: str
    role: str
    state: str
    last_seen_at_ms: int | None
    words: str | None
    desk: str = "admin"
    since_ms: int | None = None
    kept_apart: int = 0
    adoptable: int = 0
    holder: str = ""
    is_own: bool = False
    may_act: bool = False


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """An invite that nobody has used yet; ``is_over`` when its time has passed."""

    invite_id: str
    unit: str
    unit_name: str
    role: str
    desk: str
    expires_at_ms: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Adopted:
    """What an adoption took over, and what it left.

    Attributes:
        batches: how many batches were adopted.
        changes: how many entries of records count again here because of it.
        left: sealed batches that still lie outside.
        statements_left: names of directory batches outside; each is adopted by itself.
    """

    batches: int
    changes: int
    left: int
    statements_left: Sequence[str]


@dataclass(frozen=True, slots=True)
class InviteView:
    """A fresh invite: the code to read out or scan, and the packet for a file."""

    code: str
    invite_id: str
    expires_at_ms: int
    packet_text: str


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office: ``UNIT/DESK`` and the epoch of its key."""

    office: str
    epoch: int
    members: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """What ``hq init`` made: ``shares`` are file names in the folder that was asked for.

    ``is_claimed`` is false when the server's answer was lost: the next sync asks again.
    """

    org: str
    device: str
    shares: Sequence[str]
    handover_phrases: Mapping[str, str]
    is_claimed: bool = True
