"""Grants: sender keys handed on to offices that cannot open them, as their keys are now.

Laws:
  * Only keys of admin channels are granted by themselves; on restricted ones a person decides,
    record by record, and the routing table alone says who may be given them (decision 3).
  * History goes to an epoch that nobody holds whose words were not compared (decision 14).
  * An office lacks a key that was given to it for an epoch older than one of its confirmed
    devices. The nearest office from there upward that can open the key serves it.
  * A key that an office asks for, because its wrap does not open, it lacks. An office below serves
    where none above can; asked a second time, whoever holds the key does.
  * A key is granted again only when the office's devices changed, or the epoch was another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.sealing import wrap_key
from fieldapp.crypto.secret import Secret
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, OfficeRef
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.grants import GrantRow, encode_grants
from fieldapp.protocol.ids import ID_BYTES, ChannelId, DeviceId, Kid, UnitId
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from fieldapp.protocol.offices import Epoch, Office
from fieldapp.protocol.roles import may_enrol
from fieldapp.protocol.units import ancestors
from fieldapp.storage.rows import SenderKey
from fieldapp.storage.vault import Transaction
from fieldapp.sync.asking import ADMIN_CLASSES, asked_by, settle_asked
from fieldapp.sync.key_names import KeyNote, read_note
from fieldapp.sync.own_streams import KEYS
from fieldapp.sync.sealer import Sealer

ROWS_PER_BATCH: Final = 500
NEVER: Final = 1 << 63
"""A position behind every other."""
_X_BYTES: Final = 32
_X_SHOWN: Final = 8
_GRANTED_BYTES: Final = ID_BYTES + 2 + _X_SHOWN


class OfferedKey(NamedTuple):
    """A sender key that a person hands on, and who was given it in its packet."""

    key: SenderKey
    note: KeyNote


@dataclass(frozen=True, slots=True)
class Grants:
    """Grants what one device holds."""

    keys: DeviceKeys
    directory: Directory
    sealer: Sealer

    def due(self, tx: Transaction) -> list[tuple[Office, list[SenderKey]]]:
        """Find the offices that lack keys which are ours to hand on, and those keys."""
        desks: dict[OfficeRef, _Desk] = {}
        found: dict[OfficeRef, list[SenderKey]] = {}
        for key, note in _admin_keys(tx):
            for office in self.directory.readers_of(note.channel):
                if self._is_due(tx, desks, (key.kid, note), office):
                    found.setdefault(office.ref, []).append(key)
        return [(desks[ref].office, keys) for ref, keys in sorted(found.items())]

    def history(self, tx: Transaction, office: Office) -> list[SenderKey]:
        """Return every key of an office's channels, for a device that was just confirmed."""
        me = self.directory.device(self.keys.device)
        if me is None or me.office == office.ref:
            return []
        return [
            key
            for key, note in _admin_keys(tx)
            if office in self.directory.readers_of(note.channel)
        ]

    def lacking(
        self, tx: Transaction, channel: Channel, keys: Sequence[OfferedKey]
    ) -> list[tuple[Office, list[SenderKey]]]:
        """Find the readers of a desk's channel that lack keys which a person hands on.

        We lack none of them. A newcomer whom somebody else confirmed holds nothing from before
        that day, which her certificate tells.
        """
        found = []
        for office in self.directory.readers_of(channel):
            desk = self._desk(tx, {}, office)
            others = tuple(one for one in desk.confirmed if one.device != self.keys.device)
            since = {one.device: max(desk.since[one.device], one.since) for one in others}
            known = replace(desk, confirmed=others, since=since)
            lacked = [one.key for one in keys if not known.holds(Kid(one.key.kid), one.note)]
            if lacked and others:
                found.append((office, lacked))
        return found

    def grant(
        self, tx: Transaction, office: Office, epoch: Epoch, keys: Sequence[SenderKey]
    ) -> bool:
        """Wrap keys for an epoch of an office; tell whether there was anything to hand on."""
        me = self.directory.device(self.keys.device)
        if not keys or me is None:
            return False
        for start in range(0, len(keys), ROWS_PER_BATCH):
            rows = [_row(key, office, epoch) for key in keys[start : start + ROWS_PER_BATCH]]
            self.sealer.seal_plain(tx, keys_channel(me), Kind.GRANT, encode_grants(rows), KEYS)
        granted = _read_granted(tx, office)
        granted.update((key.kid, epoch.epoch) for key in keys)
        _write_granted(tx, office, granted)
        settle_asked(tx, office.id, {key.kid for key in keys})
        return True

    def _is_due(
        self,
        tx: Transaction,
        desks: dict[OfficeRef, _Desk],
        key: tuple[Kid, KeyNote],
        office: Office,
    ) -> bool:
        """Tell whether an office lacks a key, and nobody nearer than we can give it."""
        me = self.directory.device(self.keys.device)
        desk = self._desk(tx, desks, office)
        if me is None or not desk.confirmed or desk.holds(*key):
            return False
        times = desk.asked.get(key[0], 0)
        if times and me.office == office.ref:
            return False
        if times > 1:
            return True
        for nearer in self._servers(office, key[1].channel, is_asked=times > 0):
            if nearer.ref == me.office:
                return True
            if self._desk(tx, desks, nearer).can_give(*key):
                return False
        return False

    def _servers(self, office: Office, channel: Channel, *, is_asked: bool) -> Iterator[Office]:
        """Yield whose turn it is: from the office upward; where it asked, then downward."""
        for unit in ancestors(office.unit):
            above = self.directory.office(unit, office.desk)
            if above is not None:
                yield above
        if is_asked:
            readers = self.directory.readers_of(channel)
            below = (one for one in readers if len(one.unit) > len(office.unit))
            yield from sorted(below, key=lambda one: len(one.unit))

    def _desk(self, tx: Transaction, desks: dict[OfficeRef, _Desk], office: Office) -> _Desk:
        if office.ref not in desks:
            members = self.directory.members(office)
            confirmed = tuple(one for one in members if one.may_hold_history)
            since = {one.device: holds_since(tx, office, one) for one in confirmed}
            granted, asked = _read_granted(tx, office), asked_by(tx, office.id)
            desks[office.ref] = _Desk(office, confirmed, since, granted, asked)
        return desks[office.ref]


