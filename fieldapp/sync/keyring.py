"""The keys that we open with: sender keys, our offices' private halves, our device's own.

Laws:
  * A sender key is found by its kid, or unwrapped from the packet that brings it, once.
  * Old epochs of an office's key stay: they open what was sealed while they were current.
  * No key of ours fitting is normal, not an error: the batch waits for a grant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from fieldapp.crypto.keys import DeviceKeys, OfficeKey
from fieldapp.crypto.sealing import unwrap_key, unwrap_office_key
from fieldapp.crypto.secret import Secret
from fieldapp.errors import NotARecipientError, TamperedBatchError
from fieldapp.protocol.batch import Header
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.grants import GrantRow, OfficeKeyRow
from fieldapp.protocol.ids import ChannelId, DeviceId, Kid, OfficeId
from fieldapp.protocol.key_packet import KeyPacket, WrappedKey
from fieldapp.storage.rows import SenderKey
from fieldapp.storage.vault import Transaction
from fieldapp.sync.key_names import write_note

DUTIES_KEY: Final = "duties_due"
"""Noted when new keys or statements came: somebody may lack what we hold."""


@dataclass(slots=True)
class Keyring:
    """The keys of one page of work; it reads each key once and keeps it for the page.

    Attributes:
        keys: the device's.
        directory: shows the public halves that private ones must fit.
        now_ms: our clock.
        broken: kids whose wrap for a key of ours does not open with it.
    """

    keys: DeviceKeys
    directory: Directory
    now_ms: Callable[[], int]
    broken: set[Kid] = field(default_factory=set, init=False)
    _sender_keys: dict[Kid, Secret] = field(default_factory=dict, init=False)
    _office_keys: dict[tuple[OfficeId, int], OfficeKey] | None = field(default=None, init=False)

    def sender_key(
        self, tx: Transaction, header: Header, packet: KeyPacket | None
    ) -> Secret | None:
        """Find the key that a batch is sealed with.

        Raises:
            TamperedBatchError: The packet holds another key than the header commits to.
        """
        found = self._sender_keys.get(header.kid)
        if found is None and (row := tx.sender_keys.get(header.kid)) is not None:
            found = self._sender_keys[header.kid] = Secret(row.key)
        if found is None and packet is not None:
            found = self._from_wraps(tx, header.device, header.channel, header.kid, packet.keys)
            if found is not None:
                self._keep(tx, header, found, packet)
        elif packet is not None:
            self._note(tx, header.kid, packet)
        return found

    def take_grant(self, tx: Transaction, row: GrantRow) -> bool:
        """Unwrap a sender key that was granted to an office of ours; tell whether it is new."""
        if row.kid in self._sender_keys or tx.sender_keys.get(row.kid) is not None:
            return False
        try:
            key = self._from_wraps(tx, row.author, row.channel, row.kid, (row.wrapped(),))
        except TamperedBatchError:
            return False
        if key is None:
            return False
        tx.sender_keys.put(SenderKey(row.kid, row.author, row.channel, key.reveal(), self.now_ms()))
        return True

    def take_office_key(self, tx: Transaction, row: OfficeKeyRow) -> bool:
        """Unwrap an office's private half that was sealed to us; tell whether it is new."""
        if row.device != self.keys.device or tx.office_keys.get(row.office, row.epoch) is not None:
            return False
        public = self._public_half(row.office, row.epoch)
        if public is None:
            return False
        try:
            key = unwrap_office_key(
                row, public_x25519=public, private_x25519=self.keys.private_x25519
            )
        except (NotARecipientError, TamperedBatchError):
            return False
        tx.office_keys.put(key.office, key.epoch, key.to_secret().reveal())
        self._office_keys = None
        return True

    def office_keys(self, tx: Transaction) -> dict[tuple[OfficeId, int], OfficeKey]:
        """Return every private half that we hold."""
        if self._office_keys is None:
            self._office_keys = {
                (row.office, row.epoch): OfficeKey.from_secret(
                    row.office, row.epoch, Secret(row.private)
                )
                for row in tx.office_keys.all()
            }
        return self._office_keys

    def forget(self) -> None:
        """Read the office keys anew when they are asked for: one was just made."""
        self._office_keys = None

    def _public_half(self, office: OfficeId, epoch: int) -> bytes | None:
        found = self.directory.office_by_id(office)
        if found is None:
            return None
        return next((one.x for one in found.epochs if one.epoch == epoch), None)

    def _from_wraps(
        self,
        tx: Transaction,
        author: DeviceId,
        channel: ChannelId,
        kid: Kid,
        wraps: tuple[WrappedKey, ...],
    ) -> Secret | None:
        """Try each wrap that names us or an office of ours."""
        for wrapped in wraps:
            own = self._own_key(tx, wrapped)
            if own is None:
                continue
            try:
                key = unwrap_key(
                    wrapped, author=author, channel=channel, kid=kid, private_x25519=own.private
                )
            except NotARecipientError:
                self.broken.add(kid)
                continue
            self._sender_keys[kid] = key
            return key
        return None

    def _keep(self, tx: Transaction, header: Header, key: Secret, packet: KeyPacket) -> None:
        tx.meta.set(DUTIES_KEY, b"")
        note = write_note(packet.descriptor, [wrap.recipient for wrap in packet.keys])
        tx.sender_keys.put(
            SenderKey(
                header.kid,
                header.device,
                header.channel,
                key.reveal(),
                self.now_ms(),
                recipients=note,
            )
        )

    def _note(self, tx: Transaction, kid: Kid, packet: KeyPacket) -> None:
        """Note the packet of a key that came by a grant, before it: now it can be handed on."""
        row = tx.sender_keys.get(kid)
        if row is None or row.recipients:
            return
        tx.meta.set(DUTIES_KEY, b"")
        note = write_note(packet.descriptor, [wrap.recipient for wrap in packet.keys])
        tx.sender_keys.drop(kid)
        tx.sender_keys.put(replace(row, recipients=note))

    def _own_key(self, tx: Transaction, wrapped: WrappedKey) -> OfficeKey | None:
        recipient = wrapped.recipient
        if recipient.id == self.keys.device:
            return OfficeKey(OfficeId(recipient.id), recipient.epoch, self.keys.private_x25519)
        return self.office_keys(tx).get((OfficeId(recipient.id), recipient.epoch))
