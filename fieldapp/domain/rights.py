"""Who may do what: one table of role, record type and action.

Laws:
  * The table is total: what is not in it is not allowed.
  * Every reader applies it when folding. An entry whose author had no right to make it is
    quarantined and shown, never merged and never dropped.
  * Scope is a place: an officer writes at the own unit or below. The author of a record may go on
    with it; an office at or above a record's unit or its channel's desk may add to it.
  * County committees are recorded by the county desk and headquarters only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldapp.domain.fields import Fields, Option
from fieldapp.domain.meeting_choices import COUNTY_KINDS
from fieldapp.domain.text import Text
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.units import Level, is_at_or_above, level


class Action(StrEnum):
    """What can be done to a record."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    ENROL = "enrol"


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

_WRITE = frozenset({Action.CREATE, Action.EDIT, Action.DELETE})
_ADD = frozenset({Action.CREATE, Action.EDIT})
_NOTHING: frozenset[Action] = frozenset()
_FIELD = {"meeting": _WRITE, "concern": _WRITE, "unit": _NOTHING, "officer": _ADD}
_LEAD = {"meeting": _WRITE, "concern": _WRITE, "unit": _ADD, "officer": _WRITE}
_TABLE: dict[str, dict[str, frozenset[Action]]] = {
    "nk_coordinator": _FIELD,
    "village_elder": _FIELD,
    "assistant_chief": _FIELD,
    "chief": _FIELD,
    "acc": _FIELD,
    "dcc_admin": _LEAD,
    "county_desk": _LEAD,
    "hq_admin": _LEAD,
    "hq_analyst": {"officer": _ADD},
    "referral_desk": {"concern": _ADD, "meeting": frozenset({Action.EDIT}), "officer": _ADD},
    "auditor": {"officer": _ADD},
}


@dataclass(frozen=True, slots=True)
class Author:
    """Whose entry it is, as the certificate that covers it says."""

    role: str
    unit: UnitId
    wrote_record: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What the entry is about: the record's type and unit, and its channel's unit and class."""

    type: str
    unit: UnitId
    channel_unit: UnitId
    is_desk: bool = False


def may(role: str, record_type: str, action: str) -> bool:
    """Tell whether a role may do something to a type of record at all."""
    if action == Action.ENROL:
        return role in ENROLLING_ROLES
    return action in _TABLE.get(role, {}).get(record_type, _NOTHING)


def may_record_kind(role: str, meeting_type: object) -> bool:
    """Tell whether a role may record this kind of meeting."""
    return meeting_type not in COUNTY_KINDS or role in {"county_desk", "hq_admin"}


def refusal(author: Author, action: str, target: Target, fields: Fields) -> str | None:
    """Say why an entry may not stand, or None when it may.

    Args:
        author: the certificate's role and unit, and whether this device wrote the record.
        action: create, edit or delete.
        target: the record and its channel.
        fields: what the entry sets, by flat path.

    Returns:
        ``role``, ``meeting_kind`` or ``scope``; None when the entry stands.
    """
    if not may(author.role, target.type, action):
        return "role"
    if target.type == "meeting" and not may_record_kind(author.role, fields.get("meeting_type")):
        return "meeting_kind"
    return None if _in_scope(author, action, target) else "scope"


def _in_scope(author: Author, action: str, target: Target) -> bool:
    """Tell whether the record's place is the author's to write in."""
    if is_at_or_above(author.unit, target.unit):
        return True
    if action != Action.CREATE:
        return author.wrote_record or is_at_or_above(author.unit, target.channel_unit)
    # A survivor's record names the sub-county although the author serves below it; an officer's
    # own card and a restricted record may be sealed no wider than that.
    coarse = target.is_desk and level(target.unit) == Level.SUB_COUNTY
    return coarse and is_at_or_above(target.unit, author.unit)
