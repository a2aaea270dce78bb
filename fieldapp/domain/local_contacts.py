"""Numbers of offices nearby, as an officer wrote them down: the station, the hospital, the desk.

Laws:
  * Each belongs to an office of the tell-lists; a number is an office's, never a person's.
  * What a category shows of them follows from whom it tells first; danger to life also shows the
    station and the nearest health facility.
  * They stand beside the numbers that ship with the app and never replace 999 and 112.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.taxonomy import CONTACTS, Category

EMERGENCY_OFFICES: Final = ("OCS", "H")
OFFICES: Final = tuple(option for option in CONTACTS if option.key != "999")
LONGEST_NAME: Final = 80
MOST: Final = 40
_NUMBER: Final = re.compile(r"\+?[0-9]{3,13}")
_BETWEEN: Final = re.compile(r"[ \-()]")


@dataclass(frozen=True, slots=True)
class LocalContact:
    """One number.

    Attributes:
        office: a key of ``CONTACTS``.
        name: what people call it.
        number: as it is dialled, in the groups in which it was typed.
        noted_on: the day on which it was written down.
    """

    office: str
    name: str
    number: str
    noted_on: str

    @property
    def dialled(self) -> str:
        """The number without what only makes it readable."""
        return dialled(self.number)


def dialled(number: str) -> str:
    """Return a number without what only makes it readable.

    >>> dialled("0712 345-678")
    '0712345678'
    """
    return _BETWEEN.sub("", number)


def contact_problems(office: str, name: str, number: str) -> list[FieldProblem]:
    """Find what is missing or wrong in a number that was typed."""
    found = []
    if not office:
        found.append(FieldProblem("office", "required"))
    elif office not in {option.key for option in OFFICES}:
        found.append(FieldProblem("office", "not_a_choice"))
    if not name.strip():
        found.append(FieldProblem("name", "required"))
    if len(name.strip()) > LONGEST_NAME:
        found.append(FieldProblem("name", "too_long", {"limit": LONGEST_NAME}))
    if _NUMBER.fullmatch(dialled(number)) is None:
        found.append(FieldProblem("number", "not_a_phone_number"))
    return found


def of_offices(contacts: Sequence[LocalContact], offices: Sequence[str]) -> list[LocalContact]:
    """Return the numbers of some offices, in the order of the offices."""
    return [one for office in offices for one in contacts if one.office == office]


def offices_of(category: Category) -> tuple[str, ...]:
    """Return the offices whose numbers a category shows, the first to ring first."""
    urgent = EMERGENCY_OFFICES if category.urgency == "U1" else ()
    return tuple(dict.fromkeys((*urgent, *category.tell)))
