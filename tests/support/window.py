"""The guarded local window in a thread, for tests that need a real socket."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import uvicorn

from fieldapp.ui.gate import Gate
from fieldapp.ui.ports import Demo, ServicesPort
from fieldapp.ui.web import build_window, take_port

PATIENCE_SECONDS = 5.0


@dataclass
class Window:
    """A served window."""

    gate: Gate
    port: int

    def link(self) -> str:
        """Return an address that opens it once."""
        return self.gate.new_link()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is true on the server's side."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = threading.Event()
        while not holds():
            assert time.monotonic() < deadline, "it never came true"
            pause.wait(0.02)


@contextlib.contextmanager
def served(services: ServicesPort, *, demo: Demo | None = None) -> Iterator[Window]:
    """Serve a home until the block is left."""
    with take_port(0) as listener:
        port = int(listener.getsockname()[1])
        gate = build_window(services, port=port, demo=demo)
        config = uvicorn.Config(gate, log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Window(gate, port)
        finally:
            server.should_exit = True
            thread.join(timeout=10)
