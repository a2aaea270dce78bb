"""What a sync and a gap proof tell: counts, codes and ids, never a value of a record.

Laws:
  * ``sent`` and ``received`` count entries, not batches and not requests.
  * ``media_...`` count whole pictures and sounds, and the bytes that moved for them; their trouble
    is never the sync's.
  * ``alarms`` name what the server's answers proved wrong; they never stop a delivery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.sync.commands import SyncFailure

Stage = Literal["connecting", "sending", "receiving", "opening", "media", "done"]


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is: ``done`` of ``total`` batches of this stage."""

    stage: Stage
    done: int = 0
    total: int = 0


Progress = Callable[[SyncProgress], None]


@dataclass(frozen=True, slots=True)
class SyncReport:
    """The outcome of one sync; ``error`` is None when all was delivered and pulled."""

    sent: int = 0
    received: int = 0
    waiting: int = 0
    quarantined: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    round_trips: int = 0
    error: SyncFailure | None = None
    media_sent: int = 0
    media_received: int = 0
    media_bytes: int = 0
    media_error: SyncFailure | None = None
    alarms: tuple[SyncFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamProof:
    """One stream: the highest number known to be sealed, how much of it is here, what lacks."""

    device: DeviceId
    channel: ChannelId
    sealed: int
    received: int
    missing: tuple[int, ...]
    forked: bool


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The gap proof over every stream that this vault reads."""

    streams: tuple[StreamProof, ...]

    @property
    def complete(self) -> bool:
        """True when no stream lacks a batch and none is forked."""
        return not any(stream.missing or stream.forked for stream in self.streams)
