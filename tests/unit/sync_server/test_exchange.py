"""What the exchange decides beyond the common contract: erasure, snapshots, failing work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.errors import MalformedMessageError, TransientSyncError
from fieldapp.protocol.batch import Batch, Kind, erased_form, make_seq
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.erasure import EraseOrder
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import Kid
from fieldapp.protocol.messages import SyncAnswer, SyncRequest, encode_request, parse_answer
from fieldapp.protocol.receipts import StoredReceipt
from fieldapp.protocol.roles import Role
from fieldapp.protocol.snapshot import Snapshot, make_snapshot, parse_proof
from sync_server.exchange.judge import refusal_code
from sync_server.exchange.service import Exchange
from sync_server.storage import ledger as ledger_module
from tests.support.authors import Author, Device, author, deposit, opened_receipt
from tests.support.organisation import (
    MKOMANI,
    NOON_MS,
    VILLAGE,
    Member,
    Organisation,
    small_organisation,
)
from tests.support.server import Clock, make_exchange


@pytest.fixture
def organisation() -> Organisation:
    return small_organisation()


@pytest.fixture
def exchange(organisation: Organisation, tmp_path: Path) -> Iterator[Exchange]:
    made = make_exchange(f"sqlite:///{tmp_path / 'server.db'}")
    root, *others = (batch for _, batch in organisation.log)
    made.claim_server(bytes.fromhex(made.claim_token()), root.raw)
    assert not deposit(made, *others).refused
    yield made
    made.close()


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


# ---------------------------------------------------------------------- receipts


def test_an_older_receipt_does_not_replace_a_newer_one(
    exchange: Exchange, organisation: Organisation
) -> None:
    first, second = author(organisation, "dalila").batches(2)
    dalila, chebet = Device(organisation["dalila"]), Device(organisation["chebet"])
    dalila.sync(exchange, [first, second])
    newer = opened_receipt(chebet.member, second)
    chebet.sync(exchange, receipts=[newer])
    chebet.sync(exchange, receipts=[opened_receipt(chebet.member, first)])
    assert dalila.sync(exchange).receipts == (newer,)


# ---------------------------------------------------------------------- refusals


def test_a_directory_batch_of_a_stranger_is_refused(
    exchange: Exchange, organisation: Organisation
) -> None:
    stranger = organisation.join("zuri", MKOMANI, "admin", Role.CHIEF)
    said = organisation.draft(stranger, organisation.office_statement(MKOMANI, "admin"))
    assert codes(deposit(exchange, said)) == ["unknown_device"]


def test_invite_claim_certificate_and_first_record_may_come_in_one_request(
    exchange: Exchange, organisation: Organisation
) -> None:
    place = organisation.position
    invite = organisation.invite(organisation["chebet"], MKOMANI, Role.CHIEF)
    gakuo = organisation.claim("gakuo", invite)
    organisation.issue(organisation["chebet"], gakuo.certificate())
    said = [batch for position, batch in organisation.log if position > place]
    writer = author(organisation, "gakuo")
    answer = deposit(exchange, *said, writer.batch())
    assert codes(answer) == []


def test_a_version_that_falls_within_a_stream_is_refused(
    exchange: Exchange, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    deposit(exchange, writer.batch())
    falling = writer.batch(version=3)
    assert codes(deposit(exchange, falling)) == ["directory_version_fell"]


def test_a_version_that_falls_beyond_a_gap_is_refused_too(
    exchange: Exchange, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    first, _second, third = writer.batches(3)
    falling = writer.batch(version=3)
    assert codes(deposit(exchange, first, third, falling)) == ["directory_version_fell"]


def test_a_number_that_does_not_follow_the_batch_it_names_is_a_fork(
    exchange: Exchange, organisation: Organisation
) -> None:
    writer, dalila = author(organisation, "dalila"), Device(organisation["dalila"])
    first, second, _third = writer.batches(3)
    writer.head = first.hash
    odd = writer.batch()
    dalila.sync(exchange, [first, second, odd])
    dalila.heads.clear()
    heads = dalila.sync(exchange).heads or ()
    assert second.hash in [head.hash for head in heads]


def test_a_directory_channel_of_nobodys_unit_is_malformed(
    exchange: Exchange, organisation: Organisation
) -> None:
    elsewhere = Channel(VILLAGE, ChannelClass.DIRECTORY).id
    odd = organisation.draft(
        organisation["chebet"],
        organisation.office_statement(MKOMANI, "admin"),
        channel=elsewhere,
    )
    assert codes(deposit(exchange, odd)) == ["malformed_message"]


def test_grants_that_do_not_parse_are_malformed(
    exchange: Exchange, organisation: Organisation
) -> None:
    chebet = organisation["chebet"]
    plan = BatchPlan(
        kind=Kind.GRANT,
        seq=make_seq(0, 1),
        prev=ZERO_HASH,
        channel=Channel(chebet.unit, ChannelClass.KEYS).id,
        directory_version=organisation.position,
    )
    broken = seal_plain(b"\x00\x09broken", keys=chebet.keys, plan=plan)
    assert codes(deposit(exchange, broken)) == ["malformed_message"]


def test_an_error_without_a_word_of_its_own_on_the_wire_is_malformed() -> None:
    assert refusal_code(MalformedMessageError("feed_forked")) == "malformed_message"


# ---------------------------------------------------------------------- adoption


def test_a_batch_that_may_not_be_handed_out_stays_aside_when_adopted(
    exchange: Exchange, organisation: Organisation
) -> None:
    """What was quarantined before its body could be judged is judged when it is adopted."""
    writer = author(organisation, "dalila")
    last = writer.batch()
    deposit(exchange, last)
    member = organisation["dalila"]
    cut = Cut(last.header.channel, last.header.seq, last.hash)
    deposit(
        exchange,
        organisation.revoke(organisation["chebet"], member, cut, organisation.cut(member)),
    )
    late = writer.batch()
    order = order_for(organisation, last, member, Channel(MKOMANI, ChannelClass.ORDINARY))
    deposit(exchange, late, order)
    deposit(exchange, organisation.adopt(organisation["chebet"], late))
    assert late.raw in read(exchange, organisation["amina"])


# ---------------------------------------------------------------------- the writer


def test_work_that_fails_takes_nobody_elses_work_with_it(
    exchange: Exchange, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    hold, gate = exchange._writer.submit, _Gate()
    blocked = hold(gate)
    good = hold(lambda ledger: exchange._judge.judge(ledger, batch), batch)
    bad = hold(_fail)
    after = hold(lambda _ledger: "done")
    gate.open()
    assert blocked.result(30) is None
    assert good.result(30).point == batch.point
    assert after.result(30) == "done"
    with pytest.raises(ZeroDivisionError):
        bad.result(30)
    assert batch.raw in read(exchange, organisation["amina"])


class _Gate:
    """Work that holds the writer until it is let go."""

    def __init__(self) -> None:
        self._opened = Event()

    def __call__(self, _ledger: object) -> None:
        assert self._opened.wait(30)

    def open(self) -> None:
        self._opened.set()


def _fail(_ledger: object) -> None:
    raise ZeroDivisionError


def test_a_directory_change_that_was_rolled_back_is_forgotten(
    exchange: Exchange, organisation: Organisation
) -> None:
    statement = organisation.issue(
        organisation["chebet"], organisation.office_statement(VILLAGE, "admin")
    )

    def change_and_fail(ledger: object) -> None:
        exchange._judge.judge(ledger, statement)  # type: ignore[arg-type]  # the writer's ledger
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        exchange._writer.submit(change_and_fail, statement).result(30)
    assert exchange.info().is_claimed
    answer = Device(organisation["amina"]).sync(exchange)
    assert answer.welcome.directory_version == organisation.position - 1
    assert not deposit(exchange, statement).refused


def test_a_device_is_known_although_the_copy_was_just_forgotten(
    exchange: Exchange, organisation: Organisation
) -> None:
    def forget(_ledger: object) -> None:
        exchange._directory._begin_change()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        exchange._writer.submit(forget).result(30)
    assert Device(organisation["amina"]).sync(exchange).welcome.notices == ()


def test_a_closed_writer_finishes_its_work_and_takes_no_more(tmp_path: Path) -> None:
    made = make_exchange(f"sqlite:///{tmp_path / 'server.db'}")
    gate = _Gate()
    first = made._writer.submit(gate)
    second = made._writer.submit(lambda _ledger: "done")
    made._writer._queue.put(None)
    gate.open()
    assert (first.result(30), second.result(30)) == (None, "done")
    made._writer._thread.join(30)
    made._writer._closed.set()
    with pytest.raises(TransientSyncError):
        made._writer.submit(lambda _ledger: None)
    made._database.close()


def test_more_work_than_a_group_holds_is_done_in_several(
    exchange: Exchange, organisation: Organisation
) -> None:
    gate = _Gate()
    exchange._writer.submit(gate)
    batches = author(organisation, "dalila").batches(150)
    futures = [
        exchange._writer.submit(partial(exchange._judge.judge, batch=batch), batch)
        for batch in batches
    ]
    gate.open()
    outcomes = [future.result(30) for future in futures]
    positions = [row.position for row in outcomes if isinstance(row, StoredReceipt)]
    assert len(positions) == 150
    assert positions == sorted(set(positions))


def test_a_large_grant_is_written_in_parts(
    exchange: Exchange, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "FLUSH_ROWS", 3)
    first, *others = author(organisation, "dalila").batches(9)
    deposit(exchange, *others)
    deposit(exchange, first)
    got = read(exchange, organisation["amina"])
    assert [got.count(batch.raw) for batch in (first, *others)] == [1] * 9


def test_a_long_feed_is_read_across_scans(exchange: Exchange, organisation: Organisation) -> None:
    batches = author(organisation, "dalila").batches(130)
    deposit(exchange, *batches)
    got = read(exchange, organisation["amina"])
    assert [raw for raw in got if raw in {batch.raw for batch in batches}] == [
        batch.raw for batch in batches
    ]


def test_an_old_client_is_told_so(exchange: Exchange, organisation: Organisation) -> None:
    amina = Device(organisation["amina"])
    request = amina.request()
    assert request.hello is not None
    old = replace(request.hello, protocol=0)
    signed = replace(old, signature=amina.member.keys.sign(old.signing_bytes()))
    raw = exchange.sync(encode_request(replace(request, hello=signed)))
    assert parse_answer(raw).welcome.notices == ("client_too_old",)


def test_the_clock_of_the_server_stands_in_every_answer(tmp_path: Path) -> None:
    clock = Clock(5)
    made = make_exchange(f"sqlite:///{tmp_path / 'server.db'}", clock=clock)
    clock.now_ms = 77
    assert made.info().server_time_ms == 77
    made.close()


def test_a_reader_who_reuses_a_foreign_kid_reaches_nobody(
    exchange: Exchange, organisation: Organisation
) -> None:
    dalila = author(organisation, "dalila")
    deposit(exchange, dalila.batch())
    thief = Author(organisation, organisation["chebet"], dalila.channel, dalila.sender_key)
    stolen = thief.batch(packet=False)
    assert not deposit(exchange, stolen).refused
    assert stolen.raw not in read(exchange, organisation["amina"])
