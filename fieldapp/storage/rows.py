"""What the vault's repositories take and give: plain values, opened.

Laws:
  * Values are frozen and hold no connection, so they outlive the transaction they came from.
  * ``BATCH_STATES`` is the whole life of a batch in a vault; a batch is marked, never deleted.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from fieldapp.protocol.ids import ChannelId, DeviceId, Kid, OfficeId, RecordId

BatchState = Literal[
    "outbox",  # ours, waiting to be delivered
    "stored",  # ours, the server signed that it holds it
    "received",  # another's, opened and folded
    "waiting",  # another's, kept until its key, certificate or an update comes
    "quarantined",  # another's, wrong in a way that a person should see
    "forked",  # another with the same number exists
    "refused",  # ours, the server will not take it; a person should see why
    "erased",  # another's, its body went by an erase order that counts
]
BATCH_STATES: Final[tuple[BatchState, ...]] = (
    "outbox",
    "stored",
    "received",
    "waiting",
    "quarantined",
    "forked",
    "refused",
    "erased",
)
ORDINARY_PRIORITY: Final = 50
RETIRED: Final = "time_over"
"""The reason of a batch whose body this device let go of; its place and its hash stay."""
SERVER: Final = OfficeId(bytes(16))


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as the vault keeps it; ``raw`` is for ``parse_batch``."""

    hash: bytes
    device: DeviceId
    channel: ChannelId
    seq: int
    kind: int
    kid: Kid
    state: BatchState
    reason: str | None
    priority: int
    position: int | None
    created_ms: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as it was last saved."""

    draft: bytes
    body: bytes = field(repr=False)
    updated_ms: int


@dataclass(frozen=True, slots=True)
class StreamRow:
    """The newest batch of a stream that this vault counts on."""

    device: DeviceId
    channel: ChannelId
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class SenderKey:
    """A sender key K; ``recipients`` is whatever its maker compares to see that they changed."""

    kid: Kid
    device: DeviceId
    channel: ChannelId
    key: bytes = field(repr=False)
    created_ms: int
    own: bool = False
    retired: bool = False
    batches: int = 0
    recipients: bytes = b""


@dataclass(frozen=True, slots=True)
class OfficeKeyRow:
    """The private half of an office's key of one epoch."""

    office: OfficeId
    epoch: int
    private: bytes = field(repr=False)


class RecordPut(NamedTuple):
    """A record's new fold.

    Attributes:
        record: the record's id.
        state: the fold as JSON.
        card: what lists and search show of it, as JSON (see ``cards.py``).
        batches: hashes of the batches that brought the new entries; earlier ones are kept.
        key: the record's own random key where it is restricted; it is kept until
            ``delete_after_ms``, then nothing but ``stub`` can be read again. A record that has
            its own key keeps using it where this is None.
        delete_after_ms: when the key goes at the latest; needed together with ``key``.
        stub: the card that remains: number, date and status.
    """

    record: RecordId
    state: bytes
    card: bytes
    batches: tuple[bytes, ...] = ()
    key: bytes | None = None
    delete_after_ms: int = 0
    stub: bytes | None = None

    def __repr__(self) -> str:
        """Name the record, and show nothing of it."""
        return f"<RecordPut {self.record.hex()}>"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record as the vault keeps it.

    ``state`` is None once its own key was dropped or the record was erased; ``card`` is then the
    stub, if there is one.
    """

    record: RecordId
    change_seq: int
    state: bytes | None = field(repr=False)
    card: bytes | None = field(repr=False)
    batches: tuple[bytes, ...]
    own_key: bool


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt in its signed form; ``office`` is ``SERVER`` for the server's own."""

    device: DeviceId
    channel: ChannelId
    office: OfficeId
    seq: int
    hash: bytes
    time_ms: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """An entry, or with ``entry`` -1 a whole batch, that was kept apart."""

    batch: bytes
    entry: int
    reason: str
    raw: bytes | None = field(repr=False)
    created_ms: int
