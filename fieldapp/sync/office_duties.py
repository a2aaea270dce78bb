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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from fieldapp.crypto.keys import DeviceKeys, OfficeKey, generate_office_key
from fieldapp.crypto.sealing import wrap_office_key
from fieldapp.crypto.signing import verify
from fieldapp.errors import LocalProtocolError, UntrustedSenderError
from fieldapp.protocol.authority import refuse_office
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, OfficeRef
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.grants import (
    OfficeKeyRow,
    encode_office_keys,
)
from fieldapp.protocol.ids import DeviceId, UnitId
from fieldapp.protocol.offices import Epoch, Office
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statements import (
    AdoptStatement,
    ClaimStatement,
    DeviceStatement,
    OfficeStatement,
    RevokeStatement,
    RootStatement,
    Statement,
    encode_statements,
)
from fieldapp.protocol.units import REPUBLIC, ancestors
from fieldapp.storage.vault import Transaction
from fieldapp.sync.all_offices import AllOffices
from fieldapp.sync.cutting import cuts_of
from fieldapp.sync.grants import (
    NEVER,
    Grants,
    OfferedKey,
    can_serve,
    history_epoch,
    holds_since,
    keys_channel,
    nearest_serving,
    note_confirmed_only,
    note_first_epoch,
)
from fieldapp.sync.keyring import DUTIES_KEY, Keyring
from fieldapp.sync.late_claims import is_late
from fieldapp.sync.own_streams import DIRECTORY, KEYS
from fieldapp.sync.rejudging import remember_adopted
from fieldapp.sync.sealer import Sealer

ROWS_PER_BATCH: Final = 500
ADOPTIONS_PER_BATCH: Final = 100


class Post(NamedTuple):
    """Where a device serves: the unit and desk of its office, and its role there."""

    unit: UnitId
    desk: str
    role: Role


class HandedOn(NamedTuple):
    """Which offices were given a record's keys, and which must have another epoch before."""

    given: tuple[OfficeRef, ...]
    left: tuple[OfficeRef, ...]


