"""A backup: every row, every chunk and the signing key in one portable file.

Laws:
  * A backup is one moment of the database, also while the server works.
  * The file is a SQLite database with the server's own tables, whichever database it came from,
    so that it can be brought back into either.
  * A file that could not be finished is removed, so that the same name serves again.
  * It holds the server's signing key and is therefore for its owner's eyes only.
  * A restored server is another log: it gets a new log id, and its positions go on far beyond
    the old ones, so that nothing a device remembers can be taken for something newer.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    update,
)

from fieldapp.errors import ConfigError, DatabaseDamagedError, StorageFailedError
from sync_server.storage.chunk_store import ChunkStore
from sync_server.storage.database import Database
from sync_server.storage.schema import migrate, replace_log_id, revision_of
from sync_server.storage.tables import BATCHES, COUNTER, MEDIA, META, METADATA

CHUNK_ROWS: Final = 500
POSITION_GAP: Final = 1_000_000
"""How far positions jump at a restore: more than a server hands out between two backups."""

OWNER_ONLY: Final = 0o600
KEY_NAME: Final = "server_key"
_CHUNKS: Final = Table(
    "chunks",
    MetaData(),
    Column("chunk", LargeBinary(32), primary_key=True),
    Column("raw", LargeBinary, nullable=False),
)
"""The bytes of the chunks: in a backup only, as a server keeps them as files."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restore moved."""

    batches: int
    head_position: int


def write_backup(
    database: Database,
    path: Path,
    *,
    private_key: bytes,
    log_id: bytes,
    chunks: ChunkStore | None = None,
) -> Copied:
    """Copy a database into a new file.

    Args:
        database: the server's database; it may be in use.
        path: the file to make.
        private_key: the server's signing key, kept in the file.
        log_id: 16 bytes for the file's own bookkeeping; replaced by the copied id.
        chunks: the folder of pictures and sounds.

    Raises:
        ConfigError: the file exists or cannot be written.
        StorageError: the database refused.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    except FileExistsError as problem:
        raise ConfigError("file_exists", what="backup") from problem
    except OSError as problem:
        raise ConfigError("folder_unwritable", what="backup") from problem
    with ExitStack() as undo:
        undo.callback(path.unlink)
        copied = _fill(path, database, private_key=private_key, log_id=log_id, chunks=chunks)
        undo.pop_all()
    _settle(path)
    return copied


def _fill(
    path: Path,
    database: Database,
    *,
    private_key: bytes,
    log_id: bytes,
    chunks: ChunkStore | None,
) -> Copied:
    with _opened(path) as target:
        migrate(target, log_id)
        with database.read() as source, target.write() as copy:
            for table in (COUNTER, META):
                copy.execute(table.delete())
            copied = _copy(source, copy)
            _CHUNKS.create(copy)
            if chunks is not None:
                _pack(copy, chunks)
            copy.execute(insert(META), {"name": KEY_NAME, "value": private_key})
        return copied


def read_backup(
    path: Path, database: Database, *, log_id: bytes, chunks: ChunkStore | None = None
) -> Copied:
    """Bring a backup into an empty database.

    Args:
        path: the backup.
        database: an up-to-date database without batches.
        log_id: 16 new random bytes.
        chunks: the folder of pictures and sounds, to be filled.

    Raises:
        ConfigError: the file is missing or no backup, or the database holds batches already.
        SchemaTooNewError: a newer program wrote the backup.
        StorageError: the database refused.
    """
    with _opened_backup(path) as origin:
        _key_of(origin)
        migrate(origin, log_id)
        with origin.read() as source, database.write() as copy:
            if copy.execute(select(func.count()).select_from(BATCHES)).scalar():
                raise ConfigError("file_exists", what="database")
            for table in (COUNTER, META):
                copy.execute(table.delete())
            copied = _copy(source, copy)
            if chunks is not None:
                _unpack(source, chunks)
            copy.execute(META.delete().where(META.c.name == KEY_NAME))
            replace_log_id(copy, log_id)
            copy.execute(update(COUNTER).values(position=COUNTER.c.position + POSITION_GAP))
    return copied


def read_key(path: Path) -> bytes:
    """Return the server's signing key that a backup holds.

    Raises:
        ConfigError: the file is missing or no backup.
        SchemaTooNewError: a newer program wrote the backup.
    """
    with _opened_backup(path) as origin:
        return _key_of(origin)


def _pack(copy: Connection, chunks: ChunkStore) -> None:
    """Put the bytes of each chunk into the file, one at a time."""
    named = select(MEDIA.c.chunk).where(~MEDIA.c.gone).distinct()
    for chunk in copy.execute(named).scalars().all():
        content = chunks.read(chunk)
        if content is not None:
            copy.execute(insert(_CHUNKS), {"chunk": chunk, "raw": content})


def _unpack(source: Connection, chunks: ChunkStore) -> None:
    """Bring the chunks of a backup into their folder; an older backup has none."""
    if _CHUNKS.name not in inspect(source).get_table_names():
        return
    for row in source.execute(select(_CHUNKS), execution_options={"yield_per": 1}):
        chunks.keep(row.chunk, row.raw)


def _key_of(origin: Database) -> bytes:
    try:
        with origin.read() as source:
            revision_of(source)
            found = source.execute(select(META.c.value).where(META.c.name == KEY_NAME)).scalar()
    except (DatabaseDamagedError, StorageFailedError) as problem:
        raise ConfigError("file_unreadable", what="backup") from problem
    if found is None:
        raise ConfigError("file_unreadable", what="backup")
    return bytes(found)


def _copy(source: Connection, target: Connection) -> Copied:
    for table in METADATA.sorted_tables:
        for rows in _chunks(source, table):
            target.execute(insert(table), rows)
    batches = target.execute(select(func.count()).select_from(BATCHES)).scalar_one()
    return Copied(int(batches), int(target.execute(select(COUNTER.c.position)).scalar_one()))


def _chunks(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = source.execute(select(table), execution_options={"yield_per": CHUNK_ROWS})
    for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _opened_backup(path: Path) -> Iterator[Database]:
    if not path.is_file():
        raise ConfigError("file_unreadable", what="backup")
    with _opened(path) as origin:
        yield origin


def _settle(path: Path) -> None:
    """Fold the write-ahead log into the file, so that the one file is the whole backup."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
