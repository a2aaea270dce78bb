"""The sync session: what to do next, never how.

Laws:
  * A session does no I/O, reads no clock and draws no chance. Events go in, one command comes out.
  * A batch leaves the outbox only by a receipt or a refusal that names its hash. One that is
    refused for now stays, is not sent again in this session, and its reason ends the session.
  * A cursor moves only together with the page it follows.
  * After any event the session may be thrown away: a new one on the same vault goes on without
    loss and without a second copy.
  * Nothing the server answers stops capture: the worst end of a session is a named error.
  * A session ends, whatever the server says: it goes on only while something leaves the outbox or
    comes in, and never beyond a number of rounds.

Order: build -> exchange -> store receipts -> (reconcile heads) -> (rewind) -> apply pages ->
settle, and again while the server has more or the outbox is not empty. Which event is legal in
which state, and who handles it, stands in one table, ``TRANSITIONS``; retries, waits and refusals
are decided here, sleeping and sending are the runner's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from fieldapp.errors import LocalProtocolError
from fieldapp.sync.commands import (
    Answered,
    ApplyPage,
    BuildRequest,
    Cancelled,
    ClockCorrected,
    Command,
    CorrectClock,
    Event,
    Exchange,
    Failed,
    Finish,
    PageApplied,
    ReceiptsStored,
    Reconcile,
    Reconciled,
    RequestBuilt,
    Rewind,
    Rewound,
    Settle,
    Settled,
    Started,
    StoreReceipts,
    SyncFailure,
    Wait,
    Waited,
)

CLOCK_WRONG = "clock_wrong"
CANCELLED = "cancelled"
NOT_ACKNOWLEDGED = "not_acknowledged"
EMPTY_PAGE = "empty_page"
SERVER_ROLLED_BACK = "server_rolled_back"
MAX_RECONCILIATIONS = 2
"""A server whose heads differ for ever is not sent the same batches for ever."""


class State(Enum):
    """Where a session stands; each but READY and CLOSED waits for the outcome of one command."""

    READY = auto()
    BUILDING = auto()
    EXCHANGING = auto()
    ACKNOWLEDGING = auto()
    RECONCILING = auto()
    REWINDING = auto()
    PULLING = auto()
    SETTLING = auto()
    CORRECTING = auto()
    WAITING = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient one session is; what does not fit is left to the next one."""

    attempts: int = 3
    base_seconds: float = 1.0
    ceiling_seconds: float = 30.0
    longest_wait_seconds: float = 60.0
    rounds: int = 10_000
    """Some ten gigabytes: more than anybody pulls at once, and an end of any loop."""

    def delay(self, attempt: int, *, retry_after: float, jitter: float) -> float:
        """Return the pause before try ``attempt + 1``: doubled each time, half of it by chance."""
        grown = min(self.base_seconds * 2.0 ** (attempt - 1), self.ceiling_seconds)
        return max(retry_after, grown * (0.5 + jitter / 2))


