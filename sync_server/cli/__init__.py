"""Starting the ``sync-server`` command; the commands themselves are in ``commands.py``.

Laws:
  * Whoever presses Ctrl-C while the rest is still loading, the longest part of many commands, ends
    the program at once with 130: there is nothing to close yet, and no traceback to read.
  * Where the system was told that this process takes no Ctrl-C, it stays so.
"""

from __future__ import annotations

import os
import signal
from typing import Final, Never

INTERRUPTED: Final = 130


def main() -> None:
    """Load the operator's commands and run it."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from sync_server.cli.commands import run

    signal.signal(signal.SIGINT, before)
    try:
        run()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def _leave(_number: int, _frame: object) -> Never:
    os._exit(INTERRUPTED)
