"""A small organisation in memory, with real keys and real directory batches.

    amina   KE/admin                  hq_admin, named by the root document
    brian   KE-005/admin              county_desk, invited by amina
    chebet  KE-005-S022/admin         dcc_admin, invited by brian
    dalila  KE-005-S022-L7F3A/admin   chief of Mkomani, invited by chebet
    eshe    KE/gender                 came by the root's hand-over invite
    fumo    KE-005/gender             invited by eshe

Keys depend on names only, so every run makes the same bytes. Each device has its own stream in
the directory channel of its unit; ``issue`` continues it, places the batch and folds it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldapp.crypto.keys import DeviceKeys, OfficeKey, SigningKey
from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.protocol.batch import Batch, Kind, make_seq
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.certificates import State
from fieldapp.protocol.channels import RESTRICTED_DESKS, Channel, ChannelClass, Desk, OfficeRef
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId, InviteId, UnitId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.root_document import RootDocument, root_signing_bytes
from fieldapp.protocol.statements import (
    AdoptStatement,
    ClaimStatement,
    DeviceStatement,
    InviteStatement,
    OfficeStatement,
    RevokeStatement,
    RootStatement,
    Statement,
    encode_statements,
)
from fieldapp.protocol.verdicts import Reason
from tests.support.people import device_keys, fixed_bytes

KE = UnitId("KE")
LAMU = UnitId("KE-005")
LAMU_WEST = UnitId("KE-005-S022")
LAMU_EAST = UnitId("KE-005-S023")
MKOMANI = UnitId("KE-005-S022-L7F3A")
VILLAGE = UnitId("KE-005-S022-L7F3A-V0001")

NOON_MS = 1_767_258_000_000
DAY_MS = 24 * 60 * 60 * 1000


def signing_key(name: str) -> SigningKey:
    """An Ed25519 key that depends on its name only."""
    return SigningKey(Secret(fixed_bytes(f"signing {name}", 32)))


def directory_channel(unit: UnitId) -> Channel:
    """The channel in which devices of a unit's offices speak."""
    return Channel(unit, ChannelClass.DIRECTORY)


@dataclass(frozen=True, slots=True)
class Member:
    """A person with a device and its place."""

    name: str
    keys: DeviceKeys
    unit: UnitId
    desk: str
    role: Role

    @property
    def device(self) -> DeviceId:
        """The device's id."""
        return self.keys.device

    @property
    def channel(self) -> ChannelId:
        """The directory channel of the member's unit."""
        return directory_channel(self.unit).id

    def certificate(self, *, confirmed: bool = True) -> DeviceStatement:
        """What an issuer says to confirm this member in its place."""
        return DeviceStatement(
            device=self.device,
            ed=self.keys.public_ed25519,
            x=self.keys.public_x25519,
            unit=self.unit,
            desk=self.desk,
            role=self.role,
            confirmed=confirmed,
        )


@dataclass(frozen=True, slots=True)
class GivenInvite:
    """An invite with its private key, as its code would hold it."""

    statement: InviteStatement
    key: SigningKey


