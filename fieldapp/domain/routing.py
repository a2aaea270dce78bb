"""Which class of channel carries a record: from what it says to who may read it.

Laws:
  * The class follows from the document alone; the readers of a class are the protocol's business.
  * Every restricted category has exactly one desk. A complaint about an official goes to the
    oversight desk, whatever its category.
  * A record stays in its channel for life. A change that would ask for another class is not an
    edit but a new record; ``is_same_class`` tells.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.fields import Fields
from fieldapp.domain.record_type import Tier
from fieldapp.domain.record_types import record_type
from fieldapp.errors import InvalidRecordError
from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.ids import UnitId


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a document belongs: class, unit to seal under, and whom to go past."""

    cls: ChannelClass
    unit: UnitId
    accused_unit: UnitId | None
    tier: Tier

    @property
    def is_restricted(self) -> bool:
        """Tell whether the author's device gives the content up once a desk has opened it."""
        return self.tier is Tier.RESTRICTED


def routed(type_key: str, unit: UnitId, fields: Fields) -> Routed:
    """Say where a document belongs.

    Raises:
        UnknownRecordTypeError: no type has this key.
        InvalidRecordError: it asks for a class that does not exist.
    """
    declared = record_type(type_key)
    accused = declared.accused_unit(fields)
    return Routed(
        cls=class_of(type_key, fields),
        unit=UnitId(declared.sealed_unit(unit, fields)),
        accused_unit=None if accused is None else UnitId(accused),
        tier=declared.tier(fields),
    )


def class_of(type_key: str, fields: Fields) -> ChannelClass:
    """Return the class of channel that a document asks for.

    Raises:
        UnknownRecordTypeError: no type has this key.
        InvalidRecordError: it asks for none that exists, as only a changed program does.
    """
    declared = record_type(type_key)
    try:
        return ChannelClass(declared.route_class(fields))
    except (TypeError, ValueError) as problem:
        raise InvalidRecordError("invalid_entry", reason="class") from problem


def tier_of(type_key: str, fields: Fields) -> Tier:
    """Return the tier of a document."""
    return record_type(type_key).tier(fields)


def is_same_class(type_key: str, old: Fields, new: Fields) -> bool:
    """Tell whether a record may go on in its channel after a change."""
    declared = record_type(type_key)
    return declared.route_class(old) == declared.route_class(new)
