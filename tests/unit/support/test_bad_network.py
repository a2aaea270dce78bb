"""The bad network of the tests does what it says, or what is proved over it proves nothing."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.bad_network import HOST, PORTAL_PAGE, BadNetwork

ANSWER = b"0123456789" * 100
PATIENCE = 20


class Echo(BaseHTTPRequestHandler):
    """A server that counts and answers."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        Counting.of(self.server).bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        del format, args


class Counting(ThreadingHTTPServer):
    """What came whole."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), Echo)
        self.bodies: list[bytes] = []

    @staticmethod
    def of(server: object) -> Counting:
        assert isinstance(server, Counting)
        return server

    def handle_error(self, request: object, client_address: object) -> None:
        del request, client_address


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.05,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def network(server: Counting) -> Iterator[BadNetwork]:
    with BadNetwork(server.server_address[1]) as made:
        yield made


def connect(network: BadNetwork) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(HOST, network.port, timeout=PATIENCE)


def post(connection: http.client.HTTPConnection, body: bytes = b"hello") -> bytes:
    connection.request("POST", "/", body)
    return connection.getresponse().read()


def test_an_open_network_passes_requests_over_one_kept_connection(
    network: BadNetwork, server: Counting
) -> None:
    connection = connect(network)
    assert [post(connection, b"one"), post(connection, b"two")] == [ANSWER, ANSWER]
    assert server.bodies == [b"one", b"two"]
    connection.close()


def test_a_refused_client_finds_nobody_at_the_port(network: BadNetwork) -> None:
    network.refuse()
    with closing(connect(network)) as connection, pytest.raises(ConnectionRefusedError):
        post(connection)


def test_switching_ends_a_connection_that_was_kept(network: BadNetwork, server: Counting) -> None:
    connection = connect(network)
    post(connection, b"before")
    network.refuse()
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        post(connection, b"after")
    assert server.bodies == [b"before"]
    connection.close()


def test_a_network_that_comes_back_has_the_same_address(network: BadNetwork) -> None:
    port = network.port
    for switch in (network.refuse, network.stall, network.portal, network.refuse):
        switch()
    network.open()
    assert network.port == port
    connection = connect(network)
    assert post(connection) == ANSWER
    connection.close()


def test_the_port_of_a_refusing_network_is_still_its_own(network: BadNetwork) -> None:
    network.refuse()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((HOST, network.port))


def test_a_stalled_client_waits_until_the_network_ends_it(
    network: BadNetwork, server: Counting
) -> None:
    network.stall()
    connection = connect(network)
    connection.request("POST", "/", b"lost")
    assert network.stalled.wait(PATIENCE)
    network.refuse()
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        connection.getresponse()
    assert server.bodies == []
    connection.close()


@pytest.mark.parametrize("passed", [0, 1, 40, 3_000])
def test_a_cut_on_the_way_up_keeps_the_request_from_arriving_whole(
    network: BadNetwork, server: Counting, passed: int
) -> None:
    network.cut(up=passed)
    connection = connect(network)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        post(connection, b"x" * 5_000)
    assert server.bodies == []
    connection.close()


@pytest.mark.parametrize("passed", [0, 1, 500])
def test_a_cut_on_the_way_down_loses_the_answer_but_not_the_deed(
    network: BadNetwork, server: Counting, passed: int
) -> None:
    network.cut(down=passed)
    connection = connect(network)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        post(connection, b"done")
    # The answer's first byte left the server after the deed; a cut at no byte may come before it.
    assert server.bodies == ([b"done"] if passed else server.bodies)
    connection.close()


def test_a_portal_answers_200_with_a_page_and_asks_nobody(
    network: BadNetwork, server: Counting
) -> None:
    network.portal()
    connection = connect(network)
    connection.request("POST", "/v1/sync", b"y" * 200_000)
    response = connection.getresponse()
    assert (response.status, response.headers.get_content_type()) == (200, "text/html")
    assert response.read() == PORTAL_PAGE
    assert server.bodies == []
    connection.close()


def test_a_server_that_is_gone_ends_the_connection(server: Counting) -> None:
    with (
        BadNetwork(_unused_port()) as network,
        closing(connect(network)) as connection,
        pytest.raises((ConnectionError, http.client.HTTPException)),
    ):
        post(connection)
    assert server.bodies == []


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
