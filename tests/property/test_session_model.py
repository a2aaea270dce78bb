"""The session as a machine: whatever the server does, it ends, and it ends with a reason."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from fieldapp.sync.session import CLOCK_WRONG, RetryPolicy, Session, State
from tests.support.failures import why


class Reply(NamedTuple):
    """An answer, and what it does to the outbox."""

    answered: Answered
    stored: ReceiptsStored = ReceiptsStored()


def reply(settled: int = 0, pages: int = 0, *, more: bool = False, **told: Any) -> Reply:
    """A server's answer."""
    refused = told.pop("refused", None)
    return Reply(Answered(pages=pages, more=more, **told), ReceiptsStored(settled, refused))


QUIET = reply()
ANSWERED_AT_ONCE: dict[type[Command], Event] = {
    BuildRequest: RequestBuilt(),
    Reconcile: Reconciled(),
    Rewind: Rewound(),
    CorrectClock: ClockCorrected(),
    Wait: Waited(),
}

failures = st.builds(
    Failed,
    failure=st.sampled_from(["offline", "server_busy", "quota_exceeded"]).map(SyncFailure),
    retryable=st.booleans(),
    retry_after_seconds=st.sampled_from([0.0, 5.0, 3600.0]),
    jitter=st.floats(0, 0.99),
)
answers = st.builds(
    reply,
    settled=st.integers(0, 3),
    pages=st.integers(0, 3),
    more=st.booleans(),
    heads_differ=st.booleans(),
    notice=st.none() | st.just(SyncFailure(CLOCK_WRONG, {"server_time_ms": 5})),
    rewind=st.booleans(),
    refused=st.none() | st.just(SyncFailure("directory_ahead")),
)


class Script:
    """Drives a session; each exchange takes the next scripted outcome, then a quiet server."""

    def __init__(self, outcomes: list[Reply | Failed], outbox: int, broken: int) -> None:
        self.outcomes = outcomes
        self.outbox = outbox
        self.broken = broken
        self.remaining = 0
        self.stored = ReceiptsStored()
        self.commands: list[Command] = []

    def run(self, session: Session) -> Finish:
        command = session.next(Started())
        while not isinstance(command, Finish):
            self.commands.append(command)
            assert len(self.commands) < 500, "the session does not end"
            command = session.next(self.event(command))
        return command

    def event(self, command: Command) -> Event:
        match command:
            case Exchange():
                return self.exchanged(self.outcomes.pop(0) if self.outcomes else QUIET)
            case StoreReceipts():
                self.outbox = max(0, self.outbox - self.stored.settled)
                return self.stored
            case ApplyPage():
                self.remaining -= 1
                if self.broken > 0:
                    self.broken -= 1
                    return PageApplied(self.remaining, SyncFailure("feed_forked"))
                return PageApplied(self.remaining)
            case Settle():
                return Settled(self.outbox)
            case _:
                return ANSWERED_AT_ONCE[type(command)]

    def exchanged(self, outcome: Reply | Failed) -> Event:
        if isinstance(outcome, Failed):
            return outcome
        self.remaining = outcome.answered.pages
        self.stored = outcome.stored
        return outcome.answered

    def kinds(self) -> list[type[Command]]:
        return [type(command) for command in self.commands]


@given(st.lists(answers | failures, max_size=20), st.integers(0, 5), st.integers(0, 3))
def test_every_session_ends_whatever_the_server_answers(
    outcomes: list[Reply | Failed], outbox: int, broken: int
) -> None:
    session = Session()
    Script(outcomes, outbox, broken).run(session)
    assert session.state is State.CLOSED


@given(st.lists(answers | failures, max_size=20), st.integers(0, 5), st.integers(0, 3))
def test_an_end_without_error_means_that_nothing_is_left_to_send(
    outcomes: list[Reply | Failed], outbox: int, broken: int
) -> None:
    script = Script(outcomes, outbox, broken)
    if script.run(Session()).error is None:
        assert script.outbox == 0
        assert script.commands[-1] == Settle()


@given(st.lists(answers | failures, max_size=20), st.integers(0, 5))
def test_receipts_are_stored_before_anything_of_the_answer_is_applied(
    outcomes: list[Reply | Failed], outbox: int
) -> None:
    script = Script(outcomes, outbox, 0)
    script.run(Session())
    kinds = script.kinds()
    for index, kind in enumerate(kinds):
        if kind in (ApplyPage, Reconcile, Rewind, Settle):
            since = kinds[: index + 1][::-1].index(Exchange)
            assert StoreReceipts in kinds[index - since : index]


