"""What arrives spoilt is missed, asked for again, and whole in the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.protocol.batch import HEADER_BYTES
from tests.support.bends import Items, bent, with_items, with_news
from tests.support.organisation import DAY_MS
from tests.support.replicas import Replica, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Headquarters has read one record; three new ones wait for it."""
    return with_news(tmp_path)


def all_is_whole(world: World, reader: Replica) -> None:
    """An honest answer leaves nothing apart and nothing missing."""
    world.server.bends.clear()
    assert reader.sync().error is None
    assert len(reader.records()) == 4
    assert reader.read(lambda tx: tx.quarantine.count()) == 0
    assert reader.device.verify().complete


def test_a_changed_body_is_asked_for_again_from_the_next_day_on(world: World) -> None:
    spoilt: set[bytes] = set()

    def flip(items: Items) -> Items:
        spoilt.update(() if spoilt else (item.batch for item in items))
        return tuple(
            replace(item, batch=item.batch[:-1] + b"?") if item.batch in spoilt else item
            for item in items
        )

    bent(world, with_items(flip), once=False)
    reader = world["amina"]
    assert reader.sync().quarantined == 3
    quiet = reader.sync().bytes_down
    read_anew = []
    for day in range(1, 13):
        world.advance(DAY_MS)
        report = reader.sync()
        if report.bytes_down > 10 * quiet:
            read_anew.append(day)
        assert (report.error, report.quarantined) == (None, 3)
    assert read_anew == [1, 3, 7]
    assert len(reader.records()) == 1
    world.advance(3 * DAY_MS)
    all_is_whole(world, reader)
    world.advance(64 * DAY_MS)
    assert reader.sync().bytes_down < 10 * quiet


def test_a_body_that_was_cut_off_is_missed_and_taken_once_it_comes(world: World) -> None:
    def strip(items: Items) -> Items:
        raw = items[0].batch[:HEADER_BYTES]
        return (replace(items[0], batch=raw), *items[1:])

    bent(world, with_items(strip))
    reader = world["amina"]
    assert reader.sync().quarantined == 1
    rows = reader.read(lambda tx: tx.quarantine.all())
    assert [row.reason for row in rows] == ["body_missing"]
    assert not reader.device.verify().complete
    assert reader.sync().quarantined == 1
    reader.clock.advance(DAY_MS)
    all_is_whole(world, reader)
