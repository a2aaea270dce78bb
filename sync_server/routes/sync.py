"""POST /v1/sync as a bare ASGI application: the body is judged while it arrives.

Laws:
  * A batch that arrived whole is committed, also when the client is gone before the answer.
  * Who sends too slowly, or has too many requests open, is told so and the connection is closed.
  * At most a bounded number of batches of one request wait for their commit.
  * The answer goes out with the three headers that it needs, since each byte is paid for.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass, field
from ipaddress import IPv6Address, IPv6Network
from typing import Final

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from fieldapp.errors import FieldAppError
from fieldapp.protocol.service import CONTENT_TYPE
from sync_server.exchange.intake import Intake
from sync_server.exchange.service import Exchange
from sync_server.routes.deadlines import Patience, PatientReceive
from sync_server.routes.gate import Gate
from sync_server.routes.logs import log
from sync_server.routes.problems import Problems, http_response
from sync_server.routes.rates import RateLimit

UNKNOWN_ADDRESS: Final = "-"
CLIENT_PREFIX: Final = 64
"""Bits of an IPv6 address that a client cannot choose by itself."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What keeps one client from taking the place of all others.

    Attributes:
        limit: how fast deposits may come.
        gate: how many requests may be open.
        patience: how slow a body may be.
    """

    limit: RateLimit
    gate: Gate
    patience: Patience = field(default_factory=Patience)


class SyncEndpoint:
    """The one route that matters.

    Args:
        exchange: judges and answers.
        doors: who is let in, how often and for how long.
        problems: turns errors into answers.
        threads: where the answer is put together, away from the event loop.
    """

    def __init__(
        self, exchange: Exchange, doors: Doors, problems: Problems, threads: Executor
    ) -> None:
        self._exchange = exchange
        self._doors = doors
        self._problems = problems
        self._threads = threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        try:
            with self._doors.gate.passing(address_of(scope)):
                response = await self._respond(scope, receive)
        except Exception as problem:  # noqa: BLE001 - the server's roof: everything is answered
            response = self._problems.response(problem)
            response.headers["Connection"] = "close"
        if response is not None:
            await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response | None:
        if not _has_right_type(scope):
            return http_response(415)
        address = address_of(scope)
        intake = self._exchange.open_intake(lambda: self._doors.limit.admit(address))
        try:
            received = await _take_all(intake, PatientReceive(receive, self._doors.patience))
        except FieldAppError:
            await _settled(intake)
            raise
        if received is None:
            log("cut", batches=len(intake.pending()))
            return None
        await _settled(intake)
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._exchange.answer, intake)
        self._exchange.counters.add("bytes", "in", received)
        self._exchange.counters.add("bytes", "out", len(answer))
        return Response(answer, media_type=CONTENT_TYPE)


async def _take_all(intake: Intake, receive: Receive) -> int | None:
    """Read the body to its end; None when the client went away before it."""
    received = 0
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        received += len(chunk)
        intake.feed(chunk)
        while (future := intake.waits_for()) is not None:
            await asyncio.wrap_future(future)
        if not message.get("more_body", False):
            return received


async def _settled(intake: Intake) -> None:
    """Wait for the commits of what was taken, whatever their outcome."""
    pending = [asyncio.wrap_future(future) for future in intake.pending()]
    await asyncio.gather(*pending, return_exceptions=True)


def address_of(scope: Scope) -> str:
    """Return the address that a request came from; of IPv6 the network that one client is given."""
    client = scope.get("client")
    host = str(client[0]) if client else UNKNOWN_ADDRESS
    try:
        found = IPv6Address(host)
    except ValueError:
        return host
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, CLIENT_PREFIX), strict=False))


def _has_right_type(scope: Scope) -> bool:
    given = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return bool(given == CONTENT_TYPE.encode("ascii"))
