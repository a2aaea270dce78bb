"""Delivery from a vault that is locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fieldapp.protocol.message_parts import Refusal
from fieldapp.protocol.messages import SyncAnswer
from fieldapp.storage.outbox import open_outbox
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.deposit import deposit
from tests.support.failures import why
from tests.support.organisation import signing_key
from tests.support.replicas import World
from tests.support.simulator import Simulator


def test_a_locked_phone_delivers_and_the_open_one_knows_it(world: World) -> None:
    phone = world["dalila"]
    records = [phone.create(f"Concern {number}") for number in range(3)]
    phone.vault.close()
    with open_outbox(phone.path) as outbox:
        report = deposit(outbox, world.server, push_bytes=1_500)
    assert (report.error, report.sent) == (None, 3)
    assert report.round_trips > 1
    phone.open()
    assert phone.sync().sent == 0
    world["amina"].sync()
    assert world["amina"].records().keys() == set(records)


def test_an_empty_outbox_asks_nobody(world: World) -> None:
    phone = world["dalila"]
    phone.vault.close()
    with open_outbox(phone.path) as outbox:
        assert deposit(outbox, world.server).round_trips == 0
    assert world.server.requests == []
    phone.open()


def test_a_lost_link_is_named_and_nothing_is_marked(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    world.server.cut_answer_at = 0
    with open_outbox(phone.path) as outbox:
        report = deposit(outbox, world.server)
    assert why(report.error) == "connection_cut"
    assert phone.sync().sent == 1


def test_another_server_earns_no_receipt(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    impostor = Simulator(signing_key("impostor"), world.clock.now_ms)
    with open_outbox(phone.path) as outbox:
        report = deposit(outbox, impostor)
    assert why(report.error) == "answer_not_signed"


def test_a_server_that_takes_nothing_is_not_asked_for_ever(world: World) -> None:
    phone = world["dalila"]
    phone.create()

    def silent(answer: SyncAnswer) -> SyncAnswer:
        return replace(answer, stored=(), refused=())

    world.server.bends.append(silent)
    with open_outbox(phone.path) as outbox:
        report = deposit(outbox, world.server)
    assert why(report.error) == "not_acknowledged"


def refusing(code: str) -> Callable[[SyncAnswer], SyncAnswer]:
    """Bend an answer: nothing was stored, everything refused for one reason."""

    def refuse(answer: SyncAnswer) -> SyncAnswer:
        return replace(
            answer, stored=(), refused=tuple(Refusal(one.point, code) for one in answer.stored)
        )

    return refuse


def test_a_batch_that_may_come_again_stays_in_the_outbox(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    world.server.bends.append(refusing("directory_ahead"))
    with open_outbox(phone.path) as outbox:
        assert deposit(outbox, world.server).error == SyncFailure("directory_ahead")
    world.server.bends.clear()
    assert phone.sync().sent == 1


def test_a_batch_that_is_refused_for_good_is_set_aside_with_its_reason(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    world.server.bends.append(refusing("reader_missing"))
    with open_outbox(phone.path) as outbox:
        report = deposit(outbox, world.server)
    assert (report.error, report.sent) == (None, 0)
    (row,) = phone.read(lambda tx: list(tx.batches.in_state("refused")))
    assert row.reason == "reader_missing"


def test_an_open_phone_sets_a_refused_batch_aside_as_well(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    world.server.bends.append(refusing("reader_missing"))
    report = phone.sync()
    assert (report.error, report.sent) == (None, 0)
    assert [alarm.code for alarm in report.alarms] == ["reader_missing"]
