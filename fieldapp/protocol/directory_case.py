"""One statement before the judge, and what reaches back to it (PROTOCOL 7.6).

Laws:
  * A revocation, a role change and an adoption may reach statements that were accepted before
    them. Such a statement is *called*: it stands in ``Reach`` from the start of the next fold.
  * A called statement that does not count by the position at which it was called is withdrawn,
    and the fold begins again; after ``MAX_CALLS`` vain calls it is void for good, so every fold
    ends. Both depend on positions only, so folding one by one and at once decide alike.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.checks import Verify
from fieldapp.protocol.cuts import CutLine
from fieldapp.protocol.directory_log import Entry
from fieldapp.protocol.directory_state import DirectoryState, Place, Revocation
from fieldapp.protocol.ids import DeviceId

MAX_CALLS: Final = 2

CallKey: TypeAlias = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A certificate that takes the place of an earlier one beyond its cuts."""

    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Adoption:
    """A directory batch taken over by somebody with authority."""

    hash: bytes
    adopter: Certificate


Effect: TypeAlias = Revocation | RoleChange | Adoption


@dataclass(slots=True)
class Reach:
    """Effects of called statements, and how often each was called."""

    effects: dict[CallKey, Effect] = field(default_factory=dict)
    positions: dict[CallKey, int] = field(default_factory=dict)
    calls: dict[CallKey, int] = field(default_factory=dict)

    def call(self, key: CallKey, effect: Effect, position: int) -> None:
        """Let a statement that was heard at a position reach back from the next fold on."""
        self.effects[key] = effect
        self.positions[key] = position
        self.calls[key] = self.calls.get(key, 0) + 1

    def due_at(self, position: int) -> list[CallKey]:
        """Name the called statements that must count by a position."""
        return [key for key in self.effects if self.positions[key] == position]

    def withdraw(self, key: CallKey) -> None:
        """Take a call back: the statement did not count where it was called."""
        del self.effects[key]

    def is_exhausted(self, key: CallKey) -> bool:
        """Tell whether a statement was called in vain too often."""
        return key not in self.effects and self.calls.get(key, 0) >= MAX_CALLS

    def revocations_of(self, device: DeviceId) -> list[Revocation]:
        """Give the called revocations of a device."""
        return [
            effect
            for effect in self.effects.values()
            if isinstance(effect, Revocation) and effect.device == device
        ]

    def changes_of(self, device: DeviceId) -> list[Certificate]:
        """Give the called role changes of a device."""
        return [
            effect.certificate
            for effect in self.effects.values()
            if isinstance(effect, RoleChange) and effect.certificate.device == device
        ]

    def adopters_of(self, batch_hash: bytes) -> list[Certificate]:
        """Give who called an adoption of a batch."""
        return [
            effect.adopter
            for effect in self.effects.values()
            if isinstance(effect, Adoption) and effect.hash == batch_hash
        ]


@dataclass(slots=True)
class Case:
    """A statement with all that its judge may look at.

    Attributes:
        issuer: whose authority counts; None only for the root and for claims.
        now: the position at which it takes effect.
        called: what reaches back, set by the judge.
    """

    state: DirectoryState
    reach: Reach
    verify: Verify
    fingerprint: bytes | None
    entry: Entry
    index: int
    now: int
    issuer: Certificate | None
    called: Effect | None = None

    @property
    def place(self) -> Place:
        """Where the statement stands."""
        entry = self.entry
        return Place(entry.channel, entry.seq, entry.hash, self.now, self.index)

    @property
    def depth(self) -> int:
        """How many links the issuer is away from the root."""
        return self.issuer.depth if self.issuer else 0

    @property
    def issuer_device(self) -> DeviceId | None:
        """The issuer's device, None for the root."""
        return self.issuer.device if self.issuer else None

    def call_if_cutting(self, device: DeviceId, line: CutLine, effect: Effect) -> None:
        """Reach back when the line cuts off a statement that was accepted."""
        for entry in self.state.issued.get(device, ()):
            if line.excludes(entry.channel, entry.seq, entry.hash, entry.position):
                self.called = effect
                return
