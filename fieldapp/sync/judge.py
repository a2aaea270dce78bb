"""The judge: what one batch of somebody else is worth to us.

Laws:
  * Received: checked, opened, and every entry its author had a right to make.
  * Waiting: something is missing that may still come - a certificate, a key, an update.
  * Quarantined: something is wrong that a person should see - a signature, a seal, a right, a cut.
  * Right follows from the certificate that covers (device, channel, seq), never from a time or
    from the directory version that a writer names (decision 16).
  * A record belongs to one channel for life; an entry in another channel is kept apart
    (decision 17). Which channel an entry may stand in is ``entry_rules``' to say.
  * Erased: an order that counts took the body, and it was not opened here. Without such an order
    a body that is missing is withheld, which is wrong.
  * What a re-issue brings is its original author's, by the original's root and signature: rights
    and cuts are those of the original batch.
  * A packet that hides from a reader, or lets one in, costs nobody the record: it is an alarm.
  * Nothing here writes; the same batch judged twice on the same knowledge gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.signing import verify
from fieldapp.domain.actions import Action
from fieldapp.domain.entries import Entry, decode_entry, device_text, dot_device
from fieldapp.domain.fold import from_json
from fieldapp.domain.rights import Author, Target, refusal
from fieldapp.errors import (
    CryptoError,
    InvalidRecordError,
    LimitExceededError,
    MalformedMessageError,
    ProtocolError,
    UnsupportedVersionError,
)
from fieldapp.protocol.batch import Batch, Header, Kind
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import DESK_CLASSES, PARTY_CLASSES, Channel
from fieldapp.protocol.checks import check_packet, check_reissue, check_signature
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.erasure import EraseOrder, Reissue, parse_erase_order, parse_reissue
from fieldapp.protocol.grants import GrantRow, OfficeKeyRow, parse_grants, parse_office_keys
from fieldapp.protocol.ids import record_in_channel
from fieldapp.protocol.key_packet import KeyPacket
from fieldapp.protocol.payload import plain_payload
from fieldapp.storage.rows import BatchState
from fieldapp.storage.vault import Transaction
from fieldapp.sync.entry_rules import action_of, channel_of, parties_of, stands_in
from fieldapp.sync.folding import Opened
from fieldapp.sync.key_names import read_note
from fieldapp.sync.key_packets import BROKEN_WRAP, alarms_of
from fieldapp.sync.keyring import Keyring
from fieldapp.sync.orders import (
    BODY_MISSING,
    MALFORMED,
    UNKNOWN_TARGET,
    UNREAD,
    orders_for,
    refuse_order,
    survivors,
)

UNKNOWN_AUTHOR: Final = "unknown_author"
UNCONFIRMED_AUTHOR: Final = "unconfirmed_author"
UNKNOWN_KEY: Final = "unknown_key"
UNKNOWN_RECORD: Final = "unknown_record"
WAITING_FOR_UPDATE: Final = "waiting_for_update"
BEYOND_CUT: Final = "beyond_cut"
WRONG_CHANNEL: Final = "wrong_channel"
NO_RIGHT: Final = "no_right"
UNKNOWN_ORDER: Final = "unknown_order"
_LATER: Final = frozenset({UNKNOWN_AUTHOR, UNKNOWN_ORDER})


class Refused(NamedTuple):
    """An entry that is kept apart: its place in the batch, why, and its bytes."""

    place: int
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, what may be folded under it, and what is to be done because of it.

    Attributes:
        opened: the entries that count.
        refused: the entries that are kept apart.
        heads: what a list of heads says.
        order: what an erase order that counts says.
        alarms: codes of what a person should know although the batch counts.
    """

    state: BatchState
    reason: str | None = None
    opened: tuple[Opened, ...] = ()
    refused: tuple[Refused, ...] = ()
    heads: tuple[bytes, ...] = ()
    order: EraseOrder | None = None
    alarms: tuple[str, ...] = ()


class Origin(NamedTuple):
    """Whose entries they are: the header that their author signed, and the batch they came in."""

    header: Header
    batch: bytes


def _waits(reason: str) -> Judged:
    return Judged("waiting", reason)


def _is_wrong(reason: str) -> Judged:
    return Judged("quarantined", reason)


def keys_in(batch: Batch) -> tuple[GrantRow | OfficeKeyRow, ...]:
    """Read the keys that a batch hands on; a batch of any other kind hands on none.

    Raises:
        ProtocolError: Its payload is none of its kind.
    """
    if batch.header.kind is Kind.GRANT:
        return parse_grants(plain_payload(batch))
    if batch.header.kind is Kind.OFFICE_KEYS:
        return parse_office_keys(plain_payload(batch))
    return ()


