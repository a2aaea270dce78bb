"""What an operator may know: counts, never a content and never a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from sync_server.storage.database import Database
from sync_server.storage.ledger import EARLY, QUARANTINED, WAITING
from sync_server.storage.media import media_bytes
from sync_server.storage.pages import Moment
from sync_server.storage.schema import LOG_ID, REVISIONS, revision_of
from sync_server.storage.streams import FORKED
from sync_server.storage.tables import BATCHES, INVITES, META, STREAMS


@dataclass(frozen=True, slots=True)
class Status:
    """The server's database in numbers."""

    database: str
    schema: str
    claimed: bool
    log_id: str
    head_position: int
    batches: int
    waiting: int
    forked: int
    quarantined: int
    early: int
    bytes: int
    devices: int
    streams: int
    invites: int
    media: int
    media_bytes: int
    last_stored_ms: int


def read_status(database: Database) -> Status:
    """Count what a database holds; an empty one counts as nothing.

    Raises:
        StorageError: the database refused, or a newer program made it.
    """
    with database.read() as connection:
        schema = revision_of(connection)
        if schema is None:
            return Status(database.name, "", False, "", *([0] * 13))  # noqa: FBT003 - a row of zeros
        totals = connection.execute(
            select(func.count(), func.sum(BATCHES.c.size), func.max(BATCHES.c.stored_ms))
        ).one()
        states = select(BATCHES.c.state, func.count()).group_by(BATCHES.c.state)
        by_state: dict[str, int] = {row[0]: row[1] for row in connection.execute(states)}
        media = media_bytes(connection) if schema in REVISIONS[1:] else (0, 0)
        devices = select(func.count(func.distinct(STREAMS.c.device)))
        return Status(
            database=database.name,
            schema=schema,
            claimed=totals[0] > 0,
            log_id=connection.execute(select(META.c.value).where(META.c.name == LOG_ID))
            .scalar_one()
            .hex(),
            head_position=Moment(connection).head_position,
            batches=totals[0],
            waiting=by_state.get(WAITING, 0),
            forked=by_state.get(FORKED, 0),
            quarantined=by_state.get(QUARANTINED, 0),
            early=by_state.get(EARLY, 0),
            bytes=totals[1] or 0,
            devices=connection.execute(devices).scalar_one(),
            streams=connection.execute(select(func.count()).select_from(STREAMS)).scalar_one(),
            invites=connection.execute(select(func.count()).select_from(INVITES)).scalar_one(),
            media=media[0],
            media_bytes=media[1],
            last_stored_ms=totals[2] or 0,
        )
