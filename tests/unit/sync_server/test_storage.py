"""The database: both engines, the schema's age, backups, and what driver errors mean."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError, OperationalError

from fieldapp.errors import (
    ConfigError,
    DatabaseDamagedError,
    DatabaseFullError,
    HomeBusyError,
    SchemaTooNewError,
    StorageError,
    StorageFailedError,
)
from sync_server.config import Settings
from sync_server.storage import backup, schema
from sync_server.storage.backup import (
    POSITION_GAP,
    Copied,
    read_backup,
    read_key,
    write_backup,
)
from sync_server.storage.database import Database, storage_error
from sync_server.storage.pages import Moment
from sync_server.storage.schema import REVISIONS, migrate, revision_of
from sync_server.storage.status import read_status
from sync_server.storage.tables import COUNTER, META, METADATA
from tests.support.authors import Device, author, deposit
from tests.support.organisation import Organisation, small_organisation
from tests.support.postgres import PostgresCluster
from tests.support.server import SERVER_SECRET, make_exchange

LOG_ID = b"the first log id"
NEW_LOG_ID = b"another log's id"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'server.db'}"
    found: PostgresCluster = request.getfixturevalue("cluster")
    return Settings(database_url=found.new_database()).url


def sqlite_url(folder: Path, name: str = "server.db") -> str:
    return f"sqlite:///{folder / name}"


def filled(url: str) -> Organisation:
    """A database with an organisation, three batches of dalila's and one that waits."""
    organisation = small_organisation()
    exchange = make_exchange(url)
    root, *others = (batch for _, batch in organisation.log)
    exchange.claim_server(bytes.fromhex(exchange.claim_token()), root.raw)
    deposit(exchange, *others)
    deposit(exchange, *author(organisation, "dalila").batches(3))
    early = author(organisation, "chebet")
    early.batch()
    deposit(exchange, early.batch())
    exchange.close()
    return organisation


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2)])
def test_what_is_committed_is_on_the_disk_before_it_is_answered(
    tmp_path: Path, pragma: str, value: str | int
) -> None:
    database = Database(sqlite_url(tmp_path))
    with database.write() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    database.close()


# ---------------------------------------------------------------------- schema


def test_the_steps_make_the_tables_that_the_program_uses(url: str) -> None:
    database = Database(url)
    migrate(database, LOG_ID)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert revision_of(connection) == REVISIONS[-1]
    database.close()


def test_the_list_of_steps_is_the_folder_of_steps() -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    steps = [step.revision for step in scripts.walk_revisions()]
    assert tuple(reversed(steps)) == REVISIONS


def test_migrating_again_changes_nothing(url: str) -> None:
    database = Database(url)
    assert migrate(database, LOG_ID)
    assert not migrate(database, NEW_LOG_ID)
    with database.read() as connection:
        assert Moment(connection).log_id == LOG_ID
    database.close()


def test_a_newer_schema_is_refused_before_anything_is_touched(url: str) -> None:
    database = Database(url)
    migrate(database, LOG_ID)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError):
        migrate(database, LOG_ID)
    database.close()


