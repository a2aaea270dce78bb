"""The directory: who exists, what each may do and since when, folded from signed batches.

Laws:
  * A pure fold over kind 2 batches in the server's order. The same batches at the same positions
    give the same directory on every replica, in whatever order they came.
  * Nothing is trusted without a chain to the root: root document (two of three keys) -> devices,
    offices and invites of headquarters -> what those certify, each within its own authority.
  * Every statement is accepted, void for a named reason, or waiting for something named.
  * A revocation ends an issuer beyond its cut, and everything that hung on what it cut: the
    history is folded again with the cut in force from the start. ``adopt`` restores a batch. Of
    two devices that revoke each other the one nearer to the root wins, then the earlier one.
  * Time ends nothing. Certificates and offices end by revocation alone (finding 18).
  * Readers are computed from the offices shown at a version, never listed (findings 1 and 4).

An ordinary batch costs the same however large the directory is; only a cut into the past, or a
batch that comes out of order, folds again, and no signature is checked twice.

Realises docs/PROTOCOL.md section 7. The folding stands in ``directory_fold``, the judges in
``judge_batch``, ``judge_root`` and ``judge_devices``, the table of powers in ``authority``.
"""

from collections.abc import Iterator

from fieldapp.protocol.authority import may_adopt
from fieldapp.protocol.batch import Batch
from fieldapp.protocol.certificates import Certificate, State, covering
from fieldapp.protocol.channels import Channel, Desk, OfficeRef
from fieldapp.protocol.directory_chain import Link, link
from fieldapp.protocol.directory_fold import DirectoryFold
from fieldapp.protocol.directory_heads import DirectoryHeads
from fieldapp.protocol.directory_log import read_entry
from fieldapp.protocol.directory_state import Invite, directory_channel
from fieldapp.protocol.ids import ChannelId, DeviceId, InviteId, OfficeId, UnitId
from fieldapp.protocol.offices import Epoch, Office, OfficesAt
from fieldapp.protocol.root_document import RootDocument
from fieldapp.protocol.statements import ClaimStatement, RootStatement
from fieldapp.protocol.units import REPUBLIC, is_at_or_above
from fieldapp.protocol.verdicts import Alarm, Reason, Voided


