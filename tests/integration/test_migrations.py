"""A vault is brought from every older schema to the newest, whatever interrupts it.

There is one released schema so far; invented older and newer ones stand in for those to come.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from fieldapp.errors import DatabaseDamagedError, DatabaseFullError, SchemaTooNewError
from fieldapp.storage import schema
from fieldapp.storage.outbox import open_outbox
from fieldapp.storage.rows import RecordPut
from fieldapp.storage.schema import copy_path, drop_copy, migrate
from fieldapp.storage.steps import STEPS
from fieldapp.storage.tables import metadata
from tests.support.children import child, next_line
from tests.support.vaults import open_vault, record, seeded

NEXT = len(STEPS) + 1

KILLED_IN_A_STEP = """
import sys
from pathlib import Path
from fieldapp.storage.schema import migrate
from fieldapp.storage.steps import STEPS

def first(connection):
    connection.execute("CREATE TABLE first (x)")

def second(connection):
    connection.execute("CREATE TABLE second (x)")
    print("inside", flush=True)
    sys.stdin.readline()

migrate(Path(sys.argv[1]), [*STEPS, first, second])
"""


def add_first(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE first (x)")


def add_second(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE second (x)")


def fail_half_way(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE second (x)")
    message = "a bug in a step"
    raise RuntimeError(message)


NEWER = [*STEPS, add_first, add_second]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "vault.db"
    vault = open_vault(place)
    with vault.transaction() as tx:
        tx.meta.set("officer", b"amina")
        tx.drafts.save(seeded("draft"), b"{}", 1)
        tx.records.put(RecordPut(record("ordinary"), b"state", b"card"))
        tx.records.put(
            RecordPut(record("restricted"), b"state", b"card", key=bytes(32), delete_after_ms=1)
        )
        tx.record_keys.put(seeded("own draft"), bytes(32), 1)
        tx.drafts.save(seeded("own draft"), b"{}", 1)
    vault.close()
    return place


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def names(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}


def rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def test_the_steps_end_where_the_tables_are_declared(tmp_path: Path) -> None:
    migrate(tmp_path / "steps.db")
    by_steps = inspect(create_engine(f"sqlite:///{tmp_path / 'steps.db'}"))
    declared_engine = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    metadata.create_all(declared_engine)
    declared = inspect(declared_engine)
    assert set(by_steps.get_table_names()) == set(declared.get_table_names())
    for table in metadata.tables:
        assert columns(by_steps, table) == columns(declared, table)
        assert by_steps.get_pk_constraint(table) == declared.get_pk_constraint(table)
        assert indexes(by_steps, table) == indexes(declared, table)


def columns(inspector: object, table: str) -> list[tuple[str, str, bool]]:
    found = inspector.get_columns(table)  # type: ignore[attr-defined]
    return [(column["name"], str(column["type"]), column["nullable"]) for column in found]


def indexes(inspector: object, table: str) -> list[tuple[str, list[str], bool]]:
    found = inspector.get_indexes(table)  # type: ignore[attr-defined]
    return sorted((index["name"], index["column_names"], bool(index["unique"])) for index in found)


def test_a_new_vault_needs_no_copy(path: Path) -> None:
    assert version(path) == len(STEPS)
    assert not copy_path(path).exists()


def test_each_missing_step_is_taken_once(path: Path) -> None:
    migrate(path, NEWER)
    migrate(path, NEWER)
    assert (version(path), {"first", "second"} <= names(path)) == (len(NEWER), True)


def test_a_newer_vault_is_refused_untouched(path: Path) -> None:
    migrate(path, NEWER)
    drop_copy(path)
    before = path.read_bytes()
    with pytest.raises(SchemaTooNewError) as caught:
        open_vault(path)
    assert caught.value.params == {"found": len(NEWER), "supported": len(STEPS)}
    assert path.read_bytes() == before
    with pytest.raises(SchemaTooNewError):
        open_outbox(path)


def test_the_copy_holds_the_vault_as_it_was(path: Path) -> None:
    migrate(path, NEWER)
    copy = copy_path(path)
    assert (version(copy), "first" in names(copy)) == (len(STEPS), False)
    copy.rename(path)
    vault = open_vault(path)
    with vault.reading() as tx:
        assert tx.meta.get("officer") == b"amina"
    vault.close()


def test_the_copy_leaves_out_what_lies_under_keys_of_its_own(path: Path) -> None:
    migrate(path, NEWER)
    copy = copy_path(path)
    assert [rows(copy, table) for table in ("record_keys", "records", "drafts")] == [0, 1, 1]
    assert [rows(path, table) for table in ("record_keys", "records", "drafts")] == [2, 2, 2]


def test_no_byte_of_a_record_key_is_in_the_copy(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        blobs = [blob for (blob,) in connection.execute("SELECT sealed FROM record_keys")]
    migrate(path, NEWER)
    assert [blob for blob in blobs if blob in copy_path(path).read_bytes()] == []
    assert all(blob in path.read_bytes() for blob in blobs)


def test_only_the_owner_may_read_the_copy(path: Path) -> None:
    migrate(path, NEWER)
    assert copy_path(path).stat().st_mode & 0o777 == 0o600


def test_a_failing_step_leaves_the_version_before_it(path: Path) -> None:
    with pytest.raises(RuntimeError):
        migrate(path, [*STEPS, add_first, fail_half_way])
    assert (version(path), "second" in names(path)) == (NEXT, False)
    migrate(path, NEWER)
    assert version(path) == len(NEWER)


def test_a_resumed_migration_keeps_the_copy_of_the_oldest_version(path: Path) -> None:
    with pytest.raises(RuntimeError):
        migrate(path, [*STEPS, add_first, fail_half_way])
    migrate(path, NEWER)
    assert version(copy_path(path)) == len(STEPS)


def test_a_kill_in_the_middle_of_a_step_is_resumed(path: Path) -> None:
    with child(KILLED_IN_A_STEP, str(path)) as process:
        assert next_line(process) == "inside"
        process.kill()
        process.wait()
    assert (version(path), "second" in names(path)) == (NEXT, False)
    migrate(path, NEWER)
    assert version(path) == len(NEWER)


def test_two_processes_take_each_step_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process takes the step while this one makes its copy."""
    keep_copy = schema._keep_copy

    def meanwhile(connection: sqlite3.Connection, place: Path) -> None:
        keep_copy(connection, place)
        monkeypatch.setattr(schema, "_keep_copy", keep_copy)
        migrate(place, [*STEPS, add_first])

    monkeypatch.setattr(schema, "_keep_copy", meanwhile)
    migrate(path, [*STEPS, add_first])
    assert version(path) == NEXT