def test_tables_of_something_else_are_left_alone(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    with database.write() as connection:
        META.create(connection)
    with pytest.raises(DatabaseDamagedError):
        migrate(database, LOG_ID)
    database.close()


def test_a_start_that_was_cut_between_tables_and_first_row_is_finished(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    assert migrate(database, LOG_ID)
    with database.read() as connection:
        assert connection.execute(COUNTER.select()).one().position == 0
    database.close()


def test_a_worker_that_comes_second_finds_the_work_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url(tmp_path))
    migrate(database, LOG_ID)
    seen_before_the_lock: list[str | None] = [None]

    def look(connection: Connection) -> str | None:
        return seen_before_the_lock.pop() if seen_before_the_lock else revision_of(connection)

    monkeypatch.setattr(schema, "revision_of", look)
    assert migrate(database, NEW_LOG_ID)
    with database.read() as connection:
        assert Moment(connection).log_id == LOG_ID
    database.close()


# ---------------------------------------------------------------------- status


def test_status_counts_what_is_there(url: str) -> None:
    filled(url)
    database = Database(url)
    found = read_status(database)
    database.close()
    assert (found.claimed, found.batches, found.waiting) == (True, 23, 1)
    assert (found.forked, found.quarantined, found.schema) == (0, 0, REVISIONS[-1])
    assert found.bytes > 0


def test_status_of_an_empty_database_is_zeros(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    found = read_status(database)
    database.close()
    assert (found.schema, found.claimed, found.batches, found.log_id) == ("", False, 0, "")


# ---------------------------------------------------------------------- backup


def test_a_backup_comes_back_into_either_database_as_another_log(url: str, tmp_path: Path) -> None:
    source_url = sqlite_url(tmp_path, "source.db")
    organisation = filled(source_url)
    source = Database(source_url)
    file = tmp_path / "backup.db"
    made = write_backup(source, file, private_key=SERVER_SECRET, log_id=LOG_ID)
    with source.read() as connection:
        old_log = Moment(connection).log_id
    source.close()
    target = Database(url)
    migrate(target, LOG_ID)
    copied = read_backup(file, target, log_id=NEW_LOG_ID)
    target.close()
    assert (copied, read_key(file)) == (made, SERVER_SECRET)
    restored = make_exchange(url)
    answer = Device(organisation["chebet"]).sync(restored)
    restored.close()
    assert old_log != answer.welcome.log_id == NEW_LOG_ID
    assert answer.welcome.head_position == made.head_position + POSITION_GAP
    assert len(answer.items) == 22


def test_a_backup_is_one_file_for_its_owner_alone(tmp_path: Path) -> None:
    filled(sqlite_url(tmp_path))
    source = Database(sqlite_url(tmp_path))
    folder = tmp_path / "backups"
    folder.mkdir()
    write_backup(source, folder / "one.db", private_key=SERVER_SECRET, log_id=LOG_ID)
    source.close()
    assert [path.name for path in folder.iterdir()] == ["one.db"]
    assert (folder / "one.db").stat().st_mode & 0o777 == 0o600


def test_a_restored_server_takes_again_what_it_lost(tmp_path: Path) -> None:
    organisation = filled(sqlite_url(tmp_path))
    source = Database(sqlite_url(tmp_path))
    write_backup(source, tmp_path / "b.db", private_key=SERVER_SECRET, log_id=LOG_ID)
    source.close()
    lost_office = organisation.issue(
        organisation["chebet"], organisation.office_statement(organisation["dalila"].unit, "admin")
    )
    lost = author(organisation, "brian").batch()
    target = Database(sqlite_url(tmp_path, "new.db"))
    migrate(target, LOG_ID)
    read_backup(tmp_path / "b.db", target, log_id=NEW_LOG_ID)
    target.close()
    restored = make_exchange(sqlite_url(tmp_path, "new.db"))
    assert not deposit(restored, lost).refused
    assert not deposit(restored, lost_office, lost).refused
    restored.close()


def test_a_backup_never_overwrites_and_says_when_it_cannot_write(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    migrate(database, LOG_ID)
    (tmp_path / "there").write_bytes(b"something")
    for path, code in (
        (tmp_path / "there", "file_exists"),
        (tmp_path / "no" / "folder", "folder_unwritable"),
    ):
        with pytest.raises(ConfigError) as caught:
            write_backup(database, path, private_key=SERVER_SECRET, log_id=LOG_ID)
        assert caught.value.code == code
    database.close()
    assert (tmp_path / "there").read_bytes() == b"something"


def test_a_backup_that_fails_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: object, _target: object) -> Copied:
        raise DatabaseFullError

    filled(sqlite_url(tmp_path))
    source, folder = Database(sqlite_url(tmp_path)), tmp_path / "backups"
    folder.mkdir()
    with monkeypatch.context() as patch, pytest.raises(DatabaseFullError):
        patch.setattr(backup, "_copy", full)
        write_backup(source, folder / "one.db", private_key=SERVER_SECRET, log_id=LOG_ID)
    assert list(folder.iterdir()) == []
    write_backup(source, folder / "one.db", private_key=SERVER_SECRET, log_id=LOG_ID)
    source.close()
    assert read_key(folder / "one.db") == SERVER_SECRET


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    migrate(database, LOG_ID)
    (tmp_path / "text").write_text("not a database" * 100)
    other = Database(sqlite_url(tmp_path, "other.db"))
    migrate(other, LOG_ID)
    other.close()
    with sqlite3.connect(tmp_path / "empty.db") as plain:
        plain.execute("CREATE TABLE t (x)")
    plain.close()
    for name in ("missing", "text", "other.db", "empty.db"):
        with pytest.raises(ConfigError) as caught:
            read_backup(tmp_path / name, database, log_id=NEW_LOG_ID)
        assert caught.value.code == "file_unreadable"
    database.close()


def test_a_backup_does_not_come_into_a_database_in_use(tmp_path: Path) -> None:
    filled(sqlite_url(tmp_path))
    database = Database(sqlite_url(tmp_path))
    write_backup(database, tmp_path / "b.db", private_key=SERVER_SECRET, log_id=LOG_ID)
    with pytest.raises(ConfigError) as caught:
        read_backup(tmp_path / "b.db", database, log_id=NEW_LOG_ID)
    database.close()
    assert caught.value.code == "file_exists"


# ---------------------------------------------------------------------- errors


def test_no_error_repeats_a_value(url: str) -> None:
    database = Database(url)
    migrate(database, LOG_ID)
    row = {"name": "a secret name", "value": b"a secret value"}
    with pytest.raises(StorageError) as caught, database.write() as connection:
        connection.execute(insert(META), row)
        connection.execute(insert(META), row)
    database.close()
    assert "INSERT INTO meta" in str(caught.value.__cause__)
    assert "secret value" not in str(caught.value.__cause__)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (sqlite3.SQLITE_FULL, DatabaseFullError),
        (sqlite3.SQLITE_BUSY, HomeBusyError),
        (sqlite3.SQLITE_NOTADB, DatabaseDamagedError),
        (sqlite3.SQLITE_CORRUPT | 0x100, DatabaseDamagedError),
        (sqlite3.SQLITE_IOERR, StorageFailedError),
    ],
)
def test_each_error_of_sqlite_says_who_acts(number: int, error: type[StorageError]) -> None:
    cause = sqlite3.OperationalError("text")
    cause.sqlite_errorcode = number
    assert type(storage_error(OperationalError("", {}, cause))) is error


