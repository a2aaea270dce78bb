"""The judge: what one batch of somebody else is worth to us.

Laws:
  * Received: checked, opened, and every entry its author had a right to make.
  * Waiting: something is missing that may still come - a certificate, a key, an update.
  * Quarantined: something is wrong that a person should see - a signature, a seal, a right, a cut.
  * Right follows from the certificate that covers (device, channel, seq), never from a time or
    from the directory version that a writer names (decision 16).
  * A record belongs to one channel for life; an entry in another channel is kept apart
    (decision 17).
  * Nothing here writes; the same batch judged twice on the same knowledge gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.signing import verify
from fieldapp.domain.actions import Action
from fieldapp.domain.entries import Entry, decode_entry, device_text, dot_device
from fieldapp.domain.fold import from_json
from fieldapp.domain.rights import Author, Target, refusal
from fieldapp.domain.routing import routed
from fieldapp.errors import (
    CryptoError,
    InvalidRecordError,
    LimitExceededError,
    MalformedMessageError,
    ProtocolError,
    UnknownRecordTypeError,
    UnsupportedVersionError,
)
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import DESK_CLASSES, PARTY_CLASSES, Channel, ChannelClass
from fieldapp.protocol.checks import check_packet, check_signature
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import ChannelId, UnitId, record_in_channel
from fieldapp.protocol.key_packet import KeyPacket
from fieldapp.protocol.units import ancestors
from fieldapp.storage.rows import BatchState
from fieldapp.storage.vault import Transaction
from fieldapp.sync.folding import Opened
from fieldapp.sync.keyring import Keyring

UNKNOWN_AUTHOR: Final = "unknown_author"
UNCONFIRMED_AUTHOR: Final = "unconfirmed_author"
UNKNOWN_KEY: Final = "unknown_key"
UNKNOWN_RECORD: Final = "unknown_record"
WAITING_FOR_UPDATE: Final = "waiting_for_update"
BEYOND_CUT: Final = "beyond_cut"
WRONG_CHANNEL: Final = "wrong_channel"
NO_RIGHT: Final = "no_right"

_OPEN_CLASSES: Final = tuple(cls for cls in ChannelClass if cls not in PARTY_CLASSES)


class Refused(NamedTuple):
    """An entry that is kept apart: its place in the batch, why, and its bytes."""

    place: int
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and what may be folded under it."""

    state: BatchState
    reason: str | None = None
    opened: tuple[Opened, ...] = ()
    refused: tuple[Refused, ...] = ()
    heads: tuple[bytes, ...] = ()


def _waits(reason: str) -> Judged:
    return Judged("waiting", reason)


def _is_wrong(reason: str) -> Judged:
    return Judged("quarantined", reason)


