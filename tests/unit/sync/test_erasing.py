"""Erase orders on a client: what they take, whom they need, and what comes back by a re-issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.domain.fold import to_json, view
from fieldapp.errors import NoRightError
from fieldapp.protocol.batch import Batch, Kind, erased_form, parse_batch
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.erasure import EraseOrder
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import Kid, RecordId
from fieldapp.protocol.roles import Role
from fieldapp.sync.orders import is_erased
from tests.support.organisation import LAMU_WEST, MKOMANI
from tests.support.replicas import Replica, World
from tests.unit.sync.test_opener import entry, made, quarantined, taken

CHANNEL = Channel(MKOMANI, ChannelClass.ORDINARY)
WORDS = "Two bicycles were taken."


def order_by(
    author: Replica, target: Batch, indexes: Sequence[int] = (), *, seq: int = 1, **plan: Any
) -> Batch:
    """An order as any device could sign it."""
    where = BatchPlan(
        kind=Kind.ERASE,
        seq=seq,
        prev=plan.pop("prev", ZERO_HASH),
        channel=target.header.channel,
        directory_version=1,
        kid=Kid(plan.pop("kid", target.header.kid)),
    )
    order = EraseOrder(plan.pop("point", target.point), tuple(indexes))
    return seal_plain(order.to_bytes(), keys=author.keys, plan=where)


def erase(replica: Replica, record: RecordId, channel: Channel = CHANNEL) -> int:
    with replica.vault.transaction() as tx:
        return replica.device.erasure.erase_record(tx, channel, record)


def raw_of(replica: Replica, batch: Batch) -> bytes:
    row = replica.read(lambda tx: tx.batches.by_hash(batch.hash))
    assert row is not None
    return bytes(row.raw)


def exchange(world: World, *names: str) -> None:
    for name in names:
        assert world[name].sync().error is None


def cards(replica: Replica) -> bytes:
    return b"".join(card for _, card in replica.read(lambda tx: list(tx.records.cards())))


# ---------------------------------------------------------------------- orders of others


def test_an_order_takes_the_body_the_fold_and_the_card(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    taken(reader, batch)
    assert reader.records()
    order = order_by(author, batch, seq=2, prev=batch.hash)
    assert taken(reader, order) == [("received", None)]
    assert not reader.records()
    assert b"Some words" not in cards(reader)
    assert raw_of(reader, batch) == erased_form(batch)


def test_an_order_obeyed_twice_changes_nothing(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    taken(reader, batch, order := order_by(author, batch, seq=2, prev=batch.hash))
    before = reader.read(lambda tx: tx.records.last_change())
    taken(reader, batch, order)
    assert reader.read(lambda tx: tx.records.last_change()) == before
    assert raw_of(reader, batch) == erased_form(batch)


def test_reading_is_no_authority_to_erase_on_the_phone_either(world: World) -> None:
    author, other, reader = world["chebet"], world["dalila"], world["amina"]
    batch = made(author, [entry(author)])
    taken(reader, batch)
    assert taken(reader, order_by(other, batch)) == [("quarantined", "not_authorised")]
    assert len(reader.records()) == 1
    assert quarantined(reader) == [(-1, "not_authorised")]


def test_an_enroller_of_a_reading_office_may_have_another_s_batch_erased(world: World) -> None:
    author, laptop, reader = world["dalila"], world["chebet"], world["amina"]
    batch = made(author, [entry(author)])
    assert taken(reader, batch, order_by(laptop, batch)) == [("erased", None), ("received", None)]
    assert not reader.records()


def test_an_order_that_misdescribes_its_target_is_quarantined(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    taken(reader, batch)
    wrong = replace(batch.point, seq=7)
    assert taken(reader, order_by(author, batch, seq=2, prev=batch.hash, point=wrong)) == [
        ("quarantined", "malformed_message")
    ]
    assert len(reader.records()) == 1


def test_an_order_takes_no_order(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    first = order_by(author, batch, seq=2, prev=batch.hash)
    second = order_by(author, first, seq=3, prev=first.hash)
    taken(reader, batch, first)
    assert taken(reader, second) == [("quarantined", "malformed_message")]
    assert raw_of(reader, first) == first.raw


def test_an_order_that_comes_before_its_target_is_kept_for_it(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    order = order_by(author, batch, seq=2, prev=batch.hash)
    assert taken(reader, order) == [("received", None)]
    assert taken(reader, batch)[0][0] == "erased"
    assert not reader.records()
    assert raw_of(reader, batch) == erased_form(batch)


def test_a_foreign_order_that_comes_before_its_target_waits_for_it(world: World) -> None:
    author, laptop, reader = world["dalila"], world["chebet"], world["amina"]
    batch = made(author, [entry(author)])
    order = order_by(laptop, batch)
    assert taken(reader, order) == [("waiting", "unknown_target")]
    taken(reader, batch)
    with reader.vault.transaction() as tx:
        reader.device.opener.retry(tx)
    row = reader.read(lambda tx: tx.batches.by_hash(order.hash))
    assert row.state == "received"
    assert not reader.records()
    assert raw_of(reader, batch) == erased_form(batch)


# ---------------------------------------------------------------------- batches without a body


def test_a_batch_without_body_and_order_is_withheld(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    assert taken(reader, parse_batch(erased_form(batch))) == [("none", None)]
    assert quarantined(reader) == [(-1, "body_missing")]


def test_an_erased_batch_that_was_never_opened_here_is_told_apart(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    order = order_by(author, batch, seq=2, prev=batch.hash)
    taken(reader, parse_batch(erased_form(batch)), order)
    row = reader.read(lambda tx: tx.batches.by_hash(batch.hash))
    assert (row.state, row.reason) == ("erased", "erased_unread")
    assert not quarantined(reader)
    assert reader.read(lambda tx: tx.streams.head(author.keys.device, CHANNEL.id)) == (
        2,
        order.hash,
    )


def test_no_receipt_names_a_batch_that_was_erased_unread(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    ordered = order_by(reader, batch)
    taken(reader, parse_batch(erased_form(batch)), ordered)
    with reader.vault.transaction() as tx:
        reader.device.opener.retry(tx)
        reader.device.courier.settle(tx)
    receipts = reader.read(lambda tx: tx.receipts.for_stream(author.keys.device, CHANNEL.id))
    assert [row for row in receipts if row.hash == batch.hash] == []
    assert raw_of(reader, batch) == erased_form(batch)


# ---------------------------------------------------------------------- having a record erased


def test_a_record_is_erased_everywhere_and_its_neighbours_stay(world: World) -> None:
    dalila = world["dalila"]
    first, second, third = dalila.create_many(3)
    exchange(world, "dalila", "chebet", "amina")
    before = {one: to_json(world["amina"].records()[one]) for one in (first, third)}
    assert erase(dalila, second) == 1
    exchange(world, "dalila", "chebet", "amina", "dalila")
    for name in ("dalila", "chebet", "amina"):
        records = world[name].records()
        assert second not in records
        assert {one: to_json(records[one]) for one in (first, third)} == before
        assert not world[name].read(lambda tx: tx.quarantine.all())


def test_who_comes_later_reads_the_survivors_as_their_author_s(world: World) -> None:
    dalila = world["dalila"]
    first, second = dalila.create_many(2)
    exchange(world, "dalila")
    erase(dalila, first)
    exchange(world, "dalila", "amina")
    late = world["amina"].records()
    assert first not in late
    assert to_json(late[second]) == to_json(dalila.records()[second])
    assert world["amina"].device.verify().complete


def test_an_office_above_erases_what_a_chief_wrote(world: World) -> None:
    dalila, chebet = world["dalila"], world["chebet"]
    first, second = dalila.create_many(2)
    exchange(world, "dalila", "chebet", "amina")
    erase(chebet, first)
    exchange(world, "chebet", "amina", "dalila")
    for name in ("dalila", "chebet", "amina"):
        assert set(world[name].records()) & {first, second} == {second}, name
    author = view(world["amina"].records()[second], dalila.clock.now_ms()).author
    assert author == view(dalila.records()[second], dalila.clock.now_ms()).author


def test_a_second_record_of_the_batch_goes_too_and_the_third_stays(world: World) -> None:
    dalila = world["dalila"]
    first, second, third = dalila.create_many(3)
    exchange(world, "dalila", "chebet")
    erase(dalila, first)
    exchange(world, "dalila", "chebet", "amina")
    erase(dalila, second)
    exchange(world, "dalila", "chebet", "amina", "eshe")
    for name in ("dalila", "chebet", "amina"):
        assert set(world[name].records()) & {first, second, third} == {third}, name


def test_whoever_may_not_erase_all_of_a_record_erases_none_of_it(world: World) -> None:
    dalila, chebet = world["dalila"], world["chebet"]
    record = dalila.create(WORDS)
    exchange(world, "dalila", "chebet")
    chebet.edit(record, narrative="More is known.")
    exchange(world, "chebet", "dalila")
    with pytest.raises(NoRightError) as refused:
        erase(dalila, record)
    assert refused.value.params == {"reason": "erase"}
    assert not is_erased(
        dalila.read(lambda tx: tx.batches.by_hash(tx.records.history(record)[0])).raw
    )


def test_an_order_seals_the_survivors_before_itself_and_the_header_stays(world: World) -> None:
    dalila = world["dalila"]
    first, _ = dalila.create_many(2)
    exchange(world, "dalila")
    erase(dalila, first)
    outbox = dalila.read(lambda tx: tx.batches.outbox(1_000_000))
    assert [row.kind for row in outbox] == [Kind.REISSUE, Kind.ERASE]


def test_the_server_keeps_no_body_and_a_phone_restored_from_a_copy_obeys_again(
    world: World,
) -> None:
    dalila = world["dalila"]
    record = dalila.create(WORDS)
    exchange(world, "dalila", "chebet")
    copy = dalila.copy()
    erase(dalila, record)
    exchange(world, "dalila", "chebet")
    assert record not in world["chebet"].records()
    dalila.restore(copy)
    assert record in dalila.records()
    exchange(world, "dalila", "dalila")
    assert record not in dalila.records()


def test_our_own_batch_that_was_not_sent_yet_goes_out_without_its_body(world: World) -> None:
    dalila = world["dalila"]
    record = dalila.create(WORDS)
    (sealed,) = dalila.read(lambda tx: tx.batches.outbox(1_000_000))
    erase(dalila, record)
    exchange(world, "dalila", "chebet")
    assert dalila.read(lambda tx: tx.batches.counts()).get("outbox") is None
    assert raw_of(world["chebet"], parse_batch(sealed.raw)) == erased_form(parse_batch(sealed.raw))
    assert sealed.raw not in world.server.tables.every_byte()
    assert not world["chebet"].read(lambda tx: tx.quarantine.all())
    assert world["chebet"].device.verify().complete


def test_a_device_that_joins_the_office_later_finds_no_text(world: World) -> None:
    dalila, chebet = world["dalila"], world["chebet"]
    record = dalila.create(WORDS)
    exchange(world, "dalila", "chebet")
    erase(chebet, record)
    exchange(world, "chebet", "dalila")
    late = world.join("gitonga", "amina", LAMU_WEST, Role.DCC_ADMIN)
    for name in ("amina", "chebet", "amina", "chebet"):
        world[name].sync()
    with chebet.vault.transaction() as tx:
        chebet.device.duties.confirm(tx, late.keys.device)
    for name in ("chebet", "gitonga", "amina", "gitonga", "chebet", "gitonga"):
        world[name].sync()
    assert record not in late.records()
    assert late.read(lambda tx: [row.reason for row in tx.quarantine.all()]) == []