@pytest.mark.parametrize(
    ("state", "error"),
    [("53100", DatabaseFullError), ("XX001", DatabaseDamagedError), (None, StorageFailedError)],
)
def test_each_error_of_postgresql_says_who_acts(
    state: str | None, error: type[StorageError]
) -> None:
    cause = Exception("text")
    cause.sqlstate = state  # type: ignore[attr-defined]  # as psycopg's errors have it
    assert type(storage_error(DBAPIError("", {}, cause))) is error


def test_an_address_that_does_not_parse_is_named() -> None:
    with pytest.raises(ConfigError):
        Database("not an address")


def test_a_lost_connection_is_no_damage(cluster: PostgresCluster) -> None:
    address = cluster.new_database()
    database = Database(Settings(database_url=address).url)
    migrate(database, LOG_ID)
    with pytest.raises(StorageFailedError), database.write() as connection:
        cluster.cut_connections(address)
        connection.execute(insert(META), {"name": "x", "value": b""})
    with database.read() as connection:
        assert Moment(connection).head_position == 0
    database.close()


def test_a_failed_transaction_leaves_nothing_behind(url: str) -> None:
    database = Database(url)
    migrate(database, LOG_ID)
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.execute(insert(META), {"name": "x", "value": b""})
        raise ZeroDivisionError
    with database.read() as connection:
        names = connection.execute(META.select()).all()
    database.close()
    assert len(names) == 1
