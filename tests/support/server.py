"""The real server for tests: in this process without HTTP, or as a process of its own on loopback.

The organisation's root names one server key, so every server of a test is started with that key.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
import uvicorn

from fieldapp.errors import FieldAppError
from fieldapp.protocol.error_codes import parse_error
from fieldapp.protocol.limits import MAX_REQUEST_BYTES
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
from sync_server.app import create_app, uvicorn_config
from sync_server.auth import ServerKey, new_log_id
from sync_server.config import KEY_FILE, Settings
from sync_server.exchange.service import Exchange, Limits
from sync_server.storage.database import Database
from sync_server.storage.schema import migrate
from tests.support.organisation import NOON_MS
from tests.support.people import fixed_bytes

SERVER_SECRET = fixed_bytes("signing server", 32)
"""The private half of the server key that ``Organisation`` puts into its root."""

START_SECONDS = 30


class Clock:
    """A clock that a test moves."""

    def __init__(self, now_ms: int = NOON_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        """Read it."""
        return self.now_ms


def make_exchange(
    url: str,
    *,
    clock: Callable[[], int] | None = None,
    max_bytes: int = 0,
    answer_bytes: int = 1_048_576,
) -> Exchange:
    """The server's policy over a database, without HTTP."""
    database = Database(url, max_bytes=max_bytes)
    migrate(database, new_log_id())
    limits = Limits(
        request_bytes=MAX_REQUEST_BYTES, answer_bytes=answer_bytes, clock_tolerance_ms=600_000
    )
    exchange = Exchange(
        database, ServerKey(SERVER_SECRET), limits, clock or Clock(), version="test"
    )
    exchange.start()
    return exchange


@dataclass
class ServerProcess:
    """A server that runs as ``sync-server serve`` on a free port."""

    data: Path
    options: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    port: int = 0
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process' id."""
        assert self._process is not None
        return self._process.pid

    @property
    def claim_token(self) -> bytes:
        """What it printed for the operator."""
        line = next(line for line in self.lines if line.startswith("claim token: "))
        return bytes.fromhex(line.removeprefix("claim token: "))

    def start(self) -> ServerProcess:
        """Start it and wait until it listens."""
        self.data.mkdir(parents=True, exist_ok=True)
        key = self.data / KEY_FILE
        if not key.exists():
            key.write_bytes(SERVER_SECRET)
        self.lines.clear()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "sync_server.cli", "serve"),
                *("--data", str(self.data), "--port", str(self.port), *self.options),
            ],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.environment},
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("listening on "):
                self.port = int(line.rpartition(":")[2])
                return self
        raise AssertionError(f"the server did not start: {self._process.wait()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to stop; return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(number)
        code = process.wait(START_SECONDS)
        assert process.stdout is not None
        process.stdout.close()
        return code


@contextmanager
def running(server: ServerProcess) -> Iterator[ServerProcess]:
    """Start a server, and stop it whatever happens."""
    try:
        yield server.start()
    finally:
        server.stop()


class ServerThread:
    """A server on a free port of this process, with a clock that a test moves."""

    def __init__(self, settings: Settings, exchange: Exchange) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        app = create_app(settings, exchange)
        self._server = uvicorn.Server(uvicorn_config(app))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way."""
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
        self._listener.close()


class HTTPService:
    """``SyncService`` over plain HTTP, without any patience: what the server said is raised."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def sync(self, request: bytes) -> bytes:
        """Send one sync request."""
        return self._send("POST", SYNC_PATH, request)

    def put_invite(self, invite_id: bytes, token: bytes, packet: bytes) -> None:
        """Leave a packet."""
        self._send("PUT", invite_path(invite_id), packet, token)

    def get_invite(self, invite_id: bytes, token: bytes) -> bytes:
        """Fetch a packet."""
        return self._send("GET", invite_path(invite_id), b"", token)

    def claim_server(self, token: bytes, root_batch: bytes) -> bytes:
        """Give the server its root."""
        return self._send("POST", CLAIM_PATH, root_batch, token)

    def info(self) -> ServerInfo:
        """Ask who it is."""
        return parse_server_info(self._send("GET", INFO_PATH, b""))

    def _send(self, method: str, path: str, body: bytes, token: bytes = b"") -> bytes:
        headers = {"Content-Type": CONTENT_TYPE} if body else {}
        if token:
            headers[TOKEN_HEADER] = token.hex()
        response = self._session.request(
            method, self._url + path, data=body, headers=headers, timeout=30
        )
        if not response.ok:
            problem = parse_error(response.content)
            raise FieldAppError(problem.code, status=response.status_code, **problem.params)
        return response.content
