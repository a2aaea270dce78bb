from pathlib import Path

import pytest

from fieldapp.errors import NotEnrolledError
from fieldapp.storage.batches import NewBatch
from fieldapp.storage.key_file import KeyFile
from fieldapp.storage.outbox import Outbox, open_outbox
from fieldapp.storage.vault import Vault
from tests.support.vaults import made_batch


def test_a_home_without_a_vault_has_no_outbox(path: Path) -> None:
    with pytest.raises(NotEnrolledError):
        open_outbox(path)
    assert not path.exists()


def test_a_failed_delivery_changes_nothing(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.batches.add(NewBatch(made_batch(1), "outbox", 1))
    with open_outbox(vault.database.path) as outbox:
        with pytest.raises(RuntimeError):
            mark_and_fail(outbox)
        with outbox.reading() as delivery:
            assert len(delivery.batches.outbox(1_000)) == 1


def mark_and_fail(outbox: Outbox) -> None:
    with outbox.transaction() as delivery:
        delivery.batches.mark(made_batch(1).hash, "stored")
        raise RuntimeError


def test_the_outbox_outlives_the_key(vault: Vault, path: Path) -> None:
    key = KeyFile(path.with_name("vault.key"))
    key.write(b"wrapped")
    with vault.transaction() as tx:
        tx.batches.add(NewBatch(made_batch(1), "outbox", 1))
    vault.close()
    key.destroy()
    with open_outbox(path) as outbox, outbox.reading() as delivery:
        assert [row.raw for row in delivery.batches.outbox(1_000)] == [made_batch(1).raw]
