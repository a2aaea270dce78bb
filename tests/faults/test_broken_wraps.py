"""An administrator who wraps a key as garbage for an office: it is named, asked for and granted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldapp.crypto.sealing import wrap_key
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import OfficeId, RecordId, office_id
from fieldapp.protocol.key_packet import WrappedKey
from fieldapp.sync import sealer
from fieldapp.sync.asking import AGAIN_MS, Broken, asked_by
from fieldapp.sync.gap_proof import pack_heads
from tests.support.bends import codes
from tests.support.organisation import KE, LAMU, LAMU_WEST, MKOMANI
from tests.support.replicas import Replica, World

NAMES = ("dalila", "chebet", "brian", "amina")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    for name in NAMES:
        assert made[name].sync().error is None
    yield made
    made.close()


@contextmanager
def spoiling_for(*offices: OfficeId) -> Iterator[None]:
    """Wrap each key that is made so that these offices get noise, which no server can see."""

    def spoilt(*args: Any, **more: Any) -> WrappedKey:
        made = wrap_key(*args, **more)
        return replace(made, sealed=bytes(80)) if made.recipient.id in offices else made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealer, "wrap_key", spoilt)
        yield


def spoilt_record(author: Replica, *offices: OfficeId, **options: Any) -> RecordId:
    with spoiling_for(*offices):
        record = author.create("For all but one.", **options)
    assert author.sync().error is None
    return record


def sealed_heads(replica: Replica) -> int:
    rows = replica.read(lambda tx: list(tx.batches.of_kind(Kind.HEADS)))
    return len([row for row in rows if row.device == replica.keys.device])


def test_headquarters_is_named_the_lie_asks_and_is_served_from_below(world: World) -> None:
    hq = office_id(KE, "admin")
    record = spoilt_record(world["chebet"], hq, unit=LAMU_WEST)
    reader = world["amina"]
    assert codes(reader.sync()) == {"broken_wrap"}
    assert not reader.reads(record)
    assert world["brian"].sync().error is None
    assert world["brian"].reads(record)
    assert reader.sync().error is None
    assert reader.reads(record)
    assert world["brian"].read(lambda tx: asked_by(tx, hq)) == {}
    assert reader.device.verify().complete


def test_an_office_in_the_middle_is_served_from_above(world: World) -> None:
    record = spoilt_record(world["dalila"], office_id(LAMU, "admin"))
    assert codes(world["brian"].sync()) == {"broken_wrap"}
    for name in ("amina", "brian"):
        assert world[name].sync().error is None
    assert world["brian"].reads(record)


def test_later_records_under_the_same_key_open_as_well_and_nobody_asks_twice(
    world: World,
) -> None:
    author, reader = world["dalila"], world["brian"]
    made = {spoilt_record(author, office_id(LAMU, "admin"))}
    made |= {author.create("Later."), author.create("Later still.")}
    world.exchange("dalila", "brian", "amina")
    assert made <= reader.records().keys()
    before = sealed_heads(reader)
    for _ in range(3):
        assert codes(reader.sync()) == set()
    assert sealed_heads(reader) == before


def test_asked_a_second_time_whoever_holds_the_key_hands_it_on(world: World) -> None:
    """The one whose turn it is keeps silent, as he spoilt it himself."""
    reader, other = world["brian"], world["chebet"]
    record = spoilt_record(world["amina"], office_id(LAMU, "admin"), unit=MKOMANI)
    assert codes(reader.sync()) == {"broken_wrap"}
    for one in (other, reader):
        assert one.sync().error is None
    assert (other.reads(record), reader.reads(record)) == (True, False)
    world.advance(AGAIN_MS)
    for one in (reader, other, reader):
        assert one.sync().error is None
    assert reader.reads(record)


def test_a_restricted_key_is_asked_for_by_nobody(world: World) -> None:
    desk = office_id(KE, "gender")
    eshe, fumo = world["eshe"], world["fumo"]
    assert eshe.sync().error is None
    before = sealed_heads(eshe)
    record = spoilt_record(world["dalila"], desk, cls=ChannelClass.GENDER, category="gbv")
    assert codes(eshe.sync()) == {"broken_wrap"}
    world.exchange("fumo", "eshe")
    assert (eshe.reads(record), sealed_heads(eshe)) == (False, before)
    assert (fumo.reads(record), fumo.read(lambda tx: asked_by(tx, desk))) == (True, {})


def test_who_does_not_read_a_channel_gets_nothing_by_asking(world: World) -> None:
    curious, county = world["chebet"], world["brian"]
    record = county.create("Of the county, not of the sub-county.", unit=LAMU)
    world.exchange("brian", "amina", "chebet")
    channel = Channel(LAMU, ChannelClass.ORDINARY)
    key = county.read(lambda tx: tx.sender_keys.own_current(channel.id))
    request = Broken(key.kid, county.keys.device, channel, 0).request()
    with curious.vault.transaction() as tx:
        curious.device.sealer.seal_heads(tx, curious.channel(), pack_heads([request]))
    asker = office_id(LAMU_WEST, "admin")
    for _ in range(2):
        world.exchange("chebet", "brian", "amina", "chebet")
    assert dict(world["amina"].read(lambda tx: asked_by(tx, asker))) == {key.kid: 1}
    assert curious.read(lambda tx: tx.sender_keys.get(key.kid)) is None
    assert not curious.reads(record)
