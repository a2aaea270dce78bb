"""How long a client may take, and how long a head may be, before anything is judged.

Laws:
  * A connection that has not brought a whole head in time is closed.
  * A head, and what follows a body in pieces, is kept only up to a size. What is longer, or is no
    HTTP, is refused by name like anything else.
  * A body comes piece by piece without long silence, and not slower than a poor 2G link.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.types import Message, Receive
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from fieldapp.errors import TransientSyncError
from fieldapp.protocol.error_codes import ErrorBody, encode_error, error_code

HEAD_SECONDS: Final = 20.0
MAX_HEAD_BYTES: Final = 65_536
_IS_BOUNDED: Final = not hasattr(AutoHTTPProtocol, "on_body")
"""The parser in plain Python bounds a head by itself; the fast one does not."""


@dataclass(frozen=True, slots=True)
class Patience:
    """What a body may cost in time.

    Attributes:
        silence: longest wait for the next piece, in seconds.
        grace: seconds after which the rate counts.
        bytes_per_second: slowest rate from then on.
    """

    silence: float = 20.0
    grace: float = 60.0
    bytes_per_second: int = 64


class PatientReceive:
    """Receives a body's messages as long as they come fast enough."""

    def __init__(self, receive: Receive, patience: Patience) -> None:
        self._receive = receive
        self._patience = patience
        self._received = 0
        self._started = asyncio.get_running_loop().time()

    async def __call__(self) -> Message:
        """Wait for the next message.

        Raises:
            TransientSyncError: it is too slow (`server_busy`).
        """
        try:
            message = await asyncio.wait_for(self._receive(), self._patience.silence)
        except TimeoutError as problem:
            raise TransientSyncError("server_busy") from problem
        self._received += len(message.get("body", b""))
        elapsed = asyncio.get_running_loop().time() - self._started
        needed = elapsed * self._patience.bytes_per_second
        if elapsed > self._patience.grace and self._received < needed:
            raise TransientSyncError("server_busy")
        return message


class HeadDeadline(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # picked when imported
    """A connection that is closed when a request that has begun does not bring its head in time.

    The library gives up a kept connection that says nothing; a single byte stops that clock.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the clock for the first head."""
        super().connection_made(transport)
        self._awaited_after = None
        self._unused_bytes = 0
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes; what comes after an answered request begins the next head."""
        self._unused_bytes += len(data)
        super().data_received(data)
        if self._unused_bytes > MAX_HEAD_BYTES and not _IS_BOUNDED:
            self._refuse("request_too_large")
        is_answered = self.cycle is not None and self.cycle.response_complete
        if is_answered and self._awaited_after is not self.cycle:
            self._await_head()

    def on_headers_complete(self) -> None:
        """Begin to answer; the bytes so far have become a head."""
        super().on_headers_complete()
        self._unused_bytes = 0

    def on_body(self, body: bytes) -> None:
        """Hand on a piece of a body; the bytes so far have become that."""
        super().on_body(body)
        self._unused_bytes = 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the library's signature
        """Refuse what is no HTTP; its own words are for nobody."""
        self._refuse("malformed_message")

    def _refuse(self, code: str) -> None:
        """Answer without a request, and close."""
        status = HTTPStatus(error_code(code).status)
        body = encode_error(ErrorBody(code, {}))
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()

    def _await_head(self) -> None:
        self._awaited_after = self.cycle
        self.loop.call_later(HEAD_SECONDS, self._close_if_headless, self.cycle)

    def _close_if_headless(self, answered: object) -> None:
        if self.cycle is answered:
            self.transport.close()
