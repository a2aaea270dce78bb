"""Starting the ``fieldapp`` command; the commands themselves are in ``commands.py``.

Loads nothing else before Ctrl-C is answered for.
"""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.starting import start


def main() -> None:
    """Load the command line and run it."""
    start(_load)


def _load() -> Callable[[], None]:
    from fieldapp.cli.commands import run

    return run
