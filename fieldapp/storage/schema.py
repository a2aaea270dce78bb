"""Brings a vault file to the schema of this version of the app.

Laws:
  * ``PRAGMA user_version`` says how many steps were taken; it moves in the step's transaction,
    so that a crash leaves a whole version behind and the next start goes on from there.
  * Before the first step touches a vault that holds something, a copy is kept beside it. The copy
    leaves out what lies under keys of single records: dropping such a key must be final.
  * The copy of the oldest version stays until ``drop_copy``; a crash never replaces it by a copy
    of a half-migrated vault.
  * A file written by a newer app is refused before anything is changed.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from fieldapp.errors import SchemaTooNewError
from fieldapp.storage.database import BUSY_MS, Database, make_private_file
from fieldapp.storage.failures import translated
from fieldapp.storage.steps import STEPS, Step

COPY_SUFFIX = ".before-update"
_UNFINISHED_SUFFIX = ".before-update.part"


def migrate(path: Path, steps: Sequence[Step] = STEPS) -> None:
    """Take the steps that the file still lacks.

    Raises:
        SchemaTooNewError: a newer app wrote the file; nothing was changed.
        StorageError: the database refused; the next call goes on from the last whole step.
    """
    make_private_file(path)
    with translated(), closing(_connect(path)) as connection:
        found = _version(connection)
        if found > len(steps):
            raise SchemaTooNewError(found=found, supported=len(steps))
        if 0 < found < len(steps):
            _keep_copy(connection, path)
        for number in range(found, len(steps)):
            _take_step(connection, number, steps[number])


def is_current(database: Database) -> bool:
    """Tell whether every step was taken, without taking any."""
    with database.reading() as connection:
        found: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return found == len(STEPS)


def copy_path(path: Path) -> Path:
    """Return where the copy of a vault lies while it exists."""
    return path.with_name(path.name + COPY_SUFFIX)


def drop_copy(path: Path) -> None:
    """Remove the copy, and what a crash left of an unfinished one."""
    for suffix in (COPY_SUFFIX, _UNFINISHED_SUFFIX):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    return connection


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _take_step(connection: sqlite3.Connection, number: int, step: Step) -> None:
    """Take one step unless another process took it while this one waited for its turn."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:  # Commits at its end, rolls back on whatever ends it early.
        if _version(connection) == number:
            step(connection)
            connection.execute(f"PRAGMA user_version={number + 1}")


def _keep_copy(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the vault beside itself; an existing copy is older and stays."""
    target = copy_path(path)
    if target.exists():
        return
    part = path.with_name(path.name + _UNFINISHED_SUFFIX)
    part.unlink(missing_ok=True)
    make_private_file(part)
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode=MEMORY")
        copy.execute("PRAGMA secure_delete=ON")
        _leave_out_record_keys(copy)
    part.replace(target)


def _leave_out_record_keys(copy: sqlite3.Connection) -> None:
    """Remove the keys and what they opened; ``secure_delete`` overwrites them where they lie."""
    copy.execute("BEGIN")
    copy.execute("DELETE FROM record_keys")
    copy.execute("DELETE FROM records WHERE own_key = 1")
    copy.execute("DELETE FROM drafts WHERE own_key = 1")
    copy.execute("COMMIT")
    copy.execute("VACUUM")
