"""A server that lies is caught and the lie is named; no record is lost over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.protocol.batch import HEADER_BYTES
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.message_parts import FeedItem
from fieldapp.protocol.messages import SyncAnswer
from tests.support.bends import bent, codes, with_items, with_news
from tests.support.organisation import DAY_MS, LAMU_WEST, signing_key
from tests.support.replicas import Replica, World
from tests.support.simulator import Simulator


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Headquarters has read everything; three new records wait for it."""
    return with_news(tmp_path)


def all_arrives_in_the_end(world: World, expected: int = 4) -> None:
    """Whatever the lie was, an honest answer afterwards brings everything."""
    world.server.bends.clear()
    report = world["amina"].sync()
    assert report.error is None
    assert len(world["amina"].records()) == expected


def test_an_honest_server_raises_no_alarm(world: World) -> None:
    assert codes(world["amina"].sync()) == set()
    all_arrives_in_the_end(world)


def test_a_changed_body_is_quarantined_by_name(world: World) -> None:
    def flip(items: tuple[FeedItem, ...]) -> tuple[FeedItem, ...]:
        raw = bytearray(items[0].batch)
        raw[-1] ^= 1
        return (replace(items[0], batch=bytes(raw)), *items[1:])

    bent(world, with_items(flip))
    report = world["amina"].sync()
    assert report.quarantined == 1
    rows = world["amina"].read(lambda tx: tx.quarantine.all())
    assert rows[0].reason == "malformed_message"
    assert len(world["amina"].records()) == 3


def test_a_changed_header_is_caught_by_the_running_hash(world: World) -> None:
    def flip(items: tuple[FeedItem, ...]) -> tuple[FeedItem, ...]:
        raw = bytearray(items[0].batch)
        raw[HEADER_BYTES - 1] ^= 1
        return (replace(items[0], batch=bytes(raw)), *items[1:])

    bent(world, with_items(flip))
    assert codes(world["amina"].sync()) == {"feed_forked"}
    all_arrives_in_the_end(world)


def test_a_forged_batch_at_the_end_is_quarantined_and_shown(world: World) -> None:
    def flip(items: tuple[FeedItem, ...]) -> tuple[FeedItem, ...]:
        raw = bytearray(items[-1].batch)
        raw[HEADER_BYTES - 1] ^= 1
        return (*items[:-1], replace(items[-1], batch=bytes(raw)))

    bent(world, with_items(flip))
    assert codes(world["amina"].sync()) == {"feed_withheld"}
    all_arrives_in_the_end(world)


def test_reordered_items_are_named(world: World) -> None:
    bent(world, with_items(lambda items: (items[1], items[0], *items[2:])))
    assert codes(world["amina"].sync()) == {"feed_reordered"}
    all_arrives_in_the_end(world)


def test_swapped_positions_are_named(world: World) -> None:
    def swap(items: tuple[FeedItem, ...]) -> tuple[FeedItem, ...]:
        first, second, *rest = items
        ahead = replace(first, position=second.position)
        return (ahead, replace(second, position=first.position), *rest)

    bent(world, with_items(swap))
    assert codes(world["amina"].sync()) == {"feed_reordered"}
    all_arrives_in_the_end(world)


def test_an_item_that_was_read_before_is_a_replay(world: World) -> None:
    old = world["amina"].read(lambda tx: next(tx.batches.in_state("received")))
    reader = next(iter(world.server.tables.feeds))

    def replay(items: tuple[FeedItem, ...]) -> tuple[FeedItem, ...]:
        item = FeedItem(old.position, items[0].reader or reader, bytes(16), old.raw)
        return (item, *items)

    bent(world, with_items(replay))
    assert codes(world["amina"].sync()) == {"feed_replayed"}
    all_arrives_in_the_end(world)


def test_the_same_item_twice_in_one_answer_is_a_replay(world: World) -> None:
    bent(world, with_items(lambda items: (items[0], items[0], *items[1:])))
    assert codes(world["amina"].sync()) == {"feed_replayed"}
    all_arrives_in_the_end(world)


