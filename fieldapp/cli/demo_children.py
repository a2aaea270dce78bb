"""The demo's child processes, and the ports that they listen on.

Laws:
  * Whoever enters a child here ends it again, also one that does not listen.
  * A port is free until somebody takes it. A child that came too late for its port is started
    again on the next free one, and what it said of the first is not shown.
  * Whatever else a child says on standard error reaches the person.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, Final

from fieldapp.errors import ConfigError

LOOPBACK: Final = "127.0.0.1"
END_SECONDS: Final = 10.0
ADDRESS: Final = "http://"
_PORTS: Final = 1_000
_HIGHEST: Final = 65_535


def module(name: str) -> list[str]:
    """The command that runs one of our modules."""
    return [sys.executable, "-u", "-m", name]


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        if os.name == "posix":  # Elsewhere this would let two listen on one port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports(first: int, count: int) -> list[int]:
    """The first free ports from a number on.

    Raises:
        ConfigError: there are not so many.
    """
    found: list[int] = []
    for port in range(first, min(first + _PORTS, _HIGHEST + 1)):
        if len(found) == count:
            break
        if is_free(port):
            found.append(port)
    if len(found) < count:
        raise ConfigError("demo_port_taken", port=first)
    return found


class Complaints:
    """What a child says on standard error: kept until it is known whether it matters."""

    def __init__(self, stream: IO[str]) -> None:
        self._lock = threading.Lock()
        self._kept: list[str] | None = []
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def show(self) -> None:
        """Show what was said, and from now on whatever is."""
        with self._lock:
            sys.stderr.writelines(self._kept or ())
            self._kept = None

    def join(self) -> None:
        """Wait until an ended child has been heard out."""
        self._reader.join(END_SECONDS)

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                with self._lock:
                    if self._kept is None:
                        sys.stderr.write(line)
                    else:
                        self._kept.append(line)


@contextmanager
def child(
    command: Sequence[str], environment: Mapping[str, str]
) -> Iterator[tuple[IO[str], Complaints]]:
    """Run a child process; yields what it prints, and its complaints; it ends with the block."""
    process = subprocess.Popen(  # noqa: S603  our own interpreter and modules, no shell
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        encoding="utf-8",
        errors="replace",
    )
    output, errors = process.stdout, process.stderr
    if output is None or errors is None:  # pragma: no cover  pipes were asked for
        raise ConfigError("demo_failed")
    complaints = Complaints(errors)
    try:
        yield output, complaints
    finally:
        process.terminate()
        try:
            process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        complaints.join()
        output.close()


class Listener:
    """A child that listens on a port and prints its address; it starts at once.

    Args:
        command: makes the command line for a port.
        environment: of the child.
        port: where it listens first.
        may_move: it may listen on a later port instead.
    """

    def __init__(
        self,
        command: Callable[[int], Sequence[str]],
        environment: Mapping[str, str],
        port: int,
        *,
        may_move: bool = True,
    ) -> None:
        self.port = port
        self._command, self._environment, self._may_move = command, environment, may_move
        self._running = ExitStack()
        self._start()

    def close(self) -> None:
        """End the child."""
        self._running.close()

    def lines(self) -> list[str]:
        """Wait for the address; return what was printed until then, with the address last.

        Raises:
            ConfigError: it did not start, or no port is left.
        """
        while (heard := self._heard()) is None:
            self.close()
            if is_free(self.port):
                self._complaints.show()
                raise ConfigError("demo_failed")
            if not self._may_move:
                raise ConfigError("demo_port_taken", port=self.port)
            (self.port,) = free_ports(self.port + 1, 1)
            self._start()
        self._complaints.show()
        threading.Thread(target=_drain, args=(self._output,), daemon=True).start()
        return heard

    def _start(self) -> None:
        running = child(self._command(self.port), self._environment)
        self._output, self._complaints = self._running.enter_context(running)

    def _heard(self) -> list[str] | None:
        """What the child prints up to its address; None if it ends before."""
        heard = []
        for line in self._output:
            heard.append(line.strip())
            if ADDRESS in line:
                return heard
        return None


def _drain(output: IO[str]) -> None:
    """Keep reading a child's output, so that it never blocks on a full pipe."""
    for _ in output:
        pass
