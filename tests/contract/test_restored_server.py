"""A server goes back in time: devices bring it what it lost, once each, and say what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.channels import Desk, OfficeRef
from fieldapp.protocol.grants import encode_grants
from fieldapp.protocol.ids import RecordId
from fieldapp.protocol.key_packet import KeyPacket
from fieldapp.protocol.payload import plain_payload
from fieldapp.sync.report import SyncReport
from sync_server.config import Settings
from tests.contract.test_directory_and_keys import grant_row, plain_batch
from tests.faults.test_crash_at_each_command import delivered
from tests.support.authors import Author, Device, author, deposit, key_packet
from tests.support.bends import codes
from tests.support.organisation import KE, LAMU_WEST, MKOMANI
from tests.support.postgres import PostgresCluster
from tests.support.replicas import Replica, World
from tests.support.restorable import Restorable, RestorableServer, RestorableSimulator

NAMES = ("dalila", "chebet", "amina")
ROUNDS = 10


@pytest.fixture
def new_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
    """Names an empty database each time."""
    if kind != "postgres":
        numbers = iter(range(100))
        return lambda: f"sqlite:///{tmp_path / f'server-{next(numbers)}.db'}"
    found: PostgresCluster = request.getfixturevalue("cluster")
    return lambda: Settings(database_url=found.new_database()).url


@pytest.fixture
def world(kind: str, tmp_path: Path, new_url: Callable[[], str]) -> Iterator[World]:
    made = World(tmp_path)
    log = [batch for _, batch in made.organisation.log]
    if kind == "simulator":
        made.service = made.server = RestorableSimulator(
            made.organisation.server, made.clock.now_ms
        )
    else:
        made.service = RestorableServer(tmp_path, new_url, made.clock.now_ms, log)
    assert not deposit(made.service, *log).refused
    yield made
    made.close()
    server_of(made).close()


def server_of(world: World) -> Restorable:
    found = world.service
    assert isinstance(found, (RestorableServer, RestorableSimulator))
    return found


def everybody_syncs(world: World, rounds: int = 2) -> list[SyncReport]:
    return [world[name].sync() for _ in range(rounds) for name in NAMES]


def open_an_office(world: World, desk: str) -> None:
    """Headquarters says something new about who reads what."""
    amina = world["amina"]
    world.organisation.directory = amina.device.directory
    with amina.vault.transaction() as tx:
        statement = world.organisation.office_statement(LAMU_WEST, desk)
        amina.device.duties.state(tx, [statement])
    assert amina.sync().error is None


def a_busy_month(world: World) -> list[RecordId]:
    """Thirty syncs of three devices, the directory growing in between."""
    records = []
    for at in range(ROUNDS):
        records += [world[name].create(f"Concern {at} of {name}.") for name in NAMES[:2]]
        if at in (2, 6):
            open_an_office(world, ("csic", "children")[at // 4])
        for report in everybody_syncs(world, rounds=1):
            assert (report.error, report.alarms) == (None, ())
    return records


def ticks(replica: Replica) -> Counter[str]:
    with replica.vault.reading() as tx:
        rows = tx.batches.sequence(replica.keys.device, replica.channel().id)
    return Counter(state for _, _, state in rows)


@pytest.mark.parametrize("way", ["restore", "put_back"])
@pytest.mark.parametrize("order", [NAMES, NAMES[::-1]], ids=["phone-first", "office-first"])
def test_after_a_restore_each_record_is_there_once_and_the_loss_was_named(
    world: World, way: str, order: tuple[str, ...]
) -> None:
    before = world["dalila"].create("In the backup.")
    everybody_syncs(world)
    kept = server_of(world).backup()
    records = [before, *a_busy_month(world)]
    getattr(server_of(world), way)(kept)
    named: dict[str, set[str]] = {name: set() for name in NAMES}
    for _ in range(3):
        for name in order:
            named[name] |= codes(world[name].sync())
    assert all(found & {"server_restored", "server_rolled_back"} for found in named.values())
    assert set().union(*named.values()) <= {
        "server_restored",
        "server_rolled_back",
        "directory_rolled_back",
    }
    reports = everybody_syncs(world)
    assert [(report.error, report.alarms) for report in reports] == [(None, ())] * len(reports)
    assert world["amina"].records().keys() == set(records)
    assert set(delivered(world).values()) == {1}
    fresh = world["brian"]
    assert fresh.sync().error is None
    assert fresh.records().keys() == set(records)
    assert ticks(world["dalila"]) == {"stored": ROUNDS + 1}


def test_a_batch_that_names_a_later_directory_is_kept_and_handed_out_when_that_comes(
    world: World,
) -> None:
    organisation, service = world.organisation, world.service
    place = organisation.position
    organisation.open_office(organisation["chebet"], MKOMANI)
    said = [batch for position, batch in organisation.log if position > place]
    first, second = author(organisation, "dalila").batches(2)
    chebet = Device(organisation["chebet"])
    answer = deposit(service, first, second)
    assert ([one.header_hash for one in answer.stored], answer.refused) == (
        [first.hash, second.hash],
        (),
    )
    assert first.raw not in fed(chebet, world)
    assert not deposit(service, *said).refused
    got = fed(chebet, world)
    assert [got.count(batch.raw) for batch in (first, second)] == [1, 1]
    assert [one.header_hash for one in deposit(service, first).stored] == [first.hash]


def fed(device: Device, world: World) -> list[bytes]:
    answers = device.pull(world.service)
    return [item.batch for answer in answers for item in answer.items]


class HidingAuthor(Author):
    """Somebody who leaves headquarters out."""

    def _packet(self) -> KeyPacket:
        packet = key_packet(self.organisation, self.member, self.channel, self.sender_key)
        return KeyPacket(packet.descriptor, packet.keys[:-1])


def test_a_later_directory_version_is_no_way_to_hide_from_an_office(world: World) -> None:
    organisation = world.organisation
    channel = author(organisation, "dalila").channel
    hiding = HidingAuthor(organisation, organisation["dalila"], channel)
    batch = hiding.batch(version=organisation.position + 5)
    assert [one.code for one in deposit(world.service, batch).refused] == ["reader_missing"]


def test_statements_that_name_a_later_version_are_taken_as_they_come(world: World) -> None:
    organisation = world.organisation
    chebet = organisation["chebet"]
    said = organisation.draft(chebet, organisation.office_statement(MKOMANI, Desk.ADMIN))
    later = seal_plain(
        plain_payload(said),
        keys=chebet.keys,
        plan=BatchPlan(
            kind=Kind.DIRECTORY,
            seq=said.header.seq,
            prev=said.header.prev,
            channel=said.header.channel,
            directory_version=organisation.position + 9,
        ),
    )
    assert not deposit(world.service, later).refused
    assert later.raw in fed(Device(organisation["amina"]), world)


def test_a_key_that_nobody_holds_may_be_handed_on_once_its_packet_is_back(world: World) -> None:
    organisation, service = world.organisation, world.service
    writer = author(organisation, "dalila")
    known = writer.batch()
    assert not deposit(service, known).refused
    writer.rotate()
    packet = writer.batch()
    row = grant_row(organisation, writer, packet, OfficeRef(KE, Desk.ADMIN))
    amina, version = organisation["amina"], organisation.position
    handed_on = plain_batch(amina, Kind.GRANT, encode_grants([row]), version)
    assert [one.code for one in deposit(service, handed_on).refused] == ["channel_unknown"]
    assert not deposit(service, packet, handed_on).refused
