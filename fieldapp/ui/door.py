"""How many pages of a home stand open, and which of a phone's homes a page looks at.

Decides only when a vault closes: with the last page that leaves it.
"""

from __future__ import annotations


class Door:
    """How many pages of a home are unlocked; the vault closes with the last one."""

    def __init__(self) -> None:
        self.unlocked_pages: set[int] = set()

    def enter(self, page: int) -> None:
        """Count a page in."""
        self.unlocked_pages.add(page)

    def leave(self, page: int) -> bool:
        """Count a page out; true when nobody is left inside."""
        self.unlocked_pages.discard(page)
        return not self.unlocked_pages


class Doors:
    """The door of each home on a phone, shared by all its pages."""

    def __init__(self) -> None:
        self._doors: dict[str, Door] = {}

    def of(self, key: str) -> Door:
        """Return the door of the officer of a key."""
        return self._doors.setdefault(key, Door())
