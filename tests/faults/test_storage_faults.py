"""Saved means saved: a vault through kill -9 and a full disk."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fieldapp.errors import DatabaseFullError
from fieldapp.storage import vault as vault_module
from fieldapp.storage.batches import NewBatch
from fieldapp.storage.pin_delay import PinDelay
from fieldapp.storage.rows import RecordPut
from fieldapp.storage.vault import Vault
from tests.support.children import child, next_line
from tests.support.vaults import VAULT_KEY, CountingCipher, made_batch, open_vault, record, seeded

UNLIMITED = 0xFFFFFFFE

KILLED_WHILE_TYPING = """
import sys
from pathlib import Path
from tests.support.vaults import open_vault, seeded
vault = open_vault(Path(sys.argv[1]))
for number in range(100_000):
    with vault.transaction() as tx:
        tx.drafts.save(seeded("draft"), str(number).encode() * 50, number)
    print(number, flush=True)
"""

KILLED_INSIDE_A_SAVE = """
import sys
from pathlib import Path
from tests.support.vaults import open_vault, seeded
vault = open_vault(Path(sys.argv[1]))
with vault.transaction() as tx:
    tx.drafts.save(seeded("draft"), b"new", 2)
    print("inside", flush=True)
    sys.stdin.readline()
"""

FILE_SIZE_LIMIT = """
import resource, sys
from pathlib import Path
from fieldapp.errors import DatabaseFullError
from fieldapp.storage.rows import RecordPut
from tests.support.vaults import open_vault, record
path = Path(sys.argv[1])
vault = open_vault(path)
with vault.transaction() as tx:
    tx.records.put(RecordPut(record("before"), b"state", b"card"))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 50_000, hard))
try:
    with vault.transaction() as tx:
        rows = [RecordPut(record(f"r{n}"), bytes(4_000), b"card") for n in range(100)]
        tx.records.put_many(rows)
