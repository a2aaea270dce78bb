"""Roles: what the holder of a device is, and whom that lets him enrol.

Laws:
  * ``hq_admin`` enrols anywhere; ``county_desk`` and ``dcc_admin`` at or below their own unit,
    their own rank or lower, never a role above it.
  * A desk other than ``admin`` admits its own members, whatever an admin says; only the role
    ``referral_desk`` sits there.
  * Whoever enrols others, and every member of such a desk, gets no key and certifies nobody
    before words were compared.
  * Scope is judged in ``authority``; this table knows ranks and levels only.

Realises docs/PROTOCOL.md section 7.3.
"""

from enum import StrEnum
from typing import Final

from fieldapp.protocol.channels import RESTRICTED_DESKS, Desk
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.units import Level, level


class Role(StrEnum):
    """The roles of domain.md, as certificates spell them."""

    NK_COORDINATOR = "nk_coordinator"
    VILLAGE_ELDER = "village_elder"
    ASSISTANT_CHIEF = "assistant_chief"
    CHIEF = "chief"
    ACC = "acc"
    DCC_ADMIN = "dcc_admin"
    COUNTY_DESK = "county_desk"
    HQ_ADMIN = "hq_admin"
    HQ_ANALYST = "hq_analyst"
    REFERRAL_DESK = "referral_desk"
    AUDITOR = "auditor"


_RANK: Final = {
    Role.NK_COORDINATOR: 0,
    Role.VILLAGE_ELDER: 0,
    Role.ASSISTANT_CHIEF: 0,
    Role.CHIEF: 0,
    Role.ACC: 0,
    Role.DCC_ADMIN: 1,
    Role.COUNTY_DESK: 2,
    Role.HQ_ADMIN: 3,
    Role.HQ_ANALYST: 3,
    Role.AUDITOR: 3,
}
"""Where a role of an ``admin`` office stands; only ``hq_admin`` enrols headquarters' three."""

_ENROLLERS: Final = frozenset({Role.DCC_ADMIN, Role.COUNTY_DESK, Role.HQ_ADMIN})

_HIGHEST_LEVEL: Final = {Role.DCC_ADMIN: Level.SUB_COUNTY, Role.COUNTY_DESK: Level.COUNTY}
_AT_KE_ONLY: Final = frozenset({Role.HQ_ADMIN, Role.HQ_ANALYST, Role.AUDITOR})
_DESKS: Final = frozenset(RESTRICTED_DESKS)


def may_enrol(role: Role, other: Role | None = None) -> bool:
    """Tell whether a role of an ``admin`` office may enrol another role of one.

    Args:
        role: the enroller's role.
        other: the role to be given; None asks whether it may enrol anyone.
    """
    if role not in _ENROLLERS:
        return False
    return other is None or (other in _RANK and _RANK[other] <= _RANK[role])


def needs_words(role: Role, desk: str) -> bool:
    """Tell whether words must be compared before this holder is trusted."""
    return desk != Desk.ADMIN or role in _ENROLLERS


def fits(role: Role, unit: UnitId, desk: str) -> bool:
    """Tell whether a role can sit at this desk of this unit at all."""
    if desk in _DESKS:
        return role is Role.REFERRAL_DESK
    if desk != Desk.ADMIN or role is Role.REFERRAL_DESK:
        return False
    if role in _AT_KE_ONLY:
        return level(unit) is Level.REPUBLIC
    return level(unit) >= _HIGHEST_LEVEL.get(role, Level.REPUBLIC)


def holds_office_key(role: Role) -> bool:
    """Tell whether a member of this role is given its office's private key.

    An auditor checks who did what, and reads no content.
    """
    return role is not Role.AUDITOR
