"""The way to the server: both its services over HTTP, and the only home of ``requests``.

Laws:
  * Bytes go out, bytes come back; what they mean is decided elsewhere. No retry happens here.
  * Every failure of the library below becomes a ``SyncError``; the table ``FAILURES`` is complete.
  * Only a whole message of the right content type is an answer. A page of a captive portal, a cut
    or endless body, a redirect: each is a failure with a name, never a success.
  * ``http`` is for loopback and private addresses; everything else is ``https``.
  * Headers are paid for by the byte on a 2G link: only what the server needs is sent.
"""

from __future__ import annotations

import io
import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests import exceptions as failed
from requests.adapters import HTTPAdapter

from fieldapp.errors import (
    ClaimRefusedError,
    ConfigError,
    FieldAppError,
    InviteExpiredError,
    InviteUnknownError,
    InviteUsedError,
    PermanentSyncError,
    ProtocolError,
    SyncError,
)
from fieldapp.errors import TransientSyncError as Transient
from fieldapp.protocol.error_codes import ErrorBody, error_code, parse_error
from fieldapp.protocol.frames import FrameType, encode_frame
from fieldapp.protocol.limits import (
    MAX_ANSWER_BYTES,
    MAX_CHUNK_BYTES,
    MAX_ERROR_BODY_BYTES,
    MAX_INVITE_PACKET_BYTES,
)
from fieldapp.protocol.media import (
    CODE_HEADER,
    HELD_HEADER,
    RECEIPT_HEADER,
    TICKET_HEADER,
    Held,
    chunk_path,
    parse_ticket,
)
from fieldapp.protocol.service import (
    CLAIM_PATH,
    CONTENT_TYPE,
    INFO_PATH,
    SYNC_PATH,
    TOKEN_HEADER,
    ServerInfo,
    invite_path,
    parse_server_info,
)

SKIP_HEADER: Final = "@@@SKIP_HEADER@@@"
"""What urllib3 takes for "leave this header out"; a test holds it to urllib3's own word."""

WITHOUT_TLS: Final = "server_without_tls"
SEND_BLOCK_BYTES: Final = 4_096
"""A block must leave within the connect time-out: 4 KB in 20 s bears 1.7 kbit/s."""
READ_BLOCK_BYTES: Final = 65_536
_REDIRECT_STATUS: Final = 300
_ERROR_STATUS: Final = 400
_SERVER_STATUS: Final = 500
_MOST_DIGITS: Final = 9
"""Of a pause in seconds; a number without end is no pause, and Python refuses to read one."""
_OUR_TYPES: Final = frozenset({CONTENT_TYPE, "application/json", "application/octet-stream"})
_END: Final = encode_frame(FrameType.END, b"")
_ACCESS_ERRORS: Final[Mapping[str, type[FieldAppError]]] = {
    "invite_unknown": InviteUnknownError,
    "invite_expired": InviteExpiredError,
    "invite_used": InviteUsedError,
    "wrong_claim_token": ClaimRefusedError,
    "already_claimed": ClaimRefusedError,
    "server_not_claimed": ClaimRefusedError,
}


@dataclass(frozen=True, slots=True)
class TimeoutPolicy:
    """How long a slow link may take: 2G answers late and carries about 1 KB a second."""

    connect_seconds: float = 20.0
    read_seconds: float = 30.0
    slowest_bytes_per_second: int = 1_000

    def pair(self, size: int) -> tuple[float, float]:
        """Return the connect and the read time-out of a request with a body of ``size`` bytes."""
        return self.connect_seconds, self.read_seconds + size / self.slowest_bytes_per_second


FAILURES: Final[Mapping[type[failed.RequestException], tuple[type[SyncError], str]]] = {
    failed.SSLError: (Transient, "tls_failed"),
    failed.ProxyError: (Transient, "offline"),
    failed.ConnectTimeout: (Transient, "timeout"),
    failed.ReadTimeout: (Transient, "timeout"),
    failed.Timeout: (Transient, "timeout"),
    failed.ConnectionError: (Transient, "offline"),
    failed.ChunkedEncodingError: (Transient, "connection_cut"),
    failed.ContentDecodingError: (Transient, "captive_portal"),
    failed.TooManyRedirects: (Transient, "captive_portal"),
    failed.JSONDecodeError: (Transient, "captive_portal"),
    failed.InvalidJSONError: (Transient, "captive_portal"),
    failed.HTTPError: (Transient, "server_busy"),
    failed.RetryError: (Transient, "server_busy"),
    failed.StreamConsumedError: (Transient, "connection_cut"),
    failed.UnrewindableBodyError: (Transient, "connection_cut"),
    failed.URLRequired: (PermanentSyncError, "wrong_server"),
    failed.MissingSchema: (PermanentSyncError, "wrong_server"),
    failed.InvalidSchema: (PermanentSyncError, "wrong_server"),
    failed.InvalidProxyURL: (PermanentSyncError, "wrong_server"),
    failed.InvalidURL: (PermanentSyncError, "wrong_server"),
    failed.InvalidHeader: (PermanentSyncError, "wrong_server"),
    failed.RequestException: (Transient, "offline"),
}
"""Each exception of ``requests`` and what it means; a test finds any that is missing."""


