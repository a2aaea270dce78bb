"""Kill the process before and after every command of a sync, start again, and count."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fieldapp.errors import TransientSyncError
from fieldapp.protocol.batch import Kind, parse_batch
from fieldapp.protocol.ids import RecordId, office_id
from fieldapp.protocol.service import SyncService
from fieldapp.storage.rows import SERVER
from fieldapp.sync.commands import Command, Event, SyncFailure
from fieldapp.sync.runner import Runner
from tests.support.organisation import DAY_MS, LAMU_WEST
from tests.support.replicas import Replica, World
from tests.support.simulator import Simulator

MOST_COMMANDS = 60


class KilledError(BaseException):
    """The process ends here."""


class DoomedRunner(Runner):
    """Dies before or after its n-th command."""

    def doom(self, at: int, *, after: bool) -> None:
        self._left, self._after = at, after

    def carry_out(self, command: Command) -> Event:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise KilledError
        event = super().carry_out(command)
        if self._left == 0:
            raise KilledError
        return event


def killed(replica: Replica, at: int, *, after: bool) -> bool:
    """Sync and die; tell whether the sync was long enough to die in."""
    runner = DoomedRunner(replica.device, replica.service)
    runner.doom(at, after=after)
    try:
        runner.run()
    except KilledError:
        replica.restart()
        return True
    return False


def delivered(world: World) -> Counter[RecordId]:
    """How often each record's first entry lies at headquarters, in distinct batches."""
    amina = world["amina"]
    found: Counter[RecordId] = Counter()
    with amina.vault.reading() as tx:
        rows = list(tx.batches.in_state("received"))
        for row in rows:
            if row.kind == Kind.ENTRIES:
                opened = amina.device.opener.entries(tx, parse_batch(row.raw))
                found.update(one.entry.record for one in opened)
    return found


def settle(world: World) -> None:
    """Let everybody sync until nothing is left."""
    for _ in range(2):
        for name in ("dalila", "chebet", "amina"):
            world[name].sync()


def test_opener_shows_entries_of_received_batches(tmp_path: Path) -> None:
    world = World(tmp_path)
    record = world["dalila"].create()
    settle(world)
    assert delivered(world) == {record: 1}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_phone_killed_at_any_command_delivers_each_record_once(
    tmp_path: Path, after: bool
) -> None:
    world = World(tmp_path)
    phone = world["dalila"]
    records = []
    for at in range(1, MOST_COMMANDS):
        records.append(phone.create(f"Concern number {at}."))
        world["chebet"].create(f"Something else for {at}.")
        world["chebet"].sync()
        if not killed(phone, at, after=after):
            break
        phone.sync()
    else:
        pytest.fail("the sync never ended by itself")
    assert at > 4
    settle(world)
    assert delivered(world).keys() >= set(records)
    assert set(delivered(world).values()) == {1}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_headquarters_killed_at_any_command_has_each_record_once(
    tmp_path: Path, after: bool
) -> None:
    world = World(tmp_path)
    headquarters = world["amina"]
    records = []
    for at in range(1, MOST_COMMANDS):
        records.append(world["dalila"].create(f"Concern number {at}."))
        world["dalila"].sync()
        if not killed(headquarters, at, after=after):
            break
    else:
        pytest.fail("the sync never ended by itself")
    settle(world)
    assert headquarters.records().keys() == set(records)
    assert delivered(world) == dict.fromkeys(records, 1)


class Watched(DoomedRunner):
    """Notes which kind of command was under way when it died."""

    def tell(self, died_at: set[type[Command]]) -> None:
        self._died_at = died_at

    def carry_out(self, command: Command) -> Event:
        if self._left == 1:
            self._died_at.add(type(command))
        return super().carry_out(command)


class Unready(Simulator):
    """Has no time for the first request."""

    def __init__(self, service: SyncService) -> None:
        self.service, self.is_ready = service, False

    def sync(self, request: bytes) -> bytes:
        if not self.is_ready:
            self.is_ready = True
            raise TransientSyncError("server_busy")
        return self.service.sync(request)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_phone_killed_at_every_kind_of_command_delivers_each_record_once(
    tmp_path: Path, after: bool
) -> None:
    """The longest sync there is: a busy server, a wrong clock, and a server that was restored."""
    world = World(tmp_path)
    phone = world["dalila"]
    records = [phone.create("Before the backup.")]
    phone.sync()
    backup = world.server.copy_tables()
    died_at: set[type[Command]] = set()
    for at in range(1, MOST_COMMANDS):
        records.append(phone.create(f"Concern number {at}."))
        assert phone.sync().error is None
        records.append(phone.create(f"Not yet sent number {at}."))
        world.server.restore(backup, log_id=f"restored log {at:03}".encode())
        phone.clock.advance(DAY_MS)
        runner = Watched(phone.device, Unready(world.server))
        runner.doom(at, after=after)
        runner.tell(died_at)
        try:
            runner.run()
        except KilledError:
            phone.restart()
        else:
            break
        assert phone.sync().error is None
    else:
        pytest.fail("the sync never ended by itself")
    assert set(Runner._DO) == died_at
    settle(world)
    assert delivered(world) == dict.fromkeys(records, 1)
    assert phone.sync().sent == 0


def test_a_phone_killed_while_it_seals_has_all_or_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone = world["dalila"]

    class FullDiskError(BaseException):
        pass

    kept = phone.create("This one is saved.")
    with pytest.raises(FullDiskError), phone.vault.transaction() as tx:
        phone.device.sealer.seal_entries(
            tx,
            phone.channel(),
            [phone.entry(kept, phone.member.unit, {"narrative": "never"}, reason="x")],
        )
        raise FullDiskError
    phone.restart()
    settle(world)
    assert delivered(world) == {kept: 1}


def test_an_acknowledgement_lost_five_times_doubles_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone = world["dalila"]
    record = phone.create()
    for _ in range(5):
        world.server.cut_answer_at = 0
        assert phone.sync().error == SyncFailure("connection_cut")
        phone.restart()
    assert phone.sync().sent == 1
    settle(world)
    assert delivered(world) == {record: 1}
    offices = {office_id(unit, "admin") for unit in (LAMU_WEST, "KE")}
    receipts = phone.read(lambda tx: tx.receipts.all())
    assert {row.office for row in receipts} == {SERVER, *offices}