@dataclass(frozen=True, slots=True)
class _Desk:
    """An office, its confirmed devices and since when they hold its keys, what it got and asks."""

    office: Office
    confirmed: tuple[Certificate, ...]
    since: Mapping[DeviceId, int]
    granted: Mapping[bytes, int]
    asked: Mapping[bytes, int]

    def holds(self, kid: Kid, note: KeyNote) -> bool:
        """Tell whether each confirmed device is as old as an epoch that the key was given for."""
        return self._is_held(self.confirmed, kid, note)

    def can_give(self, kid: Kid, note: KeyNote) -> bool:
        """Tell whether somebody who hands out keys here can open this one."""
        return any(self._is_held([one], kid, note) for one in self.confirmed if can_serve(one))

    def _is_held(self, members: Sequence[Certificate], kid: Kid, note: KeyNote) -> bool:
        if kid in self.asked:
            return False
        given = (note.epochs.get(self.office.id), self.granted.get(kid))
        epochs = [self.office.epoch_numbered(number) for number in given if number is not None]
        since = max((epoch.since for epoch in epochs if epoch is not None), default=None)
        return since is not None and all(self.since[member.device] <= since for member in members)


def history_epoch(
    tx: Transaction, directory: Directory, office: Office, revoked_at: int
) -> Epoch | None:
    """Find the newest epoch that every confirmed device of an office holds, and nobody else.

    Args:
        tx: knows the epochs that we made for confirmed devices only.
        directory: who sits there since when.
        office: the office.
        revoked_at: where the last of its devices was revoked or left, 0 when none did.
    """
    members = directory.members(office)
    confirmed = [one for one in members if one.may_hold_history]
    oldest = max((holds_since(tx, office, one) for one in confirmed), default=None)
    if oldest is None:
        return None
    doubtful = min((one.joined for one in members if _is_doubtful(one)), default=None)
    ours = _confirmed_only(tx, office)
    for epoch in reversed(office.epochs):
        is_safe = doubtful is None or epoch.since < doubtful or epoch.x in ours
        if is_safe and epoch.since >= oldest and epoch.since > revoked_at:
            return epoch
    return None


