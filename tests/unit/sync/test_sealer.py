"""Sealing: which key, which size, which place, and all of it in one transaction."""

from __future__ import annotations

import pytest

from fieldapp.errors import LimitExceededError, NoReaderError
from fieldapp.protocol.batch import Flag, Kind, parse_batch
from fieldapp.protocol.channels import Channel, ChannelClass, OfficeRef, party_channel, route
from fieldapp.protocol.checks import check_packet
from fieldapp.protocol.ids import ChannelId, UnitId, new_record_id
from fieldapp.protocol.key_packet import RecipientKind
from fieldapp.protocol.limits import MAX_BATCH_BYTES, MAX_ENTRY_BYTES
from fieldapp.storage.rows import BatchRow
from fieldapp.sync.own_streams import DIRECTORY, ORDINARY, URGENT
from tests.support.organisation import DAY_MS, KE, LAMU, LAMU_WEST, MKOMANI
from tests.support.replicas import Replica, World

ORDINARY_CHANNEL = Channel(MKOMANI, ChannelClass.ORDINARY)


def outbox(replica: Replica) -> list[BatchRow]:
    rows: list[BatchRow] = replica.read(lambda tx: tx.batches.outbox(10_000_000))
    return rows


def packets(replica: Replica) -> list[bool]:
    """Tell of each batch whether it brings its key, in the order of sealing."""
    rows = sorted(outbox(replica), key=lambda row: row.seq)
    return [bool(parse_batch(row.raw).key_packet()) for row in rows]


def test_the_packet_rides_in_the_first_batch_of_a_key_only(world: World) -> None:
    for _ in range(3):
        world["dalila"].create()
    assert packets(world["dalila"]) == [True, False, False]


