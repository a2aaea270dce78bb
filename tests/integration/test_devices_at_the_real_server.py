"""Devices with real vaults at the real server's policy: what the simulator promises holds here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from fieldapp.errors import TransientSyncError
from fieldapp.protocol.causes import Cause
from fieldapp.sync.commands import SyncFailure
from tests.faults.test_crash_at_each_command import DoomedRunner, KilledError
from tests.faults.test_restored_phone import restored, states
from tests.support.authors import deposit
from tests.support.failures import why
from tests.support.replicas import World
from tests.support.restorable import RestorableServer


class RealServer(RestorableServer):
    """The server's policy over SQLite, as a service that can lose an answer."""

    lose_next_answer = False

    def sync(self, request: bytes) -> bytes:
        answer = super().sync(request)
        if self.lose_next_answer:
            self.lose_next_answer = False
            raise TransientSyncError("connection_cut")
        return answer


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    log = [batch for _, batch in made.organisation.log]
    numbers = count()
    made.service = RealServer(
        tmp_path, lambda: f"sqlite:///{tmp_path}/server-{next(numbers)}.db", made.clock.now_ms, log
    )
    assert not deposit(made.service, *log).refused
    yield made
    made.close()
    made.service.close()


def server_of(world: World) -> RealServer:
    assert isinstance(world.service, RealServer)
    return world.service


def test_a_record_reaches_headquarters_and_its_receipt_comes_back(world: World) -> None:
    record = world["dalila"].create()
    for name in ("dalila", "chebet", "amina", "dalila"):
        report = world[name].sync()
        assert (report.error, report.alarms) == (None, ())
    assert record in world["amina"].records()
    with world["dalila"].vault.reading() as tx:
        receipts = tx.receipts.for_stream(world["dalila"].keys.device, world["dalila"].channel().id)
    assert len({row.office for row in receipts}) == 3


def test_an_idle_sync_is_one_exchange_of_few_bytes(world: World) -> None:
    world["amina"].sync()
    world["amina"].sync()
    report = world["amina"].sync()
    assert report.round_trips == 1
    assert report.bytes_up + report.bytes_down < 400


def test_lost_acknowledgements_double_nothing(world: World) -> None:
    record = world["dalila"].create()
    for _ in range(5):
        server_of(world).lose_next_answer = True
        assert world["dalila"].sync().error == SyncFailure("connection_cut")
    assert world["dalila"].sync().sent == 1
    world["amina"].sync()
    assert world["amina"].records().keys() == {record}


def test_a_phone_killed_at_any_command_delivers_each_record_once(world: World) -> None:
    phone, records = world["dalila"], []
    for at in range(1, 12):
        records.append(phone.create(f"Concern {at}"))
        runner = DoomedRunner(phone.device, phone.service)
        runner.doom(at, after=bool(at % 2))
        try:
            runner.run()
        except KilledError:
            phone.restart()
        phone.sync()
    world["amina"].sync()
    assert world["amina"].records().keys() == set(records)


def test_a_restored_phone_goes_on_in_a_new_generation(world: World) -> None:
    phone, lost, again = restored(world)
    assert phone.sync().error is None
    later = phone.create("Life goes on.")
    assert phone.sync().error is None
    assert phone.sync().round_trips == 1
    assert states(phone)[-1] == (1, 4, "stored")
    world["amina"].sync()
    assert {lost, again, later} <= world["amina"].records().keys()


def test_a_revoked_phone_is_told_so_and_its_later_work_kept_apart(world: World) -> None:
    kept = world["dalila"].create("Before.")
    for name in ("dalila", "chebet", "amina"):
        world[name].sync()
    with world["chebet"].vault.transaction() as tx:
        world["chebet"].device.duties.revoke(tx, world["dalila"].keys.device, Cause.LOST)
    world["chebet"].sync()
    world["dalila"].create("After.")
    report = world["dalila"].sync()
    assert why(report.error) == "device_revoked"
    world["amina"].sync()
    assert world["amina"].records().keys() == {kept}


def test_a_server_restored_from_a_backup_is_filled_by_the_phones(world: World) -> None:
    world["dalila"].create("In the backup.")
    for name in ("dalila", "amina"):
        world[name].sync()
    copy = server_of(world).backup()
    lost = world["dalila"].create("After the backup.")
    world["dalila"].sync()
    world["amina"].sync()
    server_of(world).put_back(copy)
    report = world["dalila"].sync()
    assert report.error is None
    fresh = world["brian"]
    assert fresh.sync().error is None
    assert lost in fresh.records()
    assert world["amina"].sync().error is None
    assert len(world["amina"].records()) == 2