def test_an_old_answer_is_not_an_answer_to_a_new_request(world: World) -> None:
    answers: list[bytes] = []

    class Replaying(Simulator):
        def __init__(self) -> None:
            pass

        def sync(self, request: bytes) -> bytes:
            answers.append(world.server.sync(request))
            return answers[0]

    replica = world["amina"]
    replica.sync()
    replica.service = Replaying()
    assert replica.sync().error is None
    replica.clock.advance(1)
    report = replica.sync()
    assert codes(report) == {"answer_not_signed"}


def test_an_answer_of_another_server_is_refused(world: World) -> None:
    replica = world["dalila"]
    impostor = Simulator(signing_key("impostor"), world.clock.now_ms)
    impostor.restore(world.server.tables)
    replica.service = impostor
    replica.create("This must not be thought delivered.")
    report = replica.sync()
    assert codes(report) == {"answer_not_signed"}
    assert report.sent == 0
    replica.service = world.server
    assert replica.sync().sent == 1


def test_an_item_withheld_from_the_middle_is_named(world: World) -> None:
    bent(world, with_items(lambda items: (items[0], *items[2:])))
    assert codes(world["amina"].sync()) == {"feed_forked"}
    all_arrives_in_the_end(world)


def test_items_withheld_at_the_end_are_named(world: World) -> None:
    bent(world, with_items(lambda items: items[:-1]))
    assert codes(world["amina"].sync()) == {"feed_withheld"}
    all_arrives_in_the_end(world)


def test_a_batch_withheld_for_good_is_missing_in_the_gap_proof(world: World) -> None:
    hidden = {kept.batch.hash for kept in world.server.tables.kept.values()}
    world["dalila"].create("This one is never shown.")
    world["dalila"].sync()
    secret = next(iter(world.server.tables.kept.keys() - hidden))
    for rows in world.server.tables.feeds.values():
        rows[:] = [row for row in rows if row.hash != secret]
    world["dalila"].create("But this one is.")
    world["dalila"].sync()
    rehash(world.server)
    world["amina"].sync()
    proof = world["amina"].device.verify()
    stream = next(
        row for row in proof.streams if row.device == world["dalila"].keys.device and row.missing
    )
    assert not proof.complete
    assert stream.missing == (5,)
    assert (stream.sealed, stream.received) == (6, 4)


def test_a_hidden_tail_shows_once_another_office_has_seen_it(world: World) -> None:
    world["chebet"].sync()
    world["chebet"].sync()
    dalila = world["dalila"].keys.device
    hidden = {
        kept.batch.hash
        for kept in world.server.tables.kept.values()
        if kept.batch.header.device == dalila
        and kept.batch.header.seq == 4
        and kept.batch.header.kind == 1
    }
    for rows in world.server.tables.feeds.values():
        rows[:] = [row for row in rows if row.hash not in hidden]
    rehash(world.server)
    world["amina"].sync()
    proof = world["amina"].device.verify()
    assert [row.missing for row in proof.streams if row.missing] == [(4,)]


def rehash(server: Simulator) -> None:
    """Let the liar at least be consistent: running hashes over what it shows."""
    feeds = {reader: list(rows) for reader, rows in server.tables.feeds.items()}
    server.tables.feeds.clear()
    for reader, rows in feeds.items():
        for row in rows:
            server._feed([reader], row.position, row.hash)


def test_a_server_that_lost_its_tail_is_named_and_filled_again(world: World) -> None:
    backup = world.server.copy_tables()
    world["dalila"].create("Sent after the backup.")
    world["dalila"].sync()
    world["amina"].sync()
    world["chebet"].sync()
    world.server.restore(backup)
    assert codes(world["amina"].sync()) == {"server_rolled_back"}
    world["dalila"].sync()
    assert world["chebet"].sync().error is None
    all_arrives_in_the_end(world, 5)


