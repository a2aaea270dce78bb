import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldapp.errors import DatabaseDamagedError, HomeBusyError, StorageError, StorageFailedError
from fieldapp.storage.database import Database

MAKE = text("CREATE TABLE t (x INTEGER)")
ADD = text("INSERT INTO t VALUES (:x)")
COUNT = text("SELECT count(*) FROM t")


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    made = Database(path, busy_ms=50)
    with made.writing() as connection:
        connection.execute(MAKE)
    yield made
    made.close()


def count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(COUNT).scalar_one())


def pragma(database: Database, name: str, *, durable: bool = True) -> object:
    with database.writing(durable=durable) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_only_the_owner_may_read_the_file(database: Database) -> None:
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600


def test_the_log_beside_the_file_is_as_private_as_the_file(database: Database) -> None:
    log = database.path.with_name(database.path.name + "-wal")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("secure_delete", 1), ("foreign_keys", 1), ("synchronous", 2)],
)
def test_a_writing_transaction_runs_under_the_promised_pragmas(
    database: Database, name: str, value: object
) -> None:
    assert pragma(database, name) == value


def test_what_can_be_pulled_again_is_not_flushed_each_time(database: Database) -> None:
    assert pragma(database, "synchronous", durable=False) == 1
    assert pragma(database, "synchronous") == 2


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    def add_and_fail() -> None:
        with database.writing() as connection:
            connection.execute(ADD, {"x": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()
    assert count(database) == 0


def test_a_reader_sees_one_state_while_a_writer_commits(database: Database) -> None:
    with database.reading() as reader:
        before = reader.execute(COUNT).scalar_one()
        with database.writing() as writer:
            writer.execute(ADD, {"x": 1})
        assert reader.execute(COUNT).scalar_one() == before
    assert count(database) == 1


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageFailedError), database.reading() as reader:
        reader.execute(ADD, {"x": 1})
    assert count(database) == 0


def test_a_reader_s_connection_writes_again_for_a_writer(database: Database) -> None:
    count(database)
    with database.writing() as writer:
        writer.execute(ADD, {"x": 1})
    assert count(database) == 1


def test_a_transaction_inside_a_transaction_is_refused_at_once(database: Database) -> None:
    with database.writing(), pytest.raises(StorageError) as caught, database.writing():
        pass
    assert caught.value.params == {"what": "nested_transaction"}


def test_a_second_thread_waits_for_its_turn_and_then_gives_up(database: Database) -> None:
    def write() -> None:
        with database.writing():
            pass

    with database.writing(), ThreadPoolExecutor(1) as pool:
        problem = pool.submit(write).exception()
    assert isinstance(problem, HomeBusyError)


def test_threads_take_turns(path: Path) -> None:
    database = Database(path)
    with database.writing() as connection:
        connection.execute(MAKE)

    def add(x: int) -> None:
        with database.writing(durable=False) as connection:
            connection.execute(ADD, {"x": x})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(100)))
    assert count(database) == 100
    database.close()


def test_another_process_s_writer_is_waited_for_and_named_busy(database: Database) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HomeBusyError), database.writing():
            pass
        other.execute("ROLLBACK")
    with database.writing() as connection:
        connection.execute(ADD, {"x": 1})
    assert count(database) == 1


def test_readers_go_on_while_another_process_writes(database: Database) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert count(database) == 0


def test_a_checkpoint_empties_the_log(database: Database) -> None:
    assert database.checkpoint()
    assert database.path.with_name(database.path.name + "-wal").stat().st_size == 0


def test_a_checkpoint_behind_a_reader_is_put_off_at_once(database: Database) -> None:
    with database.reading() as reader:
        reader.execute(COUNT)
        with database.writing() as writer:
            writer.execute(ADD, {"x": 1})
        assert not database.checkpoint()
    assert database.checkpoint()


def test_a_file_that_is_no_database_is_called_damaged(path: Path) -> None:
    path.write_bytes(b"x" * 4096)
    database = Database(path)
    with pytest.raises(DatabaseDamagedError), database.reading() as reader:
        reader.execute(COUNT)
    database.close()


def test_a_closed_database_lets_the_file_be_removed(path: Path) -> None:
    database = Database(path)
    with database.writing() as connection:
        connection.execute(MAKE)
    database.close()
    assert sorted(path.parent.iterdir()) == [path]


def test_too_many_readers_at_once_are_told_to_wait(database: Database) -> None:
    ready = threading.Barrier(16)
    done = threading.Event()

    def read() -> None:
        with suppress(HomeBusyError), database.reading():
            ready.wait()
            done.wait()

    readers = [threading.Thread(target=read) for _ in range(15)]
    for reader in readers:
        reader.start()
    ready.wait()
    try:
        with pytest.raises(HomeBusyError), database.reading():
            pass
    finally:
        done.set()
        for reader in readers:
            reader.join()
