"""How long a client may take: for the head of a request, and for each piece of its body.

Laws:
  * A connection that has not brought a whole head in time is closed.
  * A body comes piece by piece without long silence, and not slower than a poor 2G link.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.types import Message, Receive
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from fieldapp.errors import TransientSyncError

HEAD_SECONDS: Final = 20.0


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
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes; what comes after an answered request begins the next head."""
        super().data_received(data)
        is_answered = self.cycle is not None and self.cycle.response_complete
        if is_answered and self._awaited_after is not self.cycle:
            self._await_head()

    def _await_head(self) -> None:
        self._awaited_after = self.cycle
        self.loop.call_later(HEAD_SECONDS, self._close_if_headless, self.cycle)

    def _close_if_headless(self, answered: object) -> None:
        if self.cycle is answered:
            self.transport.close()
