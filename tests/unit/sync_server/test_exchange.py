"""What the exchange decides beyond the common contract: erasure, snapshots, failing work."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.errors import MalformedMessageError, TransientSyncError
from fieldapp.protocol.batch import Batch, Kind, make_seq
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.messages import SyncAnswer, encode_request, parse_answer
from fieldapp.protocol.receipts import StoredReceipt
from fieldapp.protocol.roles import Role
from sync_server.errors import RefusedBatchError
from sync_server.exchange import judge as judge_module
from sync_server.exchange.judge import refusal_code
from sync_server.exchange.routing import Plan, plan
from sync_server.exchange.service import Exchange
from sync_server.storage import ledger as ledger_module
from sync_server.storage.ledger import Ledger
from tests.support.authors import Author, Device, author, deposit, opened_receipt
from tests.support.organisation import (
    LAMU_WEST,
    MKOMANI,
    VILLAGE,
    Member,
    Organisation,
)
from tests.support.server import Clock, make_exchange


def codes(answer: SyncAnswer) -> list[str]:
    return [refusal.code for refusal in answer.refused]


def read(exchange: Exchange, member: Member) -> list[bytes]:
    return [item.batch for answer in Device(member).pull(exchange) for item in answer.items]


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


# ---------------------------------------------------------------------- kept aside


def revoked_with_late_batch(exchange: Exchange, organisation: Organisation) -> Batch:
    writer, member = author(organisation, "dalila"), organisation["dalila"]
    last = writer.batch()
    deposit(exchange, last)
    cut = Cut(last.header.channel, last.header.seq, last.hash)
    revocation = organisation.revoke(organisation["chebet"], member, cut, organisation.cut(member))
    late = writer.batch()
    deposit(exchange, revocation, late)
    return late


def test_what_still_may_not_be_handed_out_when_adopted_stays_aside(
    exchange: Exchange, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = revoked_with_late_batch(exchange, organisation)

    def strict(ledger: Ledger, directory: Directory, batch: Batch, who: Certificate | None) -> Plan:
        if batch.hash == late.hash:
            raise RefusedBatchError("not_authorised")
        return plan(ledger, directory, batch, who)

    monkeypatch.setattr(judge_module, "plan", strict)
    adoption = organisation.adopt(organisation["chebet"], late)
    assert not deposit(exchange, adoption).refused
    assert read(exchange, organisation["amina"]).count(late.raw) == 1  # as one who may adopt it


def test_a_directory_batch_far_beyond_a_gap_waits_until_all_of_it_came(
    exchange: Exchange, organisation: Organisation
) -> None:
    brian = organisation["brian"]
    said = [
        organisation.take(
            organisation.draft(brian, organisation.office_statement(LAMU_WEST, "admin"))
        )
        for _ in range(4)
    ]
    first, second, third, fourth = said
    amina = Device(organisation["amina"])
    amina.pull(exchange)
    deposit(exchange, fourth, second)
    deposit(exchange, first)
    assert [item.batch for item in amina.sync(exchange).items] == [first.raw, second.raw]
    deposit(exchange, third)
    assert [item.batch for item in amina.sync(exchange).items] == [third.raw, fourth.raw]


def test_a_gap_before_two_generations_closes_for_both(
    exchange: Exchange, organisation: Organisation
) -> None:
    writer, dalila = author(organisation, "dalila"), Device(organisation["dalila"])
    first, second, third = writer.batches(3)
    writer.branch(second, 1)
    newer = writer.batch()
    dalila.sync(exchange, [first, third, newer])
    dalila.heads.clear()
    heads = {head.channel: head.hash for head in dalila.sync(exchange, [second]).heads or ()}
    assert heads[first.header.channel] == newer.hash


def test_a_late_batch_of_an_older_generation_does_not_move_the_head_back(
    exchange: Exchange, organisation: Organisation
) -> None:
    writer, dalila = author(organisation, "dalila"), Device(organisation["dalila"])
    first, second, third = writer.batches(3)
    writer.branch(first, 1)
    newer = writer.batch()
    dalila.sync(exchange, [first, newer, third])
    dalila.heads.clear()
    heads = {head.channel: head.hash for head in dalila.sync(exchange, [second]).heads or ()}
    assert heads[first.header.channel] == newer.hash


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
    made._writer._is_closed = True
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


def test_streams_that_share_a_kid_by_chance_keep_their_own_readers(
    exchange: Exchange, organisation: Organisation
) -> None:
    """Two writers with one sender key, each in the other's channel too: four streams, one kid."""
    dalila = author(organisation, "dalila")
    chebet = author(organisation, "chebet")
    chebet.sender_key = dalila.sender_key
    crossed = Author(organisation, organisation["chebet"], dalila.channel, dalila.sender_key)
    deposit(exchange, dalila.batch(), chebet.batch(), crossed.batch())
    deposit(exchange, dalila.batch(), chebet.batch())
    got = read(exchange, organisation["amina"])
    assert len([raw for raw in got if raw[4] == Kind.ENTRIES]) == 5
