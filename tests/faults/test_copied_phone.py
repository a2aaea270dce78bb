"""A phone's data is copied and both copies are used: all arrives, and then there is quiet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.protocol.batch import split_seq
from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.ids import RecordId, UnitId
from fieldapp.protocol.message_parts import StreamHead
from fieldapp.sync.acknowledged import acknowledged_ms, counting
from fieldapp.sync.generations import was_copied
from fieldapp.sync.own_streams import RESEALED
from tests.support.organisation import MKOMANI
from tests.support.replicas import Replica, World

DAY_MS = 24 * 60 * 60 * 1000


def copied(world: World) -> tuple[Replica, Replica]:
    """One record delivered, then two phones with the same home."""
    world["dalila"].create("Before the copy.")
    assert world["dalila"].sync().error is None
    return world["dalila"], world.twin("dalila")


def assert_quiet(*phones: Replica) -> None:
    """Nobody has anything to send, and the server tells nobody of a head."""
    for phone in phones:
        report = phone.sync()
        assert (report.error, report.sent, report.round_trips) == (None, 0, 1)


def is_ticked(world: World, phone: Replica, record: RecordId) -> bool:
    """Tell whether headquarters acknowledged every batch of a record that this phone holds."""
    amina = world["amina"].device.directory.device(world["amina"].keys.device)
    assert amina is not None
    with phone.vault.reading() as tx:
        rows = [tx.batches.by_hash(one) for one in tx.records.history(record)]
        held = counting(row for row in rows if row is not None)
        return bool(held) and all(acknowledged_ms(tx, row, {amina.office_id}) for row in held)


def assert_settled(world: World, *phones: Replica) -> None:
    """After some more syncs all is at headquarters, ticked on both phones, and nothing moves."""
    for _ in range(3):
        for replica in (*phones, world["amina"]):
            assert replica.sync().error is None
    assert_quiet(*phones)
    everything = world["amina"].records()
    for phone in phones:
        assert phone.records() == everything
        assert [one for one in everything if not is_ticked(world, phone, one)] == []


def generations(phone: Replica) -> set[int]:
    """The generations in which this home's ordinary stream was sealed."""
    with phone.vault.reading() as tx:
        rows = tx.batches.sequence(phone.keys.device, phone.channel().id)
    return {split_seq(seq)[0] for seq, _, _ in rows}


def test_two_copies_that_sync_in_turn_come_to_rest(tmp_path: Path) -> None:
    world = World(tmp_path)
    first, second = copied(world)
    for phone, words in ((second, "From the copy."), (first, "From the phone.")) * 3:
        phone.create(words)
        assert phone.sync().error is None
    assert_settled(world, first, second)
    assert len(world["amina"].records()) == 7


def test_work_of_both_copies_before_either_syncs_comes_to_rest(tmp_path: Path) -> None:
    world = World(tmp_path)
    first, second = copied(world)
    for _ in range(3):
        first.create("From the phone.")
        second.create("From the copy.")
        second.create("From the copy, once more.")
    second.sync()
    first.sync()
    assert_settled(world, first, second)
    assert len(world["amina"].records()) == 10


def test_a_copy_whose_clock_is_wrong_learns_of_the_fork_after_its_receipts(tmp_path: Path) -> None:
    """A server that does not trust the hello gives receipts and tells nothing of the heads."""
    world = World(tmp_path)
    first, second = copied(world)
    for _ in range(4):
        second.create("From the copy.")
    assert second.sync().error is None
    for _ in range(2):
        first.create("From the phone.")
    first.clock.advance(-400 * DAY_MS)
    assert first.sync().error is None
    assert_settled(world, first, second)
    assert len(world["amina"].records()) == 7


def test_a_home_that_took_a_fork_for_its_chain_before_heals(tmp_path: Path) -> None:
    """As homes of the version before are: what was forked counts as stored, and was built on."""
    world = World(tmp_path)
    first, second = copied(world)
    for _ in range(4):
        second.create("From the copy.")
    assert second.sync().error is None
    for _ in range(2):
        first.create("From the phone.")
    with first.vault.transaction() as tx:
        for row in tx.batches.outbox(1 << 20):
            world.server.take(row.raw)
            tx.batches.mark(row.hash, "stored")
        head = tx.streams.head(first.keys.device, first.channel().id)
        assert head is not None
        tx.streams.set(first.keys.device, first.channel().id, 1 << 48 | head[0], head[1])
    first.create("Built on the fork.")
    assert first.sync().error is None
    assert_settled(world, first, second)
    assert len(world["amina"].records()) == 8


