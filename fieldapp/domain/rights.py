"""Who may do what: one answer for role, record type, action and place.

Laws:
  * Each type declares its rights; what is not granted there is not allowed.
  * Every reader applies it when folding. An entry whose author had no right to make it is
    quarantined and shown, never merged and never dropped.
  * Scope is a place: an officer writes at the own unit or below. The author of a record may go on
    with it; an office at or above a record's unit or its channel's desk may add to it.
  * A type may refuse a kind to a role, as county committees are the county's to record.
  * In a channel of two parties place decides nothing: each party has its own fields (``parties``).
"""

from __future__ import annotations

from typing import NamedTuple

from fieldapp.domain.actions import NOTHING, Action
from fieldapp.domain.fields import Fields
from fieldapp.domain.parties import NO_PARTY, Party, PartyRules
from fieldapp.domain.record_types import find_record_type
from fieldapp.domain.roles import ENROLLING_ROLES
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.units import Level, is_at_or_above, level


class Author(NamedTuple):
    """Whose entry it is, as the certificate that covers it says.

    Attributes:
        parties: which sides of a channel of two parties it is of; none in any other.
    """

    role: str
    unit: UnitId
    wrote_record: bool = False
    parties: frozenset[Party] = NO_PARTY


class Target(NamedTuple):
    """What the entry is about: the record's type and unit, and its channel's unit and class."""

    type: str
    unit: UnitId
    channel_unit: UnitId
    is_desk: bool = False
    is_party: bool = False


def may(role: str, record_type: str, action: str) -> bool:
    """Tell whether a role may do something to a type of record at all."""
    if action == Action.ENROL:
        return role in ENROLLING_ROLES
    declared = find_record_type(record_type)
    return declared is not None and action in declared.rights.get(role, NOTHING)


def refusal(author: Author, action: str, target: Target, fields: Fields) -> str | None:
    """Say why an entry may not stand, or None when it may.

    Args:
        author: the certificate's role and unit, and whether this device wrote the record.
        action: create, edit or delete.
        target: the record and its channel.
        fields: what the entry sets, by flat path.

    Returns:
        ``role``, the name of a refused kind, ``party`` or ``scope``; None when the entry stands.
    """
    declared = find_record_type(target.type)
    if declared is None or action not in declared.rights.get(author.role, NOTHING):
        return "role"
    if (kind := declared.kind_refusal(author.role, fields)) is not None:
        return kind
    if target.is_party or declared.parties is not None:
        return None if _speaks(declared.parties, author, action, target, fields) else "party"
    return None if _in_scope(author, action, target) else "scope"


def _speaks(
    rules: PartyRules | None, author: Author, action: str, target: Target, fields: Fields
) -> bool:
    """Tell whether the entry's words are this party's to say."""
    if rules is None or not target.is_party:
        return False
    return rules.allows(author.parties, fields, is_new=action == Action.CREATE)


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
