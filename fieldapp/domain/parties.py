"""Who says what in a channel of two parties: an office and one device.

Laws:
  * A question, its answer and the state of a referred case are between one office and one device;
    the contact of a person who gives information goes from one device to one office.
  * Each of the two speaks with its own fields: an office cannot answer in the officer's place, nor
    an officer close the office's question.
  * The rule is declared with the type; a type without one stands in no such channel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Party(StrEnum):
    """One side of a channel of two."""

    OFFICE = "office"
    DEVICE = "device"


SOURCE_TYPE: Final = "source"
"""The record type of a contact, of which nothing may stay on the author's device."""
SOURCE_CODE_PATTERN: Final = "^S-[0-9A-HJKMNP-TV-Z]{6}$"
NO_PARTY: Final[frozenset[Party]] = frozenset()


@dataclass(frozen=True, slots=True)
class PartyRules:
    """What each side may do.

    Attributes:
        creator: who makes the record.
        office: the fields that the office may set.
        device: the fields that the one device may set.
    """

    creator: Party
    office: frozenset[str] = frozenset()
    device: frozenset[str] = frozenset()

    def allows(self, parties: Collection[Party], paths: Iterable[str], *, is_new: bool) -> bool:
        """Tell whether somebody who is these sides of the channel may set these paths."""
        if is_new and self.creator not in parties:
            return False
        by_party = {Party.OFFICE: self.office, Party.DEVICE: self.device}
        allowed = frozenset[str]().union(*(by_party[party] for party in parties))
        return bool(parties) and {path.partition("/")[0] for path in paths} <= allowed
