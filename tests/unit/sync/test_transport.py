"""The way to the server, tried against a server of bytes on this machine."""

from __future__ import annotations

import inspect
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from requests import exceptions as failed
from urllib3.util import SKIP_HEADER as URLLIB3_SKIP_HEADER

from fieldapp.errors import (
    ClaimRefusedError,
    ConfigError,
    FieldAppError,
    InviteExpiredError,
    InviteUnknownError,
    InviteUsedError,
    PermanentSyncError,
    SyncError,
    TransientSyncError,
)
from fieldapp.protocol.error_codes import ErrorBody, encode_error, error_codes
from fieldapp.protocol.frames import ANSWER_MAGIC, encode_message
from fieldapp.protocol.limits import MAX_ANSWER_BYTES
from fieldapp.protocol.service import CONTENT_TYPE, ServerInfo
from fieldapp.sync.transport import (
    FAILURES,
    SKIP_HEADER,
    WITHOUT_TLS,
    HTTPTransport,
    TimeoutPolicy,
    check_address,
    meaning_of,
)

ANSWER = encode_message(ANSWER_MAGIC, [(16, b"welcome")])
INFO = ServerInfo(
    protocol=1,
    oldest_protocol=1,
    version="1.0",
    server_key=bytes(32),
    is_claimed=True,
    server_time_ms=5,
)
QUICK = TimeoutPolicy(connect_seconds=0.3, read_seconds=0.3)


class ByteServer:
    """Answers each request with the bytes it was given, and keeps what it was sent."""

    def __init__(self, answer: bytes, *, stall: bool = False) -> None:
        self.answer = answer
        self.stall = stall
        self.request = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            while not self._is_whole():
                chunk = connection.recv(65536)
                if not chunk:
                    return
                self.request += chunk
            if self.stall:
                self._done.wait(10)
                return
            connection.sendall(self.answer)

    def _is_whole(self) -> bool:
        head, found, body = self.request.partition(b"\r\n\r\n")
        lengths = [
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ]
        return bool(found) and len(body) >= sum(lengths)

    def close(self) -> None:
        self._done.set()
        self._thread.join(5)
        self._listener.close()


@contextmanager
def serving(answer: bytes, *, stall: bool = False) -> Iterator[tuple[ByteServer, HTTPTransport]]:
    server = ByteServer(answer, stall=stall)
    transport = HTTPTransport(server.url, timeouts=QUICK)
    try:
        yield server, transport
    finally:
        transport.close()
        server.close()


