"""Key packets that hide from an office or let somebody in: kept, read, and told to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.sealing import BatchPlan, new_salt, new_sender_key, seal_batch, wrap_key
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.channels import Channel, ChannelClass, Desk
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import office_id
from fieldapp.protocol.key_packet import KeyPacket, Recipient, RecipientKind
from fieldapp.sync.key_packets import noted_alarms
from fieldapp.sync.sealer import Reader
from tests.support.organisation import LAMU, LAMU_EAST, MKOMANI, VILLAGE
from tests.support.people import device_keys
from tests.support.replicas import Replica, World
from tests.unit.sync.test_opener import entry, made, taken

CHANNEL = Channel(MKOMANI, ChannelClass.ORDINARY)
STRANGER: DeviceKeys = device_keys("stranger")


def sealed_for(author: Replica, readers: list[Reader], *, version: int, garbage: int = -1) -> Batch:
    """A batch whose packet names exactly these readers; one wrap may be garbage."""
    key = new_sender_key()
    wraps = [
        wrap_key(
            key,
            author=author.keys.device,
            channel=CHANNEL.id,
            recipient=reader.recipient,
            public_x25519=reader.public_x25519,
        )
        for reader in readers
    ]
    if garbage >= 0:
        wraps[garbage] = replace(wraps[garbage], sealed=bytes(80))
    plan = BatchPlan(
        kind=Kind.ENTRIES,
        seq=1,
        prev=ZERO_HASH,
        channel=CHANNEL.id,
        directory_version=version,
    )
    return seal_batch(
        [entry(author)],
        keys=author.keys,
        plan=plan,
        sender_key=key,
        key_packet=KeyPacket(CHANNEL.descriptor(), tuple(wraps)),
        salt=new_salt(),
        seed=new_salt(),
    )


def everybody(author: Replica) -> tuple[list[Reader], int]:
    device = author.device
    return list(device.sealer.readers(CHANNEL)), device.directory.version


def alarms(reader: Replica) -> list[str]:
    return [code for code, _ in reader.read(noted_alarms)]


def test_an_honest_packet_raises_no_alarm(world: World) -> None:
    author, reader = world["dalila"], world["amina"]
    readers, version = everybody(author)
    assert taken(reader, sealed_for(author, readers, version=version)) == [("received", None)]
    assert alarms(reader) == []


def test_an_office_that_was_left_out_is_told_and_the_record_is_read(world: World) -> None:
    author, reader = world["dalila"], world["amina"]
    readers, version = everybody(author)
    county = office_id(LAMU, "admin")
    fewer = [one for one in readers if one.recipient.id != county]
    assert len(fewer) == len(readers) - 1
    assert taken(reader, sealed_for(author, fewer, version=version)) == [("received", None)]
    assert len(reader.records()) == 1
    assert reader.read(noted_alarms) == [("office_left_out", author.keys.device.hex())]
    assert reader.device.opener.drain_alarms() == ["office_left_out"]
    assert reader.device.opener.drain_alarms() == []


def test_a_stranger_who_was_let_in_is_told(world: World) -> None:
    author, reader = world["dalila"], world["amina"]
    readers, version = everybody(author)
    beside = office_id(LAMU_EAST, "admin")
    stranger = Reader(Recipient(RecipientKind.OFFICE, beside, 1), readers[0].public_x25519)
    taken(reader, sealed_for(author, [*readers, stranger], version=version))
    assert alarms(reader) == ["stranger_let_in"]


def test_a_wrap_that_does_not_open_for_us_is_told_and_waits_for_a_grant(world: World) -> None:
    author, reader = world["dalila"], world["amina"]
    readers, version = everybody(author)
    mine = office_id(reader.member.unit, reader.member.desk)
    at = next(index for index, one in enumerate(readers) if one.recipient.id == mine)
    batch = sealed_for(author, readers, version=version, garbage=at)
    assert taken(reader, batch) == [("waiting", "broken_wrap")]
    assert alarms(reader) == ["broken_wrap"]


def test_an_alarm_is_in_the_report_of_the_sync_that_found_it(world: World) -> None:
    author, reader = world["dalila"], world["amina"]
    readers, version = everybody(author)
    taken(reader, sealed_for(author, readers[:1] + readers[2:], version=version))
    report = reader.sync()
    assert [alarm.code for alarm in report.alarms] == ["office_left_out"]
    assert reader.sync().alarms == ()


@pytest.mark.parametrize(
    ("has_named_newer", "found"), [(True, ["old_directory_named"]), (False, [])]
)
def test_a_new_stream_that_goes_back_to_an_older_directory_is_marked(
    world: World, *, has_named_newer: bool, found: list[str]
) -> None:
    author, reader, laptop = world["dalila"], world["amina"], world["chebet"]
    statement = world.organisation.office_statement(VILLAGE, Desk.ADMIN)
    with laptop.vault.transaction() as tx:
        laptop.device.duties.state(tx, [statement])
    for one in (laptop, author):
        assert one.sync().error is None
    if has_named_newer:
        author.create()
        author.sync()
    reader.sync()
    village = Channel(VILLAGE, ChannelClass.ORDINARY)
    late = made(author, [entry(author, VILLAGE, channel=village)], channel=village)
    assert taken(reader, late) == [("received", None)]
    assert alarms(reader) == found


def test_records_that_a_statement_overtook_are_nobodys_fault(world: World) -> None:
    laptop, reader = world["chebet"], world["amina"]
    opening = world.organisation.office_statement(VILLAGE, Desk.ADMIN)
    before = laptop.device.directory.version
    village = Channel(VILLAGE, ChannelClass.ORDINARY)
    early = made(laptop, [entry(laptop, VILLAGE, channel=village)], channel=village)
    with laptop.vault.transaction() as tx:
        laptop.device.duties.state(tx, [opening])
    for _ in range(2):
        assert laptop.sync().error is None
        assert reader.sync().error is None
    assert reader.device.directory.version > before
    assert taken(reader, early) == [("received", None)]
    assert alarms(reader) == []
