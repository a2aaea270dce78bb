"""How fast strangers may deposit: a bucket of tokens for each address.

Laws:
  * A full bucket holds one minute's worth and refills steadily; time is handed in.
  * Addresses are kept in memory only, and the oldest is forgotten when there are too many.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fieldapp.errors import LimitExceededError

MAX_ADDRESSES: Final = 10_000
_MINUTE_MS: Final = 60_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_ms: int


class RateLimit:
    """Counts what each address does.

    Args:
        per_minute: how much one address may do in a minute; 0 allows everything.
        now_ms: the clock.
    """

    def __init__(self, per_minute: int, now_ms: Callable[[], int]) -> None:
        self._per_minute = per_minute
        self._now_ms = now_ms
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def admit(self, address: str) -> None:
        """Take one token.

        Raises:
            LimitExceededError: none is left (`rate_limited`, with `retry_after` seconds).
        """
        if not self._per_minute:
            return
        now = self._now_ms()
        bucket = self._buckets.setdefault(address, _Bucket(self._per_minute, now))
        self._buckets.move_to_end(address)
        while len(self._buckets) > MAX_ADDRESSES:
            self._buckets.popitem(last=False)
        refill = max(0, now - bucket.filled_ms) * self._per_minute / _MINUTE_MS
        bucket.tokens = min(float(self._per_minute), bucket.tokens + refill)
        bucket.filled_ms = now
        if bucket.tokens < 1:
            raise LimitExceededError("rate_limited", retry_after=60 // self._per_minute + 1)
        bucket.tokens -= 1
