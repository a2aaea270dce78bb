"""The roles that a certificate can give, in words, and which of them may enrol others.

Decides nothing about records: what a role may do to one is declared with its type.
"""

from __future__ import annotations

from fieldapp.domain.fields import Option
from fieldapp.domain.text import Text
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.roles import Role, fits, may_enrol

ROLE_OPTIONS = (
    Option("nk_coordinator", Text("Nyumba Kumi coordinator", "Mratibu wa Nyumba Kumi")),
    Option("village_elder", Text("Village elder", "Mzee wa kijiji")),
    Option("assistant_chief", Text("Assistant chief", "Naibu wa chifu")),
    Option("chief", Text("Chief", "Chifu")),
    Option("acc", Text("Assistant County Commissioner", "Kamishna Msaidizi wa Kaunti")),
    Option("dcc_admin", Text("Sub-county administrator", "Msimamizi wa kaunti ndogo")),
    Option("county_desk", Text("County desk", "Dawati la kaunti")),
    Option("hq_admin", Text("Headquarters administrator", "Msimamizi wa makao makuu")),
    Option("hq_analyst", Text("Headquarters analyst", "Mchambuzi wa makao makuu")),
    Option("referral_desk", Text("Referral desk", "Dawati la rufaa")),
    Option("auditor", Text("Data protection officer", "Afisa wa ulinzi wa data")),
)
ROLES = tuple(option.key for option in ROLE_OPTIONS)
ENROLLING_ROLES = frozenset({"hq_admin", "county_desk", "dcc_admin"})


def roles_to_give(role: str, desk: str, unit: str = "") -> tuple[str, ...]:
    """Return the roles that an officer may give at a unit: a desk admits its own members only.

    The directory judges every invite again; this only spares the officer what it would refuse.
    """
    if desk != Desk.ADMIN:
        return (Role.REFERRAL_DESK.value,)
    given = [one for one in Role if may_enrol(Role(role), one)]
    return tuple(one for one in given if not unit or fits(one, UnitId(unit), Desk.ADMIN))
