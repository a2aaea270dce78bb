"""Offices, invites and devices: who belongs and what they may open.

Laws:
  * Every deed is a statement of this device's own directory stream, or a sealed record: saved
    here first, published when there is a link.
  * Rights are checked here for a clear answer; the directory checks them again on every replica.
  * ``init`` leaves the root keys and the desks' keys in the folder that was asked for and nowhere
    in the home.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fieldapp.crypto.invite_secret import InviteKeys, invite_keys, new_invite_secret
from fieldapp.crypto.keys import generate_office_key
from fieldapp.errors import InvalidUnitError, NoRightError
from fieldapp.protocol.batch import Kind, parse_batch
from fieldapp.protocol.causes import Cause, read_cause
from fieldapp.protocol.channels import Desk, OfficeRef
from fieldapp.protocol.ids import InviteId, UnitId
from fieldapp.protocol.invites import InviteCode, InvitePacket, encode_code, encode_packet
from fieldapp.protocol.roles import Role, fits
from fieldapp.protocol.statements import (
    InviteStatement,
    OfficeStatement,
)
from fieldapp.protocol.units import is_at_or_above, parse_unit
from fieldapp.services.access import AccessService
from fieldapp.services.device_deeds import DeviceDeeds, Why
from fieldapp.services.founding import INVITE_BYTES
from fieldapp.services.headquarters import Headquarters, SetUp
from fieldapp.services.invited import invited
from fieldapp.services.joining import write_invite_file
from fieldapp.services.office_views import (
    Adopted,
    DeviceRow,
    InvitedRow,
    InviteView,
    OfficeRow,
    Organisation,
)
from fieldapp.services.opening import Environment
from fieldapp.services.pending import PendingInvite, add_pending_invite
from fieldapp.services.records import RecordService
from fieldapp.services.saying import saying
from fieldapp.services.transfer_views import ImportReport
from fieldapp.services.unit_deeds import UnitDeeds
from fieldapp.services.views import UnitRow
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction
from fieldapp.sync.office_duties import Post

HOUR_MS: Final = 60 * 60 * 1000


class OrganisationService:
    """Deeds of those who administer."""

    def __init__(
        self, environment: Environment, access: AccessService, records: RecordService
    ) -> None:
        self._headquarters = Headquarters(environment, access)
        self._access = access
        self._records = records

    def init(
        self, server: str, claim: str, org: str, shares_dir: Path, officer: str, pin: str
    ) -> Organisation:
        """Found an organisation on a fresh server; see ``Headquarters.init`` for refusals."""
        return self._headquarters.init(SetUp(server, claim, org, shares_dir, officer, pin))

    # ------------------------------------------------------------------ units

    def add_unit(self, parent: str, level: str, name: str, ward: str | None = None) -> str:
        """Add a unit below one that this office administers; see ``UnitDeeds.add``."""
        return self._units().add(parent, level, name, ward)

    def list_units(self, under: str | None = None) -> list[UnitRow]:
        """The units at or below one, the whole of this office's subtree by default."""
        work = self._access.workspace()
        work.catch_up()
        return work.places.below(under or work.profile.unit)

    def import_units(self, text: str) -> ImportReport:
        """Add units from CSV with the columns parent, level, name and perhaps ward."""
        return self._units().load(text)

    def _units(self) -> UnitDeeds:
        work = self._access.workspace()
        work.catch_up()
        return UnitDeeds(work, self._records)

    # ------------------------------------------------------------------ offices

    def create_office(self, unit: str, desk: str = Desk.ADMIN.value) -> tuple[str, int]:
        """Give a unit an office with a key of its own; returns ``UNIT/DESK`` and its epoch.

        Nobody keeps the private half of the first epoch: each member's admission makes the next
        one, and what was sealed before is granted again by an office that reads it too. The key
        of an office of all officers goes to their devices at once.

        Raises:
            InvalidUnitError: the unit is unknown.
            NoRightError: this device may not create it, or it exists.
        """
        work = self._work()
        where = _known_unit(work, unit)
        if desk not in {one.value for one in Desk}:
            raise NoRightError("unknown_desk", desks=", ".join(Desk))
        ref = OfficeRef(where, desk)
        if work.directory.office(where, desk) is not None:
            raise NoRightError("office_exists", office=f"{where}/{desk}")
        with saying(work) as tx:
            if desk == Desk.ALL:
                work.device.duties.open_all(tx, where)
            else:
                key = generate_office_key(ref.id, 1)
                work.device.duties.state(tx, [OfficeStatement(where, desk, 1, key.public)])
        return f"{where}/{desk}", 1

    def offices(self) -> list[OfficeRow]:
        """The offices of this office's subtree and above it."""
        work = self._work()
        own = UnitId(work.profile.unit)
        with work.lock:
            found = [work.directory.office(*ref) for ref in sorted(work.directory.offices())]
            return [
                OfficeRow(
                    f"{office.unit}/{office.desk}",
                    office.epochs[-1].epoch,
                    len(work.directory.members(office)),
                )
                for office in found
                if office is not None
                if is_at_or_above(own, office.unit) or is_at_or_above(office.unit, own)
            ]

    # ------------------------------------------------------------------ invites

    def invite(
        self, unit: str, role: str, desk: str = Desk.ADMIN.value, expires_hours: int = 24
    ) -> InviteView:
        """Invite one device into an office.

        Raises:
            InvalidUnitError: the unit is unknown.
            NoRightError: no such role or office, or not this device's to give.
        """
        work = self._work()
        where = _known_unit(work, unit)
        given = _role(role)
        if not fits(given, where, desk):
            raise NoRightError("role_does_not_fit", role=given.value, unit=where)
        if work.directory.office(where, desk) is None:
            raise NoRightError("office_missing", office=f"{where}/{desk}", unit=where, desk=desk)
        expires_ms = work.now_ms() + expires_hours * HOUR_MS
        code, keys = self._new_code(work, expires_ms)
        statement = InviteStatement(
            code.invite, keys.signing.public, where, desk, given, expires_ms
        )
        with saying(work) as tx:
            work.device.duties.state(tx, [statement])
            sealed = keys.seal_packet(encode_packet(_packet(tx, work, where)))
            add_pending_invite(tx, PendingInvite(code.invite, keys.token, sealed))
        text = encode_code(code)
        return InviteView(text, code.invite.hex(), expires_ms, write_invite_file(text, sealed))

    def invited(self) -> list[InvitedRow]:
        """Who was invited by offices of this subtree and has not come yet."""
        return invited(self._work())

    def _new_code(self, work: Workspace, expires_ms: int) -> tuple[InviteCode, InviteKeys]:
        invite = InviteId(work.chance.token(INVITE_BYTES))
        secret = new_invite_secret()
        code = InviteCode(
            invite=invite,
            secret=secret.reveal(),
            root_fingerprint=_fingerprint(work),
            expires_s=expires_ms // 1000,
            url=work.profile.server_url,
        )
        return code, invite_keys(invite, secret)

    # ------------------------------------------------------------------ devices

    def devices(self) -> list[DeviceRow]:
        """The devices of this office's subtree."""
        return self._devices().rows()

    def confirm(self, device: str, words: str) -> None:
        """Confirm a device whose words its holder read out.

        Raises:
            UnknownDeviceError: no such device.
            WordsDifferError: the words are another device's: somebody stands in between.
            NoRightError: not this device's to confirm.
        """
        self._devices().confirm(device, words)

    def change_device(
        self,
        device: str,
        role: str | None = None,
        unit: str | None = None,
        desk: str | None = None,
        *,
        reason: str,
        because: str = Cause.MOVED,
    ) -> DeviceRow:
        """Give a device another role, unit or desk; what is left out stays as it is.

        What this vault holds of the device keeps the rights of its post until now; what comes
        after has those of the new one. Both offices get a new key.

        Raises:
            UnknownDeviceError: no such device.
            InvalidUnitError: the unit is unknown.
            NoRightError: not this device's to move, or there is no such post, or no change.
        """
        work, deeds = self._work(), self._devices()
        before = deeds.post(device)
        post = Post(
            before.unit if unit is None else _known_unit(work, unit),
            before.desk if desk is None else desk,
            before.role if role is None else _role(role),
        )
        deeds.change(device, post, Why(_cause(because), reason))
        wanted = device.strip().lower()
        return next(row for row in deeds.rows() if row.device == wanted)

    def revoke(self, device: str, reason: str, because: str = Cause.OTHER) -> None:
        """Revoke a device; what this vault holds of it counts, nothing after.

        Args:
            device: which one.
            reason: why, in words; sealed for the offices above, the server never reads it.
            because: why, as a word of the closed list that the directory shows.

        Raises:
            UnknownDeviceError: no such device.
            NoRightError: not this device's to revoke, or it is this device.
        """
        self._devices().revoke(device, Why(_cause(because), reason))

    def adopt(
        self,
        device: str,
        reason: str,
        batch: str | None = None,
        because: str = Cause.OTHER,
    ) -> Adopted:
        """Take over what a device sealed beyond its cut, as far as it has come here.

        Args:
            device: whose work it is.
            reason: why, in words; sealed for the offices above, the server never reads it.
            batch: the one batch to take over, a record's or a statement's; all records without.
            because: why, as a word of the closed list that the directory shows.

        Raises:
            UnknownDeviceError: no such device.
            NoRightError: nothing is there, or it is not this device's to adopt.
        """
        return self._devices().adopt(device, Why(_cause(because), reason), batch)

    def _devices(self) -> DeviceDeeds:
        return DeviceDeeds(self._work())

    def _work(self) -> Workspace:
        work = self._access.workspace()
        work.catch_up()
        return work


