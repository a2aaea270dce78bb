"""Meta, drafts, streams, keys, receipts and quarantine: each does what its table is for."""

import pytest

from fieldapp.storage.rows import (
    SERVER,
    OfficeKeyRow,
    QuarantineRow,
    ReceiptRow,
    SenderKey,
    StreamRow,
)
from fieldapp.storage.vault import Vault
from tests.support.vaults import CHANNEL, device, kid, office, seeded

AMINA = device("amina")
DRAFT = seeded("draft")


def sender_key(name: str, *, created_ms: int = 1, own: bool = True) -> SenderKey:
    return SenderKey(
        kid(name), AMINA, CHANNEL, seeded(name, 32), created_ms, own=own, recipients=b"two"
    )


def receipt(seq: int, *, signer: str | None = "desk") -> ReceiptRow:
    by = SERVER if signer is None else office(signer)
    return ReceiptRow(AMINA, CHANNEL, by, seq, seeded(str(seq), 32), seq * 10, b"signed")


def test_a_value_is_replaced_and_forgotten(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.meta.set("cursor", b"1")
        tx.meta.set("cursor", b"2")
        assert tx.meta.get("cursor") == b"2"
        tx.meta.delete("cursor")
        assert tx.meta.get("cursor") is None


def test_a_draft_is_overwritten_by_its_id(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.drafts.save(DRAFT, b"one", 1)
        tx.drafts.save(DRAFT, b"two", 2)
        found = tx.drafts.get(DRAFT)
        assert found is not None
        assert (found.body, found.updated_ms, len(tx.drafts.all())) == (b"two", 2, 1)


def test_drafts_are_listed_newest_first(vault: Vault) -> None:
    with vault.transaction() as tx:
        for name, at in (("a", 1), ("b", 3), ("c", 2)):
            tx.drafts.save(seeded(name), name.encode(), at)
        assert [draft.body for draft in tx.drafts.all()] == [b"b", b"c", b"a"]


def test_a_draft_that_is_not_there_is_none(vault: Vault) -> None:
    with vault.transaction() as tx:
        assert tx.drafts.get(DRAFT) is None
        assert not tx.drafts.delete(DRAFT)


def test_a_deleted_draft_is_gone(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.drafts.save(DRAFT, b"one", 1)
        assert tx.drafts.delete(DRAFT)
        assert tx.drafts.all() == []


def test_deleting_a_draft_drops_its_own_key(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.record_keys.put(DRAFT, bytes(32), 9)
        tx.drafts.save(DRAFT, b"one", 1)
        assert tx.drafts.delete(DRAFT)
        assert tx.record_keys.get(DRAFT) is None


def test_a_stream_without_batches_has_no_head(vault: Vault) -> None:
    with vault.reading() as tx:
        assert tx.streams.head(AMINA, CHANNEL) is None


def test_heads_move_and_are_listed_by_device(vault: Vault) -> None:
    brian = device("brian")
    with vault.transaction() as tx:
        tx.streams.set(AMINA, CHANNEL, 1, b"1" * 32)
        tx.streams.set(AMINA, CHANNEL, 2, b"2" * 32)
        tx.streams.set(brian, CHANNEL, 7, b"7" * 32)
        assert tx.streams.head(AMINA, CHANNEL) == (2, b"2" * 32)
        assert tx.streams.all(brian) == [StreamRow(brian, CHANNEL, 7, b"7" * 32)]
        assert len(tx.streams.all()) == 2


def test_a_sender_key_comes_back_whole(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.sender_keys.put(sender_key("a"))
        assert tx.sender_keys.get(kid("a")) == sender_key("a")
        assert tx.sender_keys.get(kid("b")) is None


def test_a_known_sender_key_keeps_its_count(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.sender_keys.put(sender_key("a"))
        assert [tx.sender_keys.bump(kid("a")), tx.sender_keys.bump(kid("a"))] == [1, 2]
        tx.sender_keys.put(sender_key("a"))
        found = tx.sender_keys.own_current(CHANNEL)
        assert found is not None
        assert found.batches == 2


def test_the_newest_own_key_in_use_seals(vault: Vault) -> None:
    with vault.transaction() as tx:
        assert tx.sender_keys.own_current(CHANNEL) is None
        tx.sender_keys.put(sender_key("old", created_ms=1))
        tx.sender_keys.put(sender_key("new", created_ms=2))
        tx.sender_keys.put(sender_key("another's", created_ms=3, own=False))
        assert tx.sender_keys.own_current(CHANNEL) == sender_key("new", created_ms=2)
        tx.sender_keys.retire(kid("new"))
        assert tx.sender_keys.own_current(CHANNEL) == sender_key("old")
        tx.sender_keys.drop(kid("old"))
        assert tx.sender_keys.own_current(CHANNEL) is None


def test_keys_are_listed_oldest_first(vault: Vault) -> None:
    with vault.transaction() as tx:
        for name, at in (("b", 2), ("a", 1)):
            tx.sender_keys.put(sender_key(name, created_ms=at))
        assert [key.kid for key in tx.sender_keys.all()] == [kid("a"), kid("b")]


def test_no_key_shows_in_a_repr() -> None:
    key = SenderKey(kid("a"), AMINA, CHANNEL, b"KEYKEY", 1)
    assert "KEYKEY" not in repr(key) + repr(OfficeKeyRow(office("desk"), 1, b"KEYKEY"))


def test_office_keys_are_kept_by_epoch(vault: Vault) -> None:
    desk = office("desk")
    with vault.transaction() as tx:
        tx.office_keys.put(desk, 1, b"first")
        tx.office_keys.put(desk, 2, b"second")
        assert tx.office_keys.get(desk, 1) == b"first"
        assert [row.epoch for row in tx.office_keys.all()] == [1, 2]
        tx.office_keys.drop(desk, 1)
        assert tx.office_keys.get(desk, 1) is None


def test_an_office_s_newer_receipt_replaces_its_older(vault: Vault) -> None:
    with vault.transaction() as tx:
        assert tx.receipts.put(receipt(1))
        assert tx.receipts.put(receipt(3))
        assert not tx.receipts.put(receipt(2))
        assert not tx.receipts.put(receipt(3))
        assert tx.receipts.for_stream(AMINA, CHANNEL) == [receipt(3)]


def test_the_server_s_receipts_speak_for_one_batch_each(vault: Vault) -> None:
    with vault.transaction() as tx:
        for seq in (2, 1):
            assert tx.receipts.put(receipt(seq, signer=None))
        tx.receipts.put(receipt(2))
        assert [(r.office == SERVER, r.seq) for r in tx.receipts.all()] == [
            (True, 1),
            (True, 2),
            (False, 2),
        ]


def test_the_receipts_of_a_stream_are_those_of_now(vault: Vault) -> None:
    with vault.transaction() as tx:
        assert tx.receipts.for_stream(AMINA, CHANNEL) == []
        tx.receipts.put(receipt(1))
        assert tx.receipts.for_stream(AMINA, CHANNEL) == [receipt(1)]


def test_a_receipt_that_we_signed_waits_until_it_was_sent(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.receipts.put(receipt(1), outgoing=True)
        tx.receipts.put(receipt(5, signer="other"))
        assert tx.receipts.outgoing() == [receipt(1)]
        tx.receipts.mark_sent(receipt(1))
        assert tx.receipts.outgoing() == []
        assert len(tx.receipts.all()) == 2


@pytest.mark.parametrize("raw", [b"entry", None])
def test_what_is_kept_apart_is_shown_and_released(vault: Vault, raw: bytes | None) -> None:
    row = QuarantineRow(seeded("batch", 32), 3, "no_right", raw, 5)
    with vault.transaction() as tx:
        tx.quarantine.add(row)
        tx.quarantine.add(row)
        assert (tx.quarantine.all(), tx.quarantine.count()) == ([row], 1)
        assert tx.quarantine.release(row.batch, row.entry)
        assert not tx.quarantine.release(row.batch, row.entry)
        assert tx.quarantine.all() == []