@dataclass(slots=True)
class Organisation:
    """Who is there, what was said, and the directory that follows."""

    root_keys: tuple[SigningKey, ...] = tuple(signing_key(f"root {n}") for n in range(3))
    server: SigningKey = field(default_factory=lambda: signing_key("server"))
    directory_signer: SigningKey = field(default_factory=lambda: signing_key("directory"))
    members: dict[str, Member] = field(default_factory=dict)
    office_keys: dict[OfficeRef, list[OfficeKey]] = field(default_factory=dict)
    invites: dict[InviteId, GivenInvite] = field(default_factory=dict)
    log: list[tuple[int, Batch]] = field(default_factory=list)
    directory: Directory = field(default_factory=Directory)
    heads: dict[tuple[DeviceId, ChannelId], tuple[int, bytes]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Member:
        return self.members[name]

    @property
    def position(self) -> int:
        """The last position given out."""
        return self.log[-1][0] if self.log else 0

    # -- saying things -------------------------------------------------------------------------

    def draft(
        self,
        by: Member,
        *statements: Statement,
        channel: ChannelId | None = None,
        payload: bytes | None = None,
        generation: int | None = None,
        after: tuple[int, bytes] | None = None,
    ) -> Batch:
        """Make the next batch of a member's directory stream without placing it.

        Args:
            by: who speaks.
            statements: what is said.
            channel: another channel than that of the member's unit.
            payload: other bytes than the statements'.
            generation: another generation than the stream's.
            after: another (seq, hash) to follow than the stream's head.
        """
        where = by.channel if channel is None else channel
        seq, prev = after or self.heads.get((by.device, where), (0, ZERO_HASH))
        number = (seq & 0xFFFF_FFFF_FFFF) + 1
        plan = BatchPlan(
            kind=Kind.DIRECTORY,
            seq=make_seq(seq >> 48 if generation is None else generation, number),
            prev=prev,
            channel=where,
            directory_version=self.position,
        )
        body = encode_statements(statements) if payload is None else payload
        return seal_plain(body, keys=by.keys, plan=plan)

    def take(self, batch: Batch) -> Batch:
        """Let the member's stream go on after this batch."""
        header = batch.header
        self.heads[header.device, header.channel] = (header.seq, batch.hash)
        return batch

    def place(self, batch: Batch) -> Batch:
        """Give a batch the next position and fold it."""
        self.take(batch)
        self.log.append((self.position + 1, batch))
        self.directory.apply(self.position, batch, verify)
        return batch

    def issue(self, by: Member, *statements: Statement) -> Batch:
        """Say something: draft, place and fold."""
        return self.place(self.draft(by, *statements))

    def refolded(self) -> Directory:
        """The directory of a replica that takes the whole log at once."""
        replica = Directory()
        replica.apply_all(self.log, verify)
        return replica

    def reason(self, index: int = -1) -> Reason | None:
        """Why a batch of the log, the last one when left out, does not count."""
        return self.directory.verdict(self.log[index][1].hash)[1]

    def state_of(self, member: Member) -> State | None:
        """Where a member's device stands, None when nobody heard of it."""
        found = self.directory.device(member.device)
        return found.state if found else None

    # -- the root ------------------------------------------------------------------------------

    def epochs(self, unit: UnitId, desk: str = Desk.ADMIN) -> list[int]:
        """The key epochs of an office, none of one that does not count."""
        office = self.directory.office(unit, desk)
        return [] if office is None else [epoch.epoch for epoch in office.epochs]

    def invited_to(self, invite: InviteId) -> UnitId | None:
        """Where an invite leads, nowhere if it does not count."""
        found = self.directory.invite(invite)
        return None if found is None else found.statement.unit

    def root_document(self, **changes: object) -> RootDocument:
        """The first root document, with changes."""
        fields: dict[str, object] = {
            "version": 1,
            "keys": tuple(key.public for key in self.root_keys),
            "org": "Baraza of tests",
            "created_ms": NOON_MS,
            "server_key": self.server.public,
            "directory_key": self.directory_signer.public,
            "devices": (self["amina"].certificate(),),
            "offices": tuple(self.office_statement(KE, desk) for desk in KE_DESKS),
            "invites": tuple(
                self.invite_statement(KE, Role.REFERRAL_DESK, desk) for desk in RESTRICTED_DESKS
            ),
            **changes,
        }
        return RootDocument(**fields)  # type: ignore[arg-type]  # a test may change any field

    def sign_root(self, document: RootDocument, signers: tuple[int, ...] = (0, 2)) -> RootStatement:
        """Sign a root document with some of its keys."""
        doc = document.to_bytes()
        message = root_signing_bytes(doc)
        return RootStatement(doc, tuple((at, self.root_keys[at].sign(message)) for at in signers))

    # -- offices and devices -------------------------------------------------------------------

    def join(self, name: str, unit: UnitId, desk: str, role: Role) -> Member:
        """Give a person keys and a place; nobody else hears of it yet."""
        member = Member(name, device_keys(name), unit, desk, role)
        self.members[name] = member
        return member

    def office_statement(self, unit: UnitId, desk: str) -> OfficeStatement:
        """A new office, or the next epoch of one, with a key of its own."""
        ref = OfficeRef(unit, str(desk))
        keys = self.office_keys.setdefault(ref, [])
        secret = Secret(fixed_bytes(f"office {unit} {desk} {len(keys)}", 32))
        keys.append(OfficeKey.from_secret(ref.id, len(keys) + 1, secret))
        return OfficeStatement(unit, str(desk), len(keys), keys[-1].public)

    def invite_statement(
        self, unit: UnitId, role: Role, desk: str = Desk.ADMIN, expires_ms: int = NOON_MS + DAY_MS
    ) -> InviteStatement:
        """A new invite, its key kept in ``invites``."""
        name = f"invite {len(self.invites)}"
        invite = InviteId(fixed_bytes(name, 8))
        key = signing_key(name)
        statement = InviteStatement(invite, key.public, unit, str(desk), role, expires_ms)
        self.invites[invite] = GivenInvite(statement, key)
        return statement

    def claim_statement(
        self, member: Member, invite: InviteId, created_ms: int = NOON_MS
    ) -> ClaimStatement:
        """What a new device says under an invite."""
        unsigned = ClaimStatement(
            invite, member.keys.public_ed25519, member.keys.public_x25519, created_ms
        )
        signature = self.invites[invite].key.sign(unsigned.signing_bytes())
        return ClaimStatement(invite, unsigned.ed, unsigned.x, created_ms, signature)

    def invite(self, by: Member, unit: UnitId, role: Role, desk: str = Desk.ADMIN) -> InviteId:
        """Invite somebody, and say so."""
        statement = self.invite_statement(unit, role, desk)
        self.issue(by, statement)
        return statement.invite

    def claim(self, name: str, invite: InviteId, created_ms: int = NOON_MS) -> Member:
        """Let a new person claim an invite."""
        wanted = self.invites[invite].statement
        member = self.join(name, wanted.unit, wanted.desk, wanted.role)
        self.issue(member, self.claim_statement(member, invite, created_ms))
        return member

    def enrol(
        self, by: Member, name: str, unit: UnitId, role: Role, desk: str = Desk.ADMIN
    ) -> Member:
        """Invite, claim and confirm."""
        member = self.claim(name, self.invite(by, unit, role, desk))
        self.issue(by, member.certificate())
        return member

    def open_office(self, by: Member, unit: UnitId, desk: str = Desk.ADMIN) -> OfficeRef:
        """Create an office, or its next epoch."""
        self.issue(by, self.office_statement(unit, desk))
        return OfficeRef(unit, str(desk))

    # -- endings -------------------------------------------------------------------------------

    def cut(self, member: Member, number: int | None = None) -> Cut:
        """The cut of a member's directory stream at a number, at its head when left out."""
        placed = [
            batch
            for _, batch in self.log
            if batch.header.device == member.device and batch.header.channel == member.channel
        ]
        if number == 0:
            return Cut(member.channel, 0, ZERO_HASH)
        last = placed[-1] if number is None else placed[number - 1]
        return Cut(member.channel, last.header.seq, last.hash)

    def revoke(self, by: Member, member: Member, *cuts: Cut) -> Batch:
        """Revoke a device at its directory head, or at the cuts given."""
        named = cuts or (self.cut(member),)
        return self.issue(by, RevokeStatement(member.device, named, Cause.LOST))

    def adopt(self, by: Member, batch: Batch) -> Batch:
        """Adopt a batch that a cut left outside."""
        return self.issue(by, AdoptStatement(batch.hash))


KE_DESKS = (Desk.ADMIN, *RESTRICTED_DESKS)


def founded() -> Organisation:
    """Headquarters alone: amina and the desks of KE."""
    organisation = Organisation()
    amina = organisation.join("amina", KE, Desk.ADMIN, Role.HQ_ADMIN)
    organisation.issue(amina, organisation.sign_root(organisation.root_document()))
    return organisation


def hand_over_invite(organisation: Organisation, desk: Desk) -> InviteId:
    """The root's invite for the first device of a KE desk."""
    return next(
        given.statement.invite
        for given in organisation.invites.values()
        if given.statement.desk == desk and given.statement.unit == KE
    )


def small_organisation() -> Organisation:
    """Headquarters, Lamu county, Lamu West, Mkomani and two gender desks."""
    organisation = founded()
    amina = organisation["amina"]
    organisation.open_office(amina, LAMU)
    brian = organisation.enrol(amina, "brian", LAMU, Role.COUNTY_DESK)
    organisation.open_office(brian, LAMU_WEST)
    organisation.open_office(brian, LAMU_WEST, Desk.ALL)
    chebet = organisation.enrol(brian, "chebet", LAMU_WEST, Role.DCC_ADMIN)
    organisation.open_office(chebet, MKOMANI)
    organisation.enrol(chebet, "dalila", MKOMANI, Role.CHIEF)
    eshe = organisation.claim("eshe", hand_over_invite(organisation, Desk.GENDER))
    organisation.open_office(eshe, LAMU, Desk.GENDER)
    organisation.enrol(eshe, "fumo", LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    return organisation
