"""How long a running exchange still takes, from what was measured and nothing else.

Laws:
  * Before anything moved, it is the bytes that wait at the rate of the last time.
  * Once part of a stage is done, and that took a few seconds, what is left of it is told by how
    long the part took.
  * It is a round figure for a person who holds a phone: never below five seconds, never a promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LEAST_SECONDS: Final = 5
TRUSTED_SECONDS: Final = 3
_ROUND_TO: Final = 5
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Pace:
    """One exchange: when it began, how long it was thought to take, and where it is.

    Attributes:
        forecast: seconds by the last measured rate.
        stage_began: when the stage of ``done`` and ``total`` began.
    """

    began: float
    forecast: float
    stage: str = "connecting"
    stage_began: float = 0.0
    done: int = 0
    total: int = 0

    def noted(self, now: float, stage: str, done: int, total: int) -> Pace:
        """Return the pace after a step."""
        began = self.stage_began if stage == self.stage else now
        return Pace(self.began, self.forecast, stage, began, done, total)

    def left(self, now: float) -> int:
        """Return about how many seconds are left, as a round figure."""
        by_bytes = self.forecast - (now - self.began)
        lasted = now - self.stage_began
        if 0 < self.done < self.total and lasted >= TRUSTED_SECONDS:
            return _rounded(lasted / self.done * (self.total - self.done))
        return _rounded(by_bytes)


def _rounded(seconds: float) -> int:
    whole = max(seconds, LEAST_SECONDS)
    step = _ROUND_TO if whole < _MINUTE else _MINUTE
    return int(-(-whole // step) * step)