def _packet(tx: Transaction, work: Workspace, unit: UnitId) -> InvitePacket:
    """The directory that a device of a unit needs, and the names below the shipped ones."""
    return InvitePacket(
        org=work.profile.org,
        server_url=work.profile.server_url,
        root_fingerprint=_fingerprint(work),
        batches=_directory_for(tx, work, unit),
        units=tuple(work.places.packet_rows(unit)),
    )


def _known_unit(work: Workspace, text: str) -> UnitId:
    unit = parse_unit(text)
    if not work.places.is_known(unit):
        raise InvalidUnitError("unknown_unit", unit=unit)
    return unit


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as problem:
        raise NoRightError("unknown_role", roles=", ".join(Role)) from problem


def _cause(word: str) -> Cause:
    """Read a word of the closed list; another one counts as ``other``."""
    return read_cause({"because": word})


def _fingerprint(work: Workspace) -> bytes:
    root = work.directory.root
    return b"" if root is None else root.fingerprint


def _directory_for(
    tx: Transaction, work: Workspace, unit: UnitId
) -> tuple[tuple[int | None, bytes], ...]:
    """The directory batches of every unit at, above or below one."""
    found = []
    for row in tx.batches.of_kind(int(Kind.DIRECTORY)):
        where = work.directory.feed_unit(parse_batch(row.raw))
        if where is None or is_at_or_above(where, unit) or is_at_or_above(unit, where):
            found.append((row.position, row.raw))
    return tuple(found)