@pytest.mark.parametrize("pull_bytes", [3_000, 1_048_576])
def test_a_copy_follows_what_the_other_one_sealed(tmp_path: Path, pull_bytes: int) -> None:
    """What came by pull is ours too: the next record follows it, and nothing is left out."""
    world = World(tmp_path)
    first, second = copied(world)
    for _ in range(5):
        second.create("From the copy.")
    assert second.sync().error is None
    first.device.surroundings = type(first.device.surroundings)(
        first.clock.now_ms, first.chance.token, first.clock.wait, pull_bytes=pull_bytes
    )
    first.device.reload()
    assert first.sync().error is None
    after = first.create("From the phone, after it read the copy's.")
    assert first.sync().sent == 1
    assert_settled(world, first, second)
    assert after in second.records()
    assert generations(first) == {0, 1}


def test_restricted_records_of_both_copies_come_to_rest(tmp_path: Path) -> None:
    """A phone does not read what it sealed for a desk, so it cannot follow the other copy."""
    world = World(tmp_path)
    first = world["dalila"]
    first.create("Before the copy.", cls=ChannelClass.GENDER, category="gbv")
    first.sync()
    second = world.twin("dalila")
    for phone in (second, first) * 3:
        phone.create("After the copy.", cls=ChannelClass.GENDER, category="gbv")
        assert phone.sync().error is None
    for _ in range(3):
        assert first.sync().error is None
        assert second.sync().error is None
    assert_quiet(first, second)
    world["fumo"].sync()
    assert len(world["fumo"].records()) == 7


def test_what_was_sealed_twice_asks_for_nobodys_care(tmp_path: Path) -> None:
    """Whoever holds the fork and the later batch counts the later one, in any order of arrival."""
    world = World(tmp_path)
    first, second = copied(world)
    second.create("From the copy.")
    second.sync()
    first.create("From the phone.")
    first.sync()
    for _ in range(2):
        for replica in (second, world["amina"], first):
            replica.sync()
    for replica in (first, second, world["amina"]):
        with replica.vault.reading() as tx:
            assert [row.reason for row in tx.batches.in_state("forked")] == [RESEALED]


@pytest.mark.parametrize(("days", "is_shown"), [(0, True), (6, True), (7, False)])
def test_a_copied_home_is_told_of_for_a_week(tmp_path: Path, days: int, is_shown: bool) -> None:
    world = World(tmp_path)
    first, second = copied(world)
    second.create("From the copy.")
    second.sync()
    assert not first.read(lambda tx: was_copied(tx, first.clock.now_ms()))
    assert first.sync().error is None
    first.clock.advance(days * DAY_MS)
    assert first.read(lambda tx: was_copied(tx, first.clock.now_ms())) is is_shown


def test_a_server_that_names_the_last_generation_stops_no_sync(tmp_path: Path) -> None:
    """There is none after it: the records stay here, are sent, and nothing breaks."""
    world = World(tmp_path)
    phone = world["dalila"]
    phone.create("Before the lie.")
    phone.sync()
    channel = phone.channel().id
    lie = StreamHead(channel, (1 << 64) - 1, b"\x07" * 32)
    world.server.bends.append(lambda answer: replace(answer, heads=(lie,)))
    record = phone.create("After it.")
    assert phone.sync().error is None
    world.server.bends.clear()
    assert_settled(world, phone)
    assert record in world["amina"].records()


def test_two_copies_of_an_administrators_home_come_to_rest_and_are_told(tmp_path: Path) -> None:
    """Both open an office at once: the statement that came first stands, and neither goes on."""
    world = World(tmp_path)
    first = world["chebet"]
    for one in (first, world["amina"]):
        assert one.sync().error is None
    second = world.twin("chebet")
    units = UnitId(f"{MKOMANI}-V0001"), UnitId(f"{MKOMANI}-V0002")
    for laptop, unit in zip((second, first), units, strict=True):
        world.organisation.directory = laptop.device.directory
        with laptop.vault.transaction() as tx:
            laptop.device.duties.state(tx, [world.organisation.office_statement(unit, "admin")])
        assert laptop.sync().error is None
    for _ in range(2):
        for one in (first, second, world["amina"]):
            assert one.sync().error is None
    for one in (first, second, world["amina"]):
        offices = [one.device.directory.office(unit, "admin") for unit in units]
        assert [office is None for office in offices] == [False, True]
    assert first.read(lambda tx: was_copied(tx, first.clock.now_ms()))
    before = world.server.directory.version
    for _ in range(3):
        assert_quiet(first, second)
    assert world.server.directory.version == before
