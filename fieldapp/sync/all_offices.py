"""The offices of all officers of a unit: who is given their keys, and when there is a new one.

Laws:
  * A member is every active device at or below the unit. The nearest admin office at or above it
    in which somebody can hand out keys serves it.
  * Whoever joins is given the newest keys, as a notice is for officers and not secret, and one that
    was sealed for a key before is still to be read. Whoever is revoked or moved away ends the
    newest: the next key goes to those who are left.
  * Whoever opens such an office hands out its first key at once: what another office seals for
    it before the serving one has spoken must be readable.
  * Who was given a key is noted where it was given; another device of the serving office gives it
    once more, which does no harm.

Realises PROTOCOL 3.4 for class broadcast; ``docs/adr`` says what a country will need beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fieldapp.crypto.keys import OfficeKey
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import Desk, OfficeRef
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import ID_BYTES, DeviceId
from fieldapp.protocol.offices import Epoch, Office
from fieldapp.protocol.units import ancestors, is_at_or_above
from fieldapp.storage.vault import Transaction
from fieldapp.sync.grants import nearest_serving
from fieldapp.sync.keyring import Keyring
from fieldapp.sync.late_claims import is_late

LATEST: Final = 3
"""How many of an office's keys are handed to a newcomer."""
_GIVEN: Final = "all_given"

MakeEpoch = Callable[[Transaction, Office, Sequence[Certificate]], Epoch]
HandOut = Callable[[Transaction, OfficeKey, Sequence[Certificate]], None]


@dataclass(frozen=True, slots=True)
class AllOffices:
    """Serves them for one device of an admin office.

    Attributes:
        make_epoch: says an office's next epoch and seals its private half to members.
        hand_out: seals the private half of an epoch to further members.
    """

    directory: Directory
    keyring: Keyring
    make_epoch: MakeEpoch
    hand_out: HandOut

    def serve(
        self,
        tx: Transaction,
        me: Certificate,
        office: Office,
        departures: Mapping[OfficeRef, int],
        best_time_ms: int,
    ) -> bool:
        """Give an office's key to whoever lacks it; tell whether anything was due.

        Args:
            tx: the open transaction.
            me: our certificate, which has authority over the office.
            office: an ``all`` office.
            departures: where the last device of each office was revoked or moved away.
            best_time_ms: the later of our clock and the last time that a server signed.
        """
        if nearest_serving(self.directory, ancestors(office.unit), Desk.ADMIN) != me.office:
            return False
        members = self._members(tx, me, office, best_time_ms)
        newest = office.epochs[-1]
        key = self.keyring.office_keys(tx).get((office.id, newest.epoch))
        if key is None or key.public != newest.x or _left_at(office, departures) > newest.since:
            return self._renew(tx, me, office, members)
        given = _given(tx, office, newest.epoch)
        missing = [one for one in members if one.device not in given and one.device != me.device]
        if missing:
            for one in self._latest(tx, office):
                self.hand_out(tx, one, missing)
            _note_given(tx, office, newest.epoch, given | {one.device for one in missing})
        return bool(missing)

    def open(
        self, tx: Transaction, me: Certificate, office: Office, key: OfficeKey, best_time_ms: int
    ) -> None:
        """Hand out the first key of an office that we just opened, and keep it."""
        members = self._members(tx, me, office, best_time_ms)
        others = [one for one in members if one.device != me.device]
        tx.office_keys.put(key.office, key.epoch, key.to_secret().reveal())
        self.keyring.forget()
        self.hand_out(tx, key, others)
        _note_given(tx, office, key.epoch, {one.device for one in others})

    def _members(
        self, tx: Transaction, me: Certificate, office: Office, best_time_ms: int
    ) -> list[Certificate]:
        return [
            one
            for one in self.directory.members(office)
            if one.is_active and not is_late(tx, self.directory, me, one, best_time_ms)
        ]

    def _latest(self, tx: Transaction, office: Office) -> list[OfficeKey]:
        """Return the newest keys of an office that we hold."""
        held = self.keyring.office_keys(tx)
        epochs = (one.epoch for one in reversed(office.epochs))
        found = [held[office.id, epoch] for epoch in epochs if (office.id, epoch) in held]
        return found[:LATEST]

    def _renew(
        self, tx: Transaction, me: Certificate, office: Office, members: Sequence[Certificate]
    ) -> bool:
        """Make the next key for the members there are, and for us, who hand it out."""
        if not members:
            return False
        others = [one for one in members if one.device != me.device]
        epoch = self.make_epoch(tx, office, [*others, me])
        _note_given(tx, office, epoch.epoch, {one.device for one in others})
        return True


def _left_at(office: Office, departures: Mapping[OfficeRef, int]) -> int:
    """Return where the last device at or below the office's unit was revoked or moved."""
    left = (at for ref, at in departures.items() if is_at_or_above(office.unit, ref.unit))
    return max(left, default=0)


def _given(tx: Transaction, office: Office, epoch: int) -> frozenset[DeviceId]:
    raw = tx.meta.get(_marker(office, epoch)) or b""
    return frozenset(DeviceId(raw[at : at + ID_BYTES]) for at in range(0, len(raw), ID_BYTES))


def _note_given(tx: Transaction, office: Office, epoch: int, devices: Collection[DeviceId]) -> None:
    tx.meta.set(_marker(office, epoch), b"".join(sorted(devices)))


def _marker(office: Office, epoch: int) -> str:
    return f"{_GIVEN}:{office.id.hex()}:{epoch}"
