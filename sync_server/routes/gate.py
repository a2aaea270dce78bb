"""How many requests with a body may be open at once: of one address, and together.

Laws:
  * A request that is not let in is answered at once and may come again; nothing of it is read.
  * What has no body is not counted, so health answers however many of them stall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fieldapp.errors import LimitExceededError, TransientSyncError

MAX_OPEN: Final = 256
RETRY_SECONDS: Final = 5


class Gate:
    """Counts the requests that are open.

    Args:
        per_address: how many one address may have open; 0 allows everything.
        together: how many all of them may have open.
    """

    def __init__(self, per_address: int, together: int = MAX_OPEN) -> None:
        self._per_address = per_address
        self._together = together
        self._open: Counter[str] = Counter()

    @contextmanager
    def passing(self, address: str) -> Iterator[None]:
        """Count a request as open for as long as it lasts.

        Raises:
            LimitExceededError: this address has too many open (`rate_limited`).
            TransientSyncError: all of them together are too many (`server_busy`).
        """
        if self._per_address and self._open[address] >= self._per_address:
            raise LimitExceededError("rate_limited", retry_after=RETRY_SECONDS)
        if self._open.total() >= self._together:
            raise TransientSyncError("server_busy", retry_after=RETRY_SECONDS)
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
