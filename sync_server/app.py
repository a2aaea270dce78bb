"""The composition root: clock, chance, key, database and routes are joined here.

Laws:
  * Nothing below reads a clock or draws chance; both are handed in from here.
  * One exception handler answers for everything (see routes.problems).
  * Closing the application finishes the commits under way before it lets go of the database.
"""

from __future__ import annotations

import errno
import secrets
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fieldapp import __version__
from fieldapp.errors import FieldAppError
from fieldapp.protocol.media import MEDIA_PATH
from fieldapp.protocol.service import SYNC_PATH
from sync_server.auth import load_key, new_log_id
from sync_server.config import KEY_FILE, LOG_FILE, Settings
from sync_server.errors import OperatorError
from sync_server.exchange.service import Exchange, Limits
from sync_server.routes.deadlines import HeadDeadline
from sync_server.routes.endpoints import make_router
from sync_server.routes.gate import Gate
from sync_server.routes.logs import close_log, log, open_log
from sync_server.routes.media import MediaEndpoint
from sync_server.routes.problems import Problems, http_response
from sync_server.routes.rates import RateLimit
from sync_server.routes.sync import Doors, SyncEndpoint
from sync_server.storage.database import Database
from sync_server.storage.schema import migrate

READING_THREADS: Final = 4
BACKLOG: Final = 512
KEEP_ALIVE_SECONDS: Final = 30
SHUTDOWN_SECONDS: Final = 10
_REFERENCE_BYTES: Final = 6


def now_ms() -> int:
    """Read the machine's clock."""
    return time.time_ns() // 1_000_000


def open_exchange(settings: Settings) -> Exchange:
    """Open the database and the key, and start the writer.

    Raises:
        ConfigError: the key or the folder cannot be used.
        StorageError: the database refused, or a newer program made it.
    """
    key = load_key(settings.folder / KEY_FILE)
    database = Database(settings.url, max_bytes=settings.max_database_bytes)
    migrate(database, new_log_id())
    limits = Limits(
        request_bytes=settings.max_request_bytes,
        answer_bytes=settings.max_answer_bytes,
        clock_tolerance_ms=settings.clock_tolerance_seconds * 1000,
    )
    exchange = Exchange(database, key, limits, now_ms, version=__version__)
    exchange.start()
    return exchange


def create_app(settings: Settings, exchange: Exchange | None = None) -> FastAPI:
    """Join everything into one ASGI application.

    Args:
        settings: all of them.
        exchange: an open exchange; made from the settings when left out. The application closes
            it when it ends.
    """
    opened = exchange or open_exchange(settings)
    threads = ThreadPoolExecutor(READING_THREADS, thread_name_prefix="answer")
    problems = Problems(lambda: secrets.token_hex(_REFERENCE_BYTES))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        threads.shutdown()
        opened.close()

    app = FastAPI(
        title="Baraza sync server",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    doors = Doors(
        RateLimit(settings.deposits_per_minute, now_ms), Gate(settings.open_requests_per_address)
    )
    endpoint = SyncEndpoint(opened, doors, problems, threads)
    app.router.routes.append(Route(SYNC_PATH, endpoint, methods=["POST"]))
    shelf = opened.open_shelf(settings.media_folder, settings.max_media_bytes)
    media = MediaEndpoint(shelf, doors, problems)
    app.router.routes.append(Route(MEDIA_PATH, media, methods=["HEAD", "GET", "PUT"]))
    app.include_router(
        make_router(opened, doors, version=__version__, max_invite_bytes=settings.max_invite_bytes)
    )
    app.add_exception_handler(FieldAppError, problems.handler())
    app.add_exception_handler(Exception, problems.handler())
    app.add_exception_handler(HTTPException, _http_problem)
    return app


async def _http_problem(_request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    return http_response(status)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is opened.

    Raises:
        OperatorError: the port is in use, or the host is not this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            text = f"port {port} is in use; choose another with --port"
        else:
            text = f"cannot listen on {host} port {port}; choose others with --host and --port"
        raise OperatorError(text) from problem


def run_server(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until the process is told to stop.

    Args:
        settings: all of them.
        say: prints a line for the operator.

    Raises:
        OperatorError: the port or the host cannot be used.
        ConfigError: the key or the log file cannot be used.
        StorageError: the database refused, or a newer program made it.
    """
    with listen(settings.host, settings.port) as listener:
        handler = open_log(settings.folder / LOG_FILE, max_bytes=settings.log_bytes)
        try:
            exchange = open_exchange(settings)
            server = _make_server(create_app(settings, exchange))
            if not exchange.info().is_claimed:
                say(f"claim token: {exchange.claim_token()}")
            port = listener.getsockname()[1]
            say(f"listening on http://{settings.host}:{port}")
            log("start", port=port, database=exchange.database_name)
            server.run(sockets=[listener])
            log("stop")
        finally:
            close_log(handler)


def uvicorn_config(app: FastAPI) -> uvicorn.Config:
    """Say how uvicorn serves: no header and no log line more than is needed.

    Its own limit of connections would also turn health away; ``Gate`` counts the syncs.
    """
    return uvicorn.Config(
        app,
        http=HeadDeadline,
        access_log=False,
        date_header=False,
        log_config=None,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ws="none",
    )


def _make_server(app: FastAPI) -> uvicorn.Server:
    """Make a server that a signal ends in good order and with exit code 0, from now on."""
    server = uvicorn.Server(uvicorn_config(app))

    def end(_number: int, _frame: object) -> None:
        """Take a signal before uvicorn does, and again when it hands it on after stopping."""
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return server
