"""``fieldapp run --web`` as a process of its own, the way an officer's laptop runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PATIENCE_SECONDS = 60
READ_TIMEOUT_SECONDS = 6
"""How long a window of the tests waits for a silent server."""

ENVIRONMENT = {
    "FIELDAPP_ALLOW_SHORT_PIN": "1",
    "FIELDAPP_AUTOLOCK_SECONDS": "900",
    "FIELDAPP_READ_TIMEOUT_SECONDS": str(READ_TIMEOUT_SECONDS),
}


class WindowProcess:
    """One officer's window; its link opens it once."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "fieldapp.cli", "run", "--web", "--home", str(home)],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **ENVIRONMENT},
        )
        assert self._process.stdout is not None
        self.link = first_link(self._process.stdout)
        self.origin = "/".join(self.link.split("/")[:3])

    def stop(self) -> None:
        """End it as its officer would, with Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(PATIENCE_SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()


def first_link(output: IO[str]) -> str:
    """Return the first address that a program prints, and go on reading what it prints."""
    for line in output:
        found = [word for word in line.split() if word.startswith("http://")]
        if found:
            threading.Thread(target=output.read, daemon=True).start()
            return found[0]
    raise AssertionError("the program ended without an address")


@contextmanager
def running_window(home: Path) -> Iterator[WindowProcess]:
    """Run a window until the block is left."""
    window = WindowProcess(home)
    try:
        yield window
    finally:
        window.stop()
