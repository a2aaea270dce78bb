"""What the lock screen of a shared phone needs, as a protocol.

Law: it knows who can unlock a vault by number and colour only; a home's services are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fieldapp.services.phone_view import OfficerChoice
from fieldapp.ui.ports import ServicesPort


class PhonePort(Protocol):
    """The officers of one phone."""

    def officers(self) -> Sequence[OfficerChoice]:
        """Who can unlock a vault here."""

    def services(self, key: str) -> ServicesPort:
        """The services of one officer."""

    def newcomer(self) -> str:
        """The key of a home for one more officer."""

    def choose_mark(self, key: str, mark: str) -> None:
        """Keep the colour of an officer whose vault is open."""

    def lock(self) -> None:
        """Close every vault."""