def test_an_idle_sync_is_one_exchange() -> None:
    script = Script([QUIET], 0, 0)
    assert script.run(Session()) == Finish(None)
    assert script.kinds() == [BuildRequest, Exchange, StoreReceipts, Settle]


def test_it_goes_on_while_the_server_has_more() -> None:
    script = Script([reply(settled=0, pages=2, more=True)] * 3, 0, 0)
    assert script.run(Session()) == Finish(None)
    assert script.kinds().count(Exchange) == 4
    assert script.kinds().count(Settle) == 1


def test_it_goes_on_while_the_outbox_is_not_empty() -> None:
    script = Script([reply(settled=2, pages=0, more=False)] * 2, 4, 0)
    assert script.run(Session()) == Finish(None)
    assert script.kinds().count(Exchange) == 2


def test_a_server_that_acknowledges_nothing_is_not_asked_for_ever() -> None:
    script = Script([], 3, 0)
    assert script.run(Session()).error == SyncFailure("not_acknowledged", {"count": 3})
    assert script.kinds().count(Exchange) == 2


def test_a_server_that_promises_more_and_sends_nothing_is_left() -> None:
    script = Script([reply(settled=0, pages=0, more=True)], 0, 0)
    assert script.run(Session()).error == SyncFailure("empty_page")


def test_what_may_come_again_ends_the_session_with_its_reason() -> None:
    refused = SyncFailure("directory_ahead")
    script = Script([reply(refused=refused)], 0, 0)
    assert script.run(Session()).error == refused
    assert script.kinds().count(Exchange) == 1


def test_what_was_refused_before_the_heads_were_compared_may_come_again_at_once() -> None:
    ahead = reply(refused=SyncFailure("directory_ahead"), heads_differ=True)
    assert Script([ahead, reply(settled=1)], 1, 0).run(Session()) == Finish(None)


@pytest.mark.parametrize(
    ("answer", "outbox", "code"),
    [(reply(pages=1, more=True), 0, "empty_page"), (reply(settled=1), 99, "not_acknowledged")],
)
def test_a_server_that_always_finds_a_reason_to_go_on_is_left_after_so_many_rounds(
    answer: Reply, outbox: int, code: str
) -> None:
    script = Script([answer] * 50, outbox, 0)
    assert why(script.run(Session(RetryPolicy(rounds=7))).error) == code
    assert script.kinds().count(Exchange) == 7


def wrong_clock() -> Reply:
    notice = SyncFailure(CLOCK_WRONG, {"server_time_ms": 77})
    return reply(settled=0, pages=0, more=False, notice=notice)


def test_a_wrong_clock_is_corrected_once_and_without_a_pause() -> None:
    script = Script([wrong_clock()], 0, 0)
    assert script.run(Session()) == Finish(None)
    assert CorrectClock(77) in script.commands
    assert Wait not in script.kinds()


def test_a_clock_that_stays_wrong_is_an_error_like_any_other() -> None:
    finish = Script([wrong_clock(), wrong_clock()], 0, 0).run(Session())
    assert why(finish.error) == CLOCK_WRONG


def test_what_the_server_has_to_tell_is_told_after_everything_else_is_done() -> None:
    revoked = SyncFailure("device_revoked")
    script = Script([reply(settled=1, pages=2, more=False, notice=revoked)], 3, 0)
    assert script.run(Session()).error == revoked
    assert script.kinds().count(ApplyPage) == 2


def test_pauses_double_and_half_of_each_is_chance() -> None:
    offline = [Failed(SyncFailure("offline"), retryable=True, jitter=0.0)] * 3
    script = Script([*offline], 0, 0)
    assert script.run(Session(RetryPolicy(attempts=4))).error is None
    assert [c.seconds for c in script.commands if isinstance(c, Wait)] == [0.5, 1.0, 2.0]


def test_the_servers_own_pause_is_kept() -> None:
    busy = Failed(SyncFailure("server_busy"), retryable=True, retry_after_seconds=17.0)
    script = Script([busy], 0, 0)
    script.run(Session())
    assert Wait(17.0) in script.commands


def test_a_pause_longer_than_patience_ends_the_session() -> None:
    busy = Failed(SyncFailure("server_busy"), retryable=True, retry_after_seconds=3600.0)
    assert Script([busy], 0, 0).run(Session()).error == busy.failure