def holds_since(tx: Transaction, office: Office, member: Certificate) -> int:
    """Say from which position on the epochs of its office were sealed to a device.

    A device that had to wait for its words got nothing between its claim and that day; we know
    the day if it was we who confirmed it. If our epoch of that day was another's, the device got
    none at all yet.
    """
    x = tx.meta.get(_first_marker(office, member))
    if x is None:
        return member.joined
    return next((epoch.since for epoch in office.epochs if epoch.x == x), NEVER)


def note_first_epoch(tx: Transaction, office: Office, members: Iterable[Certificate]) -> None:
    """Remember the newest epoch as the first that these devices hold."""
    for member in members:
        tx.meta.set(_first_marker(office, member), office.epochs[-1].x)


def _first_marker(office: Office, member: Certificate) -> str:
    return f"first_epoch:{office.id.hex()}:{member.device.hex()}"


def note_confirmed_only(tx: Transaction, office: Office, x: bytes) -> None:
    """Remember that an epoch was sealed to confirmed devices and to nobody else."""
    marker = f"confirmed_only:{office.id.hex()}"
    tx.meta.set(marker, (tx.meta.get(marker) or b"") + x)


def _confirmed_only(tx: Transaction, office: Office) -> frozenset[bytes]:
    raw = tx.meta.get(f"confirmed_only:{office.id.hex()}") or b""
    return frozenset(raw[at : at + _X_BYTES] for at in range(0, len(raw), _X_BYTES))


def _is_doubtful(member: Certificate) -> bool:
    """Tell whether a device may hold keys although nobody compared its words."""
    return not member.confirmed and member.state is not State.UNCONFIRMED


def _read_granted(tx: Transaction, office: Office) -> dict[bytes, int]:
    """Read what was granted to an office for epochs that are its own still.

    Whoever makes an epoch while another is on its way to the server loses it: what was wrapped
    for it opens nowhere, and counts for nothing.
    """
    raw = tx.meta.get(_granted_marker(office)) or b""
    rows = (raw[at : at + _GRANTED_BYTES] for at in range(0, len(raw), _GRANTED_BYTES))
    granted = {}
    for row in rows:
        number = int.from_bytes(row[ID_BYTES : ID_BYTES + 2], "big")
        epoch = office.epoch_numbered(number)
        if epoch is not None and epoch.x.startswith(row[ID_BYTES + 2 :]):
            granted[row[:ID_BYTES]] = number
    return granted


def _write_granted(tx: Transaction, office: Office, granted: Mapping[bytes, int]) -> None:
    rows = (
        kid + number.to_bytes(2, "big") + office.epochs[number - 1].x[:_X_SHOWN]
        for kid, number in granted.items()
    )
    tx.meta.set(_granted_marker(office), b"".join(rows))


def _granted_marker(office: Office) -> str:
    return f"granted_epochs:{office.id.hex()}"


def keys_channel(certificate: Certificate) -> ChannelId:
    """Name the channel in which a device hands on keys."""
    return Channel(certificate.unit, ChannelClass.KEYS).id


def can_serve(member: Certificate) -> bool:
    """Tell whether a member is somebody who hands out keys."""
    return member.may_hold_history and (member.desk != Desk.ADMIN or may_enrol(member.role))


def nearest_serving(directory: Directory, units: Sequence[UnitId], desk: str) -> OfficeRef | None:
    """Return the first office of a desk at these units where somebody can hand out keys."""
    for unit in units:
        office = directory.office(unit, desk)
        if office is not None and any(map(can_serve, directory.members(office))):
            return office.ref
    return None


def _admin_keys(tx: Transaction) -> Iterator[tuple[SenderKey, KeyNote]]:
    """Yield the keys of admin channels with the channel and who was given them first."""
    for key in tx.sender_keys.all():
        note = read_note(key.recipients)
        if note is not None and note.channel.cls in ADMIN_CLASSES:
            yield key, note


def _row(key: SenderKey, office: Office, epoch: Epoch) -> GrantRow:
    wrapped = wrap_key(
        Secret(key.key),
        author=key.device,
        channel=key.channel,
        recipient=Recipient(RecipientKind.OFFICE, office.id, epoch.epoch),
        public_x25519=epoch.x,
    )
    return GrantRow(key.device, key.channel, Kid(key.kid), office.id, epoch.epoch, wrapped.sealed)
