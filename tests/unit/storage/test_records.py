from pathlib import Path

import pytest

from fieldapp.storage.batches import NewBatch
from fieldapp.storage.rows import RecordPut, RecordRow
from fieldapp.storage.vault import Vault
from tests.support.people import sealed
from tests.support.vaults import CountingCipher, open_vault, record, seeded

BATCHES = tuple(seeded(f"batch {number}", 32) for number in range(4))
KEY = seeded("key of one record", 32)


def put(name: str, state: bytes = b"state", **rest: object) -> RecordPut:
    return RecordPut(record(name), state, b"card of " + state, **rest)  # type: ignore[arg-type]


def restricted(name: str, state: bytes = b"secret") -> RecordPut:
    return put(name, state, key=KEY, delete_after_ms=100, stub=b"number, date, status")


def card_of(vault: Vault, name: str) -> bytes | None:
    with vault.reading() as tx:
        return dict(tx.index.cards()).get(record(name))


def test_a_record_comes_back_whole(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a", batches=BATCHES[:1]))
        assert tx.records.get(record("a")) == RecordRow(
            record("a"), 1, b"state", b"card of state", BATCHES[:1], own_key=False
        )


def test_a_record_that_is_not_here_is_none(vault: Vault) -> None:
    with vault.reading() as tx:
        assert tx.records.get(record("a")) is None
        assert tx.records.history(record("a")) == ()
        assert tx.records.get_many([]) == {}


def test_a_put_replaces_the_fold_and_adds_to_the_history(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a", b"one", batches=BATCHES[:1]))
        tx.records.put(put("a", b"two", batches=BATCHES[1:3]))
        tx.records.put(put("a", b"three", batches=BATCHES[:1]))
        tx.records.put(put("a", b"four"))
        row = tx.records.get(record("a"))
        assert row is not None
        assert (row.state, row.batches) == (b"four", BATCHES[:3])
        assert tx.records.history(record("a")) == BATCHES[:3]
        assert tx.records.count() == 1


def test_a_batch_folded_twice_counts_once(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a", batches=BATCHES[:2]))
        tx.records.put(put("a", batches=(BATCHES[2], BATCHES[0])))
        assert tx.records.history(record("a")) == BATCHES[:3]


def test_each_put_takes_the_next_change_number(vault: Vault) -> None:
    with vault.transaction() as tx:
        assert tx.records.put_many([put("a"), put("b"), put("c")]) == 3
        assert tx.records.put(put("a", b"again")) == 4
        assert tx.records.put_many([]) == 4
        assert tx.records.changed_states(1) == [
            (2, record("b"), b"state"),
            (3, record("c"), b"state"),
            (4, record("a"), b"again"),
        ]
        assert len(tx.records.changed_states(0, most=2)) == 2


def test_changed_cards_are_those_of_changed_records(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put_many([put("a"), put("b")])
        tx.records.erase(record("a"))
        assert tx.records.changed_cards(0) == [
            (2, record("b"), b"card of state"),
            (3, record("a"), None),
        ]
        assert len(tx.records.changed_cards(0, most=1)) == 1


def test_many_are_read_in_one_go(vault: Vault) -> None:
    names = [f"r{number}" for number in range(1_200)]
    with vault.transaction() as tx:
        tx.records.put_many([put(name) for name in names])
        found = tx.records.get_many([record(name) for name in [*names, "unknown"]])
    assert set(found) == {record(name) for name in names}


def test_erasing_leaves_the_place_and_a_change(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a", stub=b"stub", batches=BATCHES[:1]))
        assert tx.records.erase(record("a"))
        assert not tx.records.erase(record("b"))
        row = tx.records.get(record("a"))
        assert row is not None
        assert (row.state, row.card, row.batches) == (None, None, BATCHES[:1])
        assert tx.records.changed_states(1) == [(2, record("a"), None)]
    assert card_of(vault, "a") is None


def test_erasing_the_newest_record_does_not_turn_the_numbers_back(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a"))
        tx.records.erase(record("a"))
        assert tx.records.put(put("b")) == 3


def test_a_restricted_record_reads_while_its_key_is_kept(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(restricted("a"))
        row = tx.records.get(record("a"))
        assert row is not None
        assert (row.state, row.card, row.own_key) == (b"secret", b"card of secret", True)
    assert card_of(vault, "a") == b"card of secret"


def test_a_later_put_stays_under_the_record_s_own_key(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(restricted("a"))
        tx.records.put(put("a", b"amended"))
        amended = tx.records.get(record("a"))
        assert amended is not None
        assert (amended.state, amended.own_key) == (b"amended", True)
        assert tx.record_keys.drop(record("a"))
        row = tx.records.get(record("a"))
        assert row is not None
        assert (row.state, row.card) == (None, b"number, date, status")


def test_a_put_after_the_key_went_writes_no_content(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(restricted("a"))
        tx.record_keys.drop(record("a"))
        tx.records.put(put("a", b"back again", stub=b"closed"))
        row = tx.records.get(record("a"))
        assert row is not None
        assert (row.state, row.card) == (None, b"closed")
    assert sealed_blobs(vault) == [None, None]


def test_a_dropped_key_is_a_change(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(restricted("a"))
        tx.record_keys.drop(record("a"))
        assert tx.records.changed_states(1) == [(2, record("a"), None)]


def test_without_a_stub_nothing_is_left_to_list(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a", key=KEY, delete_after_ms=1))
        tx.record_keys.drop(record("a"))
        row = tx.records.get(record("a"))
        assert row is not None
        assert row.card is None
    assert card_of(vault, "a") is None


def test_a_new_key_in_a_freed_slot_opens_only_its_own(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(restricted("a"))
        tx.record_keys.drop(record("a"))
        tx.records.put(restricted("b"))
        assert set(tx.record_keys.all()) == {record("b")}
    with vault.database.reading() as connection:
        slots = connection.exec_driver_sql("SELECT count(*) FROM record_keys").scalar_one()
    assert slots == 1


def test_keys_go_on_their_day(vault: Vault) -> None:
    with vault.transaction() as tx:
        for name, day in (("a", 10), ("b", 20)):
            tx.record_keys.put(record(name), KEY, day)
        assert tx.record_keys.purge_expired(9) == []
        assert tx.record_keys.purge_expired(10) == [record("a")]
        assert set(tx.record_keys.all()) == {record("b")}


def test_the_day_of_a_kept_key_can_be_moved(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.record_keys.put(record("a"), KEY, 10)
        tx.record_keys.put(record("a"), bytes(32), 30)
        assert tx.record_keys.purge_expired(20) == []
        assert tx.record_keys.get(record("a")) == KEY


def test_dropping_what_has_no_key_does_nothing(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a"))
        assert not tx.record_keys.drop(record("a"))
    assert card_of(vault, "a") == b"card of state"


def test_a_draft_goes_with_its_key(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.record_keys.put(seeded("draft"), KEY, 10)
        tx.drafts.save(seeded("draft"), b"one", 1)
        tx.drafts.save(seeded("draft"), b"two", 2)
        found = tx.drafts.get(seeded("draft"))
        assert found is not None
        assert found.body == b"two"
        tx.record_keys.purge_expired(10)
        assert tx.drafts.all() == []


@pytest.mark.parametrize("beside", [0, 300])
def test_after_the_drop_no_byte_of_the_key_or_the_text_is_on_disk(path: Path, beside: int) -> None:
    vault = open_vault(path)
    with vault.transaction() as tx:
        for number in range(beside):
            tx.records.put(restricted(f"before {number}"))
        tx.records.put(restricted("a"))
        for number in range(beside):
            tx.records.put(restricted(f"after {number}"))
    blobs = sealed_blobs(vault)
    assert all(blob in on_disk(path) for blob in blobs)
    with vault.transaction() as tx:
        assert tx.record_keys.drop(record("a"))
    assert [blob for blob in blobs if blob in on_disk(path)] == []
    vault.close()


def test_after_an_erasure_no_byte_of_the_body_is_on_disk(path: Path) -> None:
    vault = open_vault(path)
    batch = sealed()
    with vault.transaction() as tx:
        tx.batches.add(NewBatch(batch, "received", 1))
    assert batch.ciphertext() in on_disk(path)
    with vault.transaction() as tx:
        assert tx.batches.erase_body(batch.hash)
    assert batch.ciphertext() not in on_disk(path)
    assert batch.raw[:240] in on_disk(path)
    vault.close()


def test_a_reader_in_the_way_only_puts_the_scrubbing_off(path: Path) -> None:
    vault = open_vault(path)
    with vault.transaction() as tx:
        tx.records.put(restricted("a"))
    key_blob = sealed_blobs(vault)[0]
    with vault.reading() as reader:
        reader.records.count()
        with vault.transaction() as tx:
            tx.record_keys.drop(record("a"))
        assert key_blob in on_disk(path)
    with vault.transaction() as tx:
        tx.meta.set("anything", b"later")
    assert key_blob not in on_disk(path)
    vault.close()


def test_opening_scrubs_what_a_crash_left(path: Path) -> None:
    crashed = open_vault(path)
    with crashed.transaction() as tx:
        tx.records.put(restricted("a"))
    key_blob = sealed_blobs(crashed)[0]
    with crashed.database.writing() as connection:
        connection.exec_driver_sql("UPDATE record_keys SET sealed = zeroblob(60), record = NULL")
    assert key_blob in on_disk(path)
    again = open_vault(path)
    assert key_blob not in on_disk(path)
    again.close()
    crashed.close()


def sealed_blobs(vault: Vault) -> list[bytes]:
    """Return the sealed key and state of the record "a", as they lie in the file."""
    with vault.database.reading() as connection:
        key = connection.exec_driver_sql(
            "SELECT sealed FROM record_keys WHERE record = ?", (record("a"),)
        ).scalar()
        state = connection.exec_driver_sql(
            "SELECT sealed_state FROM records WHERE record = ?", (record("a"),)
        ).scalar_one()
    return [key, state]


def on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_the_key_of_a_record_is_itself_sealed(vault: Vault, path: Path) -> None:
    with vault.transaction() as tx:
        tx.records.put(restricted("a"))
    assert KEY not in on_disk(path)
    assert CountingCipher(KEY).open(sealed_blobs(vault)[1], b"records.state\0\0\x10" + record("a"))


def test_a_list_shows_the_stub_of_what_can_no_longer_be_read(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(restricted("a"))
        tx.record_keys.drop(record("a"))
    assert card_of(vault, "a") == b"number, date, status"


def test_a_record_that_was_given_up_is_a_stub_and_stays_one(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a", batches=BATCHES[:1]))
        assert tx.records.give_up(record("a"), b"number, date, status")
        assert not tx.records.give_up(record("b"), b"number, date, status")
    with vault.transaction() as tx:
        tx.records.put(put("a", b"written later", batches=BATCHES[1:2]))
    with vault.reading() as tx:
        row = tx.records.get(record("a"))
        assert row is not None
        assert (row.state, row.card) == (None, b"number, date, status")
        assert row.batches == BATCHES[:2]
    assert card_of(vault, "a") == b"number, date, status"


def test_what_was_given_up_is_named_with_its_batches_and_what_has_its_key_is_not(
    vault: Vault,
) -> None:
    with vault.transaction() as tx:
        tx.records.put(put("a", b"state", batches=BATCHES[:2]))
        tx.records.put(put("b", b"state", batches=BATCHES[:1], key=bytes(32), delete_after_ms=9))
        tx.records.put(put("c", b"state", batches=BATCHES[1:2], key=bytes(32), delete_after_ms=1))
        assert tx.records.given_up() == {}
        tx.records.give_up(record("a"), b"stub")
        tx.record_keys.purge_expired(5)
    with vault.reading() as tx:
        assert tx.records.given_up() == {record("a"): BATCHES[:2], record("c"): BATCHES[1:2]}
