"""One SQLite file: how it is opened, and the one way a transaction runs on it.

Laws:
  * WAL, ``secure_delete`` and foreign keys are on for each connection.
  * A writing transaction starts with BEGIN IMMEDIATE: it waits for its turn at the start and can
    never fail half way because another writer came first.
  * A writing transaction is durable (``synchronous=FULL``) unless the caller says that what it
    writes can be fetched again.
  * One writer at a time: threads queue on a lock here, processes on SQLite's own lock.
  * Leaving a transaction by an exception changes nothing on disk.
  * A frozen database, for a disk without room for a log, is read as it lies in its one file.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event

from fieldapp.errors import DatabaseFullError, HomeBusyError, StorageError
from fieldapp.storage.failures import translated

BUSY_MS = 5_000
PAGE_BYTES = 4_096
OWNER_ONLY = 0o600
_BEGIN = "baraza_begin"
_DAMAGED = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


def engine_version() -> str:
    """Return the version of the SQLite underneath, for a report to share."""
    return sqlite3.sqlite_version


class Database:
    """A SQLite file with its pool of connections.

    Args:
        path: the file; made, readable by its owner only, where it does not exist.
        busy_ms: how long a transaction waits for another writer.
        page_bytes: the size of a page, where the file is made now.
        is_frozen: only read, without the smallest file beside it.

    Raises:
        DatabaseFullError: it cannot be frozen, as a part of it is in its log.
    """

    def __init__(
        self,
        path: Path,
        *,
        busy_ms: int = BUSY_MS,
        page_bytes: int = PAGE_BYTES,
        is_frozen: bool = False,
    ) -> None:
        self.path = path
        self.is_frozen = is_frozen
        self._page_bytes = page_bytes
        self.busy_ms = busy_ms
        self.max_pages: int | None = None
        self._writer = threading.Lock()
        self._owner: int | None = None
        make_private_file(path)
        self._engine = self._make_frozen() if is_frozen else self._make_engine()

    def _make_frozen(self) -> Engine:
        log = self.path.with_name(self.path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise DatabaseFullError
        address = f"{self.path.resolve().as_uri()}?immutable=1"
        engine = create_engine(
            "sqlite+pysqlite://",
            creator=lambda: sqlite3.connect(address, uri=True, check_same_thread=False),
            poolclass=QueuePool,
            pool_timeout=self.busy_ms / 1000,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _leave_beginning_to_us)
        event.listen(engine, "begin", _begin)
        return engine

    def _make_engine(self) -> Engine:
        engine = create_engine(
            URL.create("sqlite+pysqlite", database=str(self.path)),
            connect_args={"check_same_thread": False, "timeout": self.busy_ms / 1000},
            pool_timeout=self.busy_ms / 1000,
            hide_parameters=True,
        )
        event.listen(engine, "connect", partial(_prepare, self._page_bytes))
        event.listen(engine, "begin", _begin)
        return engine

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """Run the one writing transaction; commit at the end, roll back on any exception.

        Raises:
            StorageError: the database refused; nothing was written.
        """
        self._require_room()
        self._take_turn()
        try:
            with translated(), self._connected(durable=durable) as connection, connection.begin():
                yield connection
        finally:
            self._owner = None
            self._writer.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one unchanging state of the database beside any writer.

        Raises:
            StorageError: the database refused.
        """
        with translated(), self._engine.connect() as connection:
            _driver(connection).execute("PRAGMA query_only=ON")
            with connection.begin():
                yield connection

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the file and empty it.

        Returns:
            False if a reader still needs the log; try again later.
        """
        self._require_room()
        with translated(), self._connected(durable=True) as connection:
            driver = _driver(connection)
            driver.execute("PRAGMA busy_timeout=0")
            busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            driver.execute(f"PRAGMA busy_timeout={self.busy_ms}")
        return not busy

    def close(self) -> None:
        """Close every connection; the last one to close removes the write-ahead log."""
        self._engine.dispose()

    def _require_room(self) -> None:
        if self.is_frozen:
            raise DatabaseFullError

    def _take_turn(self) -> None:
        if self._owner == threading.get_ident():
            raise StorageError(what="nested_transaction")
        if not self._writer.acquire(timeout=self.busy_ms / 1000):
            raise HomeBusyError("database_busy")
        self._owner = threading.get_ident()

    @contextmanager
    def _connected(self, *, durable: bool) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            driver = _driver(connection)
            driver.execute("PRAGMA query_only=OFF")
            driver.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            if self.max_pages is not None:
                driver.execute(f"PRAGMA max_page_count={self.max_pages}")
            yield connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


@contextmanager
def held_alone(path: Path, wait_ms: int = 0) -> Iterator[None]:
    """Hold a file for this process until the end, however that comes.

    Only the lock counts: the file holds nothing, so one that is damaged is emptied.

    Raises:
        HomeBusyError: another process holds it.
    """
    make_private_file(path)
    with closing(_lock_file(path, wait_ms)) as connection:
        with translated():
            try:
                connection.execute("PRAGMA journal_mode=MEMORY")  # Needs no room on the disk.
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.DatabaseError as problem:
                if problem.sqlite_errorcode not in _DAMAGED:
                    raise
                path.write_bytes(b"")
                connection.execute("BEGIN EXCLUSIVE")
        yield


def _lock_file(path: Path, wait_ms: int) -> sqlite3.Connection:
    with translated():
        return sqlite3.connect(
            path, isolation_level=None, timeout=wait_ms / 1000, check_same_thread=False
        )


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, unless it exists."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def _prepare(page_bytes: int, driver: sqlite3.Connection, _record: object) -> None:
    """Set up a new connection."""
    _leave_beginning_to_us(driver, _record)
    driver.execute(f"PRAGMA page_size={page_bytes}")
    driver.execute("PRAGMA journal_mode=WAL")
    driver.execute("PRAGMA secure_delete=ON")
    driver.execute("PRAGMA foreign_keys=ON")
    driver.execute("PRAGMA temp_store=MEMORY")


def _leave_beginning_to_us(driver: sqlite3.Connection, _record: object) -> None:
    """Let transactions be begun by us, never by the driver."""
    driver.isolation_level = None


def _begin(connection: Connection) -> None:
    begin = connection.get_execution_options().get(_BEGIN, "BEGIN")
    connection.exec_driver_sql(begin)
