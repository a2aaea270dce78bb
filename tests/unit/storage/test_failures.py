import errno
import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from fieldapp.errors import (
    DatabaseDamagedError,
    DatabaseFullError,
    HomeBusyError,
    StorageError,
    StorageFailedError,
)
from fieldapp.storage.failures import disk_errors, storage_error, translated


def sqlite_error(code: int) -> sqlite3.OperationalError:
    problem = sqlite3.OperationalError("secret words")
    problem.sqlite_errorcode = code
    return problem


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_FULL, DatabaseFullError),
        (sqlite3.SQLITE_IOERR_WRITE, DatabaseFullError),
        (sqlite3.SQLITE_IOERR_SHMSIZE, DatabaseFullError),
        (sqlite3.SQLITE_CORRUPT, DatabaseDamagedError),
        (sqlite3.SQLITE_CORRUPT_INDEX, DatabaseDamagedError),
        (sqlite3.SQLITE_NOTADB, DatabaseDamagedError),
        (sqlite3.SQLITE_BUSY, HomeBusyError),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, HomeBusyError),
        (sqlite3.SQLITE_LOCKED, HomeBusyError),
        (sqlite3.SQLITE_READONLY, StorageFailedError),
        (sqlite3.SQLITE_CANTOPEN, StorageFailedError),
        (sqlite3.SQLITE_IOERR_READ, StorageFailedError),
    ],
)
def test_the_result_code_names_who_must_act(code: int, expected: type[StorageError]) -> None:
    assert type(storage_error(sqlite_error(code))) is expected


def test_a_wrapped_error_is_judged_by_what_it_wraps() -> None:
    wrapped = OperationalError("INSERT", {}, sqlite_error(sqlite3.SQLITE_FULL))
    assert isinstance(storage_error(wrapped), DatabaseFullError)


def test_a_wrapper_around_nothing_is_a_failure_of_the_disk() -> None:
    wrapped = DBAPIError("INSERT", {}, sqlite3.Error())
    wrapped.orig = None
    assert isinstance(storage_error(wrapped), StorageFailedError)


def test_an_error_without_a_code_is_a_failure_of_the_disk() -> None:
    closed = sqlite3.ProgrammingError("closed")
    assert isinstance(storage_error(closed), StorageFailedError)


def test_an_exhausted_pool_means_busy() -> None:
    assert isinstance(storage_error(PoolTimeoutError()), HomeBusyError)


def test_the_text_of_a_database_error_is_not_passed_on() -> None:
    with pytest.raises(DatabaseDamagedError) as caught, translated():
        raise sqlite_error(sqlite3.SQLITE_CORRUPT)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, DatabaseFullError),
        (errno.EFBIG, DatabaseFullError),
        (errno.EACCES, StorageFailedError),
    ],
)
def test_a_refusal_of_the_system_becomes_ours(number: int, expected: type[StorageError]) -> None:
    with pytest.raises(expected), disk_errors():
        raise OSError(number, "no")