class Session:
    """One sync, from the first request to the last. Create, ``next(Started())``, obey."""

    def __init__(self, policy: RetryPolicy | None = None) -> None:
        self.state = State.READY
        self._policy = policy or RetryPolicy()
        self._failures = 0
        self._clock_corrected = False
        self._rewound = False
        self._reads_anew = False
        self._reconciled = 0
        self._rounds = 0
        self._outbox_before = -1
        self._answer = Answered(pages=0, more=False)
        self._settled = 0
        self._settled_since_follow_up = 0
        self._refused: SyncFailure | None = None

    def next(self, event: Event) -> Command:
        """Take one event, return the one command that follows from it.

        Raises:
            LocalProtocolError: The event has no place in this state; the runner is wrong.
        """
        if isinstance(event, Cancelled) and self.state is not State.CLOSED:
            return self._finish(SyncFailure(CANCELLED))
        handler = self.TRANSITIONS.get((self.state, type(event)))
        if handler is None:
            raise LocalProtocolError(what=f"{type(event).__name__} in {self.state.name}")
        return handler(self, event)

    # Each handler is named in TRANSITIONS and nowhere else.

    def _on_begin(self, _event: Event) -> Command:
        return self._go(State.BUILDING, BuildRequest())

    def _on_built(self, _event: Event) -> Command:
        self._rounds += 1
        if self._rounds > self._policy.rounds:
            return self._finish(self._unfinished())
        return self._go(State.EXCHANGING, Exchange())

    def _on_answered(self, event: Answered) -> Command:
        self._failures = 0
        self._answer = event
        return self._go(State.ACKNOWLEDGING, StoreReceipts())

    def _on_failed(self, event: Failed) -> Command:
        self._failures += 1
        out_of_patience = (
            self._failures >= self._policy.attempts
            or event.retry_after_seconds > self._policy.longest_wait_seconds
        )
        if not event.retryable or out_of_patience:
            return self._finish(event.failure)
        pause = self._policy.delay(
            self._failures, retry_after=event.retry_after_seconds, jitter=event.jitter
        )
        return self._go(State.WAITING, Wait(pause))

    def _on_receipts_stored(self, event: ReceiptsStored) -> Command:
        self._settled = event.settled
        self._settled_since_follow_up += event.settled
        self._refused = self._refused or event.refused
        notice = self._answer.notice
        if notice is not None and notice.code == CLOCK_WRONG and not self._clock_corrected:
            self._clock_corrected = True
            return self._go(State.CORRECTING, CorrectClock(int(notice.params["server_time_ms"])))
        if self._answer.heads_differ and self._reconciled < MAX_RECONCILIATIONS:
            self._reconciled += 1
            self._refused = None
            return self._go(State.RECONCILING, Reconcile())
        return self._on_reconciled(event)

    def _on_reconciled(self, _event: Event) -> Command:
        if self._answer.rewind:
            return self._rewind(SyncFailure(SERVER_ROLLED_BACK))
        return self._pull(self._answer.pages)

    def _on_page_applied(self, event: PageApplied) -> Command:
        if event.broken is not None:
            return self._rewind(event.broken)
        return self._pull(event.remaining)

    def _on_settled(self, event: Settled) -> Command:
        if event.reads_anew and not self._reads_anew and self._answer.notice is None:
            self._reads_anew = True
            self._outbox_before = event.outbox
            return self._go(State.BUILDING, BuildRequest())
        if event.outbox == 0 or self._answer.notice is not None:
            return self._finish(None)
        if self._settled_since_follow_up == 0 and self._outbox_before == event.outbox:
            return self._finish(SyncFailure(NOT_ACKNOWLEDGED, {"count": event.outbox}))
        self._outbox_before = event.outbox
        self._settled_since_follow_up = 0
        return self._go(State.BUILDING, BuildRequest())

    def _pull(self, remaining: int) -> Command:
        if remaining > 0:
            return self._go(State.PULLING, ApplyPage())
        if not self._answer.more:
            return self._go(State.SETTLING, Settle())
        if self._answer.pages == 0 and self._settled == 0:
            return self._finish(SyncFailure(EMPTY_PAGE))
        return self._go(State.BUILDING, BuildRequest())

    def _rewind(self, reason: SyncFailure) -> Command:
        if self._rewound:
            return self._finish(reason)
        self._rewound = True
        return self._go(State.REWINDING, Rewind())

    def _unfinished(self) -> SyncFailure:
        if self._outbox_before > 0:
            return SyncFailure(NOT_ACKNOWLEDGED, {"count": self._outbox_before})
        return SyncFailure(EMPTY_PAGE)

    def _finish(self, error: SyncFailure | None) -> Command:
        return self._go(State.CLOSED, Finish(error or self._answer.notice or self._refused))

    def _go(self, state: State, command: Command) -> Command:
        self.state = state
        return command

    TRANSITIONS: ClassVar[Mapping[tuple[State, type[Event]], Callable[..., Command]]] = {
        (State.READY, Started): _on_begin,
        (State.BUILDING, RequestBuilt): _on_built,
        (State.EXCHANGING, Answered): _on_answered,
        (State.EXCHANGING, Failed): _on_failed,
        (State.ACKNOWLEDGING, ReceiptsStored): _on_receipts_stored,
        (State.RECONCILING, Reconciled): _on_reconciled,
        (State.REWINDING, Rewound): _on_begin,
        (State.PULLING, PageApplied): _on_page_applied,
        (State.SETTLING, Settled): _on_settled,
        (State.CORRECTING, ClockCorrected): _on_begin,
        (State.WAITING, Waited): _on_begin,
    }