class Directory(DirectoryFold):
    """The fold and its queries; ``apply`` and its kin stand in ``directory_fold``."""

    # -- the root ------------------------------------------------------------------------------

    @property
    def root(self) -> RootDocument | None:
        """The root document in force, None before the first one."""
        return self._state.root

    @property
    def server_key(self) -> bytes | None:
        """The key that the server signs receipts with."""
        return self._state.root.server_key if self._state.root else None

    @property
    def directory_key(self) -> bytes | None:
        """The key that signs snapshots."""
        return self._state.root.directory_key if self._state.root else None

    @property
    def version(self) -> int:
        """The last position taken from the server: what a batch header names."""
        return self._log.last_placed()

    # -- devices -------------------------------------------------------------------------------

    def device(self, device: DeviceId) -> Certificate | None:
        """Give a device's newest certificate."""
        return self._state.certificate(device)

    def history(self, device: DeviceId) -> tuple[Certificate, ...]:
        """Give every certificate that a device had, the newest last."""
        return self._state.histories.get(device, ())

    def certificates(self) -> Iterator[Certificate]:
        """Give the newest certificate of every device."""
        return (history[-1] for history in self._state.histories.values())

    def certificate_for(
        self,
        device: DeviceId,
        channel: ChannelId,
        seq: int,
        *,
        batch_hash: bytes | None = None,
        position: int | None = None,
    ) -> Certificate | None:
        """Give the certificate that a batch falls under (finding 16).

        Args:
            device: the batch's author.
            channel: its channel.
            seq: its seq, generation included.
            batch_hash: its header hash; None compares places only.
            position: where the server put it, which decides in a channel that no cut names.
        """
        history = self._state.histories.get(device)
        return covering(history, channel, seq, batch_hash, position) if history else None

    def posts_before(
        self, found: Certificate, channel: ChannelId, batch_hash: bytes
    ) -> tuple[Certificate, ...]:
        """Give the earlier certificates under which an adopted batch may count, the newest first.

        Args:
            found: the certificate that the batch falls under; none is older than the first.
            channel: the batch's channel.
            batch_hash: its header hash.
        """
        history = self.history(found.device)
        before = history[: history.index(found)][::-1]
        return tuple(old for old in before if self.is_adopted(batch_hash, channel, old))

    def is_beyond_cut(
        self,
        device: DeviceId,
        channel: ChannelId,
        seq: int,
        batch_hash: bytes | None,
        *,
        position: int | None = None,
    ) -> bool:
        """Tell whether a batch lies beyond its author's revocation and nobody adopted it.

        Args:
            device: the batch's author.
            channel: its channel.
            seq: its seq, generation included.
            batch_hash: its header hash; None compares places only.
            position: where the server put it, which decides in a channel that no cut names.
        """
        certificate = self._state.certificate(device)
        if certificate is None:
            return False
        if not certificate.is_beyond_cut(channel, seq, batch_hash, position):
            return False
        return not self.is_adopted(batch_hash, channel, certificate)

    def is_adopted(
        self, batch_hash: bytes | None, channel: ChannelId, subject: Certificate
    ) -> bool:
        """Tell whether somebody who may has taken over a batch that a cut left outside."""
        adopters = self._state.adoptions.get(batch_hash or b"", [])
        shown = [office.ref for office in self._state.offices.by_ref.values()] if adopters else []
        return any(may_adopt(adopter, subject, channel, shown) for adopter in adopters)

    def cut_off(self, device: DeviceId) -> tuple[bytes, ...]:
        """Name the directory batches of a device that its revocation left outside, in order."""
        found = (void for void in self._state.voided if void.device == device)
        outside = (void.hash for void in found if void.reason is Reason.ISSUER_REVOKED)
        return tuple(dict.fromkeys(outside))

    def invite(self, invite: InviteId) -> Invite | None:
        """Give an invite that counts, with the devices that claimed it."""
        return self._state.invites.get(invite)

    def invites(self) -> tuple[Invite, ...]:
        """Give every invite that counts, with the devices that claimed each."""
        return tuple(self._state.invites.values())

    # -- offices -------------------------------------------------------------------------------

    def offices(self, at_version: int | None = None) -> frozenset[OfficeRef]:
        """Give all offices, or those shown at a version, as (unit, desk) pairs."""
        return frozenset(OfficesAt(self._state.offices, at_version))

    def office(self, unit: UnitId, desk: str) -> Office | None:
        """Give the office of a desk at a unit."""
        return self._state.offices.by_ref.get((unit, desk))

    def office_by_id(self, office: OfficeId | bytes) -> Office | None:
        """Give the office of a number on the wire."""
        return self._state.offices.by_id.get(office)

    def current_epoch(self, office: OfficeId, at_version: int | None = None) -> Epoch | None:
        """Give an office's newest key, or the newest known at a version."""
        found = self._state.offices.by_id.get(office)
        return found.epoch_at(at_version) if found else None

    def offices_of_officers(self, unit: UnitId) -> frozenset[OfficeRef]:
        """Give the present offices of every device that serves or ever served at a unit."""
        return frozenset(
            history[-1].office
            for history in self._state.histories.values()
            if any(certificate.unit == unit for certificate in history)
        )

    def members(self, office: Office | OfficeRef) -> tuple[Certificate, ...]:
        """Give the certificates of an office's devices that are not revoked.

        Of an ``all`` office they are the devices at or below its unit.
        """
        ref = office.ref if isinstance(office, Office) else office
        if ref.desk == Desk.ALL:
            return tuple(
                certificate
                for certificate in self.certificates()
                if certificate.state is not State.REVOKED
                and is_at_or_above(ref.unit, certificate.unit)
            )
        devices = self._state.members.get(ref, {})
        return tuple(self._state.histories[device][-1] for device in devices)

    def readers_of(self, channel: Channel, at_version: int | None = None) -> tuple[Office, ...]:
        """Compute the offices that read a channel, the nearest first."""
        return self._state.offices.readers_of(channel, at_version)

    # -- what is wrong, missing or remarkable --------------------------------------------------

    @property
    def voided(self) -> tuple[Voided, ...]:
        """Every statement without effect, with its reason."""
        return tuple(self._state.voided)

    @property
    def waiting(self) -> tuple[Voided, ...]:
        """Every batch that waits, with what it waits for."""
        return tuple(self._state.waiting.values())

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Everything that people must be shown."""
        return tuple(self._state.alarms)

    @property
    def heads(self) -> DirectoryHeads:
        """The running heads of the directory's channels, for snapshots."""
        return self._heads

    # -- for the server, before it places a batch ----------------------------------------------

    def feed_unit(self, batch: Batch) -> UnitId | None:
        """Name the unit in whose directory channel a batch stands, None while unknown."""
        entry = read_entry(0, batch)
        history = self._state.histories.get(entry.device, ())
        units = {certificate.unit for certificate in history} | {REPUBLIC}
        for statement in entry.statements:
            if isinstance(statement, ClaimStatement) and statement.invite in self._state.invites:
                units.add(self._state.invites[statement.invite].unit)
        named = (unit for unit in units if directory_channel(unit) == entry.channel)
        return next(named, None)

    def waits_for(self, batch: Batch) -> Reason | None:
        """Say what a batch would wait for if it were placed now, None when for nothing.

        A server that keeps such a batch aside until it is due places every batch after those
        it hangs on.
        """
        entry = read_entry(0, batch)
        if any(isinstance(statement, RootStatement) for statement in entry.statements):
            return None
        if entry.device not in self._state.histories:
            claims = [row.invite for row in entry.statements if isinstance(row, ClaimStatement)]
            if not claims:
                return Reason.UNKNOWN_ISSUER
            if not any(invite in self._state.invites for invite in claims):
                return Reason.UNKNOWN_INVITE
        return Reason.CHAIN_GAP if link(self._state, entry) is Link.GAP else None
