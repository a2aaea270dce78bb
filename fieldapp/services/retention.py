"""What the settings say of retention, and the way to carry it out by hand.

Decides nothing: how long is declared by the types, and what goes is ``keeping``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.domain.actions import FIELD_ROLES
from fieldapp.domain.record_types import record_types
from fieldapp.domain.retention import Keeping
from fieldapp.domain.text import Text
from fieldapp.services.access import AccessService
from fieldapp.services.keeping import carry_out


@dataclass(frozen=True, slots=True)
class KeptFor:
    """One line of the settings: how long this device shows a kind of record."""

    label: Text
    line: Keeping


class RetentionService:
    """What leaves an unlocked home, and the lines by which it does."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    def lines(self) -> Sequence[KeptFor]:
        """How long records are kept here, in the order of the types; the rest stays.

        An office keeps what it has, and is told of no time.
        """
        if self._access.workspace().role not in FIELD_ROLES:
            return []
        return [
            KeptFor(declared.label, line)
            for declared in record_types()
            for line in declared.retention
        ]

    def carry_out(self) -> int:
        """Let go of what is due; returns how many records that was."""
        return carry_out(self._access.workspace())