def test_a_key_serves_seven_days(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    phone.clock.advance(7 * DAY_MS - 1)
    phone.create()
    phone.clock.advance(1)
    phone.create()
    assert packets(phone) == [True, False, True]


def test_a_clock_set_back_before_the_key_was_made_ends_it_too(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    phone.clock.advance(-1)
    phone.create()
    assert packets(phone) == [True, True]


def test_a_key_serves_sixty_four_batches(world: World) -> None:
    phone = world["dalila"]
    for _ in range(65):
        phone.create()
    assert packets(phone) == [True] + [False] * 63 + [True]


def test_a_key_ends_when_the_readers_change(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    world.organisation.open_office(world.organisation["chebet"], MKOMANI)
    position, batch = world.organisation.log[-1]
    world.server.take(batch.raw)
    phone.sync()
    phone.create()
    assert phone.device.directory.version == position
    assert packets(phone) == [True]
    packet = check_packet(parse_batch(outbox(phone)[0].raw))
    assert packet is not None
    epochs = {key.recipient.id: key.recipient.epoch for key in packet.keys}
    assert epochs[OfficeRef(MKOMANI, "admin").id] == 2


def test_every_reader_of_the_channel_is_given_the_key(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    packet = check_packet(parse_batch(outbox(phone)[0].raw))
    assert packet is not None
    readers = phone.device.directory.readers_of(ORDINARY_CHANNEL)
    assert {key.recipient.id for key in packet.keys} == {office.id for office in readers}
    assert len(readers) == 4


def test_fifty_entries_make_one_batch(world: World) -> None:
    world["dalila"].create_many(120)
    assert len(outbox(world["dalila"])) == 3


def test_a_batch_that_would_be_too_large_is_halved(world: World) -> None:
    phone = world["dalila"]
    chance = phone.chance.token
    entries = [
        phone.entry(
            new_record_id(ORDINARY_CHANNEL.id, chance(12)),
            MKOMANI,
            {"category": "theft", "narrative": chance(3_000).hex()},
        )
        for _ in range(8)
    ]
    phone.seal(ORDINARY_CHANNEL, entries)
    sizes = [len(row.raw) for row in outbox(phone)]
    assert len(sizes) > 1
    assert max(sizes) <= MAX_BATCH_BYTES
    phone.sync()
    world["amina"].sync()
    assert len(world["amina"].records()) == 8


def test_an_entry_that_is_too_long_is_refused_and_nothing_is_sealed(world: World) -> None:
    phone = world["dalila"]
    with pytest.raises(LimitExceededError):
        phone.seal(ORDINARY_CHANNEL, [b"x" * (MAX_ENTRY_BYTES + 1)])
    assert outbox(phone) == []


def test_where_nobody_reads_nothing_is_sealed(world: World) -> None:
    phone = world["dalila"]
    nowhere = Channel(MKOMANI, ChannelClass.GENDER)
    record = new_record_id(nowhere.id, phone.chance.token(12))
    with pytest.raises(NoReaderError):
        phone.seal(nowhere, [phone.entry(record, MKOMANI, {"category": "gbv"})])
    assert outbox(phone) == []


def test_restricted_records_travel_alone_at_a_fixed_size_under_a_forgotten_key(
    world: World,
) -> None:
    phone = world["dalila"]
    for _ in range(2):
        phone.create("She told us.", cls=ChannelClass.GENDER, category="gbv")
    batches = [parse_batch(row.raw) for row in outbox(phone)]
    assert len(batches) == 2
    assert len({batch.header.kid for batch in batches}) == 2
    for batch in batches:
        assert batch.header.flags & Flag.STORED
        assert len(batch.ciphertext()) == 1024 + 16
    assert phone.read(lambda tx: tx.sender_keys.all()) == []


def test_restricted_records_that_are_sealed_at_once_travel_alone_too(world: World) -> None:
    phone = world["dalila"]
    offices = phone.device.directory.offices()
    channel = route(MKOMANI, ChannelClass.GENDER, offices)
    records = [new_record_id(channel.id, phone.chance.token(12)) for _ in range(3)]
    phone.seal(channel, [phone.entry(one, MKOMANI, {"category": "gbv"}) for one in records])
    batches = [parse_batch(row.raw) for row in outbox(phone)]
    assert len({batch.header.kid for batch in batches}) == len(batches) == 3
    phone.sync()
    world["fumo"].sync()
    assert world["fumo"].records().keys() == set(records)


def test_a_restricted_record_can_be_read_by_its_author_until_the_desk_has_it(
    world: World,
) -> None:
    phone = world["dalila"]
    record = phone.create("She told us.", cls=ChannelClass.GENDER, category="gbv")
    assert phone.narratives(record) == ["She told us."]
    phone.sync()
    assert phone.narratives(record) == ["She told us."]
    desk = world["fumo"]
    assert desk.sync().received == 1
    phone.sync()
    assert phone.state(record) is None
    card = phone.read(lambda tx: tx.records.get(record)).card
    assert b"told" not in card
    assert world["amina"].sync().received == 0


def test_a_desk_keeps_the_restricted_records_it_made_itself(world: World) -> None:
    desk = world["fumo"]
    record = desk.create("She told us.", unit=LAMU, cls=ChannelClass.GENDER, category="gbv")
    desk.sync()
    world["eshe"].sync()
    world.advance(15 * DAY_MS)
    desk.sync()
    assert desk.narratives(record) == ["She told us."]
    assert desk.read(lambda tx: [key.retired for key in tx.sender_keys.all() if key.own]) == [True]


def test_a_restricted_record_is_given_up_after_two_weeks_at_the_latest(world: World) -> None:
    phone = world["dalila"]
    record = phone.create("She told us.", cls=ChannelClass.GENDER, category="gbv")
    phone.clock.advance(14 * DAY_MS)
    world.clock.ms = phone.clock.ms
    phone.sync()
    assert phone.state(record) is None


def test_an_urgent_batch_leaves_before_the_others_and_statements_before_all(world: World) -> None:
    laptop = world["chebet"]
    laptop.create("Slow.")
    channel = Channel(LAMU_WEST, ChannelClass.ORDINARY)
    record = new_record_id(channel.id, laptop.chance.token(12))
    with laptop.vault.transaction() as tx:
        entry = laptop.entry(record, LAMU_WEST, {"category": "theft", "urgency": "U1"})
        laptop.device.sealer.seal_entries(tx, channel, [entry], URGENT)
        statement = world.organisation.office_statement(UnitId("KE-005-S022-L0001"), "admin")
        laptop.device.duties.state(tx, [statement])
    assert [row.priority for row in outbox(laptop)] == [DIRECTORY, URGENT, ORDINARY]


@pytest.mark.parametrize(
    ("cls", "kinds"),
    [
        (ChannelClass.REPLY, [RecipientKind.OFFICE, RecipientKind.DEVICE]),
        (ChannelClass.SOURCE, [RecipientKind.OFFICE]),
    ],
)
def test_a_reply_is_for_the_device_too_a_source_for_its_office_alone(
    world: World, cls: ChannelClass, kinds: list[RecipientKind]
) -> None:
    phone = world["dalila"]
    office = OfficeRef(LAMU_WEST, "admin").id
    channel = party_channel(LAMU_WEST, cls, device=phone.keys.device, office=office)
    readers = phone.device.sealer.readers(channel)
    assert [reader.recipient.kind for reader in readers] == kinds


def test_nothing_is_sealed_between_a_device_and_an_office_that_does_not_exist(
    world: World,
) -> None:
    phone = world["dalila"]
    office = OfficeRef(LAMU_WEST, "gender").id
    channel = party_channel(LAMU_WEST, ChannelClass.REPLY, device=phone.keys.device, office=office)
    assert phone.device.sealer.readers(channel) == ()


def test_the_named_directory_never_goes_down_while_it_is_read_anew(world: World) -> None:
    phone = world["dalila"]
    phone.create()
    named = [parse_batch(row.raw).header.directory_version for row in outbox(phone)]
    with phone.vault.transaction() as tx:
        phone.device.rewind(tx)
    assert phone.device.directory.version == 0
    phone.create()
    later = [parse_batch(row.raw).header.directory_version for row in outbox(phone)]
    assert set(later) == set(named)


def test_statements_are_signed_but_not_sealed(world: World) -> None:
    laptop = world["chebet"]
    with laptop.vault.transaction() as tx:
        channel = ChannelId(bytes(8))
        batch = laptop.device.sealer.seal_plain(tx, channel, Kind.DIRECTORY, b"[]", DIRECTORY)
    assert batch.header.is_plain
    assert KE in {ref.unit for ref in laptop.device.directory.offices()}
