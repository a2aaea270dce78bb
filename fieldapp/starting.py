"""Starting a program: what Ctrl-C does while the rest of it still loads.

Imports nothing of the app, so that it answers before anything else is loaded.

Laws:
  * Whoever presses Ctrl-C while the rest is still loading, the longest part of many commands, ends
    the program at once with 130: there is nothing to close yet, and no traceback to read.
  * Where the system was told that this process takes no Ctrl-C, it stays so.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Final, Never

INTERRUPTED: Final = 130


def start(load: Callable[[], Callable[[], None]]) -> None:
    """Load a program and run it.

    Args:
        load: imports what the program needs; returns what runs it.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    run = load()
    signal.signal(signal.SIGINT, before)
    try:
        run()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def _leave(_number: int, _frame: object) -> Never:
    os._exit(INTERRUPTED)
