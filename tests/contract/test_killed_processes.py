"""Real processes, kill -9: the client at every command of a sync, the server at every command.

The client is a child of its own with its own vault file; the server is ``sync-server serve``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.protocol.ids import RecordId
from fieldapp.sync.commands import Command, Event
from fieldapp.sync.runner import Runner
from fieldapp.sync.transport import HTTPTransport
from tests.contract.conftest import REAL
from tests.faults.test_crash_at_each_command import MOST_COMMANDS, delivered
from tests.support.authors import deposit
from tests.support.children import child, next_line
from tests.support.postgres import PostgresCluster
from tests.support.replicas import IMPATIENT, Replica, World
from tests.support.server import HTTPService, ServerProcess, running

KILLED_AT_A_COMMAND = """
import os, signal, sys
from pathlib import Path
from fieldapp.sync.runner import Runner
from fieldapp.sync.transport import HTTPTransport
from tests.support.fakes import FakeClock, SeededChance
from tests.support.organisation import small_organisation
from tests.support.replicas import IMPATIENT, Replica

name, path, url, now_ms = sys.argv[1:]
member = small_organisation()[name]


class Dying(Runner):
    def doom(self, at, after):
        self.left, self.after = at, after

    def carry_out(self, command):
        self.left -= 1
        if self.left == 0 and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        event = super().carry_out(command)
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return event


for line in sys.stdin:
    at, after = line.split()
    pid = os.fork()
    if pid == 0:
        clock, chance = FakeClock(int(now_ms)), SeededChance(f"{name} {line}")
        replica = Replica(member, Path(path), HTTPTransport(url), clock, chance)
        replica.create(f"Sealed before {line}")
        runner = Dying(replica.device, replica.service, policy=IMPATIENT)
        runner.doom(int(at), after == "after")
        report = runner.run()
        os._exit(0 if report.error is None else 1)
    _, status = os.waitpid(pid, 0)
    print("killed" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True)
"""


@pytest.fixture(params=REAL)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerProcess]:
    """A server process of its own."""
    options: list[str] = []
    if request.param == "postgres":
        found: PostgresCluster = request.getfixturevalue("cluster")
        options = ["--database-url", found.new_database()]
    with running(ServerProcess(tmp_path / "data", options)) as started:
        yield started


@pytest.fixture
def world(server: ServerProcess, tmp_path: Path) -> Iterator[World]:
    """Devices whose clocks are right and whose server is that process."""
    made = World(tmp_path)
    root, *others = (batch for _, batch in made.organisation.log)
    service = HTTPService(server.url)
    service.claim_server(server.claim_token, root.raw)
    assert not deposit(service, *others).refused
    made.clock.ms = service.info().server_time_ms
    service.close()
    made.service = HTTPTransport(server.url)
    yield made
    made.close()


class Murderous(Runner):
    """Kills the server before or after the n-th command."""

    def plan(self, server: ServerProcess, at: int, *, after: bool) -> None:
        self._server, self._left, self._after = server, at, after

    def carry_out(self, command: Command) -> Event:
        self._left -= 1
        if self._left == 0 and not self._after:
            self._server.kill()
        event = super().carry_out(command)
        if self._left == 0 and self._after:
            self._server.kill()
        return event

    @property
    def has_killed(self) -> bool:
        return self._left <= 0


def is_there_once(world: World, expected: int) -> None:
    """Headquarters holds so many records, each in one batch."""
    assert world["amina"].sync().error is None
    assert set(delivered(world).values()) == {1}
    assert len(delivered(world)) == expected


def test_a_client_killed_at_every_command_delivers_each_record_once(
    world: World, server: ServerProcess
) -> None:
    phone = world["dalila"]
    path, now_ms = phone.path, str(world.clock.ms)
    phone.vault.close()
    made = 0
    with child(KILLED_AT_A_COMMAND, "dalila", str(path), server.url, now_ms) as client:
        assert client.stdin is not None
        for after in ("before", "after"):
            outcomes: list[str] = []
            while not outcomes or outcomes[-1] == "killed":
                print(len(outcomes) + 1, after, file=client.stdin, flush=True)
                outcomes.append(next_line(client))
            assert outcomes[-1] == "0"
            assert len(outcomes) > 4
            made += len(outcomes)
    phone.open()
    report = phone.sync()
    assert report.error is None
    is_there_once(world, made)
    assert len(phone.records()) == made


def server_killed_at(phone: Replica, server: ServerProcess, at: int, *, after: bool) -> bool:
    """Sync while the server dies at a command; tell whether the sync was long enough."""
    runner = Murderous(phone.device, phone.service, policy=IMPATIENT)
    runner.plan(server, at, after=after)
    report = runner.run()
    if not runner.has_killed:
        return False
    if report.error is not None:
        assert report.error.code in {"offline", "connection_cut"}
    server.start()
    return True


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_server_killed_at_every_command_keeps_each_record_once(
    world: World, server: ServerProcess, after: bool
) -> None:
    phone = world["dalila"]
    records: list[RecordId] = []
    for at in range(1, MOST_COMMANDS):
        records.append(phone.create(f"Concern number {at}."))
        if not server_killed_at(phone, server, at, after=after):
            break
        assert phone.sync().error is None
    assert at > 4
    is_there_once(world, len(records))
    assert world["amina"].records().keys() == set(records)
