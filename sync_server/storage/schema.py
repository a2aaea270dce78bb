"""The schema's age: what a database has, what this program needs, and the way between.

Laws:
  * An empty database and an older one are brought up to date in one transaction under the
    writer's lock, so two workers that start together migrate once.
  * A database of a newer program is refused before anything is read or written.
  * A new log id is given when a database is made, when one is restored, and when one turns out to
    have been put back by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, inspect, text, update

from fieldapp.errors import DatabaseDamagedError, SchemaTooNewError
from sync_server.storage.database import Database
from sync_server.storage.tables import COUNTER, META

REVISIONS: Final = ("0001", "0002")
"""Every step in order; the last one is what this program needs."""

LOG_ID: Final = "log_id"
_STEPS: Final = Path(__file__).parent / "migrations"


def revision_of(connection: Connection) -> str | None:
    """Return the step a database stands at, None for an empty one.

    Raises:
        SchemaTooNewError: a newer program made it.
        DatabaseDamagedError: tables of something else are in it.
    """
    names = set(inspect(connection).get_table_names())
    if "alembic_version" not in names:
        if META.name in names:
            raise DatabaseDamagedError(reason="no schema version")
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is None:
        return None
    if found not in REVISIONS:
        raise SchemaTooNewError(found=found, known=REVISIONS[-1])
    return str(found)


def migrate(database: Database, new_log_id: bytes) -> bool:
    """Bring a database up to date.

    Args:
        database: the database to migrate.
        new_log_id: 16 random bytes; used if the database is new.

    Returns:
        Whether there was anything to do.

    Raises:
        SchemaTooNewError: a newer program made it.
        StorageError: the database refused.
    """
    with database.read() as connection:
        before = revision_of(connection)
    if before == REVISIONS[-1]:
        return False
    with database.write() as connection:
        if revision_of(connection) != REVISIONS[-1]:
            _run_steps(connection)
        if connection.execute(COUNTER.select()).first() is None:
            connection.execute(
                insert(COUNTER), {"id": 1, "position": 0, "directory": 0, "snapshot": 0}
            )
            connection.execute(insert(META), {"name": LOG_ID, "value": new_log_id})
    return True


def replace_log_id(connection: Connection, log_id: bytes) -> None:
    """Make the log another one for every device."""
    connection.execute(update(META).where(META.c.name == LOG_ID).values(value=log_id))


def _run_steps(connection: Connection) -> None:
    # Alembic costs 10 MB and 80 ms; a server whose schema is current never loads it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
