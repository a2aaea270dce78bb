"""Clients that stall: none of them takes the place of the others, or of health."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests
from starlette.requests import Request
from starlette.types import Message

from fieldapp.errors import (
    FieldAppError,
    LimitExceededError,
    MalformedMessageError,
    TransientSyncError,
)
from fieldapp.protocol.service import CLAIM_PATH, CONTENT_TYPE, SYNC_PATH, TOKEN_HEADER
from sync_server.config import Settings
from sync_server.exchange.service import Exchange
from sync_server.routes import deadlines
from sync_server.routes.deadlines import MAX_HEAD_BYTES, Patience, PatientReceive
from sync_server.routes.endpoints import read_body
from sync_server.routes.gate import Gate
from sync_server.routes.rates import RateLimit
from sync_server.routes.sync import Doors, address_of
from tests.support.server import ServerThread

OPEN = 16


def test_one_address_has_so_many_open_and_another_is_let_in() -> None:
    gate = Gate(2, together=3)
    with ExitStack() as stack:
        for address in ("a", "a", "b"):
            stack.enter_context(gate.passing(address))
        with pytest.raises(LimitExceededError, match="rate_limited"):
            stack.enter_context(gate.passing("a"))
        with pytest.raises(TransientSyncError, match="server_busy"):
            stack.enter_context(gate.passing("c"))
    with gate.passing("a"):
        pass


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_counts_by_what_it_cannot_choose(host: str, address: str) -> None:
    assert address_of({"client": (host, 1)}) == address
    assert address_of({"client": None}) == "-"


@pytest.mark.parametrize(
    "patience",
    [Patience(silence=0.01), Patience(silence=5, grace=0, bytes_per_second=1 << 40)],
)
def test_a_body_that_is_silent_or_too_slow_is_given_up(patience: Patience) -> None:
    async def receive() -> Message:
        if patience.silence < 1:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def take() -> Message:
        return await PatientReceive(receive, patience)()

    with pytest.raises(FieldAppError, match="server_busy"):
        asyncio.run(take())


def test_a_small_body_that_stalls_is_given_up_and_counts_as_open() -> None:
    doors = Doors(RateLimit(0, lambda: 0), Gate(1), Patience(silence=0.01))
    open_beside: list[str] = []

    async def receive() -> Message:
        with pytest.raises(LimitExceededError) as refusal, doors.gate.passing("here"):
            pass
        open_beside.append(refusal.value.code)
        await asyncio.Event().wait()
        return {}

    request = Request({"type": "http", "client": ("here", 1)}, receive)
    with pytest.raises(TransientSyncError, match="server_busy"):
        asyncio.run(read_body(request, 100, doors))
    assert open_beside == ["rate_limited"]
    with doors.gate.passing("here"):
        pass


@pytest.fixture
def server(exchange: Exchange, tmp_path: Path) -> Iterator[ServerThread]:
    """A server that speaks HTTP."""
    started = ServerThread(Settings(data=str(tmp_path)), exchange)
    yield started
    started.stop()


def test_stalled_syncs_leave_health_and_the_next_answer_alone(server: ServerThread) -> None:
    head = (
        f"POST {SYNC_PATH} HTTP/1.1\r\nHost: t\r\nContent-Type: {CONTENT_TYPE}\r\n"
        "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
    )
    with ExitStack() as stack:
        for _ in range(OPEN):
            link = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            link.sendall(head.encode())
            assert link.recv(12) == b"HTTP/1.1 100"
        turned_away = requests.post(
            server.url + SYNC_PATH, data=b"x", headers={"Content-Type": CONTENT_TYPE}, timeout=10
        )
        assert turned_away.status_code == 429
        assert turned_away.headers["connection"] == "close"
        assert requests.get(server.url + "/healthz", timeout=10).status_code == 200
        claim = requests.post(
            server.url + CLAIM_PATH, data=b"x", headers={TOKEN_HEADER: "00"}, timeout=10
        )
        assert claim.status_code == 429
        elsewhere = requests.post(
            server.url + CLAIM_PATH,
            data=b"x",
            headers={TOKEN_HEADER: "00", "X-Forwarded-For": "203.0.113.9"},
            timeout=10,
        )
        assert elsewhere.json()["code"] == "wrong_claim_token"


@pytest.mark.parametrize("answered", [0, 1])
def test_a_connection_that_begins_a_request_and_stalls_is_closed(
    server: ServerThread, monkeypatch: pytest.MonkeyPatch, answered: int
) -> None:
    monkeypatch.setattr(deadlines, "HEAD_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", server.port), 10) as link:
        for _ in range(answered):
            link.sendall(b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n")
            assert link.recv(12) == b"HTTP/1.1 200"
        link.sendall(b"GET ")
        rest = b"".join(iter(lambda: link.recv(4_096), b""))
        assert rest.count(b"HTTP/1.1") == 0


SYNC_HEAD = f"POST {SYNC_PATH} HTTP/1.1\r\nHost: t\r\nContent-Type: {CONTENT_TYPE}\r\n".encode()


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"GET /", b"a"),
        (b"GET /healthz HTTP/1.1\r\nHost: t\r\nX: ", b"a"),
        (b"GET /healthz HTTP/1.1\r\nHost: t\r\n", b"X-a: b\r\n"),
    ],
    ids=["path", "field", "fields"],
)
def test_a_head_without_an_end_is_refused_before_it_fills_the_memory(
    server: ServerThread, begin: bytes, piece: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 10) as link:
        link.sendall(begin + piece * (1 + MAX_HEAD_BYTES // len(piece)))
        said = b"".join(iter(lambda: link.recv(4_096), b""))
    assert said.startswith(b"HTTP/1.1 413 ")
    assert said.endswith(b'{"code":"request_too_large"}')


def test_fields_without_an_end_behind_a_body_end_the_connection(server: ServerThread) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 10) as link:
        link.sendall(SYNC_HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
        with pytest.raises(ConnectionError):
            for _ in range(200):
                link.sendall(b"X-a: b\r\n" * (MAX_HEAD_BYTES // 8))


def test_what_is_no_http_is_refused_by_name(server: ServerThread) -> None:
    for sent in (
        b"\x16\x03\x01\x02\x00",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), 10) as link:
            link.sendall(sent)
            said = b"".join(iter(lambda: link.recv(4_096), b""))
        assert said.startswith(b"HTTP/1.1 400 ")
        assert said.endswith(b'{"code":"malformed_message"}')


def test_a_client_that_leaves_in_the_middle_of_a_small_body_is_no_fault_of_the_server() -> None:
    doors = Doors(RateLimit(0, lambda: 0), Gate(1))

    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    request = Request({"type": "http", "client": ("here", 1)}, receive)
    with pytest.raises(MalformedMessageError):
        asyncio.run(read_body(request, 100, doors))


def test_a_kept_connection_answers_again_after_its_first_deadline(
    server: ServerThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "HEAD_SECONDS", 0.05)
    until = time.monotonic() + 0.2
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as link:
        while time.monotonic() < until:
            link.request("GET", "/healthz")
            answer = link.getresponse()
            assert (answer.status, answer.read()[:1]) == (200, b"{")
