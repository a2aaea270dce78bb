"""Certificates: what the directory holds about one device (PROTOCOL 7.4).

Laws:
  * Rights follow from the certificate that covers (device, channel, seq), never from a clock and
    never from the directory version that a writer claims (finding 16).
  * A device keeps one history of certificates; each later one begins beyond the cuts of ``after``.
  * ``unconfirmed`` and ``contested`` devices may seal and deliver; their work is held, no key is
    sent to them and they certify nobody until words were compared (finding 14).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fieldapp.protocol.channels import OfficeRef
from fieldapp.protocol.cuts import Cut, CutLine
from fieldapp.protocol.ids import ChannelId, DeviceId, InviteId, OfficeId, UnitId
from fieldapp.protocol.roles import Role, holds_office_key


class State(StrEnum):
    """Where a device stands."""

    UNCONFIRMED = "unconfirmed"
    CONTESTED = "contested"
    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A device's keys, its place and role, and how far it is trusted.

    Attributes:
        granted: trusted at some time; a revoked device's earlier work counts only if it was.
        confirmed: words were compared (or the root vouched), so history may be given.
        issuer: the device that brought it in, by invite or certificate; None for the root.
        depth: links to the root at its admission, 1 for what the root itself brought in.
        position: where the statement that made it takes effect.
        joined: from which position on its office's new keys are sealed to the device; another
            role in the same office leaves that as it was.
        since: where its state became what it is.
        knows: the directory version that whoever brought the device in knew; its own batches
            are judged by no older one.
        after: the cuts beyond which it holds, empty for a first certificate.
        cuts: the revocation's cuts, empty unless revoked.
    """

    device: DeviceId
    ed: bytes
    x: bytes
    unit: UnitId
    desk: str
    role: Role
    state: State
    confirmed: bool
    granted: bool
    issuer: DeviceId | None
    depth: int
    position: int
    joined: int
    since: int
    knows: int
    invite: InviteId | None = None
    after: tuple[Cut, ...] = ()
    cuts: tuple[Cut, ...] = ()
    revoked_at: int | None = None

    @property
    def office(self) -> OfficeRef:
        """The office the device belongs to."""
        return OfficeRef(self.unit, self.desk)

    @property
    def office_id(self) -> OfficeId:
        """The number of that office."""
        return self.office.id

    @property
    def is_active(self) -> bool:
        """Whether the device is trusted now."""
        return self.state is State.ACTIVE

    @property
    def may_hold_keys(self) -> bool:
        """Whether the office's new private keys may be sealed to it."""
        return self.is_active and holds_office_key(self.role)

    @property
    def may_hold_history(self) -> bool:
        """Whether the office's old private keys may be sealed to it too."""
        return self.may_hold_keys and self.confirmed

    def is_beyond_cut(
        self, channel: ChannelId, seq: int, batch_hash: bytes | None, position: int | None
    ) -> bool:
        """Tell whether a batch lies beyond the device's revocation."""
        if self.revoked_at is None:
            return False
        line = CutLine(self.cuts, self.revoked_at)
        return line.excludes(channel, seq, batch_hash, position)


def covering(
    history: Sequence[Certificate],
    channel: ChannelId,
    seq: int,
    batch_hash: bytes | None = None,
    position: int | None = None,
) -> Certificate:
    """Find the certificate of a device's history that a batch falls under.

    Args:
        history: the device's certificates, the first one first; at least one.
        channel: the batch's channel.
        seq: its seq.
        batch_hash: its header hash; None compares places only.
        position: where the server put it; None when not known.
    """
    for certificate in reversed(history[1:]):
        line = CutLine(certificate.after, certificate.position)
        if line.excludes(channel, seq, batch_hash, position):
            return certificate
    return history[0]
