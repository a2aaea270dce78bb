"""Administrative units: the tree in which everything else is placed.

Laws:
  * An id spells its own ancestors: ``KE``, ``KE-005``, ``KE-005-S022``, ``KE-005-S022-L7F3A``.
    The parent is a prefix, and "at or above" compares whole segments, never characters.
  * A location hangs directly under its sub-county, a sub-location under its location, a village
    under a sub-location or a location, a cluster under any of the three.
  * Ids never change; names live in records, never here.
  * Text from outside becomes a ``UnitId`` only through ``parse_unit``; the other functions trust
    their argument.

Realises docs/PROTOCOL.md section 6.1.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final

from fieldapp.errors import InvalidUnitError
from fieldapp.protocol.ids import UnitId

REPUBLIC: Final = UnitId("KE")
MAX_UNIT_CHARACTERS: Final = 40
RANDOM_BYTES: Final = 4
"""How many random bytes ``new_unit_id`` wants."""

_UNIT = re.compile(
    r"KE(?:-[0-9]{3}(?:-S[0-9]{3}"
    r"(?:-L[0-9A-Z]{4}(?:-B[0-9A-Z]{4})?(?:-V[0-9A-Z]{4})?(?:-C[0-9A-Z]{4})?)?)?)?"
)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that reads like another one.


class Level(IntEnum):
    """How deep a unit lies; a greater number is further down."""

    REPUBLIC = 0
    COUNTY = 1
    SUB_COUNTY = 2
    LOCATION = 3
    SUB_LOCATION = 4
    VILLAGE = 5
    CLUSTER = 6


_LETTER_BY_LEVEL: Final = {
    Level.LOCATION: "L",
    Level.SUB_LOCATION: "B",
    Level.VILLAGE: "V",
    Level.CLUSTER: "C",
}
_LEVEL_BY_LETTER: Final = {
    "K": Level.REPUBLIC,
    "S": Level.SUB_COUNTY,
    **{letter: level for level, letter in _LETTER_BY_LEVEL.items()},
}


def parse_unit(text: str) -> UnitId:
    """Take text from outside as a unit id.

    Raises:
        InvalidUnitError: the text is not spelled like a unit id.
    """
    if len(text) > MAX_UNIT_CHARACTERS or _UNIT.fullmatch(text) is None:
        raise InvalidUnitError(reason="spelling", length=len(text))
    return UnitId(text)


def level(unit: UnitId) -> Level:
    """Tell how deep a unit lies.

    >>> level(UnitId("KE-005-S022-L7F3A")).name
    'LOCATION'
    """
    return _LEVEL_BY_LETTER.get(unit[unit.rfind("-") + 1], Level.COUNTY)


def parent(unit: UnitId) -> UnitId | None:
    """Name the unit directly above, or None for the republic."""
    above, dash, _ = unit.rpartition("-")
    return UnitId(above) if dash else None


@lru_cache(maxsize=8192)
def ancestors(unit: UnitId) -> tuple[UnitId, ...]:
    """List the unit itself and everything above it, the republic last.

    >>> ancestors(UnitId("KE-005-S022"))
    ('KE-005-S022', 'KE-005', 'KE')
    """
    segments = unit.split("-")
    return tuple(UnitId("-".join(segments[:n])) for n in range(len(segments), 0, -1))


def is_at_or_above(upper: UnitId, lower: UnitId) -> bool:
    """Tell whether ``lower`` is ``upper`` or lies inside it.

    >>> is_at_or_above(UnitId("KE-005"), UnitId("KE-005-S022"))
    True
    """
    return lower == upper or lower.startswith(f"{upper}-")


def new_unit_id(parent_unit: UnitId, unit_level: Level, random: bytes) -> UnitId:
    """Spell the id of a unit added in use.

    Four characters hold 20 random bits: whoever adds a unit draws again when its parent already
    has a child of that id.

    Args:
        parent_unit: the unit directly above.
        unit_level: location, sub-location, village or cluster.
        random: at least ``RANDOM_BYTES`` fresh random bytes.

    Raises:
        InvalidUnitError: no unit of this level may be added under this parent.
    """
    letter = _LETTER_BY_LEVEL.get(unit_level)
    if letter is None or len(random) < RANDOM_BYTES:
        raise InvalidUnitError("unit_level_not_addable", level=unit_level.name.lower())
    bits = int.from_bytes(random[:RANDOM_BYTES])
    suffix = "".join(_ALPHABET[(bits >> shift) & 31] for shift in (15, 10, 5, 0))
    if _UNIT.fullmatch(text := f"{parent_unit}-{letter}{suffix}") is None:
        raise InvalidUnitError("unit_level_not_addable", level=unit_level.name.lower())
    return UnitId(text)