@dataclass(frozen=True, slots=True)
class OfficeDuties:
    """Does them for one device."""

    keys: DeviceKeys
    directory: Directory
    sealer: Sealer
    keyring: Keyring
    grants: Grants

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
        self.state(tx, [replace(_certified(self._certificate(device)), confirmed=True)])
        self._welcome(tx, device)

    def change(self, tx: Transaction, device: DeviceId, post: Post, because: Cause) -> None:
        """Cut a device off from its post at what we hold of its streams, and give it another.

        The office that it leaves gets a key without it, the one that it comes to a key with it,
        as after a revocation and a confirmation.
        """
        before = self._certificate(device)
        moved = replace(
            _certified(before),
            unit=post.unit,
            desk=post.desk,
            role=post.role,
            after=cuts_of(tx, device),
            because=because,
        )
        self.state(tx, [moved])
        tx.meta.set(DUTIES_KEY, b"")
        now = self._certificate(device)
        if (now.office, now.may_hold_keys) == (before.office, before.may_hold_keys):
            return
        left = self.directory.office(*before.office)
        if left is not None and self._has_authority(left):
            self._rotate(tx, left)
        if now.may_hold_keys:
            self._welcome(tx, device)

    def _welcome(self, tx: Transaction, device: DeviceId) -> None:
        """Give a device its office's next key, and after compared words the office's history."""
        newcomer = self._certificate(device)
        office = self.directory.office(*newcomer.office)
        if office is None or not self._has_authority(office):
            return
        if not newcomer.may_hold_history:
            self._rotate(tx, office)
            return
        epoch = self._renew(tx, office, device)
        self._hand_on_epochs(tx, office, newcomer)
        if epoch is not None:
            now = self._office(office.ref)
            self.grants.grant(tx, now, epoch, self.grants.history(tx, now))

    def revoke(self, tx: Transaction, device: DeviceId, because: Cause) -> None:
        """End a device at what we hold of its streams; take its office's next key away from it."""
        subject = self._certificate(device)
        self.state(tx, [RevokeStatement(device, cuts_of(tx, device), because)])
        tx.meta.set(DUTIES_KEY, b"")
        office = self.directory.office(subject.unit, subject.desk)
        if office is not None and self._has_authority(office):
            self._rotate(tx, office)

    def adopt(self, tx: Transaction, hashes: Sequence[bytes], because: Cause) -> None:
        """Take over batches that a cut left outside, each by its name."""
        for start in range(0, len(hashes), ADOPTIONS_PER_BATCH):
            part = hashes[start : start + ADOPTIONS_PER_BATCH]
            self.state(tx, [AdoptStatement(one, because) for one in part])
        remember_adopted(tx, hashes)

    def perform(self, tx: Transaction) -> int:
        """Do what fell due: new epochs after joins and revocations, grants to late offices.

        Returns:
            How many offices were served.
        """
        me = self.directory.device(self.keys.device)
        if me is None or not can_serve(me) or tx.meta.get(DUTIES_KEY) is None:
            return 0
        tx.meta.delete(DUTIES_KEY)
        served = 0
        revoked = self._departures()
        for ref in sorted(self.directory.offices()):
            office = self.directory.office(*ref)
            if office is None:
                continue
            if office.desk == Desk.ALL:
                served += self._serve_all(tx, me, office, revoked)
                continue
            is_due = self._needs_epoch(tx, office, revoked.get(office.ref, 0))
            if is_due and self._is_mine_to_serve(office):
                self._rotate(tx, office)
                served += 1
        return served + self._grant_late(tx, revoked)

    def _serve_all(
        self, tx: Transaction, me: Certificate, office: Office, left: Mapping[OfficeRef, int]
    ) -> bool:
        """Give the key of all officers of a unit to whoever lacks it."""
        if not self._has_authority(office):
            return False
        return self._all_offices().serve(tx, me, office, left, self.sealer.folder.best_time_ms())

    def open_all(self, tx: Transaction, unit: UnitId) -> None:
        """Open the office of all officers of a unit, and hand out its key."""
        ref = OfficeRef(unit, Desk.ALL)
        key = generate_office_key(ref.id, 1)
        self.state(tx, [OfficeStatement(unit, Desk.ALL, key.epoch, key.public)])
        office = self.directory.office(*ref)
        if office is not None:
            best_ms = self.sealer.folder.best_time_ms()
            self._all_offices().open(tx, self._me(), office, key, best_ms)

    def _all_offices(self) -> AllOffices:
        return AllOffices(self.directory, self.keyring, self._make_epoch, self._hand_out)

    def _hand_out(self, tx: Transaction, key: OfficeKey, members: Sequence[Certificate]) -> None:
        self._send_office_keys(
            tx, [wrap_office_key(key, member.device, member.x) for member in members]
        )

    def _grant_late(self, tx: Transaction, revoked: Mapping[OfficeRef, int]) -> int:
        """Grant what offices lack, to an epoch that only confirmed devices hold."""
        served = 0
        for office, keys in self.grants.due(tx):
            epoch = self._epoch_for_history(tx, office, revoked.get(office.ref, 0))
            if epoch is not None:
                served += self.grants.grant(tx, self._office(office.ref), epoch, keys)
        return served

    def hand_on(self, tx: Transaction, channel: Channel, keys: Sequence[OfferedKey]) -> HandedOn:
        """Grant keys of a desk's channel, as a person asked, to its readers that lack them.

        They go to an epoch that only confirmed devices hold, as history does.
        """
        given: list[OfficeRef] = []
        left: list[OfficeRef] = []
        departures = self._departures()
        for office, lacked in self.grants.lacking(tx, channel, keys):
            epoch = self._epoch_for_history(tx, office, departures.get(office.ref, 0))
            if epoch is None:
                left.append(office.ref)
            elif self.grants.grant(tx, self._office(office.ref), epoch, lacked):
                given.append(office.ref)
        return HandedOn(tuple(given), tuple(left))

    def _epoch_for_history(self, tx: Transaction, office: Office, revoked_at: int) -> Epoch | None:
        """Find the epoch that history may go to, or make it where that is ours to do."""
        epoch = history_epoch(tx, self.directory, office, revoked_at)
        return self._renew(tx, office) if epoch is None and self._has_authority(office) else epoch

    def _departures(self) -> dict[OfficeRef, int]:
        """Return where the last device of each office was revoked, or moved to another."""
        last: dict[OfficeRef, int] = {}
        for now in self.directory.certificates():
            history = self.directory.history(now.device)
            left = [
                (old.office, new.position)
                for old, new in pairwise(history)
                if old.office != new.office
            ]
            if now.state is State.REVOKED and now.revoked_at is not None:
                left.append((now.office, now.revoked_at))
            for ref, position in left:
                last[ref] = max(last.get(ref, 0), position)
        return last

    def _say(self, tx: Transaction, unit: UnitId, statements: Sequence[Statement]) -> Batch:
        payload = encode_statements(statements)
        channel = Channel(unit, ChannelClass.DIRECTORY).id
        batch = self.sealer.seal_plain(tx, channel, Kind.DIRECTORY, payload, DIRECTORY)
        self.directory.apply(None, batch, verify)
        return batch

    def _needs_epoch(self, tx: Transaction, office: Office, revoked_at: int) -> bool:
        """Tell whether somebody joined, left or was revoked since the newest epoch."""
        newest = office.epochs[-1].since
        return revoked_at > newest or any(
            member.joined > newest for member in self._holders(tx, office)
        )

    def _holders(self, tx: Transaction, office: Office) -> list[Certificate]:
        """Return the devices that the office's next key is sealed to."""
        me, best_ms = self._me(), self.sealer.folder.best_time_ms()
        return [
            member
            for member in self.directory.members(office)
            if member.may_hold_keys and not is_late(tx, self.directory, me, member, best_ms)
        ]

    def _renew(
        self, tx: Transaction, office: Office, confirmed_now: DeviceId | None = None
    ) -> Epoch | None:
        """Make an epoch for confirmed devices only, and behind it one for everybody.

        Returns:
            The first of them, to which history may be granted; None where nobody is confirmed.
        """
        members = self._holders(tx, office)
        confirmed = [member for member in members if member.may_hold_history]
        if not confirmed:
            return None
        new = [
            member
            for member in confirmed
            if member.device == confirmed_now or holds_since(tx, office, member) == NEVER
        ]
        epoch = self._make_epoch(tx, office, confirmed)
        note_confirmed_only(tx, office, epoch.x)
        note_first_epoch(tx, self._office(office.ref), new)
        if len(confirmed) < len(members):
            self._make_epoch(tx, office, members)
        return epoch

    def _rotate(self, tx: Transaction, office: Office) -> None:
        """Make the office's next epoch for each of its members.

        Where nobody is left nobody holds it: whoever comes next is granted what was sealed for it.
        """
        self._make_epoch(tx, office, self._holders(tx, office))

    def _make_epoch(self, tx: Transaction, office: Office, members: Sequence[Certificate]) -> Epoch:
        """Say the office's next epoch and seal its private half to these members."""
        key = generate_office_key(office.id, len(self._office(office.ref).epochs) + 1)
        self.state(tx, [OfficeStatement(office.unit, office.desk, key.epoch, key.public)])
        if any(member.device == self.keys.device for member in members):
            tx.office_keys.put(key.office, key.epoch, key.to_secret().reveal())
            self.keyring.forget()
        # To ourselves as well: a copy of this home holds it by no other way.
        self._send_office_keys(
            tx, [wrap_office_key(key, member.device, member.x) for member in members]
        )
        return self._office(office.ref).epochs[-1]

    def _office(self, ref: OfficeRef) -> Office:
        """Return an office as it is now, with the epochs that were just made."""
        office = self.directory.office(*ref)
        if office is None:
            raise LocalProtocolError(what="office")
        return office

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

    def _send_office_keys(self, tx: Transaction, rows: Sequence[OfficeKeyRow]) -> None:
        for start in range(0, len(rows), ROWS_PER_BATCH):
            payload = encode_office_keys(rows[start : start + ROWS_PER_BATCH])
            channel = keys_channel(self._me())
            self.sealer.seal_plain(tx, channel, Kind.OFFICE_KEYS, payload, KEYS)

    def _is_mine_to_serve(self, office: Office) -> bool:
        """Tell whether ours is the nearest office that may and can serve this one."""
        nearest = nearest_serving(self.directory, ancestors(office.unit), office.desk)
        return self._has_authority(office) and nearest == self._me().office

    def _has_authority(self, office: Office) -> bool:
        return refuse_office(self._me(), office.unit, office.desk) is None

    def _me(self) -> Certificate:
        return self._certificate(self.keys.device)

    def _certificate(self, device: DeviceId) -> Certificate:
        certificate = self.directory.device(device)
        if certificate is None:
            raise UntrustedSenderError("unknown_device")
        return certificate


def _certified(subject: Certificate) -> DeviceStatement:
    return DeviceStatement(
        subject.device,
        subject.ed,
        subject.x,
        subject.unit,
        subject.desk,
        subject.role,
        confirmed=subject.confirmed,
    )
