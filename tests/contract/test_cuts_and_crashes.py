"""Cut links, lost answers, races, killed servers, full disks: nothing is lost, nothing doubled."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fieldapp.errors import FieldAppError
from fieldapp.protocol.batch import HEADER_BYTES, Batch
from fieldapp.protocol.messages import SyncAnswer, SyncRequest, encode_request, parse_answer
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import CONTENT_TYPE, SYNC_PATH, SyncService
from sync_server.config import Settings
from sync_server.exchange import intake
from tests.contract.conftest import REAL, Place
from tests.support.authors import Author, Device, author, deposit
from tests.support.organisation import MKOMANI, Organisation
from tests.support.people import fixed_bytes
from tests.support.postgres import PostgresCluster
from tests.support.server import (
    HTTPService,
    ServerProcess,
    ServerThread,
    make_exchange,
    running,
)


def fed(service: SyncService, organisation: Organisation, name: str = "chebet") -> list[bytes]:
    answers = Device(organisation[name]).pull(service)
    return [item.batch for answer in answers for item in answer.items]


def http_request(body: bytes, *, announced: int | None = None) -> bytes:
    head = (
        f"POST {SYNC_PATH} HTTP/1.1\r\nHost: test\r\nContent-Type: {CONTENT_TYPE}\r\n"
        f"Content-Length: {len(body) if announced is None else announced}\r\n\r\n"
    )
    return head.encode() + body


def send_cut(port: int, raw: bytes, at: int) -> None:
    """Send the first bytes of a request and cut the link."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
        link.sendall(raw[:at])
        link.shutdown(socket.SHUT_WR)
        while link.recv(4096):
            pass


def port_of(place: Place) -> int:
    return int(place.url.rpartition(":")[2])