def _judge_keys(batch: Batch) -> Judged:
    try:
        keys_in(batch)
    except UnsupportedVersionError:
        return _waits(WAITING_FOR_UPDATE)
    except (MalformedMessageError, LimitExceededError) as problem:
        return _is_wrong(problem.code)
    return Judged("received")


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
            return self._judge_bare(tx, batch, packet, certificate)
        judged = self._open(tx, batch, packet, certificate)
        for earlier in self.directory.posts_before(certificate, header.channel, batch.hash):
            if judged.reason == NO_RIGHT:
                judged = self._open(tx, batch, packet, earlier)
        alarms = alarms_of(tx, self.directory, batch, packet, position)
        return replace(judged, alarms=(*judged.alarms, *alarms)) if alarms else judged

    def entries(self, tx: Transaction, batch: Batch) -> tuple[Opened, ...]:
        """Open a batch that was judged before, for its entries alone.

        Of a re-issue, all that it was sealed with: what later orders took is for ``orders`` to say.
        """
        author = batch.header.device
        try:
            key = self.keyring.sender_key(tx, batch.header, check_packet(batch))
            raws = [] if key is None or batch.is_erased else open_batch(batch, key)
            if batch.header.kind is Kind.REISSUE and raws:
                reissue = parse_reissue(raws[0])
                author, raws = reissue.header.device, [raw for _, raw in reissue.survivors()]
            found = [decode_entry(raw) for raw in raws]
        except (CryptoError, ProtocolError, InvalidRecordError):
            return ()
        return tuple(Opened(entry, author, batch.hash) for entry in found)

    def reissue(self, tx: Transaction, batch: Batch) -> Reissue | None:
        """Open a re-issue that was judged before; None for what is none, or opens no more."""
        if batch.header.kind is not Kind.REISSUE or batch.is_erased:
            return None
        try:
            key = self.keyring.sender_key(tx, batch.header, check_packet(batch))
            return None if key is None else parse_reissue(open_batch(batch, key)[0])
        except (CryptoError, ProtocolError):
            return None

    def _judge_bare(
        self, tx: Transaction, batch: Batch, packet: KeyPacket | None, certificate: Certificate
    ) -> Judged:
        """Judge a batch that holds nothing sealed, or nothing any more but its key packet."""
        if batch.is_erased and not orders_for(tx, batch.hash):
            return _is_wrong(BODY_MISSING)
        if batch.is_erased:
            return self._judge_erased(tx, batch, packet)
        if batch.header.kind is Kind.ERASE:
            return self._judge_order(tx, batch, certificate)
        return _judge_keys(batch)

    def _judge_erased(self, tx: Transaction, batch: Batch, packet: KeyPacket | None) -> Judged:
        """Take the key of an erased batch's packet: later batches are sealed with it."""
        try:
            self.keyring.sender_key(tx, batch.header, packet)
        except CryptoError as problem:
            return _is_wrong(problem.code)
        return Judged("erased", UNREAD)

    def _judge_order(self, tx: Transaction, batch: Batch, certificate: Certificate) -> Judged:
        """Judge who orders, and that the batch it names is the one that it describes."""
        try:
            order = parse_erase_order(plain_payload(batch))
        except UnsupportedVersionError:
            return _waits(WAITING_FOR_UPDATE)
        except (MalformedMessageError, LimitExceededError) as problem:
            return _is_wrong(problem.code)
        if not certificate.granted and certificate.device != order.target.device:
            return _waits(UNCONFIRMED_AUTHOR)
        reason = refuse_order(tx, self.directory, batch, order, certificate)
        if reason == UNKNOWN_TARGET:
            return Judged("waiting", reason, order=order)
        return _is_wrong(reason) if reason is not None else Judged("received", order=order)

    def _open(
        self, tx: Transaction, batch: Batch, packet: KeyPacket | None, certificate: Certificate
    ) -> Judged:
        """Open a sealed batch and judge its entries."""
        try:
            key = self.keyring.sender_key(tx, batch.header, packet)
            if key is None:
                return self._without_key(batch)
            entries = open_batch(batch, key)
        except UnsupportedVersionError:
            return _waits(WAITING_FOR_UPDATE)
        except (CryptoError, MalformedMessageError, LimitExceededError) as problem:
            return _is_wrong(problem.code)
        return self._judge_opened(tx, batch, entries, certificate)

    def _without_key(self, batch: Batch) -> Judged:
        """A wrap for a key of ours that does not open is somebody's doing; none at all is not."""
        if batch.header.kid in self.keyring.broken:
            return Judged("waiting", BROKEN_WRAP, alarms=(BROKEN_WRAP,))
        return _waits(UNKNOWN_KEY)

    def _judge_opened(
        self, tx: Transaction, batch: Batch, entries: Sequence[bytes], certificate: Certificate
    ) -> Judged:
        """Judge what a sealed batch holds, by its kind."""
        if batch.header.kind is Kind.HEADS:
            return Judged("received", heads=tuple(entries))
        if batch.header.kind is Kind.REISSUE:
            return self._judge_reissue(tx, batch, entries)
        return self._judge_entries(tx, Origin(batch.header, batch.hash), entries, certificate)

    def _judge_reissue(self, tx: Transaction, batch: Batch, entries: Sequence[bytes]) -> Judged:
        """Judge what is left of another batch as if that batch had just come."""
        try:
            (raw,) = entries
            reissue = parse_reissue(raw)
        except UnsupportedVersionError:
            return _waits(WAITING_FOR_UPDATE)
        except (ValueError, MalformedMessageError, LimitExceededError):
            return _is_wrong(MALFORMED)
        original = reissue.header
        if original.channel != batch.header.channel:
            return _is_wrong(WRONG_CHANNEL)
        reason = self._doubt(tx, reissue, batch.header)
        if reason is not None:
            return _waits(reason) if reason in _LATER else _is_wrong(reason)
        certificate = self._covering(tx, original, reissue.original_hash)
        if certificate is None or not certificate.granted:
            return _is_wrong(BEYOND_CUT) if certificate is None else _waits(UNCONFIRMED_AUTHOR)
        origin = Origin(original, batch.hash)
        return self._judge_entries(tx, origin, survivors(tx, reissue), certificate)

    def _doubt(self, tx: Transaction, reissue: Reissue, issuer: Header) -> str | None:
        """Say why a re-issue is not to be believed (yet): its order and the author must fit."""
        author = self.directory.device(reissue.header.device)
        if author is None:
            return UNKNOWN_AUTHOR
        orders = [
            one.order
            for one in orders_for(tx, reissue.original_hash)
            if one.device == issuer.device
        ]
        problem: str | None = UNKNOWN_ORDER
        for order in orders:
            try:
                check_reissue(reissue, order, author.ed, verify)
            except CryptoError as wrong:
                problem = wrong.code
            else:
                return None
        return problem

    def _covering(self, tx: Transaction, header: Header, batch_hash: bytes) -> Certificate | None:
        """Find the certificate of an original batch; None when it lies beyond a cut."""
        row = tx.batches.by_hash(batch_hash)
        position = None if row is None else row.position
        place = header.device, header.channel, header.seq
        if self.directory.is_beyond_cut(*place, batch_hash, position=position):
            return None
        return self.directory.certificate_for(*place, batch_hash=batch_hash, position=position)

    def _judge_entries(
        self, tx: Transaction, origin: Origin, entries: Sequence[bytes], certificate: Certificate
    ) -> Judged:
        opened: list[Opened] = []
        refused: list[Refused] = []
        device = origin.header.device
        for index, raw in enumerate(entries):
            try:
                entry = decode_entry(raw)
            except InvalidRecordError as problem:
                refused.append(Refused(index, problem.code, raw))
                continue
            reason = self._reason(tx, origin.header, entry, certificate)
            if reason == UNKNOWN_RECORD:
                return _waits(reason)
            if reason is None:
                opened.append(Opened(entry, device, origin.batch))
            else:
                refused.append(Refused(index, reason, raw))
        if refused:
            first = refused[0].reason
            return Judged("quarantined", first, tuple(opened), tuple(refused))
        return Judged("received", None, tuple(opened))

    def _reason(
        self, tx: Transaction, header: Header, entry: Entry, certificate: Certificate
    ) -> str | None:
        """Say why an entry may not be folded; None when it may."""
        channel = channel_of(header.channel, entry.unit) or _named(tx, header)
        if channel is None or not record_in_channel(entry.record, header.channel):
            return WRONG_CHANNEL
        if not stands_in(entry, channel):
            return WRONG_CHANNEL
        action = action_of(entry)
        sides = parties_of(channel, header.device, certificate.office_id)
        is_party = channel.cls in PARTY_CLASSES
        is_desk = channel.cls in DESK_CLASSES
        target = Target(entry.type, entry.unit, channel.unit, is_desk, is_party)
        author = Author(certificate.role, certificate.unit, parties=sides)
        problem = refusal(author, action, target, entry.fields)
        if problem is None:
            return None
        if problem == "scope" and action != Action.CREATE:
            return self._reason_by_writer(tx, header, entry)
        return NO_RIGHT

    def _reason_by_writer(self, tx: Transaction, header: Header, entry: Entry) -> str | None:
        """Whoever wrote a record may go on with it, wherever he serves now."""
        row = tx.records.get(entry.record)
        if row is None or row.state is None:
            return UNKNOWN_RECORD
        writer = dot_device(from_json(row.state).first)
        return None if writer == device_text(header.device) else NO_RIGHT


def _named(tx: Transaction, header: Header) -> Channel | None:
    """Find a channel of two parties by the name that the packet of the batch's key gave it."""
    key = tx.sender_keys.get(header.kid)
    note = None if key is None else read_note(key.recipients)
    is_it = note is not None and note.channel.id == header.channel
    return note.channel if note is not None and is_it else None
