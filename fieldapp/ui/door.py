"""How many pages of a home stand open.

Decides only when the vault closes: with the last page that leaves.
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
