"""A bad network on loopback: a TCP proxy in front of a server, which a test switches.

Laws:
  * The port never changes and stays reserved: a client is really refused, not only hung up on.
  * Switching ends every connection at once, so that the next request meets the new network.
  * It looks into no byte. Only the portal reads a request's head, because it must answer it.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
BLOCK = 65_536
RESET = struct.pack("ii", 1, 0)
HEAD_END = b"\r\n\r\n"
PORTAL_PAGE = b"<!doctype html><title>Free Wi-Fi</title><p>Buy a bundle to go on.</p>\n"
PORTAL_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: "
    + str(len(PORTAL_PAGE)).encode()
    + b"\r\nConnection: close\r\n\r\n"
    + PORTAL_PAGE
)


class Mode(Enum):
    """What the network does with a connection."""

    OPEN = "open"
    REFUSE = "refuse"
    STALL = "stall"
    CUT = "cut"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Weather:
    """A mode; a cut passes so many bytes each way first, None for all of them."""

    mode: Mode = Mode.OPEN
    up: int | None = None
    down: int | None = None


class BadNetwork:
    """The network between the clients of a test and one server."""

    def __init__(self, target: int = 0) -> None:
        self.target = target
        self.stalled = threading.Event()
        """Set while a client waits for an answer that does not come."""
        self._weather = Weather()
        self._lock = threading.Lock()
        self._live: set[socket.socket] = set()
        self._holder = _bound(0)
        self.port = int(self._holder.getsockname()[1])
        self._listener: socket.socket | None = None
        self._listen()

    @property
    def url(self) -> str:
        """The address that clients are given."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ------------------------------------------------------------------ the switch

    def open(self) -> None:
        """Pass everything."""
        self._switch(Weather())

    def refuse(self) -> None:
        """Have nobody at the port."""
        self._switch(Weather(Mode.REFUSE))

    def stall(self) -> None:
        """Accept connections and never answer."""
        self._switch(Weather(Mode.STALL))

    def cut(self, *, up: int | None = None, down: int | None = None) -> None:
        """Pass so many bytes of each connection, then reset it on both sides."""
        self._switch(Weather(Mode.CUT, up, down))

    def portal(self) -> None:
        """Answer everything with a page of its own, and with status 200."""
        self._switch(Weather(Mode.PORTAL))

    def close(self) -> None:
        """End everything and let the port go."""
        self._switch(Weather(Mode.REFUSE))
        self._holder.close()

    def _switch(self, weather: Weather) -> None:
        with self._lock:
            self._weather = weather
            self.stalled.clear()
            live, self._live = self._live, set()
            listener, self._listener = self._listener, None
        if listener is not None:
            # A blocked accept goes on holding a socket that is only closed.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for connection in live:
            _reset(connection)
        if weather.mode is not Mode.REFUSE:
            self._listen()

    # ------------------------------------------------------------------ connections

    def _listen(self) -> None:
        listener = _bound(self.port)
        listener.listen(64)
        with self._lock:
            self._listener = listener
        _in_background(self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                is_current = self._listener is listener
                weather = self._weather
                if is_current:
                    self._live.add(client)
            if not is_current:
                _reset(client)
                return
            _in_background(self._serve, client, weather)

    def _serve(self, client: socket.socket, weather: Weather) -> None:
        if weather.mode is Mode.STALL:
            self.stalled.set()
        elif weather.mode is Mode.PORTAL:
            self._answer_as_portal(client)
        else:
            self._pass_on(client, weather)

    def _pass_on(self, client: socket.socket, weather: Weather) -> None:
        try:
            server = socket.create_connection((HOST, self.target))
        except OSError:
            self._end(client)
            return
        with self._lock:
            self._live.add(server)
            is_current = client in self._live
        if not is_current:
            self._end(client, server)
            return
        _in_background(self._pump, server, client, weather.down)
        self._pump(client, server, weather.up)

    def _pump(self, source: socket.socket, sink: socket.socket, most: int | None) -> None:
        """Copy one direction until it ends or its bytes are used up."""
        left = most
        while left is None or left > 0:
            try:
                block = source.recv(BLOCK if left is None else min(BLOCK, left))
                sink.sendall(block)
            except OSError:
                break
            if not block:
                with suppress(OSError):
                    sink.shutdown(socket.SHUT_WR)
                return
            left = None if left is None else left - len(block)
        self._end(source, sink)

    def _answer_as_portal(self, client: socket.socket) -> None:
        with suppress(OSError):
            _read_request(client)
            client.sendall(PORTAL_ANSWER)
            client.shutdown(socket.SHUT_WR)
        with self._lock:
            self._live.discard(client)
        client.close()

    def _end(self, *connections: socket.socket) -> None:
        with self._lock:
            self._live.difference_update(connections)
        for connection in connections:
            _reset(connection)


def _bound(port: int) -> socket.socket:
    """Bind without listening; whoever holds such a socket keeps the port for its own."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((HOST, port))
    return bound


def _reset(connection: socket.socket) -> None:
    """End a connection at once and hard; a thread that reads it wakes up."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
    connection.close()


def _read_request(client: socket.socket) -> None:
    """Take a whole request, so that closing afterwards does not take the answer away."""
    raw = b""
    while HEAD_END not in raw and (block := client.recv(BLOCK)):
        raw += block
    head, _, body = raw.partition(HEAD_END)
    left = _content_length(head) - len(body)
    while left > 0 and (block := client.recv(min(BLOCK, left))):
        left -= len(block)


def _content_length(head: bytes) -> int:
    for line in head.splitlines():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


def _in_background(call: Callable[..., None], *args: object) -> None:
    threading.Thread(target=call, args=args, daemon=True).start()
