"""What a shared phone tells before any vault is open: a number and a colour, and no name.

Decides nothing; ``phone`` fills it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfficerChoice:
    """A line of a shared phone's lock screen: the key to choose it by, a number and a colour."""

    key: str
    number: int
    mark: str
