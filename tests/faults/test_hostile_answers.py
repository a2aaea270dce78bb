"""A server that puts off, boasts, or lies about receipts and time: each sync ends, and recovers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.message_parts import Refusal
from fieldapp.protocol.messages import SyncAnswer
from tests.support.bends import Bend, bent, codes, read_once
from tests.support.organisation import DAY_MS, LAMU_WEST
from tests.support.replicas import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A phone whose first record the server holds, and headquarters that read it."""
    return read_once(tmp_path)


def test_a_receipt_for_another_batch_earns_no_tick_whoever_hands_it_out(world: World) -> None:
    phone, laptop = world["dalila"], world["chebet"]
    laptop.sync()
    _, genuine = world.server.tables.receipts[-1]
    told = replace(genuine, header_hash=bytes(32))
    forged = replace(told, signature=laptop.keys.sign(told.signing_bytes()))
    bent(world, lambda answer: replace(answer, receipts=(forged,)), once=False)
    assert phone.sync().error is None
    rows = phone.read(lambda tx: tx.receipts.all())
    assert genuine.office not in {row.office for row in rows}
    world.server.bends.clear()
    bent(world, lambda answer: replace(answer, receipts=(genuine,)))
    phone.sync()
    rows = phone.read(lambda tx: tx.receipts.all())
    assert genuine.office in {row.office for row in rows}


def test_a_signed_time_far_ahead_lasts_until_the_next_true_one(world: World) -> None:
    phone = world["dalila"]
    ahead = world.clock.now_ms() + 40 * 365 * DAY_MS
    bent(world, lambda a: replace(a, welcome=replace(a.welcome, server_time_ms=ahead)))
    phone.sync()
    assert phone.device.best_time_ms() == ahead
    phone.restart()
    phone.sync()
    assert phone.device.best_time_ms() == world.clock.now_ms()
    phone.restart()
    assert phone.device.best_time_ms() == world.clock.now_ms()


def refusing(code: str) -> Bend:
    """Store nothing and refuse everything for one reason."""
    return lambda answer: replace(
        answer, stored=(), refused=tuple(Refusal(one.point, code) for one in answer.stored)
    )


@pytest.mark.parametrize("code", ["directory_ahead", "quota_exceeded", "a_later_code"])
def test_a_server_that_puts_everything_off_is_asked_once_and_again_next_time(
    world: World, code: str
) -> None:
    phone = world["dalila"]
    for number in range(3):
        phone.create(f"Put off {number}.")
    phone.push_bytes = 1_000
    phone.restart()
    bent(world, refusing(code), once=False)
    report = phone.sync()
    assert (codes(report), report.sent) == ({code}, 0)
    assert report.round_trips == 1
    world.server.bends.clear()
    report = phone.sync()
    assert (report.error, report.sent) == (None, 3)


def test_one_batch_that_is_put_off_does_not_hold_up_the_others(world: World) -> None:
    phone = world["dalila"]
    phone.create("Put off.")
    (held,) = phone.read(lambda tx: tx.batches.outbox(1))
    for number in range(9):
        phone.create(f"Behind it {number}.", cls=ChannelClass.CONFIDENTIAL)
    phone.push_bytes = 2_500
    phone.restart()

    def put_off(answer: SyncAnswer) -> SyncAnswer:
        stored = [one for one in answer.stored if one.header_hash != held.hash]
        late = [one for one in answer.stored if one.header_hash == held.hash]
        refused = tuple(Refusal(one.point, "directory_ahead") for one in late)
        return replace(answer, stored=tuple(stored), refused=refused)

    bent(world, put_off, once=False)
    report = phone.sync()
    assert codes(report) == {"directory_ahead"}
    assert report.round_trips > 2
    outbox = phone.read(lambda tx: list(tx.batches.in_state("outbox")))
    assert [row.hash for row in outbox] == [held.hash]
    world.server.bends.clear()
    assert phone.sync().sent == 1


def test_what_a_server_says_of_batches_that_nobody_sent_settles_nothing(world: World) -> None:
    phone = world["dalila"]
    phone.create("Never acknowledged.")

    def boast(answer: SyncAnswer) -> SyncAnswer:
        points = [replace(one.point, hash=bytes(32)) for one in answer.stored]
        refused = tuple(Refusal(point, "reader_missing") for point in points)
        return replace(answer, stored=(), refused=refused)

    bent(world, boast, once=False)
    report = phone.sync()
    assert codes(report) == {"not_acknowledged", "reader_missing"}
    world.server.bends.clear()
    assert phone.sync().sent == 1


def test_a_server_whose_directory_fell_behind_is_named_and_recovers(world: World) -> None:
    phone, headquarters = world["dalila"], world["amina"]
    headquarters.sync()
    backup = world.server.copy_tables()
    world.organisation.directory = world.server.directory
    with headquarters.vault.transaction() as tx:
        headquarters.device.duties.state(
            tx, [world.organisation.office_statement(LAMU_WEST, "csic")]
        )
    headquarters.sync()
    phone.sync()
    lost = phone.create("Sealed under the newer directory.")
    world.server.restore(backup)
    report = phone.sync()
    assert (report.error, report.sent) == (None, 1)
    assert codes(report) == {"directory_rolled_back"}
    assert report.round_trips < 10
    assert headquarters.sync().error is None
    assert lost in headquarters.records()
