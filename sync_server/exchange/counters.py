"""What the server counts about itself: numbers only, for /metrics and the log."""

from __future__ import annotations

import threading
from collections import Counter


class Counters:
    """Named numbers that several threads add to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: Counter[tuple[str, str]] = Counter()

    def add(self, name: str, label: str = "", amount: int = 1) -> None:
        """Add to a number, split by a label from a closed list of words."""
        with self._lock:
            self._numbers[name, label] += amount

    def snapshot(self) -> dict[tuple[str, str], int]:
        """Return all numbers as they stand."""
        with self._lock:
            return dict(self._numbers)