def cut_points(batches: Iterable[Batch]) -> list[int]:
    """Offsets in a deposit's body: in the magic, and around each part of each batch."""
    points, at = [2], 4
    for batch in batches:
        start = at + 5
        packet_end = start + batch.packet_end
        end = start + len(batch.raw)
        points += [at + 1, start, start + 1, start + HEADER_BYTES // 2, start + HEADER_BYTES]
        points += [(start + HEADER_BYTES + packet_end) // 2, packet_end, end - 1, end]
        at = end
    return [*points, at + 5]


# ---------------------------------------------------------------------- cuts


@pytest.mark.parametrize("kind", REAL)
def test_a_request_cut_anywhere_loses_at_most_the_batch_under_way(
    place: Place, organisation: Organisation
) -> None:
    batches = author(organisation, "dalila").batches(3)
    body = encode_request(SyncRequest(batches=tuple(batch.raw for batch in batches)))
    raw = http_request(body)
    head = len(raw) - len(body)
    for point in [-head + 1, -head + 40, -1, *cut_points(batches)]:
        send_cut(port_of(place), raw, head + point)
    answer = deposit(place.service, *batches)
    assert len(answer.stored) == 3
    got = fed(place.service, organisation)
    assert [got.count(batch.raw) for batch in batches] == [1, 1, 1]


@pytest.mark.parametrize("kind", REAL)
def test_a_batch_that_arrived_whole_is_kept_while_its_request_is_still_under_way(
    place: Place, organisation: Organisation
) -> None:
    first, second = author(organisation, "dalila").batches(2)
    raw = http_request(encode_request(SyncRequest(batches=(first.raw, second.raw))))
    with socket.create_connection(("127.0.0.1", port_of(place)), timeout=30) as link:
        link.sendall(raw[:-40])
        looks = (fed(place.service, organisation) for _ in range(500))
        got = next(found for found in looks if first.raw in found)
    assert second.raw not in got


def test_an_acknowledgement_lost_five_times_doubles_nothing(
    service: SyncService, organisation: Organisation
) -> None:
    batches = author(organisation, "dalila").batches(3)
    dalila = Device(organisation["dalila"])
    request = encode_request(dalila.request(batches))
    answers = [parse_answer(service.sync(request)) for _ in range(6)]
    assert {answer.stored for answer in answers} == {answers[0].stored}
    got = fed(service, organisation)
    assert [got.count(batch.raw) for batch in batches] == [1, 1, 1]


@pytest.mark.parametrize("kind", REAL)
def test_a_body_beyond_the_limit_is_refused_and_what_came_before_is_kept(
    place: Place, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    whole = encode_request(SyncRequest(batches=(batch.raw,)))
    endless = whole[:-5] + b"".join(
        bytes((200,)) + (250_000).to_bytes(4, "big") + bytes(250_000) for _ in range(40)
    )
    with pytest.raises(FieldAppError) as caught:
        place.service.sync(endless)
    assert (caught.value.code, caught.value.params["status"]) == ("request_too_large", 413)
    assert batch.raw in fed(place.service, organisation)


@pytest.mark.parametrize("kind", REAL)
def test_a_long_request_is_read_no_faster_than_it_is_committed(
    place: Place, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_PENDING", 1)
    batches = author(organisation, "dalila").batches(40)
    assert len(deposit(place.service, *batches).stored) == 40


@pytest.mark.parametrize("kind", ["sqlite"])
def test_another_content_type_is_refused(place: Place) -> None:
    with socket.create_connection(("127.0.0.1", port_of(place)), timeout=30) as link:
        link.sendall(b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert b"wrong_content_type" in link.recv(4096)


# ---------------------------------------------------------------------- races


@pytest.mark.parametrize("kind", REAL)
def test_five_pushes_of_the_same_batches_at_once_store_them_once(
    place: Place, organisation: Organisation
) -> None:
    batches = author(organisation, "dalila").batches(4)
    request = encode_request(SyncRequest(batches=tuple(batch.raw for batch in batches)))
    start = threading.Barrier(5)

    def push(_number: int) -> SyncAnswer:
        service = HTTPService(place.url)
        start.wait()
        answer = parse_answer(service.sync(request))
        service.close()
        return answer

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(push, range(5)))
    assert {answer.stored for answer in answers} == {answers[0].stored}
    got = fed(place.service, organisation)
    assert [got.count(batch.raw) for batch in batches] == [1, 1, 1, 1]


@pytest.mark.parametrize("kind", REAL)
def test_many_clients_at_once_are_all_served(place: Place, organisation: Organisation) -> None:
    before = organisation.position
    writers = [
        Author(
            organisation,
            organisation.enrol(organisation["chebet"], f"phone {n}", MKOMANI, Role.CHIEF),
            author(organisation, "dalila").channel,
        )
        for n in range(6)
    ]
    said = [batch for position, batch in organisation.log if position > before]
    assert not deposit(place.service, *said).refused
    work = [(writer, writer.batches(5)) for writer in writers]

    def push(item: tuple[Author, list[Batch]]) -> int:
        writer, batches = item
        service, device = HTTPService(place.url), Device(writer.member)
        stored = sum(len(device.sync(service, [batch]).stored) for batch in batches)
        service.close()
        return stored

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(push, work)) == [5] * 6
    got = fed(place.service, organisation)
    assert all(got.count(batch.raw) == 1 for _, batches in work for batch in batches)


def test_two_workers_of_one_postgresql_see_each_others_work(
    cluster: PostgresCluster, organisation: Organisation
) -> None:
    url = Settings(database_url=cluster.new_database()).url
    first, second = make_exchange(url), make_exchange(url)
    root, *others = (batch for _, batch in organisation.log)
    first.claim_server(bytes.fromhex(first.claim_token()), root.raw)
    assert second.info().is_claimed
    deposit(first, *others)
    writer = author(organisation, "dalila")
    assert not deposit(second, writer.batch()).refused
    assert not deposit(first, writer.batch()).refused
    assert len(fed(second, organisation)) == len(fed(first, organisation))
    organisation.enrol(organisation["chebet"], "gakuo", MKOMANI, Role.CHIEF)
    deposit(first, *[batch for _, batch in organisation.log[-3:]])
    assert Device(organisation["gakuo"]).sync(second).welcome.notices == ()
    first.close()
    second.close()


def test_a_reader_never_misses_what_commits_late(
    cluster: PostgresCluster, organisation: Organisation
) -> None:
    """A worker that took its position first and commits last must not be skipped by a cursor."""
    url = Settings(database_url=cluster.new_database()).url
    slow, fast = make_exchange(url), make_exchange(url)
    root, *others = (batch for _, batch in organisation.log)
    slow.claim_server(bytes.fromhex(slow.claim_token()), root.raw)
    deposit(slow, *others)
    slow_batch, fast_batch = author(organisation, "dalila").batches(2)
    chebet = Device(organisation["chebet"])
    chebet.pull(fast)
    holding, release = threading.Event(), threading.Event()

    def hold(ledger: object) -> None:
        slow._judge.judge(ledger, slow_batch)  # type: ignore[arg-type]  # the writer's ledger
        holding.set()
        assert release.wait(30)

    held = slow._writer.submit(hold, slow_batch)
    assert holding.wait(30)
    with ThreadPoolExecutor(1) as pool:
        pushed = pool.submit(deposit, fast, fast_batch)
        between = [item.batch for answer in chebet.pull(fast) for item in answer.items]
        assert between == []
        assert not pushed.done()
        release.set()
        held.result(30)
        pushed.result(30)
    seen = [item.batch for answer in chebet.pull(fast) for item in answer.items]
    assert sorted(seen) == sorted([slow_batch.raw, fast_batch.raw])
    slow.close()
    fast.close()


# ---------------------------------------------------------------------- killed servers


@pytest.mark.parametrize("kind", REAL)
def test_a_server_killed_again_and_again_keeps_what_it_acknowledged(
    kind: str, organisation: Organisation, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    options: list[str] = []
    if kind == "postgres":
        found: PostgresCluster = request.getfixturevalue("cluster")
        options = ["--database-url", found.new_database()]
    server = ServerProcess(tmp_path / "data", options)
    root, *others = (batch for _, batch in organisation.log)
    with running(server):
        service = HTTPService(server.url)
        service.claim_server(server.claim_token, root.raw)
        deposit(service, *others)
        service.close()
        batches = author(organisation, "dalila").batches(12)
        acknowledged: list[bytes] = []
        for cut_after in (1, 3, 6):
            acknowledged += push_until_killed(server, batches, cut_after)
            server.start()
        service = HTTPService(server.url)
        before = fed_now(service, organisation)
        assert all(before.count(raw) == 1 for raw in acknowledged)
        assert len(deposit(service, *batches).stored) == 12
        got = fed_now(service, organisation)
        assert [got.count(batch.raw) for batch in batches] == [1] * 12
        service.close()


def push_until_killed(server: ServerProcess, batches: list[Batch], cut_after: int) -> list[bytes]:
    """Push one by one and kill the server while the next one is on its way."""
    service = HTTPService(server.url)
    acknowledged = []
    for batch in batches[:cut_after]:
        acknowledged += [batch.raw for _ in deposit(service, batch).stored]
    service.close()
    body = encode_request(SyncRequest(batches=tuple(batch.raw for batch in batches[cut_after:])))
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as link:
        link.sendall(http_request(body)[:-9])
        server.kill()
    return acknowledged


def fed_now(service: SyncService, organisation: Organisation) -> list[bytes]:
    """Read as somebody whose clock is right."""
    now_ms = service.info().server_time_ms
    chebet, found = Device(organisation["chebet"]), []
    while True:
        answer = chebet.sync(service, time_ms=now_ms)
        found += [item.batch for item in answer.items]
        if not answer.more:
            return found


# ---------------------------------------------------------------------- full disks


def test_a_full_database_says_so_loses_nothing_and_recovers(
    organisation: Organisation, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'server.db'}"
    small = make_exchange(url, max_bytes=450_000)
    root, *others = (batch for _, batch in organisation.log)
    small.claim_server(bytes.fromhex(small.claim_token()), root.raw)
    deposit(small, *others)
    writer = author(organisation, "dalila")
    batches = [writer.batch(*incompressible(n)) for n in range(60)]
    server = ServerThread(Settings(data=str(tmp_path), deposits_per_minute=0), small)
    service = HTTPService(server.url)
    kept: list[Batch] = []
    with pytest.raises(FieldAppError) as caught:
        for batch in batches:
            deposit(service, batch)
            kept.append(batch)
    assert (caught.value.code, caught.value.params["status"]) == ("storage_full", 507)
    assert 0 < len(kept) < 60
    got = fed(service, organisation)
    assert all(got.count(batch.raw) == 1 for batch in kept)
    service.close()
    server.stop()
    large = make_exchange(url)
    assert len(deposit(large, *batches).stored) == 60
    got = fed(large, organisation)
    assert [got.count(batch.raw) for batch in batches] == [1] * 60
    large.close()


def incompressible(number: int) -> list[bytes]:
    """Entries that do not deflate, the same in every run."""
    return [fixed_bytes(f"entry {number} {at}", 300) for at in range(40)]
