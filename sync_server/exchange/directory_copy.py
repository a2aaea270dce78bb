"""The server's own copy of the directory: folded from its log, changed by the writer alone.

Laws:
  * A directory batch is applied inside the transaction that stores it. If that fails, the copy is
    thrown away and folded again from what was committed.
  * Others look at the copy under its lock, and so see committed directories only.
  * Where several workers write, each catches up with the others before it judges anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final, TypeVar

from fieldapp.protocol.batch import Batch, parse_batch
from fieldapp.protocol.checks import Verify
from fieldapp.protocol.directory import Directory

CHUNK: Final = 1_000
"""Directory batches applied at a time when the whole log is read."""

Answer = TypeVar("Answer")
Log = Callable[[int], Iterable[tuple[int, bytes]]]
"""Gives the directory batches beyond a position, oldest first."""


class DirectoryCopy:
    """A directory that follows the log.

    Args:
        verify: checks a signature.
    """

    def __init__(self, verify: Verify) -> None:
        self._verify = verify
        self._lock = threading.Lock()
        self._is_changing = False
        self._directory = Directory()
        self._position = 0

    @property
    def current(self) -> Directory:
        """The directory itself; for the writer alone."""
        return self._directory

    @property
    def position(self) -> int:
        """Up to where the log was read."""
        return self._position

    @contextmanager
    def changes(self) -> Iterator[None]:
        """Span a transaction: its first change takes the lock, its failure forgets everything."""
        is_whole = False
        try:
            yield
            is_whole = True
        finally:
            if self._is_changing:
                if not is_whole:
                    self._directory, self._position = Directory(), 0
                self._is_changing = False
                self._lock.release()

    def catch_up(self, log: Log) -> None:
        """Apply what others committed since, inside ``changes``."""
        rows = iter(log(self._position))
        while chunk := list(islice(rows, CHUNK)):
            self._begin_change()
            items = [(position, parse_batch(raw)) for position, raw in chunk]
            self._directory.apply_all(items, self._verify)
            self._position = chunk[-1][0]

    def apply(self, position: int, batch: Batch) -> None:
        """Apply one directory batch at its position, inside ``changes``."""
        self._begin_change()
        self._directory.apply(position, batch, self._verify)
        self._position = position

    def ask(self, question: Callable[[Directory], Answer]) -> Answer:
        """Ask the committed directory something short."""
        with self._lock:
            return question(self._directory)

    def _begin_change(self) -> None:
        if not self._is_changing:
            self._lock.acquire()
            self._is_changing = True
