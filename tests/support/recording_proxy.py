"""A loopback proxy that writes down every byte which passes, for those who search it."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field


@dataclass
class RecordingProxy:
    """Stands in front of a server; ``up`` and ``down`` hold what went which way."""

    port: int
    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self.port)) as server:
            back = threading.Thread(target=_pump, args=(server, client, self.down), daemon=True)
            back.start()
            _pump(client, server, self.up)
            back.join()


def _pump(source: socket.socket, target: socket.socket, record: bytearray) -> None:
    """Pass bytes on until one side ends."""
    with contextlib.suppress(OSError):
        while block := source.recv(65_536):
            record += block
            target.sendall(block)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