def http(body: bytes, status: int = 200, kind: str = CONTENT_TYPE, **headers: str) -> bytes:
    """Write a response."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", f"Content-Type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def code_of(answer: bytes, *, stall: bool = False) -> FieldAppError:
    """Sync against a server that answers so; return what that means."""
    with serving(answer, stall=stall) as (_, transport), pytest.raises(FieldAppError) as caught:
        transport.sync(b"request")
    return caught.value


def test_a_whole_answer_comes_back_as_it_was_sent() -> None:
    with serving(http(ANSWER)) as (server, transport):
        assert transport.sync(b"a request") == ANSWER
    assert server.request.endswith(b"a request")


def test_a_request_costs_few_bytes_beside_its_body() -> None:
    with serving(http(ANSWER)) as (server, transport):
        transport.sync(b"")
    head = server.request.lower()
    assert len(server.request) < 130
    for header in (b"user-agent", b"accept", b"authorization", b"cookie"):
        assert header not in head


def test_headers_are_left_out_by_the_word_that_urllib3_knows() -> None:
    assert SKIP_HEADER == URLLIB3_SKIP_HEADER


def test_a_page_of_a_captive_portal_is_no_success() -> None:
    error = code_of(http(b"<html>Buy airtime</html>", kind="text/html; charset=utf-8"))
    assert isinstance(error, TransientSyncError)
    assert error.code == "captive_portal"


def test_a_portals_page_with_our_content_type_is_no_success_either() -> None:
    assert code_of(http(b"<html>Buy airtime</html>")).code == "connection_cut"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    assert code_of(http(b"", status, Location="http://portal/")).code == "captive_portal"


@pytest.mark.parametrize("kept", [0, 1, len(ANSWER) // 2, len(ANSWER) - 1])
def test_a_body_that_ends_early_is_a_cut_connection(kept: int) -> None:
    whole = http(ANSWER)
    error = code_of(whole[: len(whole) - len(ANSWER) + kept])
    assert isinstance(error, TransientSyncError)
    assert error.code in {"connection_cut", "offline"}


def test_an_answer_without_its_end_frame_is_a_cut_connection() -> None:
    assert code_of(http(ANSWER[:-5])).code == "connection_cut"


def test_an_endless_answer_is_left() -> None:
    error = code_of(http(bytes(MAX_ANSWER_BYTES + 1)))
    assert isinstance(error, PermanentSyncError)
    assert error.code == "server_misbehaved"


def test_a_server_that_says_nothing_is_a_time_out() -> None:
    error = code_of(b"", stall=True)
    assert isinstance(error, TransientSyncError)
    assert error.code == "timeout"


def test_a_closed_port_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    transport = HTTPTransport(f"http://127.0.0.1:{port}", timeouts=QUICK)
    with pytest.raises(TransientSyncError) as caught:
        transport.sync(b"request")
    assert caught.value.code == "offline"


@pytest.mark.parametrize("row", error_codes(), ids=lambda row: row.name)
def test_a_servers_refusal_keeps_its_code_and_says_whether_to_retry(row: object) -> None:
    name, status = row.name, row.status  # type: ignore[attr-defined]
    error = code_of(http(encode_error(ErrorBody(name, {"limit": 3})), status, "application/json"))
    assert error.code == name
    assert error.params["limit"] == 3
    if isinstance(error, SyncError):
        assert isinstance(error, TransientSyncError) is row.is_retryable  # type: ignore[attr-defined]


def test_the_pause_that_a_server_asks_for_is_kept() -> None:
    body = encode_error(ErrorBody("rate_limited", {}))
    error = code_of(http(body, 429, "application/json", Retry_After="17"))
    assert isinstance(error, TransientSyncError)
    assert error.retry_after == 17.0


@pytest.mark.parametrize("pause", ["9" * 5_000, "-1", "Fri, 31 Dec 1999 23:59:59 GMT"])
def test_a_pause_that_is_no_number_of_seconds_is_none(pause: str) -> None:
    body = encode_error(ErrorBody("rate_limited", {}))
    error = code_of(http(body, 429, "application/json", Retry_After=pause))
    assert isinstance(error, TransientSyncError)
    assert (error.code, error.retry_after) == ("rate_limited", None)


def test_a_page_with_an_error_status_is_a_portal_or_a_busy_proxy() -> None:
    assert code_of(http(b"<html>", 403, "text/html")).code == "captive_portal"
    assert code_of(http(b"<html>", 502, "text/html")).code == "server_busy"


def test_an_endless_error_page_is_cut_off() -> None:
    assert code_of(http(b"x" * 100_000, 400, "text/html")).code == "captive_portal"


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("invite_unknown", 404, InviteUnknownError),
        ("invite_expired", 410, InviteExpiredError),
        ("invite_used", 409, InviteUsedError),
    ],
)
def test_an_invite_that_is_gone_says_why(
    name: str, status: int, error: type[FieldAppError]
) -> None:
    answer = http(encode_error(ErrorBody(name, {})), status, "application/json")
    with serving(answer) as (_, transport), pytest.raises(error):
        transport.get_invite(b"\1" * 8, b"token")


def test_an_invite_packet_goes_up_and_comes_down() -> None:
    with serving(http(b"", 204)) as (server, transport):
        transport.put_invite(b"\1" * 8, b"\2" * 4, b"packet")
    assert server.request.startswith(b"PUT /v1/invites/0101010101010101 ")
    assert b"02020202" in server.request
    with serving(http(b"packet", kind="application/octet-stream")) as (_, transport):
        assert transport.get_invite(b"\1" * 8, b"\2" * 4) == b"packet"


def test_a_server_is_claimed_with_a_token() -> None:
    with serving(http(INFO.to_bytes(), kind="application/json")) as (_, transport):
        assert transport.claim_server(b"token", b"root") == INFO.to_bytes()
    refused = http(encode_error(ErrorBody("already_claimed", {})), 409, "application/json")
    with serving(refused) as (_, transport), pytest.raises(ClaimRefusedError):
        transport.claim_server(b"token", b"root")


def test_a_server_says_who_it_is() -> None:
    with serving(http(INFO.to_bytes(), kind="application/json")) as (_, transport):
        assert transport.info() == INFO


def test_something_else_that_answers_is_no_server() -> None:
    with (
        serving(http(b'{"hello": 1}', kind="application/json")) as (_, transport),
        pytest.raises(TransientSyncError) as caught,
    ):
        transport.info()
    assert caught.value.code == "captive_portal"


def requests_exceptions() -> list[type[failed.RequestException]]:
    """List every exception that the library declares."""
    return [
        found
        for found in vars(failed).values()
        if inspect.isclass(found) and issubclass(found, failed.RequestException)
    ]


def test_every_exception_of_the_library_is_in_the_table() -> None:
    assert set(requests_exceptions()) == set(FAILURES)


@pytest.mark.parametrize("exception", requests_exceptions(), ids=lambda found: found.__name__)
def test_every_exception_of_the_library_becomes_an_error_of_ours(
    exception: type[failed.RequestException],
) -> None:
    problem = exception.__new__(exception)

    class Failing(requests.Session):
        def request(self, *_args: object, **_more: object) -> requests.Response:
            raise problem

    transport = HTTPTransport("https://baraza.example", session=Failing())
    with pytest.raises(SyncError) as caught:
        transport.sync(b"request")
    assert (type(caught.value), caught.value.code) == FAILURES[exception]
    assert caught.value.code in type(caught.value).codes


def test_an_exception_of_a_later_library_falls_back_to_its_kin() -> None:
    class NewTimeout(failed.ReadTimeout):
        pass

    assert meaning_of(NewTimeout()) == (TransientSyncError, "timeout")


@pytest.mark.parametrize(
    "url",
    [
        *("https://baraza.example", "https://10.0.0.1:8400", "https://localhost"),
        "HTTPS://baraza.example/below/",
    ],
)
def test_https_is_always_fine(url: str) -> None:
    assert check_address(url) is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8400", "http://localhost", "http://192.168.1.5", "http://[::1]:80"]
)
def test_http_is_for_this_machine_and_private_networks_and_warns(url: str) -> None:
    assert check_address(url) == WITHOUT_TLS
    assert HTTPTransport(url).warning == WITHOUT_TLS


@pytest.mark.parametrize(
    "url",
    [
        *("http://baraza.example", "http://8.8.8.8", "ftp://localhost", "https://", "baraza", ""),
        *("http://localhost.evil.example", "http://[::1", "http://127.0.0.1:99999", "https://x:y"),
        *("https://u:p@baraza.example", "https://baraza.example?a=b", "https://baraza.example#x"),
        *("https://baraza.example\n", " https://baraza.example", "https://bara za.example"),
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        check_address(url)


def test_a_large_body_gets_more_time() -> None:
    policy = TimeoutPolicy(connect_seconds=20, read_seconds=30, slowest_bytes_per_second=1_000)
    assert policy.pair(0) == (20, 30)
    assert policy.pair(60_000) == (20, 90)
