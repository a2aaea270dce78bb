"""How long the next PIN must wait: 1 s, 2 s, 4 s … 5 min after wrong ones.

Laws:
  * A try is counted, durably, before the PIN is tested: killing the app saves no try.
  * Tries of several processes are counted one after the other; only one at a time passes.
  * Setting the clock back never shortens a wait: when the clock stands before the last try, the
    wait starts again from there. Setting it forward is beyond what a file can notice.
  * A damaged count counts as many tries, so it costs the longest wait and locks nobody out.
  * On a full disk the count is written over where it lies: who may open reads, and tries stay
    counted. What a loss of power spoils then is a damaged count.

The delay binds whoever uses the app. It does not bind a thief who copied the file; the stretching
of the PIN and the platform's key store are for him.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from fieldapp.errors import DatabaseFullError, WrongPinError
from fieldapp.storage.database import BUSY_MS, held_alone, make_private_file
from fieldapp.storage.failures import translated

LONGEST_SECONDS: Final = 300
_DAMAGED_COUNT: Final = 16
_NEVER_YET_MS: Final = 1 << 62
_DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_MS: Final = 1_000


def delay_seconds(wrong: int) -> int:
    """Return how long to wait after so many wrong tries in a row.

    >>> [delay_seconds(n) for n in (0, 1, 2, 3, 9, 10, 400)]
    [0, 1, 2, 4, 256, 300, 300]
    """
    if wrong <= 0:
        return 0
    return min(LONGEST_SECONDS, 1 << min(wrong - 1, 16))


class PinDelay:
    """The count of wrong tries in its own small file beside the key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def retry_after_seconds(self, now_ms: int) -> int:
        """Return how many seconds the next try must wait; 0 when it may go ahead."""
        with self._locked() as connection:
            return _wait(connection, now_ms)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one process at a time try, so that a try under way is nobody else's wait.

        Raises:
            HomeBusyError: another process took far too long.
        """
        with held_alone(self.path.with_name(self.path.name + ".turn"), BUSY_MS):
            yield

    def begin(self, now_ms: int) -> int:
        """Count one try, before the PIN is tested.

        Returns:
            The seconds to wait before the next one, should this one be wrong.

        Raises:
            WrongPinError: it is too early (``wrong_pin_wait``); nothing was counted.
        """
        try:
            wait, count = self._begin(now_ms)
        except DatabaseFullError:
            wait, count = self._begin(now_ms, in_place=True)
        if wait:
            raise WrongPinError("wrong_pin_wait", retry_after_seconds=wait)
        return delay_seconds(count)

    def _begin(self, now_ms: int, *, in_place: bool = False) -> tuple[int, int]:
        with self._locked(in_place=in_place) as connection:
            wait = _wait(connection, now_ms)
            count = _count(connection) + 1
            if not wait:
                _save(connection, count, now_ms)
            return wait, count

    def succeed(self) -> None:
        """Forget the tries: the PIN was right."""
        try:
            self._forget()
        except DatabaseFullError:
            self._forget(in_place=True)

    def _forget(self, *, in_place: bool = False) -> None:
        with self._locked(in_place=in_place) as connection:
            connection.execute("DELETE FROM tries")

    @contextmanager
    def _locked(self, *, in_place: bool = False) -> Iterator[sqlite3.Connection]:
        """Open the count with the right to write; in place needs no room beside it."""
        make_private_file(self.path)
        with translated(), closing(self._connect()) as connection:
            if in_place:
                connection.execute("PRAGMA journal_mode=MEMORY")
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection

    def _connect(self) -> sqlite3.Connection:
        try:
            return self._open()
        except sqlite3.DatabaseError as problem:
            if problem.sqlite_errorcode not in _DAMAGED:
                raise
        self.path.write_bytes(b"")
        connection = self._open()
        _save(connection, _DAMAGED_COUNT, _NEVER_YET_MS)
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=BUSY_MS / _MS)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS tries (count INTEGER, at_ms INTEGER)")
        connection.execute("SELECT count, at_ms FROM tries").fetchone()
        return connection


def _count(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT count FROM tries").fetchone()
    return int(row[0]) if row else 0


def _save(connection: sqlite3.Connection, count: int, at_ms: int) -> None:
    connection.execute("DELETE FROM tries")
    connection.execute("INSERT INTO tries VALUES (?, ?)", (count, at_ms))


def _wait(connection: sqlite3.Connection, now_ms: int) -> int:
    """Return the seconds left; a clock that was set back starts the wait again."""
    row = connection.execute("SELECT count, at_ms FROM tries").fetchone()
    if row is None:
        return 0
    count, at_ms = int(row[0]), int(row[1])
    if now_ms < at_ms:
        _save(connection, count, now_ms)
        at_ms = now_ms
    left_ms = at_ms + delay_seconds(count) * _MS - now_ms
    return max(0, -(-left_ms // _MS))
