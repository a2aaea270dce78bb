"""Grants: sender keys handed on to offices that came later, or whose device was just confirmed.

Laws:
  * Only keys of admin channels are granted by themselves; on restricted ones a person decides
    (decision 3).
  * A late office gets its history from the nearest office above it, once somebody whose words
    were compared sits there (decision 14).
  * A key is granted to an office once, for its present epoch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.sealing import wrap_key
from fieldapp.crypto.secret import Secret
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, OfficeRef
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.grants import GrantRow, encode_grants
from fieldapp.protocol.ids import ID_BYTES, ChannelId, Kid, UnitId
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from fieldapp.protocol.offices import Office
from fieldapp.protocol.roles import may_enrol
from fieldapp.protocol.units import ancestors
from fieldapp.storage.rows import SenderKey
from fieldapp.storage.vault import Transaction
from fieldapp.sync.key_names import read_note
from fieldapp.sync.own_streams import KEYS
from fieldapp.sync.sealer import Sealer

ROWS_PER_BATCH: Final = 500
_ADMIN_CLASSES: Final = frozenset({ChannelClass.ORDINARY, ChannelClass.CONFIDENTIAL})


@dataclass(frozen=True, slots=True)
class Grants:
    """Grants what one device holds."""

    keys: DeviceKeys
    directory: Directory
    sealer: Sealer

    def grant_late(self, tx: Transaction) -> int:
        """Grant what later offices lack; return how many offices got something."""
        lacking: dict[OfficeRef, list[SenderKey]] = {}
        for key, channel, holders in _admin_keys(tx):
            for office in self.directory.readers_of(channel):
                if office.id not in holders:
                    lacking.setdefault(office.ref, []).append(key)
        served = 0
        for ref, keys in sorted(lacking.items()):
            late = self.directory.office(*ref)
            if late is not None and self._is_mine(late):
                served += self._grant(tx, late, keys)
        return served

    def grant_history(self, tx: Transaction, office: Office) -> None:
        """Grant an office every key of its channels, for a device that was just confirmed."""
        keys = [
            key
            for key, channel, _ in _admin_keys(tx)
            if office in self.directory.readers_of(channel)
        ]
        me = self.directory.device(self.keys.device)
        if me is not None and me.office != office.ref:
            self._grant(tx, office, keys)

    def _is_mine(self, office: Office) -> bool:
        """Tell whether ours is the nearest office above that has what this one lacks."""
        members = self.directory.members(office)
        me = self.directory.device(self.keys.device)
        nearest = nearest_serving(self.directory, ancestors(office.unit)[1:], office.desk)
        can_use = any(member.may_hold_history for member in members)
        return can_use and me is not None and nearest == me.office

    def _grant(self, tx: Transaction, office: Office, keys: Sequence[SenderKey]) -> int:
        marker = f"granted:{office.id.hex()}"
        before = tx.meta.get(marker) or b""
        granted = {before[at : at + ID_BYTES] for at in range(0, len(before), ID_BYTES)}
        due = [key for key in keys if key.kid not in granted]
        me = self.directory.device(self.keys.device)
        if not due or me is None:
            return 0
        for start in range(0, len(due), ROWS_PER_BATCH):
            rows = [_row(key, office) for key in due[start : start + ROWS_PER_BATCH]]
            self.sealer.seal_plain(tx, keys_channel(me), Kind.GRANT, encode_grants(rows), KEYS)
        tx.meta.set(marker, before + b"".join(key.kid for key in due))
        return 1


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


def _admin_keys(tx: Transaction) -> Iterator[tuple[SenderKey, Channel, frozenset[bytes]]]:
    """Yield the keys of admin channels with the channel and who was given them first."""
    for key in tx.sender_keys.all():
        note = read_note(key.recipients)
        if note is not None and note.channel.cls in _ADMIN_CLASSES:
            yield key, note.channel, note.holders


def _row(key: SenderKey, office: Office) -> GrantRow:
    epoch = office.epochs[-1]
    wrapped = wrap_key(
        Secret(key.key),
        author=key.device,
        channel=key.channel,
        recipient=Recipient(RecipientKind.OFFICE, office.id, epoch.epoch),
        public_x25519=epoch.x,
    )
    return GrantRow(key.device, key.channel, Kid(key.kid), office.id, epoch.epoch, wrapped.sealed)
