"""What the directory holds after a number of statements: tables, without judgement.

Laws:
  * Only the ``judge_*`` modules write here; every table follows from the statements it accepted.
  * Nothing is ever taken back: a cut that reaches into the past makes a new state by refold.
"""

from dataclasses import dataclass, field

from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Channel, ChannelClass, OfficeRef
from fieldapp.protocol.cuts import CutLine
from fieldapp.protocol.directory_log import Entry
from fieldapp.protocol.ids import ChannelId, DeviceId, InviteId, UnitId
from fieldapp.protocol.offices import OfficeBook
from fieldapp.protocol.root_document import RootDocument
from fieldapp.protocol.statements import InviteStatement
from fieldapp.protocol.verdicts import Alarm, AlarmCode, Reason, Voided

WaitKey = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: its batch's stream and position, and its index in the batch."""

    channel: ChannelId
    seq: int
    hash: bytes
    position: int
    index: int

    @property
    def key(self) -> tuple[bytes, int]:
        """What names the statement whatever its position is."""
        return self.hash, self.index


@dataclass(frozen=True, slots=True)
class Revocation:
    """A revocation in force: what it cuts, who said it, and where."""

    device: DeviceId
    line: CutLine
    issuer: DeviceId | None
    depth: int
    place: Place


@dataclass(slots=True)
class Invite:
    """An invite that counts, and the devices that claimed it in order.

    Attributes:
        knows: the directory version that the inviter knew, and so whoever it invited.
    """

    statement: InviteStatement
    issuer: DeviceId | None
    depth: int
    position: int
    knows: int
    claims: list[DeviceId] = field(default_factory=list)

    @property
    def unit(self) -> UnitId:
        """The unit it invites to."""
        return self.statement.unit


def directory_channel(unit: UnitId) -> ChannelId:
    """Name the channel in which devices of a unit's offices make their statements."""
    return Channel(unit, ChannelClass.DIRECTORY).id


@dataclass(slots=True)
class DirectoryState:
    """The tables."""

    root: RootDocument | None = None
    histories: dict[DeviceId, tuple[Certificate, ...]] = field(default_factory=dict)
    revocations: dict[DeviceId, Revocation] = field(default_factory=dict)
    offices: OfficeBook = field(default_factory=OfficeBook)
    members: dict[OfficeRef, dict[DeviceId, None]] = field(default_factory=dict)
    invites: dict[InviteId, Invite] = field(default_factory=dict)
    adoptions: dict[bytes, list[Certificate]] = field(default_factory=dict)
    issued: dict[DeviceId, list[Entry]] = field(default_factory=dict)
    chains: dict[tuple[DeviceId, ChannelId], tuple[Entry, ...]] = field(default_factory=dict)
    chained: dict[bytes, Entry] = field(default_factory=dict)
    heard: set[bytes] = field(default_factory=set)
    reasons: dict[bytes, Reason] = field(default_factory=dict)
    voided: list[Voided] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    waiting: dict[bytes, Voided] = field(default_factory=dict)
    parked: dict[WaitKey, list[Entry]] = field(default_factory=dict)
    touched: set[DeviceId] = field(default_factory=set)

    def certificate(self, device: DeviceId) -> Certificate | None:
        """Give a device's newest certificate."""
        history = self.histories.get(device)
        return history[-1] if history else None

    def set_history(self, device: DeviceId, history: tuple[Certificate, ...]) -> None:
        """Replace a device's certificates and keep the members of offices in step."""
        last = self.certificate(device)
        if last is not None:
            self.members[last.office].pop(device, None)
        newest = history[-1]
        self.histories[device] = history
        members = self.members.setdefault(newest.office, {})
        if newest.state is not State.REVOKED:
            members[device] = None
        self.touched.add(device)

    def void(self, entry: Entry, index: int | None, reason: Reason) -> None:
        """Note a statement without effect."""
        self.reasons.setdefault(entry.hash, reason)
        self.voided.append(Voided(entry.hash, entry.device, entry.position, index, reason))

    def alarm(self, code: AlarmCode, entry: Entry, subject: str) -> None:
        """Note something that people must be shown."""
        self.alarms.append(Alarm(code, entry.position, entry.device, subject))

    def park(self, entry: Entry, reason: Reason, *keys: WaitKey) -> None:
        """Keep a batch until one of the things of these keys arrives."""
        for key in keys:
            self.parked.setdefault(key, []).append(entry)
        self.waiting[entry.hash] = Voided(entry.hash, entry.device, entry.position, None, reason)

    def release(self, key: WaitKey) -> list[Entry]:
        """Take out what waited for a thing and was not released by another one."""
        parked = self.parked.pop(key, [])
        return [entry for entry in parked if self.waiting.pop(entry.hash, None) is not None]
