"""The vault under the real cipher, and what is left once its key file was destroyed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.crypto.keystore import KdfParams, new_vault_key, unwrap_vault_key, wrap_vault_key
from fieldapp.crypto.rowcipher import RowCipher
from fieldapp.crypto.secret import Secret
from fieldapp.errors import CryptoError, FieldAppError, NotEnrolledError
from fieldapp.storage.batches import NewBatch
from fieldapp.storage.home import Home
from fieldapp.storage.key_file import KeyFile
from fieldapp.storage.outbox import open_outbox
from fieldapp.storage.rows import RecordPut
from fieldapp.storage.vault import Vault
from tests.support.vaults import made_batch, record

PIN = "493817"
CHEAP = KdfParams(memory_kib=64, passes=1)
MARKER = b"Marker Mkomani 7741"


def open_with(home: Home, vault_key: Secret) -> Vault:
    return Vault.open(
        home.vault,
        RowCipher(vault_key, "vault"),
        record_cipher=lambda key: RowCipher(Secret(key), "record"),
    )


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    made.make()
    vault_key = new_vault_key()
    KeyFile(made.key).write(wrap_vault_key(vault_key, PIN, CHEAP))
    vault = open_with(made, vault_key)
    with vault.transaction() as tx:
        tx.meta.set("officer", MARKER)
        tx.records.put(RecordPut(record("a"), MARKER, MARKER))
        tx.records.put(RecordPut(record("b"), MARKER, MARKER, key=bytes(32), delete_after_ms=1))
        tx.batches.add(NewBatch(made_batch(1), "outbox", 1))
    yield made
    vault.close()


def files(home: Home) -> list[Path]:
    return [path for path in home.root.rglob("*") if path.is_file()]


def test_the_right_pin_opens_everything(home: Home) -> None:
    vault = open_with(home, unwrap_vault_key(KeyFile(home.key).read(), PIN))
    with vault.reading() as tx:
        rows = tx.records.get_many([record("a"), record("b")])
    assert [row.state for row in rows.values()] == [MARKER, MARKER]
    vault.close()


def test_another_vault_s_key_is_refused(home: Home) -> None:
    with pytest.raises(CryptoError):
        open_with(home, new_vault_key())


def test_nothing_in_the_home_is_plain(home: Home) -> None:
    assert [path for path in files(home) if MARKER in path.read_bytes()] == []


def test_the_wrapped_key_lies_in_one_file_only(home: Home) -> None:
    wrapped = KeyFile(home.key).read()
    holders = [path for path in files(home) if wrapped[-16:] in path.read_bytes()]
    assert holders == [home.key]


def test_after_a_quick_delete_the_right_pin_opens_no_byte_that_is_left(home: Home) -> None:
    size = len(KeyFile(home.key).read())
    assert KeyFile(home.key).destroy()
    with pytest.raises(NotEnrolledError):
        KeyFile(home.key).read()
    for path in files(home):
        left = path.read_bytes()
        for start in range(max(1, len(left) - size + 1)):
            assert_opens_nothing(left[start : start + size])


def assert_opens_nothing(piece: bytes) -> None:
    with pytest.raises(FieldAppError):
        unwrap_vault_key(piece, PIN)


def test_after_a_quick_delete_the_outbox_still_delivers(home: Home) -> None:
    KeyFile(home.key).destroy()
    with open_outbox(home.vault) as outbox, outbox.reading() as delivery:
        assert [row.raw for row in delivery.batches.outbox(10_000)] == [made_batch(1).raw]
