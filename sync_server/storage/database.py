"""The engine under the server: SQLite or PostgreSQL, and the only place where they differ.

Laws:
  * One writer at a time: SQLite by BEGIN IMMEDIATE, PostgreSQL by an advisory lock that is held
    until commit. So positions become visible in the order in which they were given out.
  * A commit is on the disk before it is answered: WAL with synchronous=FULL.
  * A reader sees one moment of the database, however many queries it makes.
  * Every driver error leaves here as a StorageError that says who acts, and repeats no value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from fieldapp.errors import (
    ConfigError,
    DatabaseDamagedError,
    DatabaseFullError,
    HomeBusyError,
    StorageError,
    StorageFailedError,
)

WRITER_LOCK: Final = 0x42_41_52_41_5A_41
"""The advisory lock of PostgreSQL that every worker's writer takes ("BARAZA")."""

BUSY_SECONDS: Final = 30
PAGE_BYTES: Final = 4096
CACHE_KIB: Final = 2048
POOL_CONNECTIONS: Final = 8

_SQLITE_ERRORS: Final[dict[int, type[StorageError]]] = {
    sqlite3.SQLITE_FULL: DatabaseFullError,
    sqlite3.SQLITE_BUSY: HomeBusyError,
    sqlite3.SQLITE_LOCKED: HomeBusyError,
    sqlite3.SQLITE_CORRUPT: DatabaseDamagedError,
    sqlite3.SQLITE_NOTADB: DatabaseDamagedError,
}
_POSTGRES_ERRORS: Final[dict[str, type[StorageError]]] = {
    "53": DatabaseFullError,
    "XX": DatabaseDamagedError,
}


def storage_error(problem: DBAPIError) -> StorageError:
    """Name the StorageError that a driver's error means."""
    cause = problem.orig
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return _SQLITE_ERRORS.get(code, StorageFailedError)()
    state = getattr(cause, "sqlstate", None) or ""
    return _POSTGRES_ERRORS.get(state[:2], StorageFailedError)()


class Database:
    """An open database.

    Args:
        url: a SQLAlchemy address, ``sqlite:///`` or ``postgresql+psycopg://``.
        max_bytes: size at which a SQLite file counts as full; 0 for no limit.

    Raises:
        ConfigError: the address does not parse.
    """

    def __init__(self, url: str, *, max_bytes: int = 0) -> None:
        try:
            self._engine = create_engine(
                url,
                pool_pre_ping=not url.startswith("sqlite"),
                pool_size=POOL_CONNECTIONS,
                max_overflow=0,
                pool_use_lifo=True,
                hide_parameters=True,
            )
        except ArgumentError as problem:
            raise ConfigError(
                "invalid_setting", setting="database_url", reason="not an address"
            ) from problem
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        if self.is_sqlite:
            _prepare_sqlite(self._engine, max_bytes)
        self._upserts: dict[str, Executable] = {}
        self._snapshots = (
            self._engine
            if self.is_sqlite
            else self._engine.execution_options(isolation_level="REPEATABLE READ")
        )

    @property
    def name(self) -> str:
        """The kind of database, for status and logs."""
        return self._engine.dialect.name

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open the one write transaction; commits at the end, rolls back on any error.

        Raises:
            StorageError: the database refused; nothing was written.
        """
        with _translated(), self._engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                if not self.is_sqlite:
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK}
                    )
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a read transaction over one moment of the database.

        Raises:
            StorageError: the database refused.
        """
        with _translated(), self._snapshots.connect() as connection, connection.begin():
            yield connection

    def upsert(self, table: Table, rows: Sequence[dict[str, Any]], connection: Connection) -> None:
        """Insert rows, or overwrite those with the same primary key."""
        if rows:
            connection.execute(self._upsert_into(table), list(rows))

    def _upsert_into(self, table: Table) -> Executable:
        """Build the statement once; building costs more than running it."""
        if table.name not in self._upserts:
            self._upserts[table.name] = self._make_upsert(table)
        return self._upserts[table.name]

    def _make_upsert(self, table: Table) -> Executable:
        make = sqlite.insert if self.is_sqlite else postgresql.insert
        statement = make(table)
        keys = [column.name for column in table.primary_key]
        changed = {
            column.name: statement.excluded[column.name]
            for column in table.columns
            if column.name not in keys
        }
        return statement.on_conflict_do_update(index_elements=keys, set_=changed)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as problem:
        if isinstance(problem, OperationalError) and problem.connection_invalidated:
            raise StorageFailedError(reason="connection lost") from problem
        raise storage_error(problem) from problem


def _prepare_sqlite(engine: Engine, max_bytes: int) -> None:
    """Take transactions away from the driver and set the pragmas of every connection."""
    pragmas = [
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        f"page_size = {PAGE_BYTES}",
        "journal_mode = WAL",
        "synchronous = FULL",
        f"cache_size = -{CACHE_KIB}",
    ]
    if max_bytes:
        pragmas.append(f"max_page_count = {max_bytes // PAGE_BYTES}")

    def connected(driver_connection: sqlite3.Connection, _record: object) -> None:
        driver_connection.isolation_level = None
        cursor = driver_connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
