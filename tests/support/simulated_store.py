"""What a simulated server keeps, and how it judges what it is sent.

Laws:
  * It accepts, refuses, stores and feeds as the real server does; the contract suite holds both
    to the same tests.
  * Its tables stand in ``simulated_tables``, its rules in ``simulated_rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from fieldapp.crypto.keys import SigningKey
from fieldapp.crypto.signing import verify
from fieldapp.errors import CryptoError, FieldAppError, HiddenFromOfficeError, ProtocolError
from fieldapp.protocol.batch import Batch, Kind, erased_form, parse_batch, peek
from fieldapp.protocol.channels import parse_descriptor
from fieldapp.protocol.checks import check_packet, check_signature
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.feeds import feed_readers, guardians
from fieldapp.protocol.grants import parse_grants
from fieldapp.protocol.hashing import ZERO_HASH, feed_hash
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.message_parts import Refusal
from fieldapp.protocol.payload import plain_payload
from fieldapp.protocol.readership import check_recipients, judged_version
from fieldapp.protocol.receipts import Receipt, StoredReceipt
from fieldapp.protocol.snapshot import check_snapshot, parse_snapshot
from fieldapp.protocol.statement_reading import read_directory_batch
from fieldapp.protocol.statements import ClaimStatement, RootStatement
from fieldapp.protocol.units import REPUBLIC
from tests.support.simulated_rules import (
    SenderKey,
    is_late_claim,
    is_over_quota,
    is_taken_receipt,
    order_of,
    refuse_order,
)
from tests.support.simulated_tables import FeedRow, Kept, Tables


class RefusedBatchError(Exception):
    """One batch is not taken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SimulatedStore:
    """Tables, the directory they make, and the judgement on each batch.

    Args:
        signer: the server's key.
        now_ms: its clock.
    """

    def __init__(self, signer: SigningKey, now_ms: Callable[[], int]) -> None:
        self.tables = Tables()
        self.directory = Directory()
        self._signer = signer
        self._now_ms = now_ms

    # -- taking --------------------------------------------------------------------------------

    def take(self, raw: bytes) -> StoredReceipt | Refusal:
        try:
            batch = parse_batch(raw)
            kept = self.tables.kept.get(batch.hash) or self._keep(batch)
        except (ProtocolError, CryptoError, RefusedBatchError) as problem:
            return Refusal(peek(raw), problem.code)
        return self._stored(kept)

    def _stored(self, kept: Kept) -> StoredReceipt:
        header = kept.batch.header
        receipt = StoredReceipt(
            device=header.device,
            channel=header.channel,
            seq=header.seq,
            header_hash=kept.batch.hash,
            position=kept.position,
            time_ms=kept.stored_ms,
        )
        return replace(receipt, signature=self._signer.sign(receipt.signing_bytes()))

    def _keep(self, batch: Batch) -> Kept:
        header = batch.header
        check_signature(batch, self._author_key(batch), verify)
        self._check_claim(batch)
        if batch.is_erased and batch.hash not in self.tables.erased:
            raise RefusedBatchError("body_missing")
        readers = self._readers_or_later(batch)
        state = self._state(batch, readers)
        if readers is None and state == "forked":
            raise RefusedBatchError("directory_ahead")
        mine = (
            (kept.batch, kept.state)
            for kept in self.tables.kept.values()
            if kept.batch.header.device == header.device
        )
        if is_over_quota(self.directory.device(header.device), batch, state, mine):
            raise RefusedBatchError("quota_exceeded")
        kept = Kept(self._stripped(batch), state, self._next(), self._now_ms())
        self.tables.kept[batch.hash] = kept
        if kept.state == "quarantined":
            author = self.directory.device(header.device)
            unit = author.unit if author is not None else REPUBLIC
            self._feed(guardians(unit, readers or ()), kept.position, batch.hash)
            return kept
        if kept.state != "forked":
            self._chain(batch)
        if readers is not None and kept.state != "waiting":
            self._hand_out(kept, readers)
        elif readers is not None and header.kind is Kind.ERASE:
            self._erase(order_of(batch).target.hash)
        return kept

    def _author_key(self, batch: Batch) -> bytes:
        known = self.directory.device(batch.header.device)
        if known is not None:
            return known.ed
        if batch.header.kind is not Kind.DIRECTORY:
            raise RefusedBatchError("unknown_device")
        first = read_directory_batch(batch)[0]
        if isinstance(first, ClaimStatement):
            if self.directory.invite(first.invite) is None:
                raise RefusedBatchError("invite_unknown")
            return first.ed
        if isinstance(first, RootStatement) and self.directory.root is None:
            trial = Directory()
            trial.apply(1, batch, verify)
            founder = trial.device(batch.header.device)
            if founder is not None:
                return founder.ed
        raise RefusedBatchError("unknown_device")

    def _check_claim(self, batch: Batch) -> None:
        stored = ((kept.batch, kept.stored_ms) for kept in self.tables.kept.values())
        is_new = self.directory.device(batch.header.device) is None
        if is_new and is_late_claim(self.directory, batch, stored, self._now_ms()):
            raise RefusedBatchError("invite_used")

    def _readers(self, batch: Batch) -> tuple[ReaderId, ...]:
        header = batch.header
        if header.kind is Kind.DIRECTORY:
            is_founding = self.directory.root is None
            unit = REPUBLIC if is_founding else self.directory.feed_unit(batch)
            if unit is None:
                raise RefusedBatchError("malformed_message")
            return feed_readers(batch, unit=unit)
        if header.kind is Kind.GRANT:
            self._check_grant(batch)
        if header.kind in (Kind.GRANT, Kind.OFFICE_KEYS):
            return feed_readers(batch)
        if header.kind is Kind.ERASE:
            code = refuse_order(self.directory, self._holders, batch, self._held)
            if code is not None:
                raise RefusedBatchError(code)
            target = order_of(batch).target
            held = self._holders((target.device, target.channel, header.kid))
            return tuple(sorted({*held, ReaderId(target.device)})) if held else ()
        packet = check_packet(batch)
        key = header.device, header.channel, header.kid
        if packet is not None:
            recipients = [wrap.recipient for wrap in packet.keys]
            channel = parse_descriptor(packet.descriptor)
            version = judged_version(self.directory, header.device, header.directory_version)
            check_recipients(channel, recipients, self.directory, version)
            self.tables.channels[header.channel] = channel
            self.tables.holders.setdefault(key, set()).update(
                ReaderId(one.id) for one in recipients
            )
        return tuple(sorted(self.tables.holders.get(key, ())))

    def _readers_or_later(self, batch: Batch) -> tuple[ReaderId, ...] | None:
        """Find the readers; None while the later directory that is named may still show them."""
        try:
            return self._readers(batch)
        except (HiddenFromOfficeError, RefusedBatchError) as problem:
            is_early = batch.header.directory_version > self.directory.version
            if is_early and problem.code in {"reader_not_allowed", "not_authorised"}:
                return None
            raise

    def _check_grant(self, batch: Batch) -> None:
        """A key is handed on by an office that holds it, to one that reads the channel now."""
        granter = self.directory.device(batch.header.device)
        for row in parse_grants(plain_payload(batch)):
            channel = self.tables.channels.get(row.channel)
            if channel is None:
                raise RefusedBatchError("channel_unknown")
            holders = self.tables.holders.get((row.author, row.channel, row.kid), set())
            if not holders:
                raise RefusedBatchError("channel_unknown")
            reads_now = {office.id for office in self.directory.readers_of(channel)}
            if granter is None or ReaderId(granter.office_id) not in holders:
                raise RefusedBatchError("not_authorised")
            if row.office not in reads_now:
                raise RefusedBatchError("not_authorised")

    def _state(self, batch: Batch, readers: tuple[ReaderId, ...] | None) -> str:
        header = batch.header
        if self._is_fork(batch):
            return "forked"
        if header.kind is Kind.DIRECTORY:
            return "waiting" if self.directory.waits_for(batch) is not None else "stored"
        if self.directory.is_beyond_cut(
            header.device,
            header.channel,
            header.seq,
            batch.hash,
            position=self.tables.position + 1,
        ):
            return "quarantined"
        if readers is None:
            return "early"
        return "stored" if readers else "waiting"

    def _is_fork(self, batch: Batch) -> bool:
        """Tell whether another batch of the stream stands where this one wants to stand."""
        header = batch.header
        others = [
            kept.batch
            for kept in self.tables.kept.values()
            if (kept.batch.header.device, kept.batch.header.channel)
            == (header.device, header.channel)
            and kept.state != "forked"
        ]
        return any(
            other.header.seq == header.seq
            or (other.header.seq == header.seq - 1 and other.hash != header.prev)
            or (other.header.seq == header.seq + 1 and other.header.prev != batch.hash)
            for other in others
        )

    def _chain(self, batch: Batch) -> None:
        """Grow the unbroken part of a stream by this batch and what lay behind it."""
        stream = batch.header.device, batch.header.channel
        chain = self.tables.chains.setdefault(stream, [])
        loose = [
            kept.batch
            for kept in self.tables.kept.values()
            if (kept.batch.header.device, kept.batch.header.channel) == stream
            and kept.state != "forked"
            and kept.batch.hash not in chain
        ]
        while True:
            following = [
                other for other in loose if other.header.number == 1 or other.header.prev in chain
            ]
            following = [other for other in following if other.hash not in chain]
            if not following:
                return
            chain.append(min(following, key=lambda other: other.header.seq).hash)

    def _hand_out(self, kept: Kept, readers: Iterable[ReaderId]) -> None:
        batch = kept.batch
        if batch.header.kind is Kind.DIRECTORY:
            self.directory.apply(kept.position, batch, verify)
        self._feed(readers, kept.position, batch.hash)
        if batch.header.kind is Kind.GRANT:
            for row in parse_grants(plain_payload(batch)):
                self._share((row.author, row.channel, row.kid), [ReaderId(row.office)])
        elif batch.header.kind is Kind.ERASE:
            self._erase(order_of(batch).target.hash)
        elif batch.key_packet():
            key = batch.header.device, batch.header.channel, batch.header.kid
            self._release(key)
        if batch.header.kind is Kind.DIRECTORY:
            self._reconsider()

    def _share(self, key: SenderKey, readers: list[ReaderId]) -> None:
        """Give new holders of a key every batch under it."""
        added = [one for one in readers if one not in self.tables.holders.get(key, set())]
        self.tables.holders.setdefault(key, set()).update(added)
        for kept in self._under(key):
            if kept.state not in {"quarantined", "early"}:
                self._feed(added, self._next(), kept.batch.hash)
        for kept in self._orders_of_others(key):
            self._feed(added, self._next(), kept.batch.hash)

    def _orders_of_others(self, key: SenderKey) -> list[Kept]:
        """Find the erase orders for batches under a key that were not signed by their author."""
        author, *rest = key
        return [
            kept
            for kept in self.tables.kept.values()
            if kept.batch.header.kind is Kind.ERASE
            and kept.state == "stored"
            and [kept.batch.header.channel, kept.batch.header.kid] == rest
            and kept.batch.header.device != author
        ]

    def _release(self, key: SenderKey) -> None:
        """Hand out what waited for the packet of its key."""
        for kept in self._under(key):
            if kept.state == "waiting":
                kept.state = "stored"
                self._feed(sorted(self.tables.holders[key]), self._next(), kept.batch.hash)

    def _under(self, key: SenderKey) -> list[Kept]:
        found = [
            kept
            for kept in self.tables.kept.values()
            if (kept.batch.header.device, kept.batch.header.channel, kept.batch.header.kid) == key
        ]
        return sorted(found, key=lambda kept: kept.position)

    def _reconsider(self) -> None:
        """Hand out what the directory kept aside until now: adopted, or no longer too early."""
        for kept in list(self.tables.kept.values()):
            header = kept.batch.header
            is_adopted = kept.state == "quarantined" and not self.directory.is_beyond_cut(
                header.device,
                header.channel,
                header.seq,
                kept.batch.hash,
                position=kept.position,
            )
            if kept.state == "early" and self._readers_known(kept.batch):
                is_adopted = True
            is_late = kept.state == "waiting" and header.kind is Kind.DIRECTORY
            if is_adopted or (is_late and self.directory.waits_for(kept.batch) is None):
                kept.state, kept.position = "stored", self._next()
                self._hand_out(kept, self._readers(kept.batch))

    def _readers_known(self, batch: Batch) -> bool:
        try:
            return self._readers(batch) is not None
        except (HiddenFromOfficeError, RefusedBatchError):
            return False

    def _feed(self, readers: Iterable[ReaderId], position: int, batch_hash: bytes) -> None:
        for reader in readers:
            rows = self.tables.feeds.setdefault(reader, [])
            before = rows[-1].running if rows else ZERO_HASH
            rows.append(FeedRow(position, batch_hash, feed_hash(before, position, batch_hash)))

    def _next(self) -> int:
        self.tables.position += 1
        return self.tables.position

    def _take_receipt(self, receipt: Receipt) -> None:
        held = self._held(receipt.header_hash)
        if is_taken_receipt(self.directory, self._holders, receipt, held):
            self.tables.receipts.append((self._next(), receipt))

    def _holders(self, key: SenderKey) -> set[ReaderId]:
        return self.tables.holders.get(key, set())

    def _held(self, batch_hash: bytes) -> Batch | None:
        kept = self.tables.kept.get(batch_hash)
        return None if kept is None else kept.batch

    def _stripped(self, batch: Batch) -> Batch:
        return parse_batch(erased_form(batch)) if batch.hash in self.tables.erased else batch

    def _erase(self, batch_hash: bytes) -> None:
        self.tables.erased.add(batch_hash)
        kept = self.tables.kept.get(batch_hash)
        if kept is not None:
            kept.batch = self._stripped(kept.batch)

    def _take_snapshot(self, raw: bytes) -> None:
        snapshot, known = parse_snapshot(raw), self.tables.snapshot
        try:
            check_snapshot(
                snapshot, known and known[1], self.directory.directory_key or b"", verify
            )
        except FieldAppError:
            return
        self.tables.snapshot = (self._next(), snapshot)
