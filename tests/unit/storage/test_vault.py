import re
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fieldapp.errors import DatabaseDamagedError, StorageFailedError, TamperedBatchError
from fieldapp.storage import vault as vault_module
from fieldapp.storage.batches import NewBatch
from fieldapp.storage.rows import (
    OfficeKeyRow,
    QuarantineRow,
    RecordPut,
    SenderKey,
    StreamRow,
)
from fieldapp.storage.vault import Transaction, Vault
from tests.support.vaults import (
    CHANNEL,
    channel,
    device,
    kid,
    made_batch,
    office,
    open_vault,
    record,
    seeded,
)

MARKER = b"Marker Mkomani 7741"


def test_a_new_vault_opens_again_with_its_key(vault: Vault, path: Path) -> None:
    with vault.transaction() as tx:
        tx.meta.set("officer", b"amina")
    vault.close()
    again = open_vault(path)
    with again.reading() as tx:
        assert tx.meta.get("officer") == b"amina"
    again.close()


def test_another_key_does_not_open_it(vault: Vault, path: Path) -> None:
    vault.close()
    with pytest.raises(TamperedBatchError):
        open_vault(path, bytes(32))


def test_only_the_owner_may_read_its_files(vault: Vault, path: Path) -> None:
    with vault.transaction() as tx:
        tx.meta.set("officer", b"amina")
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {0o600}


def test_an_exception_takes_back_every_repository(vault: Vault) -> None:
    def fill_and_fail() -> None:
        with vault.transaction() as tx:
            fill(tx)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fill_and_fail()
    with vault.reading() as tx:
        assert tx.meta.get("cursor") is None
        assert (tx.drafts.all(), tx.streams.all(), tx.batches.counts()) == ([], [], {})
        assert (tx.sender_keys.all(), tx.office_keys.all(), tx.quarantine.all()) == ([], [], [])
        assert (tx.records.count(), tx.records.last_change()) == (0, 0)


def test_a_snapshot_refuses_to_write(vault: Vault) -> None:
    with pytest.raises(StorageFailedError), vault.reading() as tx:
        tx.meta.set("cursor", b"1")


def test_no_plaintext_reaches_the_disk(vault: Vault, path: Path) -> None:
    with vault.transaction() as tx:
        fill(tx)
    written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert MARKER not in written
    assert made_batch(1).raw in written, "the log was looked at, too"


def test_every_value_comes_back_as_it_was(vault: Vault) -> None:
    with vault.transaction() as tx:
        fill(tx)
    with vault.reading() as tx:
        assert tx.meta.get("cursor") == MARKER
        assert [draft.body for draft in tx.drafts.all()] == [MARKER, MARKER]
        assert tx.streams.all() == [StreamRow(device("amina"), CHANNEL, 1, made_batch(1).hash)]
        assert tx.office_keys.all() == [OfficeKeyRow(office("desk"), 1, MARKER)]
        assert tx.quarantine.all()[0].raw == MARKER
        assert [state for _, _, state in tx.records.changed_states(0)] == [MARKER, MARKER]


@pytest.mark.parametrize(
    ("table", "column", "read"),
    [
        ("meta", "sealed", lambda tx: tx.meta.get("cursor")),
        ("drafts", "sealed", lambda tx: tx.drafts.all()),
        ("records", "sealed_state", lambda tx: tx.records.changed_states(0)),
        ("records", "sealed_card", lambda tx: list(tx.index.cards())),
        ("sender_keys", "sealed", lambda tx: tx.sender_keys.all()),
        ("office_keys", "sealed", lambda tx: tx.office_keys.all()),
        ("record_keys", "sealed", lambda tx: tx.record_keys.all()),
        ("quarantine", "sealed", lambda tx: tx.quarantine.all()),
    ],
)
def test_a_sealed_value_does_not_open_in_another_row(
    vault: Vault, table: str, column: str, read: Callable[[Transaction], object]
) -> None:
    with vault.transaction() as tx:
        fill(tx)
        fill_again(tx)
    with vault.database.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE {table} SET {column} = (SELECT t.{column} FROM {table} AS t"  # noqa: S608
            f" WHERE t.rowid != {table}.rowid LIMIT 1)"
            if table not in {"meta", "office_keys"}
            else f"UPDATE {table} SET {column} = (SELECT max({column}) FROM {table})"  # noqa: S608
        )
    with pytest.raises(TamperedBatchError), vault.reading() as tx:
        read(tx)


