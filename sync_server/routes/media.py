"""HEAD, PUT and GET of /v1/media/{chunk}: a body is kept piece by piece while it arrives.

Laws:
  * What arrived is on the disk, also when the client is gone before the end.
  * The code of an error stands in a header too, as the answer to a HEAD has no body.
  * Too slow, too many at once: as for a sync.
"""

from __future__ import annotations

from typing import Final

from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fieldapp.errors import FieldAppError, MalformedMessageError
from fieldapp.protocol.hashing import HASH_BYTES
from fieldapp.protocol.media import (
    CODE_HEADER,
    HELD_HEADER,
    RECEIPT_HEADER,
    TICKET_BYTES,
    TICKET_HEADER,
    Held,
    parse_ticket,
)
from fieldapp.protocol.service import CONTENT_TYPE
from sync_server.exchange.media import MediaShelf
from sync_server.routes.deadlines import PatientReceive
from sync_server.routes.problems import Problems, wire_code
from sync_server.routes.sync import Doors, address_of

NOTHING: Final = 204


class MediaEndpoint:
    """The route of chunks.

    Args:
        shelf: judges, keeps and gives.
        doors: who is let in, how often and for how long.
        problems: turns errors into answers.
    """

    def __init__(self, shelf: MediaShelf, doors: Doors, problems: Problems) -> None:
        self._shelf = shelf
        self._doors = doors
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        try:
            with self._doors.gate.passing(address_of(scope)):
                patient = PatientReceive(receive, self._doors.patience)
                response = await self._respond(Request(scope, patient))
        except ClientDisconnect:
            return
        except Exception as problem:  # noqa: BLE001 - the server's roof: everything is answered
            response = self._problems.response(problem)
            response.headers["Connection"] = "close"
            if isinstance(problem, FieldAppError):
                response.headers[CODE_HEADER] = wire_code(problem)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        ticket = _ticket(request)
        if request.method == "PUT":
            return _said(await self._put(request, ticket), NOTHING)
        if request.method == "HEAD":
            return _said(await run_in_threadpool(self._shelf.ask_chunk, ticket), 200)
        content = await run_in_threadpool(self._shelf.get_chunk, ticket)
        return Response(content, media_type=CONTENT_TYPE)

    async def _put(self, request: Request, ticket: bytes) -> Held:
        asked = await run_in_threadpool(self._shelf.begin_put, ticket)
        offset = asked.offset
        async for piece in request.stream():
            await run_in_threadpool(self._shelf.take_piece, asked, offset, piece)
            offset += len(piece)
        return await run_in_threadpool(self._shelf.end_put, asked)


def _ticket(request: Request) -> bytes:
    """Read the ticket; it is about the chunk of the address."""
    try:
        raw = bytes.fromhex(request.headers.get(TICKET_HEADER, ""))
        chunk = bytes.fromhex(request.path_params["chunk_id"])
    except ValueError as problem:
        raise MalformedMessageError(reason="media_ticket") from problem
    if len(raw) != TICKET_BYTES or len(chunk) != HASH_BYTES or parse_ticket(raw).chunk != chunk:
        raise MalformedMessageError(reason="media_ticket")
    return raw


def _said(held: Held, status: int) -> Response:
    headers = {HELD_HEADER: str(held.count)}
    if held.receipt:
        headers[RECEIPT_HEADER] = held.receipt.hex()
    return Response(status_code=status, headers=headers)