def test_a_restored_server_with_a_new_log_gets_back_what_phones_still_have(world: World) -> None:
    backup = world.server.copy_tables()
    phone = world["dalila"]
    lost = phone.create("Sent after the backup.")
    phone.sync()
    world.server.restore(backup, log_id=b"a restored log 1")
    report = phone.sync()
    assert report.error is None
    assert codes(report) == {"server_restored"}
    assert codes(phone.sync()) == set()
    world["amina"].sync()
    assert lost in world["amina"].records()
    all_arrives_in_the_end(world, 5)


def test_a_second_history_is_a_fork(world: World) -> None:
    backup = world.server.copy_tables()
    world["amina"].sync()
    world.server.restore(backup)
    world.clock.advance(1)
    for _ in range(2):
        world["chebet"].create("Another history.")
        world["chebet"].sync()
    assert world.server.tables.position >= backup.position
    assert codes(world["amina"].sync()) == {"feed_forked"}
    all_arrives_in_the_end(world, 6)


def test_an_older_directory_is_named(world: World) -> None:
    bent(
        world,
        lambda answer: replace(answer, welcome=replace(answer.welcome, directory_version=1)),
    )
    assert codes(world["amina"].sync()) == {"directory_rolled_back"}
    all_arrives_in_the_end(world)


def published(world: World) -> Replica:
    """A snapshot is published and the phone has seen it; then another one follows."""
    world["amina"].sync()
    world["dalila"].sync()
    world.organisation.directory = world.server.directory
    world["amina"].clock.advance(2 * DAY_MS)
    with world["amina"].vault.transaction() as tx:
        world["amina"].device.duties.state(
            tx, [world.organisation.office_statement(LAMU_WEST, "csic")]
        )
    return world["dalila"]


def test_a_snapshot_of_an_honest_server_is_taken_without_alarm(world: World) -> None:
    phone = published(world)
    assert codes(world["amina"].sync()) == set()
    assert codes(phone.sync()) == set()
    assert phone.read(phone.device.snapshots.age_days) == 0


def test_an_older_snapshot_is_a_directory_rolled_back(world: World) -> None:
    phone = published(world)
    assert world.server.tables.snapshot is not None
    _, older = world.server.tables.snapshot
    world["amina"].sync()
    phone.sync()
    world.server.tables.snapshot = (world.server._next(), older)
    assert codes(phone.sync()) == {"directory_rolled_back"}


def test_a_directory_batch_hidden_behind_a_snapshot_is_named(world: World) -> None:
    phone = world["dalila"]
    phone.sync()
    with world["amina"].vault.transaction() as tx:
        world["amina"].device.duties.state(
            tx, [world.organisation.office_statement(LAMU_WEST, "gender")]
        )
    world["amina"].clock.advance(2 * DAY_MS)
    world.clock.ms = world["amina"].clock.ms
    phone.clock.ms = world.clock.ms
    world["amina"].sync()
    hidden = world.server.directory.version
    for rows in world.server.tables.feeds.values():
        rows[:] = [row for row in rows if row.position != hidden]
    rehash(world.server)
    assert codes(phone.sync()) == {"directory_withheld"}


def test_a_feed_of_somebody_else_is_misdirected(world: World) -> None:
    bent(
        world,
        with_items(
            lambda items: tuple(replace(one, reader=ReaderId(b"somebody else 16")) for one in items)
        ),
    )
    assert codes(world["amina"].sync()) == {"feed_misdirected"}
    all_arrives_in_the_end(world)


def test_a_lie_told_again_and_again_ends_the_sync_with_its_name(world: World) -> None:
    bent(world, with_items(lambda items: (items[0], items[0], *items[1:])), once=False)
    report = world["amina"].sync()
    assert codes(report) == {"feed_replayed"}
    all_arrives_in_the_end(world)


def test_forged_receipts_earn_no_tick(world: World) -> None:
    phone = world["dalila"]
    phone.create("Not stored.")

    def forge(answer: SyncAnswer) -> SyncAnswer:
        return replace(
            answer, stored=tuple(replace(one, signature=bytes(64)) for one in answer.stored)
        )

    bent(world, forge)
    report = phone.sync()
    assert report.sent == 0
    assert codes(report) == {"answer_not_signed"}
    assert phone.sync().sent == 1
