"""The registry: every record type that this version of Baraza knows.

Laws:
  * One module declares one type; types do not know each other.
  * A new type is one module and one row here; no other package changes.
"""

from __future__ import annotations

from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types.concern import CONCERN
from fieldapp.domain.record_types.meeting import MEETING
from fieldapp.domain.record_types.officer import OFFICER
from fieldapp.domain.record_types.unit import UNIT
from fieldapp.errors import UnknownRecordTypeError

_REGISTRY = {declared.key: declared for declared in (MEETING, CONCERN, UNIT, OFFICER)}


def record_types() -> tuple[RecordType, ...]:
    """Return every declared type, in the order that menus show."""
    return tuple(_REGISTRY.values())


def find_record_type(key: str) -> RecordType | None:
    """Return a declared type, or None when this version knows none of that key."""
    return _REGISTRY.get(key)


def record_type(key: str) -> RecordType:
    """Return a declared type.

    Raises:
        UnknownRecordTypeError: no type has this key.
    """
    try:
        return _REGISTRY[key]
    except KeyError as problem:
        raise UnknownRecordTypeError("unknown_record_type") from problem
