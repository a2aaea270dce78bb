"""What an office's devices owe to others: new epochs, grants of keys, confirmations, revocations.

Laws:
  * No office's private half is sealed to another office. Who joins gets the next epoch, made at
    that moment; older halves and history only after words were compared (decisions 2 and 14).
  * A duty falls to the nearest office with the authority and somebody to do it. Two that do it
    at once do no harm: the directory takes one epoch, and nobody takes the keys of the other.
  * History is granted by itself in admin channels only; on restricted ones a person decides.
  * Everything becomes batches of our own streams, in the transaction that is handed in.

Realises PROTOCOL 3.3, 3.4 and decisions 2, 3 and 14.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fieldapp.crypto.keys import DeviceKeys, generate_office_key
from fieldapp.crypto.sealing import wrap_key, wrap_office_key
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.errors import UntrustedSenderError
from fieldapp.protocol.authority import refuse_office
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, OfficeRef
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.grants import (
    GrantRow,
    OfficeKeyRow,
    encode_grants,
    encode_office_keys,
)
from fieldapp.protocol.ids import ID_BYTES, ChannelId, DeviceId, Kid, UnitId
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from fieldapp.protocol.offices import Office
from fieldapp.protocol.roles import may_enrol
from fieldapp.protocol.statements import (
    ClaimStatement,
    DeviceStatement,
    OfficeStatement,
    RevokeStatement,
    RootStatement,
    Statement,
    encode_statements,
)
from fieldapp.protocol.units import REPUBLIC, ancestors
from fieldapp.storage.rows import SenderKey
from fieldapp.storage.vault import Transaction
from fieldapp.sync.cutting import cuts_of
from fieldapp.sync.key_names import read_note
from fieldapp.sync.keyring import DUTIES_KEY, Keyring
from fieldapp.sync.own_streams import DIRECTORY, KEYS
from fieldapp.sync.sealer import Sealer

ROWS_PER_BATCH: Final = 500
_ADMIN_CLASSES: Final = frozenset({ChannelClass.ORDINARY, ChannelClass.CONFIDENTIAL})


@dataclass(frozen=True, slots=True)
class OfficeDuties:
    """Does them for one device."""

    keys: DeviceKeys
    directory: Directory
    sealer: Sealer
    keyring: Keyring

    def state(self, tx: Transaction, statements: Sequence[Statement]) -> Batch:
        """Say something in the directory: into our own stream, and into our own copy at once."""
        return self._say(tx, self._me().unit, statements)

    def claim(self, tx: Transaction, unit: UnitId, claim: ClaimStatement) -> Batch:
        """Say as the very first thing who we are; the invite's key vouches for it."""
        return self._say(tx, unit, [claim])

    def found(self, tx: Transaction, root: RootStatement) -> Batch:
        """Publish the root document as the first device of headquarters."""
        return self._say(tx, REPUBLIC, [root])

    def confirm(self, tx: Transaction, device: DeviceId) -> None:
        """Certify a device whose words were compared; give its office's keys and history."""
        subject = self._certificate(device)
        self.state(tx, [_certified(subject)])
        office = self.directory.office(subject.unit, subject.desk)
        if office is None:
            return
        self._rotate(tx, office)
        self._hand_on_epochs(tx, office, self._certificate(device))
        self._grant_all(tx, self._office(office))

    def revoke(self, tx: Transaction, device: DeviceId, reason: str) -> None:
        """End a device at what we hold of its streams; take its office's next key away from it."""
        subject = self._certificate(device)
        self.state(tx, [RevokeStatement(device, cuts_of(tx, device), reason)])
        office = self.directory.office(subject.unit, subject.desk)
        if office is not None and self._has_authority(office):
            self._rotate(tx, office)

    def perform(self, tx: Transaction) -> int:
        """Do what fell due: new epochs after joins and revocations, grants to late offices.

        Returns:
            How many offices were served.
        """
        me = self.directory.device(self.keys.device)
        if me is None or not _can_serve(me) or tx.meta.get(DUTIES_KEY) is None:
            return 0
        tx.meta.delete(DUTIES_KEY)
        served = 0
        revoked = self._revocations()
        for ref in sorted(self.directory.offices()):
            office = self.directory.office(*ref)
            if office is None or office.desk == Desk.ALL or not self._is_mine_to_serve(office):
                continue
            if self._needs_epoch(office, revoked.get(office.ref, 0)):
                self._rotate(tx, office)
                served += 1
            served += self._grant_late(tx, self._office(office))
        return served

    def _revocations(self) -> dict[OfficeRef, int]:
        """Return where the last device of each office was revoked."""
        last: dict[OfficeRef, int] = {}
        for certificate in self.directory.certificates():
            if certificate.state is State.REVOKED and certificate.revoked_at is not None:
                ref = certificate.office
                last[ref] = max(last.get(ref, 0), certificate.revoked_at)
        return last

    def _say(self, tx: Transaction, unit: UnitId, statements: Sequence[Statement]) -> Batch:
        payload = encode_statements(statements)
        channel = Channel(unit, ChannelClass.DIRECTORY).id
        batch = self.sealer.seal_plain(tx, channel, Kind.DIRECTORY, payload, DIRECTORY)
        self.directory.apply(None, batch, verify)
        return batch

    def _needs_epoch(self, office: Office, revoked_at: int) -> bool:
        """Tell whether somebody joined or was revoked since the newest epoch."""
        newest = office.epochs[-1].since
        return revoked_at > newest or any(
            member.may_hold_keys and member.position > newest
            for member in self.directory.members(office)
        )

    def _rotate(self, tx: Transaction, office: Office) -> None:
        """Make the office's next epoch and seal its private half to each of its members."""
        members = [one for one in self.directory.members(office) if one.may_hold_keys]
        if not members:
            return
        key = generate_office_key(office.id, office.epochs[-1].epoch + 1)
        self.state(tx, [OfficeStatement(office.unit, office.desk, key.epoch, key.public)])
        if any(member.device == self.keys.device for member in members):
            tx.office_keys.put(key.office, key.epoch, key.to_secret().reveal())
            self.keyring.forget()
        others = [member for member in members if member.device != self.keys.device]
        self._send_office_keys(
            tx, [wrap_office_key(key, member.device, member.x) for member in others]
        )

    def _hand_on_epochs(self, tx: Transaction, office: Office, device: Certificate) -> None:
        """Give a confirmed device the older halves of an office that we are of."""
        if not device.may_hold_history:
            return
        held = self.keyring.office_keys(tx)
        rows = [
            wrap_office_key(key, device.device, device.x)
            for (owner, epoch), key in sorted(held.items())
            if owner == office.id and epoch <= office.epochs[-1].epoch
        ]
        self._send_office_keys(tx, rows)

    def _grant_late(self, tx: Transaction, office: Office) -> int:
        """Grant what a later office lacks, once somebody confirmed can use it."""
        members = self.directory.members(office)
        if office.ref == self._me().office or not any(one.may_hold_history for one in members):
            return 0
        lacking = [key for key, holders in self._admin_keys(tx, office) if office.id not in holders]
        return self._grant(tx, office, lacking)

    def _grant_all(self, tx: Transaction, office: Office) -> None:
        """Grant an office every key of its channels, for the device that just joined it."""
        if office.ref != self._me().office:
            self._grant(tx, office, [key for key, _ in self._admin_keys(tx, office)])

    def _admin_keys(
        self, tx: Transaction, office: Office
    ) -> Iterator[tuple[SenderKey, frozenset[bytes]]]:
        """Yield the keys of admin channels that an office reads, with their first holders."""
        for key in tx.sender_keys.all():
            note = read_note(key.recipients)
            if note is None or note.channel.cls not in _ADMIN_CLASSES:
                continue
            if office in self.directory.readers_of(note.channel):
                yield key, note.holders

    def _grant(self, tx: Transaction, office: Office, keys: Sequence[SenderKey]) -> int:
        """Wrap keys for an office, each once and for its present epoch."""
        marker = f"granted:{office.id.hex()}"
        before = tx.meta.get(marker) or b""
        granted = {before[at : at + ID_BYTES] for at in range(0, len(before), ID_BYTES)}
        due = [key for key in keys if key.kid not in granted]
        for start in range(0, len(due), ROWS_PER_BATCH):
            rows = [self._row(key, office) for key in due[start : start + ROWS_PER_BATCH]]
            self._send(tx, Kind.GRANT, encode_grants(rows))
        if due:
            tx.meta.set(marker, before + b"".join(key.kid for key in due))
        return 1 if due else 0

    def _row(self, key: SenderKey, office: Office) -> GrantRow:
        epoch = office.epochs[-1]
        wrapped = wrap_key(
            Secret(key.key),
            author=key.device,
            channel=key.channel,
            recipient=Recipient(RecipientKind.OFFICE, office.id, epoch.epoch),
            public_x25519=epoch.x,
        )
        return GrantRow(
            key.device, key.channel, Kid(key.kid), office.id, epoch.epoch, wrapped.sealed
        )

    def _send_office_keys(self, tx: Transaction, rows: Sequence[OfficeKeyRow]) -> None:
        for start in range(0, len(rows), ROWS_PER_BATCH):
            payload = encode_office_keys(rows[start : start + ROWS_PER_BATCH])
            self._send(tx, Kind.OFFICE_KEYS, payload)

    def _send(self, tx: Transaction, kind: Kind, payload: bytes) -> None:
        self.sealer.seal_plain(tx, keys_channel(self._me()), kind, payload, KEYS)

    def _is_mine_to_serve(self, office: Office) -> bool:
        """Tell whether ours is the nearest office that may and can serve this one."""
        if not self._has_authority(office):
            return False
        desk = office.desk
        for unit in ancestors(office.unit):
            nearest = self.directory.office(unit, desk)
            if nearest is not None and any(map(_can_serve, self.directory.members(nearest))):
                return nearest.ref == self._me().office
        return False

    def _has_authority(self, office: Office) -> bool:
        return refuse_office(self._me(), office.unit, office.desk) is None

    def _office(self, office: Office) -> Office:
        """Return an office as the directory shows it now."""
        return self.directory.office(office.unit, office.desk) or office

    def _me(self) -> Certificate:
        return self._certificate(self.keys.device)

    def _certificate(self, device: DeviceId) -> Certificate:
        certificate = self.directory.device(device)
        if certificate is None:
            raise UntrustedSenderError("unknown_device")
        return certificate


def keys_channel(certificate: Certificate) -> ChannelId:
    """Name the channel in which a device hands on keys."""
    return Channel(certificate.unit, ChannelClass.KEYS).id


def _can_serve(member: Certificate) -> bool:
    """Tell whether a member is somebody who hands out keys."""
    return member.may_hold_history and (member.desk != Desk.ADMIN or may_enrol(member.role))


def _certified(subject: Certificate) -> DeviceStatement:
    return DeviceStatement(
        subject.device,
        subject.ed,
        subject.x,
        subject.unit,
        subject.desk,
        subject.role,
        confirmed=True,
    )
