"""Foreign database errors become ours here, and nowhere else.

Laws:
  * The branch of our tree says who acts: no room (make room), damaged (restore), busy (wait).
  * SQLite's own result code decides, never the text of its message.
  * A write that the system refuses half way (file size limit, quota) counts as "no room": SQLite
    reports it as a failed write, and what helps is the same.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from fieldapp.errors import (
    DatabaseDamagedError,
    DatabaseFullError,
    HomeBusyError,
    StorageError,
    StorageFailedError,
)

_PRIMARY = 0xFF
_NO_ROOM = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
_DISK_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_CLOSED = frozenset({errno.EACCES, errno.EEXIST, errno.ENOTDIR, errno.EPERM, errno.EROFS})
"""A folder that takes no files, or that is a file itself."""
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def storage_error(problem: BaseException) -> StorageError:
    """Return our error for one of sqlite3, SQLAlchemy or the operating system."""
    if isinstance(problem, PoolTimeoutError):
        return HomeBusyError("database_busy")
    if isinstance(problem, DBAPIError):
        return storage_error(problem.orig) if problem.orig is not None else StorageFailedError()
    code = getattr(problem, "sqlite_errorcode", None)
    return _by_code(code) if isinstance(code, int) else StorageFailedError()


def _by_code(code: int) -> StorageError:
    primary = code & _PRIMARY
    if code in _NO_ROOM or primary in _NO_ROOM:
        return DatabaseFullError()
    if primary in _DAMAGED:
        return DatabaseDamagedError(sqlite=code)
    if primary in _BUSY:
        return HomeBusyError("database_busy")
    if primary == sqlite3.SQLITE_READONLY:
        return StorageFailedError("read_only")
    return StorageFailedError(sqlite=code)


@contextmanager
def translated() -> Iterator[None]:
    """Raise our error in place of a database's.

    Raises:
        StorageError: whatever the database refused.
    """
    try:
        yield
    except (DBAPIError, PoolTimeoutError, sqlite3.Error) as problem:
        raise storage_error(problem) from problem


@contextmanager
def disk_errors() -> Iterator[None]:
    """Raise our error in place of the operating system's.

    Raises:
        StorageError: the disk is full or refused.
    """
    try:
        yield
    except OSError as problem:
        if problem.errno in _DISK_FULL:
            raise DatabaseFullError from problem
        if problem.errno in _CLOSED:
            raise StorageFailedError("read_only") from problem
        raise StorageFailedError from problem
