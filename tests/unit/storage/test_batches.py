import pytest

from fieldapp.protocol.batch import Flag, Kind, parse_batch
from fieldapp.storage.batches import NewBatch, StateCount
from fieldapp.storage.outbox import open_outbox
from fieldapp.storage.rows import BATCH_STATES, RETIRED, SERVER, ReceiptRow
from fieldapp.storage.vault import Vault
from tests.support.vaults import CHANNEL, device, kid, made_batch


def new(number: int, *, priority: int = 50, created_ms: int = 1) -> NewBatch:
    return NewBatch(made_batch(number), "outbox", created_ms, priority=priority)


def test_a_batch_comes_back_byte_for_byte(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.batches.add(NewBatch(made_batch(1), "received", 7, position=3, reason="late"))
        row = tx.batches.by_hash(made_batch(1).hash)
    assert row is not None
    assert (row.raw, row.state, row.position, row.reason, row.created_ms) == (
        made_batch(1).raw,
        "received",
        3,
        "late",
        7,
    )


def test_an_unknown_hash_is_none(vault: Vault) -> None:
    with vault.reading() as tx:
        assert tx.batches.by_hash(bytes(32)) is None


def test_adding_a_known_batch_changes_nothing(vault: Vault) -> None:
    with vault.transaction() as tx:
        assert tx.batches.add(new(1)) == 1
        assert tx.batches.add(NewBatch(made_batch(1), "refused", 9)) is None
        row = tx.batches.by_hash(made_batch(1).hash)
    assert row is not None
    assert row.state == "outbox"


def test_adding_many_tells_which_were_new(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.batches.add(new(2))
        rows = [new(1), new(2), new(3), new(1)]
        assert tx.batches.add_many(rows) == [made_batch(1).hash, made_batch(3).hash]
        assert tx.batches.add_many(rows) == []
        assert tx.batches.known([made_batch(1).hash, bytes(32)]) == {made_batch(1).hash}


def test_both_sides_of_a_fork_are_kept(vault: Vault) -> None:
    one, other = made_batch(4), made_batch(4, body=bytes(301))
    with vault.transaction() as tx:
        tx.batches.add(NewBatch(one, "received", 1))
        tx.batches.add(NewBatch(other, "forked", 2))
        tx.batches.add(NewBatch(made_batch(2), "received", 3))
        found = tx.batches.by_stream(device("amina"), CHANNEL, 4)
        assert [row.hash for row in found] == [one.hash, other.hash]
        assert tx.batches.sequence(device("amina"), CHANNEL) == [
            (2, made_batch(2).hash, "received"),
            (4, one.hash, "received"),
            (4, other.hash, "forked"),
        ]


def test_the_urgent_leaves_first_and_others_in_the_order_they_were_sealed(vault: Vault) -> None:
    with vault.transaction() as tx:
        for row in (new(1), new(2), new(3, priority=1)):
            tx.batches.add(row)
        assert [row.seq for row in tx.batches.outbox(10_000)] == [3, 1, 2]


def test_the_outbox_stops_at_the_budget_but_never_starves(vault: Vault) -> None:
    size = len(made_batch(1).raw)
    with vault.transaction() as tx:
        tx.batches.add_many([new(number) for number in (1, 2, 3)])
        assert len(tx.batches.outbox(2 * size)) == 2
        assert len(tx.batches.outbox(2 * size + 1)) == 2
        assert len(tx.batches.outbox(1)) == 1


def test_a_stored_batch_leaves_the_outbox(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.batches.add_many([new(1), new(2)])
        assert tx.batches.mark(made_batch(1).hash, "stored")
        assert not tx.batches.mark(bytes(32), "stored")
        assert [row.seq for row in tx.batches.outbox(10_000)] == [2]
        assert [row.seq for row in tx.batches.in_state("stored")] == [1]


def test_counts_speak_for_each_state(vault: Vault) -> None:
    size = len(made_batch(1).raw)
    with vault.transaction() as tx:
        tx.batches.add_many([new(1, created_ms=8), new(2, created_ms=5), new(3)])
        tx.batches.mark(made_batch(3).hash, "stored")
        assert tx.batches.counts() == {
            "outbox": StateCount(2, 5, 2 * size),
            "stored": StateCount(1, 1, size),
        }


def test_counts_may_speak_of_one_kind_alone(vault: Vault) -> None:
    size = len(made_batch(1).raw)
    with vault.transaction() as tx:
        tx.batches.add_many([new(1), NewBatch(made_batch(2, kind=Kind.DIRECTORY), "outbox", 3)])
        assert tx.batches.counts(Kind.DIRECTORY) == {"outbox": StateCount(1, 3, size)}


def test_waiting_batches_are_found_by_the_key_they_wait_for(vault: Vault) -> None:
    with vault.transaction() as tx:
        for number, key in ((1, "a"), (2, "b")):
            batch = made_batch(number, kid=kid(key))
            tx.batches.add(NewBatch(batch, "waiting", 1, reason="sender_key"))
        assert [row.seq for row in tx.batches.waiting(kid("b"))] == [2]
        assert [row.seq for row in tx.batches.waiting()] == [1, 2]


def test_directory_batches_come_in_the_order_of_the_feed(vault: Vault) -> None:
    batches = [made_batch(number, kind=Kind.DIRECTORY) for number in (1, 2, 3)]
    with vault.transaction() as tx:
        tx.batches.add(NewBatch(batches[0], "outbox", 1))
        tx.batches.add(NewBatch(batches[1], "received", 1, position=9))
        tx.batches.add(NewBatch(batches[2], "received", 1, position=4))
        assert [row.seq for row in tx.batches.of_kind(Kind.DIRECTORY)] == [3, 2, 1]
        tx.batches.place(batches[0].hash, 1)
        assert [row.seq for row in tx.batches.of_kind(Kind.DIRECTORY)] == [1, 3, 2]


def test_an_erased_batch_keeps_its_place(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.batches.add(new(1))
        assert tx.batches.erase_body(made_batch(1).hash)
        assert not tx.batches.erase_body(bytes(32))
        row = tx.batches.by_hash(made_batch(1).hash)
        assert tx.batches.counts()["outbox"].size == 240
    assert row is not None
    erased = parse_batch(row.raw)
    assert (erased.is_erased, erased.hash) == (True, made_batch(1).hash)


def test_a_retired_batch_keeps_its_place_and_stays_retired(vault: Vault) -> None:
    first, second = made_batch(1).hash, made_batch(2).hash
    with vault.transaction() as tx:
        for number in (1, 2):
            tx.batches.add(new(number))
        tx.batches.mark(second, "forked", "resealed")
        assert [row.hash for row in tx.batches.not_retired([first, second])] == [first, second]
        assert (tx.batches.retire(first), tx.batches.retire(second)) == (True, True)
        assert not tx.batches.retire(bytes(32))
        tx.batches.mark(first, "stored")
        rows = [tx.batches.by_hash(one) for one in (first, second)]
        assert [row.hash for row in tx.batches.not_retired([first, second])] == [second]
    kept = [(row.state, row.reason, parse_batch(row.raw).is_erased) for row in rows if row]
    assert kept == [("stored", RETIRED, True), ("forked", "resealed", True)]


@pytest.mark.parametrize("state", BATCH_STATES)
def test_every_state_can_be_reached(vault: Vault, state: str) -> None:
    with vault.transaction() as tx:
        tx.batches.add(new(1))
        tx.batches.mark(made_batch(1).hash, state)  # type: ignore[arg-type]
        assert set(tx.batches.counts()) == {state}


def test_a_locked_vault_delivers_and_hears_of_it(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.batches.add_many([new(1), new(2)])
    vault.close()
    stored = ReceiptRow(device("amina"), CHANNEL, SERVER, 1, made_batch(1).hash, 9, b"signed")
    with open_outbox(vault.database.path) as outbox:
        with outbox.reading() as delivery:
            sent = delivery.batches.outbox(10_000)
        with outbox.transaction() as delivery:
            delivery.batches.mark(sent[0].hash, "stored")
            delivery.receipts.put(stored)
    assert [parse_batch(row.raw).header.flags & Flag.STORED for row in sent] == [0, 0]
    with vault.reading() as tx:
        assert tx.receipts.all() == [stored]
        assert [row.seq for row in tx.batches.outbox(10_000)] == [2]
