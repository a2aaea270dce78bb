"""Starting the ``sync-server`` command; the commands themselves are in ``commands.py``.

Loads nothing else before Ctrl-C is answered for.
"""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.starting import start


def main() -> None:
    """Load the commands of the operator and run them."""
    start(_load)


def _load() -> Callable[[], None]:
    from sync_server.cli.commands import run

    return run
