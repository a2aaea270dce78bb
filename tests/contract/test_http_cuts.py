"""A real client over real HTTP through a network that cuts at each byte that matters, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.sync.transport import HTTPTransport
from tests.contract.conftest import REAL, Place
from tests.faults.test_crash_at_each_command import delivered
from tests.faults.test_cuts import answer_cuts, request_cuts, write_two
from tests.support.authors import deposit
from tests.support.bad_network import BadNetwork
from tests.support.failures import why
from tests.support.recording_proxy import RecordingProxy
from tests.support.replicas import Replica, World

HEAD_END = b"\r\n\r\n"
NO_ANSWER = frozenset({"connection_cut", "offline", "timeout"})
pytestmark = pytest.mark.parametrize("kind", REAL)


@pytest.fixture
def world(unclaimed: Place, tmp_path: Path) -> Iterator[World]:
    """Devices whose server is the real one."""
    made = World(tmp_path)
    root, *others = (batch for _, batch in made.organisation.log)
    unclaimed.service.claim_server(unclaimed.claim_token, root.raw)
    assert not deposit(unclaimed.service, *others).refused
    unclaimed.clock.now_ms = made.clock.now_ms()
    made.service = unclaimed.service
    yield made
    made.close()


@pytest.fixture
def network(unclaimed: Place) -> Iterator[BadNetwork]:
    with BadNetwork(int(unclaimed.url.rpartition(":")[2])) as made:
        yield made


def heads_of_http(place: Place, replica: Replica) -> tuple[int, int]:
    """Measure how long the heads of a request and of its answer are."""
    proxy = RecordingProxy(int(place.url.rpartition(":")[2]))
    replica.service = HTTPTransport(proxy.url)
    assert replica.sync().error is None
    proxy.close()
    up, down = (bytes(raw).index(HEAD_END) + len(HEAD_END) for raw in (proxy.up, proxy.down))
    return up, down


def cut_points(head: int, body: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The first, a middle and the last byte of the head, then those of the body."""
    return [("head-first", 1), ("head-middle", head // 2), ("head-last", head - 1)] + [
        (name, head + at) for name, at in body
    ]


def test_a_request_cut_at_any_byte_delivers_each_record_once(
    world: World, network: BadNetwork, unclaimed: Place
) -> None:
    phone, clock = world["dalila"], unclaimed.clock
    write_two(phone)
    clock.now_ms = phone.clock.now_ms()
    head, _ = heads_of_http(unclaimed, phone)
    phone.service = HTTPTransport(network.url)
    tried, number = set(), 0
    while True:
        write_two(phone)
        clock.now_ms = phone.clock.now_ms()
        with phone.vault.reading() as tx:
            raw = phone.device.exchanger.build(tx, phone.clock.now_ms()).raw
        points = cut_points(head, request_cuts(raw))
        if number == len(points):
            break
        name, at = points[number]
        network.cut(up=at)
        report = phone.sync()
        assert why(report.error) in NO_ANSWER, name
        assert report.sent == 0, name
        network.open()
        again = phone.sync()
        assert (again.error, again.sent) == (None, 2), name
        tried.add(name.lstrip("0123456789-"))
        number += 1
    assert tried >= {
        *("head-first", "head-middle", "head-last", "whole"),
        *(f"{part}-{at}" for part in ("header", "packet", "body") for at in AROUND),
    }
    phone.sync()
    world["amina"].sync()
    assert set(delivered(world).values()) == {1}
    assert len(delivered(world)) == 2 * (number + 2)


AROUND = ("first", "middle", "last")


def test_an_answer_cut_at_any_byte_is_none_and_each_record_is_there_once(
    world: World, network: BadNetwork, unclaimed: Place
) -> None:
    phone = world["dalila"]
    _, head = heads_of_http(unclaimed, phone)
    phone.create("Tells how an answer looks.")
    with phone.vault.reading() as tx:
        sent = phone.device.exchanger.build(tx, phone.clock.now_ms())
    points = cut_points(head, answer_cuts(unclaimed.service.sync(sent.raw)))
    phone.service = HTTPTransport(network.url)
    assert phone.sync().sent == 1
    for name, at in points:
        phone.create(f"Cut at {name}.")
        network.cut(down=at)
        report = phone.sync()
        assert why(report.error) in NO_ANSWER, name
        assert report.sent == 0, name
        network.open()
        again = phone.sync()
        assert (again.error, again.sent) == (None, 1), name
    assert len(points) > 9
    world["amina"].sync()
    assert set(delivered(world).values()) == {1}
    assert len(delivered(world)) == len(points) + 1
