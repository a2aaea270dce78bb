"""Authority: who may say what in the directory, as one pure table (PROTOCOL 7.3).

Laws:
  * ``admin`` and ``all`` offices, and devices of ``admin`` offices: a device of an ``admin``
    office at or above the unit whose role may enrol. Nobody gives a role above his own.
  * Any other desk, its offices and its devices: a device of the **same** desk at or above the
    unit (finding 1). No admin, whatever his rank, makes himself a reader of a desk.
  * Work beyond a cut is adopted by whoever has authority over the device, and by the desk that it
    is sealed for; never by the device itself (finding 6).
  * The root may say anything and is not judged here.
"""

from collections.abc import Iterable

from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import RESTRICTED_DESKS, Channel, ChannelClass, Desk, OfficeRef
from fieldapp.protocol.ids import ChannelId, UnitId
from fieldapp.protocol.roles import Role, fits, may_enrol
from fieldapp.protocol.units import REPUBLIC, Level, is_at_or_above, level
from fieldapp.protocol.verdicts import Reason

_ADMIN_DESKS = frozenset({Desk.ADMIN.value, Desk.ALL.value})


def refuse_office(issuer: Certificate, unit: UnitId, desk: str) -> Reason | None:
    """Name why a device may not create or re-key an office; None when it may."""
    if desk == Desk.ALL and level(unit) < Level.SUB_COUNTY:
        return Reason.OFFICE_TOO_HIGH
    if desk not in _ADMIN_DESKS:
        return _refuse_desk(issuer, unit, desk)
    return _refuse_admin(issuer, unit)


def refuse_member(issuer: Certificate, unit: UnitId, desk: str, role: Role) -> Reason | None:
    """Name why a device may not invite, certify or revoke such a member; None when it may."""
    if not fits(role, unit, desk):
        return Reason.ROLE_DOES_NOT_FIT
    if desk != Desk.ADMIN:
        return _refuse_desk(issuer, unit, desk)
    reason = _refuse_admin(issuer, unit)
    if reason is None and not may_enrol(issuer.role, role):
        return Reason.ROLE_ABOVE_ISSUER
    return reason


def refuse_over(issuer: Certificate, subject: Certificate) -> Reason | None:
    """Name why a device may not change or revoke another one; None when it may."""
    return refuse_member(issuer, subject.unit, subject.desk, subject.role)


def refuse_adoption(issuer: Certificate) -> Reason | None:
    """Name why a device may not adopt anything at all; None when it may."""
    if issuer.desk == Desk.ADMIN and not may_enrol(issuer.role):
        return Reason.ROLE_MAY_NOT_ENROL
    return None


def may_adopt(
    adopter: Certificate, subject: Certificate, channel: ChannelId, offices: Iterable[OfficeRef]
) -> bool:
    """Tell whether a device's adoption of another one's batch in a channel counts.

    Args:
        adopter: who said it, as certified when it was said.
        subject: whose batch it is.
        channel: where the batch stands.
        offices: every office that the directory shows.
    """
    if adopter.device == subject.device:
        return False
    return refuse_over(adopter, subject) is None or _is_desk_of(adopter, channel, offices)


def _is_desk_of(adopter: Certificate, channel: ChannelId, offices: Iterable[OfficeRef]) -> bool:
    """Tell whether a restricted channel is read by the adopter's desk."""
    desk = adopter.desk
    if desk not in RESTRICTED_DESKS:
        return False
    units = {adopter.unit}
    if adopter.unit == REPUBLIC:
        units.update(ref.unit for ref in offices if ref.desk == desk)
    return any(Channel(unit, ChannelClass(desk)).id == channel for unit in units)


def _refuse_admin(issuer: Certificate, unit: UnitId) -> Reason | None:
    if issuer.desk != Desk.ADMIN:
        return Reason.WRONG_DESK
    if not may_enrol(issuer.role):
        return Reason.ROLE_MAY_NOT_ENROL
    return None if is_at_or_above(issuer.unit, unit) else Reason.OUTSIDE_SUBTREE


def _refuse_desk(issuer: Certificate, unit: UnitId, desk: str) -> Reason | None:
    if issuer.desk != desk:
        return Reason.WRONG_DESK
    return None if is_at_or_above(issuer.unit, unit) else Reason.OUTSIDE_SUBTREE
