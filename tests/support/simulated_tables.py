"""What a simulated server holds: tables that a test may copy, put back and look through.

Laws:
  * ``every_byte`` shows all of it, for those who search it for plaintext.
  * Nothing is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldapp.protocol.batch import Batch
from fieldapp.protocol.channels import Channel
from fieldapp.protocol.ids import ChannelId, DeviceId, ReaderId
from fieldapp.protocol.receipts import Receipt
from fieldapp.protocol.snapshot import Snapshot
from tests.support.simulated_rules import SenderKey

Stream = tuple[DeviceId, ChannelId]


@dataclass(slots=True)
class Kept:
    """A batch on the server."""

    batch: Batch
    state: str
    position: int
    stored_ms: int = 0


@dataclass(slots=True)
class FeedRow:
    """One line of a reader's feed."""

    position: int
    hash: bytes
    running: bytes


@dataclass(slots=True)
class Tables:
    """Everything that the server holds."""

    log_id: bytes = b"simulated log 01"
    position: int = 0
    kept: dict[bytes, Kept] = field(default_factory=dict)
    chains: dict[Stream, list[bytes]] = field(default_factory=dict)
    feeds: dict[ReaderId, list[FeedRow]] = field(default_factory=dict)
    erased: set[bytes] = field(default_factory=set)
    holders: dict[SenderKey, set[ReaderId]] = field(default_factory=dict)
    channels: dict[ChannelId, Channel] = field(default_factory=dict)
    receipts: list[tuple[int, Receipt]] = field(default_factory=list)
    snapshot: tuple[int, Snapshot] | None = None
    invites: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)
    chunks: dict[bytes, bytes] = field(default_factory=dict)
    parts: dict[tuple[DeviceId, bytes], bytes] = field(default_factory=dict)
    named: dict[tuple[bytes, bytes], int] = field(default_factory=dict)

    def every_byte(self) -> bytes:
        """Give all that a search for plaintext has to look at."""
        receipts = (receipt.to_bytes() for _, receipt in self.receipts)
        packets = (packet for _, packet in self.invites.values())
        media = (*self.chunks.values(), *self.parts.values())
        batches = (kept.batch.raw for kept in self.kept.values())
        return b"".join((*batches, *receipts, *packets, *media))
