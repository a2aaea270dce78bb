"""A phone is restored from a copy and seals numbers a second time: nothing honest is lost."""

from __future__ import annotations

from pathlib import Path

from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.ids import RecordId
from tests.faults.test_crash_at_each_command import DoomedRunner, KilledError
from tests.support.replicas import Replica, World


def states(replica: Replica) -> list[tuple[int, int, str]]:
    """The phone's own record streams as (generation, number, state)."""
    with replica.vault.reading() as tx:
        rows = tx.batches.sequence(replica.keys.device, replica.channel().id)
    return [(seq >> 48, seq & 0xFFFF, state) for seq, _, state in rows]


def restored(world: World) -> tuple[Replica, RecordId, RecordId]:
    """One record delivered after the copy was made, another sealed after it was restored."""
    phone = world["dalila"]
    phone.create("In the copy.")
    phone.sync()
    copy = phone.copy()
    lost = phone.create("Delivered, then lost from the phone.")
    phone.sync()
    phone.restore(copy)
    again = phone.create("Sealed again under the same number.")
    return phone, lost, again


def test_a_restored_phone_goes_on_in_a_new_generation(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone, lost, again = restored(world)
    report = phone.sync()
    assert report.error is None
    assert states(phone)[-1][:2] == (1, 3)
    world["amina"].sync()
    assert {lost, again} <= world["amina"].records().keys()
    assert len(world["amina"].records()) == 3


def test_its_next_records_follow_without_another_generation(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone, *_ = restored(world)
    phone.sync()
    later = phone.create("Life goes on.")
    assert phone.sync().error is None
    assert phone.sync().round_trips == 1
    assert states(phone)[-1] == (1, 4, "stored")
    world["amina"].sync()
    assert later in world["amina"].records()


def test_the_fork_is_kept_and_shown(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone, *_ = restored(world)
    phone.sync()
    world["amina"].sync()
    proof = world["amina"].device.verify()
    assert [row.forked for row in proof.streams if row.channel == phone.channel().id] == [True]
    assert not proof.complete


def test_headquarters_gives_receipts_for_the_new_generation(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone, *_ = restored(world)
    phone.sync()
    world["amina"].sync()
    phone.sync()
    with phone.vault.reading() as tx:
        receipts = tx.receipts.for_stream(phone.keys.device, phone.channel().id)
    amina = world["amina"].device.directory.device(world["amina"].keys.device)
    assert amina is not None
    newest = [row for row in receipts if row.office == amina.office_id]
    assert newest[-1].seq >> 48 == 1


def test_a_phone_killed_while_it_opens_a_generation_loses_nothing(tmp_path: Path) -> None:
    for at in range(1, 12):
        folder = tmp_path / str(at)
        folder.mkdir()
        world = World(folder)
        phone, lost, again = restored(world)
        runner = DoomedRunner(phone.device, phone.service)
        runner.doom(at, after=True)
        try:
            runner.run()
        except KilledError:
            phone.restart()
        assert phone.sync().error is None
        world["amina"].sync()
        assert {lost, again} <= world["amina"].records().keys()


def test_a_restricted_record_is_sealed_again_from_its_own_copy(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone = world["dalila"]
    phone.create("In the copy.", cls=ChannelClass.GENDER, category="gbv")
    phone.sync()
    copy = phone.copy()
    phone.create("Delivered, then lost.", cls=ChannelClass.GENDER, category="gbv")
    phone.sync()
    phone.restore(copy)
    again = phone.create("Sealed again.", cls=ChannelClass.GENDER, category="gbv")
    assert phone.sync().error is None
    assert phone.sync().error is None
    desk = world["fumo"]
    desk.sync()
    assert again in desk.records()
    assert len(desk.records()) == 3


def test_a_phone_restored_without_new_work_sends_nothing_twice(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone = world["dalila"]
    phone.create("In the copy.")
    phone.sync()
    copy = phone.copy()
    phone.create("Delivered, then lost from the phone.")
    phone.sync()
    phone.restore(copy)
    assert phone.sync().error is None
    world["amina"].sync()
    assert len(world["amina"].records()) == 2
    after = phone.create("The first one after the loss.")
    assert phone.sync().error is None
    world["amina"].sync()
    assert after in world["amina"].records()


def test_a_phone_restored_to_its_very_beginning_starts_a_generation_of_its_own(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    phone = world["dalila"]
    copy = phone.copy()
    first = phone.create("Delivered, then lost from the phone.")
    phone.sync()
    phone.restore(copy)
    again = phone.create("The first one once more.")
    assert phone.sync().error is None
    assert phone.sync().round_trips == 1
    assert (1, 2, "stored") in states(phone)
    world["amina"].sync()
    assert {first, again} <= world["amina"].records().keys()
