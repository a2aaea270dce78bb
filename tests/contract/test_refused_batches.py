"""A batch that the server refuses in the middle of a stream: what follows is not sent for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fieldapp.protocol.batch import Kind
from fieldapp.protocol.channels import Channel
from fieldapp.protocol.ids import RecordId
from fieldapp.protocol.messages import parse_request
from fieldapp.protocol.service import SyncService
from fieldapp.storage.rows import BatchRow, BatchState
from fieldapp.sync.generations import was_copied
from fieldapp.sync.sealer import Reader, Sealer
from tests.contract.conftest import Place
from tests.support.bends import codes
from tests.support.organisation import Organisation
from tests.support.replicas import Replica, World
from tests.support.simulator import Simulator

NAMES = ("dalila", "amina", "dalila")


@dataclass
class Counted(Simulator):
    """A server that counts the batches of each request."""

    service: SyncService
    carried: list[int] = field(default_factory=list)

    def sync(self, request: bytes) -> bytes:
        self.carried.append(len(parse_request(request).batches))
        return self.service.sync(request)


@pytest.fixture
def world(place: Place, organisation: Organisation, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, organisation=organisation)
    made.service = place.service
    yield made
    made.close()


@contextmanager
def leaving_out_an_office() -> Iterator[None]:
    """A fault of the app: its key packets forget headquarters, which no server lets pass."""
    readers = Sealer.readers

    def too_few(sealer: Sealer, channel: Channel) -> tuple[Reader, ...]:
        return readers(sealer, channel)[:-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Sealer, "readers", too_few)
        yield


def refused_one(phone: Replica) -> RecordId:
    with leaving_out_an_office():
        return phone.create("Refused.")


def own_rows(phone: Replica, state: BatchState) -> list[BatchRow]:
    rows: list[BatchRow] = phone.read(lambda tx: list(tx.batches.in_state(state)))
    return [row for row in rows if row.device == phone.keys.device and row.kind == Kind.ENTRIES]


def idle(phone: Replica) -> None:
    """Nothing is sent any more, and nothing is complained of."""
    way = Counted(phone.service)
    phone.service = way
    for _ in range(3):
        report = phone.sync()
        assert (report.sent, report.round_trips, codes(report)) == (0, 1, set())
    assert way.carried == [0, 0, 0]


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("behind", [0, 1, 3])
def test_it_is_sealed_again_and_all_arrives_once(world: World, before: int, behind: int) -> None:
    phone, headquarters = world["dalila"], world["amina"]
    made = {phone.create("Before.") for _ in range(before)}
    made.add(refused_one(phone))
    made |= {phone.create("Behind.") for _ in range(behind)}
    assert "reader_missing" in codes(phone.sync())
    assert phone.sync().error is None
    assert headquarters.sync().error is None
    assert headquarters.records().keys() == made
    assert own_rows(phone, "refused") == []
    idle(phone)
    assert not phone.read(lambda tx: was_copied(tx, phone.clock.now_ms()))


def test_later_records_are_opened_and_acknowledged_behind_a_refusal(world: World) -> None:
    phone, headquarters = world["dalila"], world["amina"]
    made = {phone.create("Before."), refused_one(phone), phone.create("Behind.")}
    phone.sync()
    made |= {phone.create("Later."), phone.create("Later still.")}
    world.exchange(*NAMES)
    assert headquarters.records().keys() == made
    assert headquarters.device.verify().complete
    stream = phone.keys.device, phone.channel().id
    head = phone.read(lambda tx: tx.streams.head(*stream))
    opened = phone.read(lambda tx: {row.hash for row in tx.receipts.for_stream(*stream)})
    assert head is not None
    assert head[1] in opened


def test_what_is_refused_again_needs_a_person_and_holds_up_nothing(world: World) -> None:
    phone, headquarters = world["dalila"], world["amina"]
    made = {phone.create("Before.")}
    with leaving_out_an_office():
        phone.create("Refused twice.")
        for _ in range(4):
            phone.sync()
        (left,) = own_rows(phone, "refused")
        idle_before = len(own_rows(phone, "forked"))
    made.add(phone.create("Later."))
    world.exchange(*NAMES)
    assert made <= headquarters.records().keys()
    assert left.hash in {row.hash for row in own_rows(phone, "refused")}
    assert len(own_rows(phone, "forked")) <= idle_before + 1
    idle(phone)


def test_a_server_that_goes_on_refusing_is_not_asked_for_ever(world: World) -> None:
    phone = world["dalila"]
    way = Counted(phone.service)
    phone.service = way
    with leaving_out_an_office():
        for _ in range(3):
            phone.create("Refused.")
        for _ in range(5):
            phone.sync()
    assert sum(way.carried) <= 3 + 3 * 3
    idle(phone)