def check_address(url: str) -> str | None:
    """Accept an address of a server, or refuse it.

    Returns:
        The code of a warning, None when the way is protected.

    Raises:
        ConfigError: Neither ``https`` nor a loopback or private address, or more than a host,
            a port and a path.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as problem:
        raise ConfigError("server_address_refused") from problem
    has_more = parts.query or parts.fragment or "@" in parts.netloc
    if not host or has_more or " " in url or not url.isprintable():
        raise ConfigError("server_address_refused")
    if parts.scheme == "https":
        return None
    if parts.scheme == "http" and _is_near(host):
        return WITHOUT_TLS
    raise ConfigError("server_address_refused")


def _is_near(host: str) -> bool:
    """Tell whether a host is this machine or stands in a private network."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


class HTTPTransport:
    """Both services at one address, over one kept-alive connection."""

    def __init__(
        self,
        url: str,
        *,
        session: requests.Session | None = None,
        timeouts: TimeoutPolicy | None = None,
    ) -> None:
        self.warning = check_address(url)
        self._url = url.rstrip("/")
        self._timeouts = timeouts or TimeoutPolicy()
        self._session = session or _plain_session()

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def sync(self, request: bytes) -> bytes:
        """Send one sync request and return the whole answer.

        Raises:
            SyncError: There is no answer; the class says whether trying again can help.
        """
        answer = self._exchange("POST", SYNC_PATH, request, limit=MAX_ANSWER_BYTES)
        if not answer.endswith(_END):
            raise Transient("connection_cut")
        return answer

    def put_invite(self, invite_id: bytes, token: bytes, packet: bytes) -> None:
        """Leave a sealed invite packet at the server.

        Raises:
            SyncError: It is not there.
        """
        self._exchange("PUT", invite_path(invite_id), packet, token=token, limit=0)

    def get_invite(self, invite_id: bytes, token: bytes) -> bytes:
        """Fetch a sealed invite packet.

        Raises:
            SyncError: There is no answer.
            InviteUnknownError: The server holds no such packet.
            InviteExpiredError: It was taken away when its time was over.
            InviteUsedError: Another device claimed it.
        """
        path = invite_path(invite_id)
        return self._exchange("GET", path, b"", token=token, limit=MAX_INVITE_PACKET_BYTES)

    def claim_server(self, token: bytes, root_batch: bytes) -> bytes:
        """Give an unclaimed server its root; return what it then says about itself.

        Raises:
            SyncError: There is no answer.
            ClaimRefusedError: The token is wrong, or somebody was there before.
        """
        return self._exchange(
            "POST", CLAIM_PATH, root_batch, token=token, limit=MAX_ERROR_BODY_BYTES
        )

    def info(self) -> ServerInfo:
        """Return what the server says about itself.

        Raises:
            SyncError: There is no answer, or it is not a sync server's.
        """
        raw = self._exchange("GET", INFO_PATH, b"", limit=MAX_ERROR_BODY_BYTES)
        try:
            return parse_server_info(raw)
        except ProtocolError as problem:
            raise Transient("captive_portal") from problem

    def _exchange(
        self, method: str, path: str, body: bytes, *, token: bytes | None = None, limit: int
    ) -> bytes:
        """Do one request; return the body of a good answer, raise for every other."""
        headers = {} if token is None else {TOKEN_HEADER: token.hex()}
        with self._asked(method, path, body, headers) as response:
            return _good_body(response, limit)

    def ask_chunk(self, ticket: bytes) -> Held:
        """Ask how much of a chunk the server holds.

        Raises:
            SyncError: There is no answer, or the ticket is refused.
        """
        with self._about_chunk("HEAD", ticket, b"") as response:
            return _held(response)

    def put_chunk(self, ticket: bytes, piece: bytes) -> Held:
        """Send the rest of a chunk; return how much the server holds then.

        Raises:
            SyncError: There is no answer, or it is refused; what arrived stays there.
        """
        with self._about_chunk("PUT", ticket, piece) as response:
            return _held(response)

    def get_chunk(self, ticket: bytes) -> bytes:
        """Fetch the rest of a chunk.

        Raises:
            SyncError: There is no answer, or no such chunk for this device.
        """
        with self._about_chunk("GET", ticket, b"") as response:
            return _good_body(response, MAX_CHUNK_BYTES)

    @contextmanager
    def _about_chunk(self, method: str, ticket: bytes, body: bytes) -> Iterator[requests.Response]:
        path = chunk_path(parse_ticket(ticket).chunk)
        with self._asked(method, path, body, {TICKET_HEADER: ticket.hex()}) as response:
            yield response

    @contextmanager
    def _asked(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Iterator[requests.Response]:
        """Send one request; whatever fails until its answer is read becomes ours."""
        kind = {"Content-Type": CONTENT_TYPE} if body else {}
        with _translated():
            response = self._session.request(
                method,
                self._url + path,
                # A file goes out block by block: the connect time-out holds for each block alone.
                data=io.BytesIO(body) if body else None,
                headers={**kind, **headers},
                timeout=self._timeouts.pair(len(body)),
                allow_redirects=False,
                stream=True,
            )
            with response:
                yield response


def _plain_session() -> requests.Session:
    """Make a session that sends no header which the server does not need."""
    session = requests.Session()
    session.headers.clear()
    session.headers.update({"User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER})
    session.auth = _no_auth
    adapter = _BlockAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep a .netrc file of the machine out of our requests."""
    return request


class _BlockAdapter(HTTPAdapter):
    """Sends bodies in small blocks, so that a slow link is not taken for a dead one."""

    def init_poolmanager(self, *sizes: Any, **pool: Any) -> None:  # noqa: ANN401 - as the library
        super().init_poolmanager(*sizes, blocksize=SEND_BLOCK_BYTES, **pool)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what ``requests`` raises into the error that says who acts."""
    try:
        yield
    except failed.RequestException as problem:
        error, code = meaning_of(problem)
        raise error(code) from problem


def meaning_of(problem: failed.RequestException) -> tuple[type[SyncError], str]:
    """Find the nearest known class of an exception in ``FAILURES``."""
    return next(FAILURES[cls] for cls in type(problem).__mro__ if cls in FAILURES)


def _good_body(response: requests.Response, limit: int) -> bytes:
    """Read the body of an answer, or raise what its status says."""
    status = response.status_code
    if status >= _ERROR_STATUS:
        raise _refusal(response)
    if status >= _REDIRECT_STATUS:
        raise Transient("captive_portal", status=status)
    body = _read(response, limit)
    if body and response.headers.get("Content-Type") not in _OUR_TYPES:
        raise Transient("captive_portal", status=status)
    return body


def _held(response: requests.Response) -> Held:
    """Read what the server holds from the headers of a good answer."""
    _good_body(response, 0)
    try:
        count = int(response.headers[HELD_HEADER])
        receipt = bytes.fromhex(response.headers.get(RECEIPT_HEADER, ""))
    except (KeyError, ValueError) as problem:
        raise Transient("captive_portal", status=response.status_code) from problem
    return Held(count, receipt)


def _read(response: requests.Response, limit: int) -> bytes:
    """Read a body, but not beyond what an answer may be."""
    body = bytearray()
    for block in response.iter_content(READ_BLOCK_BYTES):
        body += block
        if len(body) > limit:
            raise PermanentSyncError("server_misbehaved", limit=limit)
    return bytes(body)


def _refusal(response: requests.Response) -> FieldAppError:
    """Read a server's error; a page that is none of ours comes from something in between."""
    status = response.status_code
    try:
        told = response.headers.get(CODE_HEADER)
        raw = _read(response, MAX_ERROR_BODY_BYTES)
        body = ErrorBody(told, {}) if told and not raw else parse_error(raw)
    except (ProtocolError, PermanentSyncError):
        code = "server_busy" if status >= _SERVER_STATUS else "captive_portal"
        return Transient(code, status=status, **_pause(response))
    row = error_code(body.code)
    params = {**body.params, **_pause(response)}
    if row.name in _ACCESS_ERRORS:
        return _ACCESS_ERRORS[row.name](row.name, **params)
    return (Transient if row.is_retryable else PermanentSyncError)(row.name, **params)


def _pause(response: requests.Response) -> dict[str, int]:
    """Return the pause that the server asked for, if it named one in seconds."""
    seconds = response.headers.get("Retry-After", "")
    is_number = seconds.isdecimal() and len(seconds) <= _MOST_DIGITS
    return {"retry_after": int(seconds)} if is_number else {}