def test_two_vault_objects_on_one_file_see_each_other_s_saves(vault: Vault, path: Path) -> None:
    beside = open_vault(path)
    with vault.transaction() as tx:
        tx.meta.set("cursor", b"1")
    with beside.transaction() as tx:
        assert tx.meta.get("cursor") == b"1"
        tx.meta.set("cursor", b"2")
    with vault.reading() as tx:
        assert tx.meta.get("cursor") == b"2"
    beside.close()


def test_threads_share_a_vault(vault: Vault) -> None:
    def save(number: int) -> None:
        with vault.transaction(durable=False) as tx:
            tx.drafts.save(seeded(f"draft {number}"), b"{}", number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(40)))
    with vault.reading() as tx:
        assert len(tx.drafts.all()) == 40


def test_a_vault_with_a_torn_page_is_called_damaged(vault: Vault, path: Path) -> None:
    rows = [RecordPut(record(f"r{n}"), bytes(900), b"card") for n in range(200)]
    with vault.transaction() as tx:
        tx.records.put_many(rows)
    vault.close()
    whole = bytearray(path.read_bytes())
    whole[40 * 4096 : 44 * 4096] = b"\xaa" * (4 * 4096)
    path.write_bytes(whole)
    with pytest.raises(DatabaseDamagedError):
        read_everything(path)


def read_everything(path: Path) -> None:
    vault = open_vault(path)
    try:
        with vault.reading() as tx:
            tx.records.changed_states(0)
    finally:
        vault.close()


def fill(tx: Transaction) -> None:
    """Put something, with the marker where content goes, into every repository."""
    tx.meta.set("cursor", MARKER)
    tx.drafts.save(seeded("draft"), MARKER, 1)
    tx.record_keys.put(seeded("own draft"), bytes(32), 99)
    tx.drafts.save(seeded("own draft"), MARKER, 2)
    tx.streams.set(device("amina"), CHANNEL, 1, made_batch(1).hash)
    tx.batches.add(NewBatch(made_batch(1), "outbox", 1))
    tx.sender_keys.put(SenderKey(kid("k"), device("amina"), CHANNEL, MARKER.ljust(32), 1))
    tx.office_keys.put(office("desk"), 1, MARKER)
    tx.records.put(RecordPut(record("ordinary"), MARKER, MARKER, stub=MARKER))
    tx.records.put(
        RecordPut(record("restricted"), MARKER, MARKER, key=bytes(32), delete_after_ms=9)
    )
    tx.quarantine.add(QuarantineRow(bytes(32), 0, "no_right", MARKER, 1))


def fill_again(tx: Transaction) -> None:
    """Add a second row where ``fill`` leaves one."""
    tx.meta.set("other", MARKER)
    other = SenderKey(kid("l"), device("amina"), channel("two"), MARKER.ljust(32), 2)
    tx.sender_keys.put(other)
    tx.office_keys.put(office("desk"), 2, MARKER)
    tx.quarantine.add(QuarantineRow(bytes(32), 1, "no_right", MARKER, 1))


def test_each_deed_that_the_first_docstring_lists_exists(vault: Vault) -> None:
    listed = re.findall(r"\b(\w+)\.(\w+)\(", vault_module.__doc__ or "")
    with vault.reading() as tx:
        parts = vars(tx)
        told = [(name, deed) for name, deed in listed if name in parts]
        assert [pair for pair in told if not hasattr(parts[pair[0]], pair[1])] == []
    assert {name for name, _ in told} == parts.keys()
