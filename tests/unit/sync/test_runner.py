"""The runner: reports, stops, and what it hands on to the session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.errors import (
    DatabaseFullError,
    LocalProtocolError,
    PermanentSyncError,
    TransientSyncError,
)
from fieldapp.protocol.messages import SyncAnswer
from fieldapp.sync.commands import StoreReceipts
from fieldapp.sync.report import SyncProgress
from fieldapp.sync.session import RetryPolicy
from tests.support.failures import why
from tests.support.organisation import DAY_MS
from tests.support.replicas import World
from tests.support.simulator import Simulator

PAGE_BYTES = 4_096


class Failing(Simulator):
    """Raises what it is told, then lets everything pass."""

    def __init__(self, inner: Simulator, *problems: Exception) -> None:
        self._inner, self._problems = inner, list(problems)

    def sync(self, request: bytes) -> bytes:
        if self._problems:
            raise self._problems.pop(0)
        return self._inner.sync(request)


def test_progress_names_each_stage(world: World) -> None:
    seen: list[SyncProgress] = []
    world["dalila"].create()
    world["dalila"].sync(progress=seen.append)
    stages = [one.stage for one in seen]
    assert stages[0] == "sending"
    assert "opening" in stages
    assert stages[-1] == "done"


def test_a_person_may_stop_a_sync(world: World) -> None:
    world["dalila"].create()
    report = world["dalila"].sync(cancelled=lambda: True)
    assert why(report.error) == "cancelled"
    assert world["dalila"].sync().sent == 1


def test_a_busy_server_is_tried_again_after_the_pause_it_asked_for(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    busy = TransientSyncError("server_busy", retry_after=7)
    phone.service = Failing(world.server, busy, TransientSyncError("timeout"))
    report = phone.sync(policy=RetryPolicy())
    assert (report.error, report.sent) == (None, 1)
    assert phone.clock.waited[0] == 7
    assert 1 <= phone.clock.waited[1] <= 2


def test_a_lasting_refusal_is_told_and_not_tried_again(world: World) -> None:
    phone = world["dalila"]
    phone.service = Failing(world.server, PermanentSyncError("quota_exceeded", limit=3))
    report = phone.sync(policy=RetryPolicy())
    assert report.error == ("quota_exceeded", {"limit": 3})
    assert phone.clock.waited == []


def test_a_wrong_clock_is_corrected_for_requests_and_never_touched(world: World) -> None:
    phone = world["dalila"]
    phone.clock.advance(-400 * DAY_MS)
    phone.create()
    wrong = phone.clock.now_ms()
    assert phone.sync().error is None
    assert phone.clock.now_ms() == wrong
    assert phone.device.best_time_ms() == world.clock.now_ms()
    assert phone.sync().round_trips == 1


def test_a_device_that_the_server_does_not_know_is_told_so(world: World) -> None:
    phone = world["dalila"]
    record = phone.create()
    phone.service = Simulator(world.organisation.server, world.clock.now_ms)
    report = phone.sync()
    assert why(report.error) == "unknown_device"
    phone.service = world.server
    assert phone.sync().sent == 1
    assert phone.narratives(record) == ["Two bicycles were taken."]


def test_other_notices_are_shown_and_stop_nothing(world: World) -> None:
    def notify(answer: SyncAnswer) -> SyncAnswer:
        return replace(answer, welcome=replace(answer.welcome, notices=("client_too_old",)))

    world.server.bends.append(notify)
    world["dalila"].create()
    report = world["dalila"].sync()
    assert (report.error, report.sent) == (None, 1)
    assert [alarm.code for alarm in report.alarms] == ["client_too_old"]


def test_a_full_disk_is_raised_and_the_next_sync_goes_on(world: World) -> None:
    for number in range(30):
        world["dalila"].create(f"Concern {number}")
    world["dalila"].sync()
    reader = world["amina"]
    reader.vault.scrub()
    reader.vault.database.max_pages = reader.path.stat().st_size // PAGE_BYTES + 3
    with pytest.raises(DatabaseFullError):
        reader.sync()
    reader.vault.database.max_pages = 1_000_000
    assert reader.sync().error is None
    assert len(reader.records()) == 30


def test_a_request_that_does_not_fit_everything_is_followed_by_another(world: World) -> None:
    phone = world["dalila"]
    for number in range(6):
        phone.create(f"Concern {number}")
    phone.push_bytes = 1_000
    phone.restart()
    report = phone.sync()
    assert (report.error, report.sent) == (None, 6)
    assert report.round_trips > 2


def test_a_pull_that_does_not_fit_one_answer_goes_on(world: World) -> None:
    for number in range(6):
        world["dalila"].create(f"Concern {number}")
    world["dalila"].sync()
    reader = world["amina"]
    reader.pull_bytes = 2_000
    reader.restart()
    report = reader.sync()
    assert (report.error, report.received) == (None, 6)
    assert report.round_trips > 3


def test_commands_out_of_order_are_our_own_bug(world: World) -> None:
    with pytest.raises(LocalProtocolError):
        world["dalila"].runner().carry_out(StoreReceipts())


def test_an_idle_sync_is_one_exchange(world: World) -> None:
    world["amina"].sync()
    report = world["amina"].sync()
    assert report.round_trips == 1
    assert report.bytes_up + report.bytes_down < 400
