"""Receipts, heads, keys: what is due to others, and nothing more than that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fieldapp.protocol.causes import Cause
from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.ids import OfficeId, RecordId
from fieldapp.protocol.receipts import Receipt, parse_receipt
from fieldapp.storage.rows import SERVER, BatchRow, ReceiptRow
from fieldapp.sync.gap_proof import StreamHead as Claimed
from fieldapp.sync.gap_proof import claim_heads, pack_heads, unpack_heads
from tests.faults.test_hostile_server import rehash
from tests.support.organisation import DAY_MS, LAMU_WEST
from tests.support.people import device_keys
from tests.support.replicas import Replica, World


def outgoing(replica: Replica) -> list[Receipt]:
    rows: list[ReceiptRow] = replica.read(lambda tx: tx.receipts.outgoing())
    return [parse_receipt(row.raw) for row in rows]


def ticks(replica: Replica) -> set[OfficeId]:
    """The offices that opened something of this phone."""
    rows: list[ReceiptRow] = replica.read(lambda tx: tx.receipts.all())
    return {row.office for row in rows}


def test_each_office_on_the_way_gives_its_own_receipt(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    phone.sync()
    for name in ("chebet", "brian", "amina"):
        world[name].sync()
    phone.sync()
    directory = phone.device.directory
    signers = [directory.device(world[n].keys.device) for n in ("chebet", "brian", "amina")]
    wanted = {signer.office_id for signer in signers if signer is not None}
    assert ticks(phone) == wanted | {SERVER}


def test_one_receipt_speaks_for_all_batches_of_a_stream(world: World) -> None:
    for _ in range(3):
        world["dalila"].create()
    world["dalila"].sync()
    world["chebet"].sync()
    assert [
        receipt.seq & 0xFFFF
        for _, receipt in world.server.tables.receipts
        if receipt.device == world["dalila"].keys.device
    ] == [3]


def test_a_gap_stops_the_receipt(world: World) -> None:
    phone = world["dalila"]
    for _ in range(3):
        phone.create()
    phone.sync()
    hidden = next(
        kept.batch.hash
        for kept in world.server.tables.kept.values()
        if kept.batch.header.device == phone.keys.device and kept.batch.header.seq == 2
    )
    for rows in world.server.tables.feeds.values():
        rows[:] = [row for row in rows if row.hash != hidden]
    rehash(world.server)
    world["chebet"].sync()
    seqs = [r.seq for _, r in world.server.tables.receipts if r.device == phone.keys.device]
    assert seqs == [1]


@pytest.mark.parametrize(
    "forged",
    [{"seq": 9}, {"signature": bytes(64)}, {"time_ms": 1}],
    ids=["another place", "no signature", "another time"],
)
def test_a_forged_receipt_earns_no_tick(world: World, forged: dict[str, Any]) -> None:
    phone = world["dalila"]
    phone.create()
    phone.sync()
    world["chebet"].sync()
    position, genuine = world.server.tables.receipts[0]
    world.server.tables.receipts[0] = (position, replace(genuine, **forged))
    phone.sync()
    assert ticks(phone) == {SERVER}


def test_a_receipt_in_the_name_of_another_office_earns_no_tick(world: World) -> None:
    phone, laptop = world["dalila"], world["chebet"]
    phone.create()
    phone.sync()
    other = world["amina"].device.directory.device(world["amina"].keys.device)
    assert other is not None
    laptop.sync()
    _, genuine = world.server.tables.receipts[0]
    posing = replace(genuine, office=other.office_id)
    signed = replace(posing, signature=laptop.keys.sign(posing.signing_bytes()))
    with phone.vault.transaction() as tx:
        phone.device.courier.take_receipts(tx, [signed])
    assert ticks(phone) == {SERVER}


def test_a_receipt_of_a_signer_not_known_yet_waits_for_his_certificate(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    phone.sync()
    world["chebet"].sync()
    _, genuine = world.server.tables.receipts[0]
    keys = device_keys("nobody")
    early = replace(genuine, signer=keys.device)
    with phone.vault.transaction() as tx:
        phone.device.courier.take_receipts(tx, [early])
        phone.device.courier.take_receipts(tx, [])
        assert len(tx.meta.get("receipts_waiting") or b"") == 168
    assert ticks(phone) == {SERVER}


def test_who_holds_no_office_key_gives_no_receipt(world: World) -> None:
    laptop = world["chebet"]
    world["dalila"].create()
    world["dalila"].sync()
    with world["amina"].vault.transaction() as tx:
        world["amina"].device.duties.revoke(tx, laptop.keys.device, Cause.LOST)
    world["amina"].sync()
    laptop.sync()
    laptop.sync()
    assert [r for _, r in world.server.tables.receipts if r.signer == laptop.keys.device] == []


def test_heads_are_told_once_a_day(world: World) -> None:
    world["dalila"].create()
    world["dalila"].sync()
    laptop = world["chebet"]
    laptop.sync()
    laptop.sync()
    assert laptop.sync().round_trips == 1
    heads = [k for k in world.server.tables.kept.values() if k.batch.header.kind == 3]
    assert len(heads) == 1
    world.advance(DAY_MS)
    laptop.sync()
    heads = [k for k in world.server.tables.kept.values() if k.batch.header.kind == 3]
    assert len(heads) == 2


def test_a_claim_only_grows(world: World) -> None:
    phone = world["dalila"]
    stream = phone.keys.device, phone.channel().id
    low, high = (Claimed(*stream, seq, bytes(32)) for seq in (3, 7))
    with phone.vault.transaction() as tx:
        claim_heads(tx, [high])
        claim_heads(tx, [low])
    proof = next(
        row for row in phone.device.verify().streams if (row.device, row.channel) == stream
    )
    assert proof.sealed == 7
    assert list(unpack_heads(pack_heads([high, low]) + b"rest")) == [low, high]


def test_nobody_gives_keys_to_an_office_where_nobody_sits(world: World) -> None:
    laptop = world["brian"]
    assert (LAMU_WEST, "all") in laptop.device.directory.offices()
    with laptop.vault.transaction() as tx:
        laptop.device.duties.perform(tx)
        assert tx.batches.counts().get("outbox") is None


def receipt_by(signer: Replica, row: BatchRow, **changes: Any) -> Receipt:
    """A receipt for a batch that a device signs for its own office."""
    cert = signer.device.directory.device(signer.keys.device)
    assert cert is not None
    told = Receipt(
        office=cert.office_id,
        device=row.device,
        channel=row.channel,
        seq=row.seq,
        header_hash=row.hash,
        time_ms=signer.clock.now_ms(),
        signer=signer.keys.device,
    )
    told = replace(told, **changes)
    return replace(told, signature=signer.keys.sign(told.signing_bytes()))


def sealed(phone: Replica, cls: ChannelClass = ChannelClass.ORDINARY) -> tuple[RecordId, BatchRow]:
    """A record of a phone that the server holds, with its batch."""
    record = phone.create(cls=cls, category="gbv" if cls is ChannelClass.GENDER else "theft")
    phone.sync()
    (batch_hash,) = phone.read(lambda tx: tx.records.history(record))
    return record, phone.read(lambda tx: tx.batches.by_hash(batch_hash))


def tell(phone: Replica, receipt: Receipt) -> None:
    with phone.vault.transaction() as tx:
        phone.device.courier.take_receipts(tx, [receipt])


@pytest.mark.parametrize("liar", ["amina", "brian", "chebet", "dalila"])
def test_an_office_that_does_not_read_a_record_makes_nobody_give_it_up(
    world: World, liar: str
) -> None:
    phone = world["dalila"]
    record, row = sealed(phone, ChannelClass.GENDER)
    tell(phone, receipt_by(world[liar], row))
    assert ticks(phone) == {SERVER}
    assert phone.narratives(record) == ["Two bicycles were taken."]


def test_the_desk_that_reads_a_record_lets_its_author_give_it_up(world: World) -> None:
    phone = world["dalila"]
    record, row = sealed(phone, ChannelClass.GENDER)
    tell(phone, receipt_by(world["fumo"], row))
    assert len(ticks(phone)) == 2
    assert phone.narratives(record) == []


@pytest.mark.parametrize("change", [{"header_hash": bytes(32)}, {"seq": 999}])
def test_a_receipt_for_another_batch_than_ours_says_nothing(
    world: World, change: dict[str, Any]
) -> None:
    phone = world["dalila"]
    record, row = sealed(phone, ChannelClass.GENDER)
    tell(phone, receipt_by(world["fumo"], row, **change))
    assert ticks(phone) == {SERVER}
    assert phone.narratives(record) == ["Two bicycles were taken."]
    assert all(proof.sealed < 999 for proof in phone.device.verify().streams)


def test_a_receipt_of_a_revoked_device_says_nothing(world: World) -> None:
    phone, laptop = world["dalila"], world["chebet"]
    _, row = sealed(phone)
    with world["amina"].vault.transaction() as tx:
        world["amina"].device.duties.revoke(tx, laptop.keys.device, Cause.LOST)
    world["amina"].sync()
    phone.sync()
    tell(phone, receipt_by(laptop, row))
    assert laptop.keys.device not in {
        parse_receipt(one.raw).signer
        for one in phone.read(lambda tx: tx.receipts.all())
        if one.office != SERVER
    }


def test_receipts_that_wait_for_their_signers_do_not_grow_without_end(world: World) -> None:
    phone = world["dalila"]
    _, row = sealed(phone)
    genuine = receipt_by(world["chebet"], row)
    strangers = [replace(genuine, signer=device_keys(f"x {n}").device) for n in range(510)]
    with phone.vault.transaction() as tx:
        phone.device.courier.take_receipts(tx, strangers)
        assert len(tx.meta.get("receipts_waiting") or b"") == 500 * 168


def test_a_desk_does_not_vouch_for_what_a_restored_phone_sealed_beside_its_stream(
    world: World,
) -> None:
    phone, desk = world["dalila"], world["fumo"]
    copy = phone.copy()
    sealed(phone, ChannelClass.GENDER)
    desk.sync()
    phone.restore(copy)
    survivor = phone.create("Sealed twice.", cls=ChannelClass.GENDER, category="gbv")
    (forked,) = phone.read(lambda tx: tx.records.history(survivor))
    first = next(iter(world.server.tables.receipts))[1]
    tell(phone, first)
    assert phone.narratives(survivor) == ["Sealed twice."]
    assert phone.sync().error is None
    assert phone.narratives(survivor) == ["Sealed twice."]
    assert phone.read(lambda tx: tx.batches.by_hash(forked)).state == "forked"
    desk.sync()
    phone.sync()
    assert desk.narratives(survivor) == ["Sealed twice."]
    assert phone.state(survivor) is None