def test_an_answer_makes_the_session_patient_again() -> None:
    offline = Failed(SyncFailure("offline"), retryable=True)
    more = reply(settled=0, pages=1, more=True)
    script = Script([offline, offline, more, offline, offline], 0, 0)
    assert script.run(Session()) == Finish(None)


def test_a_lasting_refusal_ends_the_session_at_once() -> None:
    refused = Failed(SyncFailure("device_revoked"), retryable=False)
    script = Script([refused], 0, 0)
    assert script.run(Session()).error == refused.failure
    assert script.kinds() == [BuildRequest, Exchange]


def test_a_feed_that_contradicts_is_read_again_from_the_beginning() -> None:
    script = Script([reply(settled=0, pages=1, more=False)], 0, 1)
    assert script.run(Session()) == Finish(None)
    assert script.kinds().count(Rewind) == 1


def test_a_feed_that_contradicts_twice_is_an_error() -> None:
    script = Script([reply(settled=0, pages=1, more=False)] * 2, 0, 2)
    assert script.run(Session()).error == SyncFailure("feed_forked")


def test_a_restored_server_gets_our_heads_before_the_feed_is_read_again() -> None:
    restored = reply(settled=0, pages=0, more=False, heads_differ=True, rewind=True)
    script = Script([restored], 0, 0)
    assert script.run(Session()) == Finish(None)
    assert script.kinds()[:5] == [BuildRequest, Exchange, StoreReceipts, Reconcile, Rewind]


def test_a_receipt_written_after_the_feed_was_read_again_is_still_sent() -> None:
    class OneMoreReceipt(Script):
        follow_ups = 0

        def event(self, command: Command) -> Event:
            if isinstance(command, Settle):
                self.follow_ups += 1
                if self.follow_ups == 2:
                    self.outbox += 1
            return super().event(command)

    reconciled = reply(settled=0, pages=0, more=False, heads_differ=True)
    forked = reply(settled=1, pages=1, more=False)
    read_again = reply(settled=0, pages=1, more=False)
    delivered = reply(settled=1, pages=0, more=False)
    script = OneMoreReceipt([reconciled, forked, read_again, delivered], 1, 1)
    assert script.run(Session()) == Finish(None)
    assert script.outbox == 0


def test_a_server_restored_twice_in_one_session_is_an_error() -> None:
    restored = reply(settled=0, pages=0, more=False, rewind=True)
    assert Script([restored] * 2, 0, 0).run(Session()).error == SyncFailure("server_rolled_back")


@pytest.mark.parametrize("event", [RequestBuilt(), Settled(0), Waited(), QUIET, Rewound()])
def test_an_event_out_of_order_is_our_own_bug(event: Event) -> None:
    with pytest.raises(LocalProtocolError):
        Session().next(event)


@pytest.mark.parametrize("steps", range(4))
def test_a_person_may_stop_it_at_any_command(steps: int) -> None:
    session = Session()
    command = session.next(Started())
    for _ in range(steps):
        command = session.next(Script([QUIET], 0, 0).event(command))
    assert session.next(Cancelled()) == Finish(SyncFailure("cancelled"))


def test_a_closed_session_takes_no_event() -> None:
    session = Session()
    session.next(Cancelled())
    with pytest.raises(LocalProtocolError):
        session.next(Cancelled())


def test_heads_that_always_differ_are_not_reconciled_for_ever() -> None:
    differs = reply(settled=1, pages=0, more=True, heads_differ=True)
    script = Script([differs] * 5, 0, 0)
    assert script.run(Session()) == Finish(None)
    assert script.kinds().count(Reconcile) == 2


@pytest.mark.parametrize("notice", [None, SyncFailure("device_revoked")])
def test_a_feed_that_was_not_read_yet_is_asked_for_once_and_not_for_ever(
    notice: SyncFailure | None,
) -> None:
    session, asked = Session(), 0
    command = session.next(Started())
    while not isinstance(command, Finish):
        asked += isinstance(command, BuildRequest)
        events: dict[type[Command], Event] = {
            BuildRequest: RequestBuilt(),
            Exchange: Answered(pages=0, more=False, notice=notice),
            StoreReceipts: ReceiptsStored(),
            Settle: Settled(0, reads_anew=True),
        }
        command = session.next(events[type(command)])
    assert (asked, command.error) == (2 if notice is None else 1, notice)