except DatabaseFullError:
    print("full", flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
with vault.transaction() as tx:
    tx.records.put(RecordPut(record("after"), b"state", b"card"))
    print(tx.records.count(), flush=True)
"""


WRITES_BESIDE = """
import sys
from pathlib import Path
from tests.support.vaults import open_vault, seeded
vault = open_vault(Path(sys.argv[1]))
print("open", flush=True)
for number in range(50):
    with vault.transaction() as tx:
        tx.drafts.save(seeded(f"child {number}"), b"{}", number)
print("done", flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.db"


def saved_draft(path: Path) -> bytes:
    vault = open_vault(path)
    with vault.reading() as tx:
        draft = tx.drafts.get(seeded("draft"))
    vault.close()
    assert draft is not None
    return draft.body


def assert_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("lines", [1, 7, 40])
def test_a_kill_between_saves_loses_nothing_that_was_saved(path: Path, lines: int) -> None:
    with child(KILLED_WHILE_TYPING, str(path)) as process:
        shown = [next_line(process) for _ in range(lines)]
        process.kill()
        process.wait()
    body = saved_draft(path)
    number = int(body[: len(body) // 50])
    assert number >= int(shown[-1])
    assert body == str(number).encode() * 50
    assert_sound(path)


def test_a_kill_inside_a_save_keeps_the_older_draft(path: Path) -> None:
    vault = open_vault(path)
    with vault.transaction() as tx:
        tx.drafts.save(seeded("draft"), b"old", 1)
    vault.close()
    with child(KILLED_INSIDE_A_SAVE, str(path)) as process:
        assert next_line(process) == "inside"
        process.kill()
        process.wait()
    assert saved_draft(path) == b"old"
    assert_sound(path)


def test_a_kill_beside_another_process_leaves_its_vault_usable(path: Path) -> None:
    vault = open_vault(path)
    with child(KILLED_INSIDE_A_SAVE, str(path)) as process:
        assert next_line(process) == "inside"
        process.kill()
        process.wait()
    with vault.transaction() as tx:
        tx.drafts.save(seeded("draft"), b"mine", 1)
    vault.close()
    assert saved_draft(path) == b"mine"


def test_two_processes_write_one_vault_without_losing_a_save(path: Path) -> None:
    vault = open_vault(path)
    with child(WRITES_BESIDE, str(path)) as process:
        assert next_line(process) == "open"
        for number in range(50):
            with vault.transaction() as tx:
                tx.drafts.save(seeded(f"parent {number}"), b"{}", number)
        assert next_line(process) == "done"
    with vault.reading() as tx:
        assert len(tx.drafts.all()) == 100
    vault.close()
    assert_sound(path)


def fill_up(vault: Vault) -> None:
    rows = [RecordPut(record(f"r{number}"), bytes(4_000), b"card") for number in range(100)]
    with vault.transaction() as tx:
        tx.streams.set(b"d" * 16, b"c" * 8, 1, bytes(32))
        tx.batches.add(NewBatch(made_batch(1), "outbox", 1))
        tx.records.put_many(rows)


def test_no_room_takes_the_whole_transaction_back(path: Path) -> None:
    vault = open_vault(path)
    vault.database.max_pages = 60
    with pytest.raises(DatabaseFullError):
        fill_up(vault)
    with vault.reading() as tx:
        assert (tx.streams.all(), tx.batches.counts(), tx.records.count()) == ([], {}, 0)
    vault.close()
    assert_sound(path)


def test_writing_goes_on_when_there_is_room_again(path: Path) -> None:
    vault = open_vault(path)
    vault.database.max_pages = 60
    with pytest.raises(DatabaseFullError):
        fill_up(vault)
    vault.database.max_pages = UNLIMITED
    fill_up(vault)
    with vault.reading() as tx:
        assert tx.records.count() == 100
    vault.close()
    assert_sound(path)


def test_a_file_size_limit_counts_as_no_room(path: Path) -> None:
    with child(FILE_SIZE_LIMIT, str(path)) as process:
        assert [next_line(process), next_line(process)] == ["full", "2"]
        assert process.wait() == 0
    assert_sound(path)


ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from fieldapp.errors import FieldAppError
from fieldapp.storage.pin_delay import PinDelay
delay = PinDelay(Path(sys.argv[1]))
delay.begin(0)
delay.succeed()
resource.setrlimit(resource.RLIMIT_FSIZE, (delay.path.stat().st_size,) * 2)
def say(deed):
    try:
        print(deed(), flush=True)
    except FieldAppError as problem:
        print(problem.code, flush=True)
say(lambda: delay.begin(10_000))
say(lambda: delay.begin(10_500))
say(lambda: delay.begin(11_000))
say(delay.succeed)
resource.setrlimit(resource.RLIMIT_FSIZE, (4_096,) * 2)
say(lambda: PinDelay(delay.path.with_name("never")).begin(0))
"""


def test_tries_are_counted_on_a_full_disk_and_one_that_cannot_be_passes_nobody(
    tmp_path: Path,
) -> None:
    with child(ON_A_FULL_DISK, str(tmp_path / "tries")) as process:
        said = list(iter(lambda: next_line(process), ""))
    assert said == ["1", "wrong_pin_wait", "2", "None", "database_full"]
    assert PinDelay(tmp_path / "tries").begin(20_000) == 1


def frozen(path: Path) -> Vault:
    return Vault.open(
        path, CountingCipher(VAULT_KEY), record_cipher=CountingCipher, may_freeze=True
    )


@pytest.fixture
def full(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed vault with a record, on a disk that then has no room for its log."""
    vault = open_vault(path)
    with vault.transaction() as tx:
        tx.records.put(RecordPut(record("before"), b"state", b"card"))
    vault.close()

    def refuse(_path: Path) -> None:
        raise DatabaseFullError

    monkeypatch.setattr(vault_module, "migrate", refuse)
    return path


def test_a_vault_on_a_full_disk_is_read_and_never_written(full: Path) -> None:
    with pytest.raises(DatabaseFullError):
        open_vault(full)
    before = full.read_bytes()
    vault = frozen(full)
    with vault.reading() as outer, vault.reading() as inner:
        assert outer.records.count() == inner.records.count() == 1
    with pytest.raises(DatabaseFullError), vault.transaction() as tx:
        tx.records.put(RecordPut(record("after"), b"state", b"card"))
    vault.close()
    assert full.read_bytes() == before
    assert {path.name for path in full.parent.iterdir()} == {full.name}


def test_a_vault_is_not_read_without_its_log_nor_by_another_schema(full: Path) -> None:
    log = full.with_name(full.name + "-wal")
    log.write_bytes(b"something that was saved")
    with pytest.raises(DatabaseFullError):
        frozen(full)
    log.unlink()
    frozen(full).close()
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(DatabaseFullError):
        frozen(full)