def test_no_room_for_the_copy_touches_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: sqlite3.Connection) -> None:
        problem = sqlite3.OperationalError("full")
        problem.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise problem

    monkeypatch.setattr(schema, "_leave_out_record_keys", full)
    with pytest.raises(DatabaseFullError):
        migrate(path, NEWER)
    assert (version(path), copy_path(path).exists()) == (len(STEPS), False)
    monkeypatch.undo()
    migrate(path, NEWER)
    drop_copy(path)
    assert sorted(path.parent.iterdir()) == [path]


def test_a_step_that_ends_its_own_transaction_is_still_reported(path: Path) -> None:
    def rolled_back(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        message = "no room"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="no room"):
        migrate(path, [*STEPS, rolled_back])


def test_the_copy_goes_after_the_first_good_unlock_and_save(path: Path) -> None:
    migrate(path, NEWER)
    back_to_today(path)
    vault = open_vault(path)
    with vault.reading() as tx:
        tx.meta.get("officer")
    assert copy_path(path).exists(), "an unlock alone has proved nothing"
    with vault.transaction() as tx:
        tx.meta.set("officer", b"brian")
    assert not copy_path(path).exists()
    vault.close()


def test_a_save_that_failed_keeps_the_copy(path: Path) -> None:
    migrate(path, NEWER)
    back_to_today(path)
    vault = open_vault(path)
    with pytest.raises(RuntimeError), vault.transaction():
        raise RuntimeError
    assert copy_path(path).exists()
    vault.close()


def test_a_copy_that_cannot_be_removed_does_not_undo_a_save(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(path, NEWER)
    back_to_today(path)
    vault = open_vault(path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    with vault.transaction() as tx:
        tx.meta.set("officer", b"brian")
    monkeypatch.undo()
    with vault.transaction() as tx:
        assert tx.meta.get("officer") == b"brian"
    assert not copy_path(path).exists()
    vault.close()


def back_to_today(path: Path) -> None:
    """Call the invented newer schema today's, as the invented steps changed nothing else."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={len(STEPS)}")


def test_a_file_that_is_no_vault_is_called_damaged(tmp_path: Path) -> None:
    place = tmp_path / "vault.db"
    place.write_bytes(b"not a vault" * 1_000)
    with pytest.raises(DatabaseDamagedError):
        migrate(place)
    assert place.read_bytes() == b"not a vault" * 1_000
