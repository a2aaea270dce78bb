"""What passes between the session and the runner: commands one way, events the other.

Laws:
  * A command says what is to be done, an event what came of it; neither holds bytes, keys or rows.
  * Each command is answered by exactly one event, or by the death of the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

Params = Mapping[str, Any]


class SyncFailure(NamedTuple):
    """Why an exchange, or the whole session, failed: a code, never a text."""

    code: str
    params: Params = MappingProxyType({})


# Commands: what the runner is asked to do.


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """Read the vault and put one request together."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Send the request, take the answer, check its frames and its signature."""


@dataclass(frozen=True, slots=True)
class StoreReceipts:
    """Store what the server acknowledged or refused, in one transaction."""


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Compare the server's heads of our own streams with ours; re-send or open a generation."""


@dataclass(frozen=True, slots=True)
class Rewind:
    """Forget the cursor: the next answer starts at the beginning of the feed."""


@dataclass(frozen=True, slots=True)
class ApplyPage:
    """Open and fold the next page of the answer; save the cursor in the same transaction."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Retry what waits, then write receipts, grants and heads that are due."""


@dataclass(frozen=True, slots=True)
class CorrectClock:
    """Adopt the server's time as an offset for requests; the phone's clock is not touched."""

    server_time_ms: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Let this much time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Finish:
    """The session is over; ``error`` is None when everything was delivered and pulled."""

    error: SyncFailure | None = None


Command = (
    BuildRequest
    | Exchange
    | StoreReceipts
    | Reconcile
    | Rewind
    | ApplyPage
    | Settle
    | CorrectClock
    | Wait
    | Finish
)


# Events: what the runner reports.


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody asked for a sync."""


@dataclass(frozen=True, slots=True)
class RequestBuilt:
    """The request is ready to be sent."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole, signed answer is here.

    Attributes:
        pages: pages that wait to be applied.
        more: the server has more for us than it put into this answer.
        heads_differ: it told us its heads of our own streams.
        rewind: the feed has to be read from the beginning.
        notice: what the server has to tell us before all else.
    """

    pages: int
    more: bool
    heads_differ: bool = False
    rewind: bool = False
    notice: SyncFailure | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no usable answer. ``jitter`` is a number in [0, 1) drawn by the runner."""

    failure: SyncFailure
    retryable: bool
    retry_after_seconds: float = 0.0
    jitter: float = 0.0


@dataclass(frozen=True, slots=True)
class ReceiptsStored:
    """The acknowledgements are in the vault.

    Attributes:
        settled: parts of the outbox that left it: taken, or refused for good.
        refused: why something that may come again was not taken this time.
    """

    settled: int = 0
    refused: SyncFailure | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Our streams and the server's heads are reconciled."""


@dataclass(frozen=True, slots=True)
class Rewound:
    """The cursor is back at the beginning."""


@dataclass(frozen=True, slots=True)
class PageApplied:
    """One page is in the vault, ``remaining`` pages wait; ``broken`` says the feed contradicts."""

    remaining: int
    broken: SyncFailure | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The follow-up is done.

    Attributes:
        outbox: what this session still has to send.
        reads_anew: some of it came spoilt, or we follow one more, as of an office that we
            just came to.
    """

    outbox: int
    reads_anew: bool = False


@dataclass(frozen=True, slots=True)
class ClockCorrected:
    """The offset is stored."""


@dataclass(frozen=True, slots=True)
class Waited:
    """The time has passed."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The person asked to stop."""


Event = (
    Started
    | RequestBuilt
    | Answered
    | Failed
    | ReceiptsStored
    | Reconciled
    | Rewound
    | PageApplied
    | Settled
    | ClockCorrected
    | Waited
    | Cancelled
)
