"""Everything but the sync itself: claim, invites, info, health and numbers.

Laws:
  * A body is read only up to its limit, whatever length was announced, and as patiently as a
    sync's: too slow, or too many at once from one address, and it is turned away.
  * A token comes in a header, in hexadecimal, and is never part of an address or a log line.
  * Health says alive, readiness says that the database answers; neither tells anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from fieldapp.errors import LimitExceededError, MalformedMessageError
from fieldapp.protocol import strict_json
from fieldapp.protocol.ids import INVITE_BYTES
from fieldapp.protocol.limits import MAX_LARGE_BATCH_BYTES
from fieldapp.protocol.service import (
    CLAIM_PATH,
    CONTENT_TYPE,
    INFO_PATH,
    INVITE_PATH,
    TOKEN_HEADER,
)
from sync_server.exchange.service import Exchange
from sync_server.routes import metrics
from sync_server.routes.deadlines import PatientReceive
from sync_server.routes.problems import JSON
from sync_server.routes.sync import Doors, address_of

MAX_TOKEN_BYTES: Final = 64


def make_router(
    exchange: Exchange, doors: Doors, *, version: str, max_invite_bytes: int
) -> APIRouter:
    """Bind the small routes to an exchange.

    Args:
        exchange: judges and answers.
        doors: who is let in with a body, and for how long.
        version: what health and numbers show.
        max_invite_bytes: largest sealed invite packet.
    """
    router = APIRouter()

    @router.get(INFO_PATH)
    def info() -> Response:
        return Response(exchange.info().to_bytes(), media_type=JSON)

    @router.post(CLAIM_PATH)
    async def claim(request: Request) -> Response:
        token = _token(request)
        batch = await read_body(request, MAX_LARGE_BATCH_BYTES, doors)
        answer = await run_in_threadpool(exchange.claim_server, token, batch)
        return Response(answer, media_type=JSON)

    @router.put(INVITE_PATH)
    async def put_invite(request: Request, invite_id: str) -> Response:
        token = _token(request)
        packet = await read_body(request, max_invite_bytes, doors)
        await run_in_threadpool(exchange.put_invite, _invite_id(invite_id), token, packet)
        return Response(status_code=204)

    @router.get(INVITE_PATH)
    def get_invite(request: Request, invite_id: str) -> Response:
        packet = exchange.get_invite(_invite_id(invite_id), _token(request))
        return Response(packet, media_type=CONTENT_TYPE)

    _add_health(router, exchange, version)
    return router


def _add_health(router: APIRouter, exchange: Exchange, version: str) -> None:
    @router.get("/healthz")
    def healthz() -> Response:
        return Response(strict_json.dumps({"status": "ok", "version": version}), media_type=JSON)

    @router.get("/readyz")
    def readyz() -> Response:
        exchange.check_ready()
        return Response(strict_json.dumps({"status": "ready"}), media_type=JSON)

    @router.get("/metrics")
    def numbers() -> Response:
        body = metrics.render(exchange.counters, version)
        return Response(body, media_type=metrics.CONTENT_TYPE)


def _token(request: Request) -> bytes:
    given = request.headers.get(TOKEN_HEADER, "")
    return _unhex(given, "token", lambda raw: 0 < len(raw) <= MAX_TOKEN_BYTES)


def _invite_id(text: str) -> bytes:
    return _unhex(text, "invite_id", lambda raw: len(raw) == INVITE_BYTES)


def _unhex(text: str, what: str, fits: Callable[[bytes], bool]) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError as problem:
        raise MalformedMessageError(reason=what) from problem
    if not fits(raw):
        raise MalformedMessageError(reason=what)
    return raw


async def read_body(request: Request, limit: int, doors: Doors) -> bytes:
    """Read a body that stays within its limit and comes fast enough.

    Raises:
        LimitExceededError: it is too long, or its address has too many open.
        TransientSyncError: it is too slow, or too many are open altogether.
        MalformedMessageError: the client went away, or its chunks are no HTTP.
    """
    body = bytearray()
    with doors.gate.passing(address_of(request.scope)):
        patient = PatientReceive(request.receive, doors.patience)
        try:
            async for chunk in Request(request.scope, patient).stream():
                body += chunk
                if len(body) > limit:
                    raise LimitExceededError("request_too_large", limit=limit)
        except ClientDisconnect as problem:
            raise MalformedMessageError(reason="cut") from problem
    return bytes(body)
