"""What a device wrote does not come back to it in full, and no record is lost over that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.protocol.messages import SyncAnswer
from tests.support.bends import bent, codes
from tests.support.replicas import World

RECORDS = 20


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An office that has read everything."""
    made = World(tmp_path)
    for _ in range(2):
        made["chebet"].sync()
    return made


def test_an_office_that_writes_receives_a_fraction_of_what_it_sends(world: World) -> None:
    laptop = world["chebet"]
    for number in range(RECORDS):
        laptop.create(f"Concern number {number}, which nobody else has written down.")
    report = laptop.sync()
    assert (report.error, report.alarms, report.sent) == (None, (), RECORDS)
    stored_bytes, item_bytes, welcome_bytes = 149, 77, 400
    assert report.bytes_down < RECORDS * (stored_bytes + item_bytes) + welcome_bytes
    assert report.bytes_down < report.bytes_up
    assert codes(laptop.sync()) == set()
    world["amina"].sync()
    assert world["amina"].records().keys() == laptop.records().keys()


def test_an_office_restored_from_a_copy_gets_back_what_it_wrote_since(world: World) -> None:
    laptop = world["chebet"]
    kept = laptop.create("In the copy.")
    laptop.sync()
    copy = laptop.copy()
    lost = [laptop.create(f"Written after the copy {number}.") for number in range(3)]
    laptop.sync()
    laptop.restore(copy)
    again = laptop.create("Sealed again under the same number.")
    for _ in range(2):
        report = laptop.sync()
        assert (report.error, report.alarms) == (None, ())
    assert laptop.records().keys() == {kept, again, *lost}
    assert not codes(laptop.sync())


def test_a_hash_that_names_nothing_of_ours_is_a_batch_withheld(world: World) -> None:
    world["dalila"].create("From below.")
    world["dalila"].sync()
    laptop = world["chebet"]

    def name_only(answer: SyncAnswer) -> SyncAnswer:
        return replace(answer, items=tuple(replace(one, batch=bytes(32)) for one in answer.items))

    bent(world, name_only, once=False)
    report = laptop.sync()
    assert codes(report) == {"feed_withheld"}
    assert len(laptop.records()) == 0
    world.server.bends.clear()
    assert codes(laptop.sync()) == set()
    assert len(laptop.records()) == 1


def test_a_hash_of_somebody_elses_batch_is_a_batch_withheld(world: World) -> None:
    world["dalila"].create("Known to the office.")
    world["dalila"].sync()
    laptop = world["chebet"]
    laptop.sync()
    known = laptop.read(lambda tx: [row.hash for row in tx.batches.in_state("received")])
    world["dalila"].create("News.")
    world["dalila"].sync()

    def name_known(answer: SyncAnswer) -> SyncAnswer:
        return replace(answer, items=tuple(replace(one, batch=known[0]) for one in answer.items))

    bent(world, name_known, once=False)
    assert codes(laptop.sync()) == {"feed_withheld"}
    world.server.bends.clear()
    assert codes(laptop.sync()) == set()
    assert len(laptop.records()) == 2
