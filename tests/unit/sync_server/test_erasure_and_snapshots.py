"""Bodies that an order took away, and snapshots of the directory with their proofs."""

from __future__ import annotations

from dataclasses import replace

from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.protocol.batch import Batch, Kind, erased_form, make_seq
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.erasure import EraseOrder
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import Kid
from fieldapp.protocol.messages import SyncAnswer, SyncRequest, encode_request, parse_answer
from fieldapp.protocol.roles import Role
from fieldapp.protocol.snapshot import Snapshot, make_snapshot, parse_proof
from sync_server.exchange.service import Exchange
from tests.support.authors import Device, author, deposit
from tests.support.organisation import (
    MKOMANI,
    NOON_MS,
    VILLAGE,
    Member,
    Organisation,
)


def codes(answer: SyncAnswer) -> list[str]:
    return [refusal.code for refusal in answer.refused]


def read(exchange: Exchange, member: Member) -> list[bytes]:
    return [item.batch for answer in Device(member).pull(exchange) for item in answer.items]


# ---------------------------------------------------------------------- erasure


def order_for(
    organisation: Organisation, batch: Batch, by: Member, channel: Channel | None = None
) -> Batch:
    plan = BatchPlan(
        kind=Kind.ERASE,
        seq=make_seq(0, 1),
        prev=ZERO_HASH,
        channel=batch.header.channel if channel is None else channel.id,
        directory_version=organisation.position,
        kid=Kid(batch.header.kid),
    )
    return seal_plain(EraseOrder(batch.point, ()).to_bytes(), keys=by.keys, plan=plan)


def test_an_order_takes_the_body_and_leaves_the_header(
    exchange: Exchange, organisation: Organisation
) -> None:
    first, second = author(organisation, "dalila").batches(2)
    deposit(exchange, first, second)
    order = order_for(organisation, second, organisation["chebet"])
    assert not deposit(exchange, order).refused
    got = read(exchange, organisation["amina"])
    assert second.raw not in got
    assert {first.raw, erased_form(second), order.raw} <= set(got)


def test_a_packet_survives_the_body(exchange: Exchange, organisation: Organisation) -> None:
    first = author(organisation, "dalila").batch()
    deposit(exchange, first, order_for(organisation, first, organisation["dalila"]))
    got = read(exchange, organisation["amina"])
    assert erased_form(first) in got
    assert len(erased_form(first)) > 240


def test_an_erased_body_does_not_come_back(exchange: Exchange, organisation: Organisation) -> None:
    first, second = author(organisation, "dalila").batches(2)
    deposit(exchange, first)
    deposit(exchange, order_for(organisation, second, organisation["chebet"]))
    assert not deposit(exchange, second).refused
    assert second.raw not in read(exchange, organisation["amina"])
    assert erased_form(second) in read(exchange, organisation["amina"])


def test_a_bare_header_is_taken_once_an_order_covers_it(
    exchange: Exchange, organisation: Organisation
) -> None:
    first, second = author(organisation, "dalila").batches(2)
    bare = encode_request(SyncRequest(batches=(erased_form(second),)))
    deposit(exchange, first)
    assert codes(parse_answer(exchange.sync(bare))) == ["body_missing"]
    deposit(exchange, order_for(organisation, second, organisation["chebet"]))
    assert codes(parse_answer(exchange.sync(bare))) == []


def test_an_order_by_somebody_who_does_not_read_the_batch_is_refused(
    exchange: Exchange, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    deposit(exchange, batch)
    order = order_for(organisation, batch, organisation["fumo"])
    assert codes(deposit(exchange, order)) == ["not_authorised"]
    assert batch.raw in read(exchange, organisation["amina"])


def test_an_order_by_an_officer_of_a_reading_office_who_leads_nobody_is_refused(
    exchange: Exchange, organisation: Organisation
) -> None:
    before = organisation.position
    mate = organisation.enrol(organisation["chebet"], "kahindi", MKOMANI, Role.ASSISTANT_CHIEF)
    deposit(exchange, *[batch for at, batch in organisation.log if at > before])
    batch = author(organisation, "dalila").batch()
    deposit(exchange, batch)
    assert codes(deposit(exchange, order_for(organisation, batch, mate))) == ["not_authorised"]
    assert batch.raw in read(exchange, mate)


def test_an_order_in_another_channel_is_malformed(
    exchange: Exchange, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    deposit(exchange, batch)
    elsewhere = Channel(VILLAGE, ChannelClass.ORDINARY)
    order = order_for(organisation, batch, organisation["chebet"], elsewhere)
    assert codes(deposit(exchange, order)) == ["malformed_message"]


# ---------------------------------------------------------------------- snapshots


def snapshot_of(organisation: Organisation, version: int) -> Snapshot:
    made = make_snapshot(
        organisation.directory.heads,
        version=version,
        position=organisation.position,
        created_ms=NOON_MS,
        expires_ms=NOON_MS + 1,
    )
    return made.signed(organisation.directory_signer.sign(made.signing_bytes()))


def leave(exchange: Exchange, member: Member, snapshot: bytes) -> None:
    request = replace(Device(member).request(), snapshot=snapshot)
    exchange.sync(encode_request(request))


def test_a_snapshot_reaches_each_device_once_with_proofs_of_its_channels(
    exchange: Exchange, organisation: Organisation
) -> None:
    snapshot = snapshot_of(organisation, 1)
    leave(exchange, organisation["amina"], snapshot.to_bytes())
    chebet = Device(organisation["chebet"])
    found = parse_proof(chebet.sync(exchange).snapshot or b"")
    assert found.snapshot == snapshot
    assert len(found.proofs) == 3
    assert chebet.sync(exchange).snapshot is None


def test_a_snapshot_that_is_forged_malformed_or_older_changes_nothing(
    exchange: Exchange, organisation: Organisation
) -> None:
    second = snapshot_of(organisation, 2)
    leave(exchange, organisation["amina"], second.to_bytes())
    for bad in (
        replace(snapshot_of(organisation, 3), count=9).to_bytes(),
        b"short",
        snapshot_of(organisation, 1).to_bytes(),
        second.to_bytes(),
    ):
        leave(exchange, organisation["amina"], bad)
    found = Device(organisation["chebet"]).sync(exchange).snapshot
    assert parse_proof(found or b"").snapshot == second
