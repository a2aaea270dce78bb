"""Sealing: entries and statements into batches of our own streams.

Laws:
  * Fold, batch, head of the stream and outbox row are written in the one durable transaction that
    is handed in. Nothing leaves before it is committed.
  * Where nobody may read, nothing is sealed: ``NoReaderError``, and the transaction is the
    caller's to drop.
  * A sender key serves one channel for at most 7 days, 64 batches, or until its readers change.
    Its packet rides in its first batch, and the batch names the directory that we hold.
  * A restricted record travels alone, stored at a fixed size, under a key that is forgotten in
    the same transaction (decision 8), unless the author's own office is one of its readers.

Realises PROTOCOL 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.sealing import (
    BatchPlan,
    new_salt,
    new_sender_key,
    seal_batch,
    seal_plain,
    wrap_key,
)
from fieldapp.crypto.secret import Secret
from fieldapp.domain.entries import decode_entry
from fieldapp.errors import LimitExceededError, NoReaderError
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.certificates import State
from fieldapp.protocol.channels import DESK_CLASSES, Channel, ChannelClass
from fieldapp.protocol.dictionaries import CURRENT_DICTIONARY, NO_DICTIONARY
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.erasure import EraseOrder, Reissue
from fieldapp.protocol.ids import ChannelId, Kid, kid_of
from fieldapp.protocol.key_packet import KeyPacket, Recipient, RecipientKind
from fieldapp.protocol.limits import MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, MAX_ENTRY_BYTES
from fieldapp.storage.rows import SenderKey
from fieldapp.storage.vault import Transaction
from fieldapp.sync.folding import DAY_MS, Folder, Opened
from fieldapp.sync.key_names import write_note
from fieldapp.sync.own_streams import ERASURES, ORDINARY, append, directory_floor, next_link

MAX_KEY_AGE_MS: Final = 7 * DAY_MS
MAX_KEY_BATCHES: Final = 64
SECRET_CLASSES: Final = DESK_CLASSES | {ChannelClass.SOURCE}
"""Channels whose author is no reader: one record a batch, and no key is kept."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A recipient with the public key of its present epoch."""

    recipient: Recipient
    public_x25519: bytes


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A sender key ready for use; the packet is there while nobody was given the key."""

    key: Secret
    packet: KeyPacket | None


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals for one device.

    Attributes:
        keys: the device's.
        directory: what the device knows of offices and devices.
        folder: folds what is sealed into our own records.
        now_ms: our clock.
    """

    keys: DeviceKeys
    directory: Directory
    folder: Folder
    now_ms: Callable[[], int]

    def seal_entries(
        self, tx: Transaction, channel: Channel, entries: Sequence[bytes], priority: int = ORDINARY
    ) -> list[Batch]:
        """Seal entries of one channel, fold them, and put the batches into the outbox.

        Args:
            tx: a durable transaction.
            channel: whose readers will open them; the records' ids are bound to it.
            entries: encoded entries, oldest first.
            priority: their place in the outbox.

        Raises:
            NoReaderError: Nobody may read the channel.
            LimitExceededError: An entry is longer than one may be.
        """
        is_private = channel.cls in SECRET_CLASSES and not self._is_reader(channel)
        batches = []
        for batch, group in self._sealed(tx, channel, entries, Kind.ENTRIES):
            append(tx, batch, now_ms=self.now_ms(), priority=priority)
            opened = [Opened(decode_entry(raw), self.keys.device, batch.hash) for raw in group]
            self.folder.fold(tx, opened, private=is_private)
            batches.append(batch)
        return batches

    def _is_reader(self, channel: Channel) -> bool:
        """Tell whether our own office reads a channel, as a desk reads its own records."""
        me = self.directory.device(self.keys.device)
        return me is not None and any(
            office.id == me.office_id for office in self.directory.readers_of(channel)
        )

    def seal_heads(self, tx: Transaction, channel: Channel, heads: bytes) -> Batch:
        """Seal a list of stream heads for the readers of a channel (kind 3).

        Raises:
            NoReaderError: Nobody may read the channel.
        """
        (batch, _), *_ = self._sealed(tx, channel, [heads], Kind.HEADS)
        append(tx, batch, now_ms=self.now_ms())
        return batch

    def seal_reissue(self, tx: Transaction, channel: Channel, reissue: Reissue) -> Batch:
        """Seal what is left of a batch for the readers of its channel (kind 5).

        It goes before its order, so that nobody is without the survivors.

        Raises:
            NoReaderError: Nobody may read the channel.
            LimitExceededError: It is longer than a batch may be.
        """
        raw = reissue.to_bytes()
        (batch, _), *_ = self._sealed(tx, channel, [raw], Kind.REISSUE)
        append(tx, batch, now_ms=self.now_ms(), priority=ERASURES)
        return batch

    def seal_order(self, tx: Transaction, order: EraseOrder, kid: Kid) -> Batch:
        """Sign an erase order and put it into the outbox, ahead of what it erases."""
        plan = self._plan(tx, Kind.ERASE, order.target.channel)
        batch = seal_plain(order.to_bytes(), keys=self.keys, plan=replace(plan, kid=kid))
        append(tx, batch, now_ms=self.now_ms(), priority=ERASURES)
        return batch

    def seal_plain(
        self, tx: Transaction, channel: ChannelId, kind: Kind, payload: bytes, priority: int
    ) -> Batch:
        """Sign statements, grants or office keys and put the batch into the outbox."""
        plan = self._plan(tx, kind, channel)
        batch = seal_plain(payload, keys=self.keys, plan=plan)
        append(tx, batch, now_ms=self.now_ms(), priority=priority)
        return batch

    def readers(self, channel: Channel) -> tuple[Reader, ...]:
        """Return who opens a channel now; the routing table decides, nobody is added."""
        offices = tuple(
            Reader(Recipient(RecipientKind.OFFICE, office.id, epoch.epoch), epoch.x)
            for office in self.directory.readers_of(channel)
            if (epoch := self.directory.current_epoch(office.id)) is not None
        )
        party = channel.device_reader
        if party is None or not offices:
            return offices
        certificate = self.directory.device(party)
        if certificate is None or certificate.state is State.REVOKED:
            return ()
        return (*offices, Reader(Recipient(RecipientKind.DEVICE, party, 0), certificate.x))

    def _sealed(
        self, tx: Transaction, channel: Channel, entries: Sequence[bytes], kind: Kind
    ) -> Iterator[tuple[Batch, Sequence[bytes]]]:
        """Yield each batch with its entries; the caller appends it before the next is made."""
        if kind is not Kind.REISSUE and any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
            raise LimitExceededError(what="entry_bytes", limit=MAX_ENTRY_BYTES)
        readers = self.readers(channel)
        if not readers:
            raise NoReaderError(channel_class=channel.cls.value)
        size = 1 if channel.cls in SECRET_CLASSES else MAX_BATCH_ENTRIES
        groups = [entries[at : at + size] for at in range(0, len(entries), size)]
        while groups:
            group = groups.pop(0)
            key = self._sealing_key(tx, channel, readers)
            batch = self._batch(tx, channel, group, key, kind)
            if len(batch.raw) > MAX_BATCH_BYTES and len(group) > 1:
                half = len(group) // 2
                groups[:0] = [group[:half], group[half:]]
                continue
            if channel.cls not in SECRET_CLASSES:
                self._count_use(tx, channel, readers, key)
            elif self._is_reader(channel):
                self._keep_own(tx, channel, key)
            yield batch, group

    def _batch(
        self,
        tx: Transaction,
        channel: Channel,
        entries: Sequence[bytes],
        key: SealingKey,
        kind: Kind,
    ) -> Batch:
        is_secret = channel.cls in SECRET_CLASSES
        plan = self._plan(tx, kind, channel.id, stored=is_secret)
        return seal_batch(
            entries,
            keys=self.keys,
            plan=plan,
            sender_key=key.key,
            key_packet=key.packet,
            salt=new_salt(),
            seed=new_salt(),
        )

    def _plan(
        self, tx: Transaction, kind: Kind, channel: ChannelId, *, stored: bool = False
    ) -> BatchPlan:
        """Say where the next batch of a stream stands, and which directory it is judged by."""
        link = next_link(tx, self.keys.device, channel)
        return BatchPlan(
            kind=kind,
            seq=link.seq,
            prev=link.prev,
            channel=channel,
            directory_version=max(self.directory.version, directory_floor(tx)),
            dictionary=NO_DICTIONARY if stored else CURRENT_DICTIONARY,
            stored=stored,
        )

    def _sealing_key(
        self, tx: Transaction, channel: Channel, readers: tuple[Reader, ...]
    ) -> SealingKey:
        """Take the channel's key while it may serve, else a fresh one with its packet."""
        if channel.cls not in SECRET_CLASSES:
            known = tx.sender_keys.own_current(channel.id)
            if known is not None and self._may_serve(known, channel, readers):
                return SealingKey(Secret(known.key), None)
        key = new_sender_key()
        wraps = tuple(
            wrap_key(
                key,
                author=self.keys.device,
                channel=channel.id,
                recipient=reader.recipient,
                public_x25519=reader.public_x25519,
            )
            for reader in readers
        )
        return SealingKey(key, KeyPacket(channel.descriptor(), wraps))

    def _may_serve(self, known: SenderKey, channel: Channel, readers: tuple[Reader, ...]) -> bool:
        return (
            known.batches < MAX_KEY_BATCHES
            and 0 <= self.now_ms() - known.created_ms < MAX_KEY_AGE_MS
            and known.recipients == _note(channel, readers)
        )

    def _keep_own(self, tx: Transaction, channel: Channel, key: SealingKey) -> None:
        """A desk keeps the key of its own record, to read its history; nothing more is sealed."""
        kid = kid_of(key.key.reveal())
        tx.sender_keys.put(
            SenderKey(
                kid=kid,
                device=self.keys.device,
                channel=channel.id,
                key=key.key.reveal(),
                created_ms=self.now_ms(),
                own=True,
                retired=True,
            )
        )

    def _count_use(
        self, tx: Transaction, channel: Channel, readers: tuple[Reader, ...], key: SealingKey
    ) -> None:
        """Keep a fresh key in the place of the one before; count the batch it sealed."""
        kid = kid_of(key.key.reveal())
        if key.packet is not None:
            before = tx.sender_keys.own_current(channel.id)
            if before is not None:
                tx.sender_keys.retire(before.kid)
            tx.sender_keys.put(
                SenderKey(
                    kid=kid,
                    device=self.keys.device,
                    channel=channel.id,
                    key=key.key.reveal(),
                    created_ms=self.now_ms(),
                    own=True,
                    recipients=_note(channel, readers),
                )
            )
        tx.sender_keys.bump(kid)


def _note(channel: Channel, readers: Sequence[Reader]) -> bytes:
    return write_note(channel.descriptor(), [reader.recipient for reader in readers])