@dataclass(slots=True)
class Judge:
    """Judges batches on what one device knows now.

    Attributes:
        directory: who is who.
        keyring: what we can open.
    """

    directory: Directory
    keyring: Keyring

    def judge(self, tx: Transaction, batch: Batch, position: int | None) -> Judged:
        """Judge a batch; ``position`` is where the server put it, None when not known."""
        header = batch.header
        known = self.directory.device(header.device)
        if known is None:
            return _waits(UNKNOWN_AUTHOR)
        try:
            check_signature(batch, known.ed, verify)
            packet = check_packet(batch)
        except (CryptoError, MalformedMessageError, LimitExceededError) as problem:
            return _is_wrong(problem.code)
        place = header.device, header.channel, header.seq
        if self.directory.is_beyond_cut(*place, batch.hash, position=position):
            return _is_wrong(BEYOND_CUT)
        certificate = self.directory.certificate_for(
            *place, batch_hash=batch.hash, position=position
        )
        if certificate is None or not (certificate.granted or header.is_plain):
            return _waits(UNCONFIRMED_AUTHOR)
        if header.is_plain or batch.is_erased:
            return Judged("received")
        return self._open(tx, batch, packet, certificate)

    def entries(self, tx: Transaction, batch: Batch) -> tuple[Opened, ...]:
        """Open a batch that was judged before, for its entries alone."""
        try:
            key = self.keyring.sender_key(tx, batch.header, check_packet(batch))
            raws = [] if key is None or batch.is_erased else open_batch(batch, key)
            found = [decode_entry(raw) for raw in raws]
        except (CryptoError, ProtocolError, InvalidRecordError):
            return ()
        return tuple(Opened(entry, batch.header.device, batch.hash) for entry in found)

    def _open(
        self, tx: Transaction, batch: Batch, packet: KeyPacket | None, certificate: Certificate
    ) -> Judged:
        """Open a sealed batch and judge its entries."""
        try:
            key = self.keyring.sender_key(tx, batch.header, packet)
            if key is None:
                return _waits(UNKNOWN_KEY)
            entries = open_batch(batch, key)
        except UnsupportedVersionError:
            return _waits(WAITING_FOR_UPDATE)
        except (CryptoError, MalformedMessageError, LimitExceededError) as problem:
            return _is_wrong(problem.code)
        if batch.header.kind is Kind.HEADS:
            return Judged("received", heads=tuple(entries))
        if batch.header.kind is not Kind.ENTRIES:
            return _waits(WAITING_FOR_UPDATE)
        return self._judge_entries(tx, batch, entries, certificate)

    def _judge_entries(
        self, tx: Transaction, batch: Batch, entries: Sequence[bytes], certificate: Certificate
    ) -> Judged:
        opened: list[Opened] = []
        refused: list[Refused] = []
        device = batch.header.device
        for index, raw in enumerate(entries):
            try:
                entry = decode_entry(raw)
            except InvalidRecordError as problem:
                refused.append(Refused(index, problem.code, raw))
                continue
            reason = self._reason(tx, batch, entry, certificate)
            if reason == UNKNOWN_RECORD:
                return _waits(reason)
            if reason is None:
                opened.append(Opened(entry, device, batch.hash))
            else:
                refused.append(Refused(index, reason, raw))
        if refused:
            first = refused[0].reason
            return Judged("quarantined", first, tuple(opened), tuple(refused))
        return Judged("received", None, tuple(opened))

    def _reason(
        self, tx: Transaction, batch: Batch, entry: Entry, certificate: Certificate
    ) -> str | None:
        """Say why an entry may not be folded; None when it may."""
        channel = channel_of(batch.header.channel, entry.unit)
        if channel is None or not record_in_channel(entry.record, batch.header.channel):
            return WRONG_CHANNEL
        action = action_of(entry)
        if action is Action.CREATE and not _is_routed(entry, channel):
            return WRONG_CHANNEL
        target = Target(entry.type, entry.unit, channel.unit, channel.cls in DESK_CLASSES)
        author = Author(certificate.role, certificate.unit)
        problem = refusal(author, action, target, entry.fields)
        if problem is None:
            return None
        if problem == "scope" and action != Action.CREATE:
            return self._reason_by_writer(tx, batch, entry)
        return NO_RIGHT

    def _reason_by_writer(self, tx: Transaction, batch: Batch, entry: Entry) -> str | None:
        """Whoever wrote a record may go on with it, wherever he serves now."""
        row = tx.records.get(entry.record)
        if row is None or row.state is None:
            return UNKNOWN_RECORD
        writer = dot_device(from_json(row.state).first)
        return None if writer == device_text(batch.header.device) else NO_RIGHT


def _is_routed(entry: Entry, channel: Channel) -> bool:
    """Tell whether a new record stands in the channel that its own words ask for.

    Else a writer could choose a wider channel and hide from the offices in between, or put a
    restricted record where an office reads that is no desk. What a newer version declared cannot
    be judged here and passes.
    """
    try:
        where = routed(entry.type, entry.unit, entry.fields)
    except UnknownRecordTypeError:
        return True
    if channel.cls is not where.cls:
        return False
    return channel.cls in DESK_CLASSES or channel.unit == entry.unit


def action_of(entry: Entry) -> Action:
    """Say what an entry does, from the entry alone, so that every reader says the same."""
    if entry.op == "d":
        return Action.DELETE
    return Action.EDIT if entry.replaced or entry.reason else Action.CREATE


@lru_cache(maxsize=4096)
def channel_of(channel: ChannelId, unit: UnitId) -> Channel | None:
    """Find the channel of this number that a record of a unit can stand in."""
    for above in ancestors(unit):
        for cls in _OPEN_CLASSES:
            candidate = Channel(above, cls)
            if candidate.id == channel:
                return candidate
    return None
