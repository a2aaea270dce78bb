"""An officer is moved or given another role: a cut, a certificate, and the keys that follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.protocol.batch import parse_batch
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import RecordId, UnitId
from fieldapp.protocol.roles import Role
from fieldapp.sync.judge import Judge
from fieldapp.sync.office_duties import Post
from tests.support.organisation import LAMU_WEST, MKOMANI
from tests.support.replicas import Replica, World

HINDI = UnitId("KE-005-S022-L2H1D")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Mkomani with its chief dalila and one record of hers; Hindi with its chief hamisi."""
    made = World(tmp_path)
    chebet = made["chebet"]
    with chebet.vault.transaction() as tx:
        chebet.device.duties.state(tx, [made.organisation.office_statement(HINDI, "admin")])
    made.deliver_to_all("Delivered before the move.", "chebet", "amina")
    made.join("hamisi", "chebet", HINDI, Role.CHIEF)
    exchange(made, "chebet", "hamisi")
    yield made
    made.close()


def exchange(world: World, *names: str) -> None:
    """Let these devices sync until nothing is left; none may fail."""
    for _ in range(3):
        for name in names:
            report = world[name].sync()
            assert report.error is None, (name, report.error)
            assert report.alarms == (), (name, report.alarms)


def move(world: World, unit: UnitId = HINDI, role: Role = Role.CHIEF, whom: str = "dalila") -> None:
    """Let chebet give a device another post at what she holds of it, and publish that."""
    laptop = world["chebet"]
    with laptop.vault.transaction() as tx:
        post = Post(unit, "admin", role)
        laptop.device.duties.change(tx, world[whom].keys.device, post, Cause.MOVED)
    assert laptop.sync().error is None


def reads(replica: Replica, record: RecordId) -> bool:
    """Tell whether a record can be read there."""
    return replica.state(record) is not None


def held(replica: Replica, unit: UnitId) -> set[int]:
    """The epochs of a unit's office whose private half lies in a vault."""
    office = replica.device.directory.office(unit, "admin")
    assert office is not None
    rows = replica.read(lambda tx: tx.office_keys.all())
    return {row.epoch for row in rows if row.office == office.id}


def newest(world: World, unit: UnitId) -> int:
    """The newest epoch of a unit's office."""
    office = world["chebet"].device.directory.office(unit, "admin")
    assert office is not None
    return office.epochs[-1].epoch


def test_a_moved_device_gets_its_new_offices_key_and_no_new_one_of_the_old(world: World) -> None:
    before = newest(world, MKOMANI), newest(world, HINDI)
    move(world)
    exchange(world, "chebet", "dalila", "hamisi")
    assert newest(world, MKOMANI) > before[0]
    assert newest(world, HINDI) > before[1]
    assert newest(world, HINDI) in held(world["dalila"], HINDI)
    assert newest(world, HINDI) in held(world["hamisi"], HINDI)
    assert newest(world, MKOMANI) not in held(world["dalila"], MKOMANI)


def test_a_moved_device_reads_what_its_new_office_has_read_before(world: World) -> None:
    old = world["hamisi"].create("Written in Hindi before she came.", unit=HINDI)
    exchange(world, "hamisi", "chebet")
    move(world)
    exchange(world, "chebet", "dalila")
    assert reads(world["dalila"], old)


def test_what_the_old_office_writes_after_the_move_is_not_for_the_moved_device(
    world: World,
) -> None:
    world.join("faraji", "chebet", MKOMANI, Role.ASSISTANT_CHIEF)
    exchange(world, "chebet", "faraji", "dalila")
    move(world)
    exchange(world, "chebet", "dalila", "faraji")
    later = world["faraji"].create("After she had left.")
    exchange(world, "faraji", "chebet", "dalila")
    assert reads(world["chebet"], later)
    assert not reads(world["dalila"], later)


def test_late_work_before_the_cut_keeps_the_rights_of_the_old_post(world: World) -> None:
    late = world["dalila"].create("Delivered, not read by headquarters yet.")
    exchange(world, "dalila", "chebet")
    move(world)
    exchange(world, "amina", "chebet", "dalila")
    assert reads(world["amina"], late)
    assert world["amina"].read(lambda tx: tx.quarantine.count()) == 0


def test_work_beyond_the_cut_has_the_rights_of_the_new_post_everywhere(world: World) -> None:
    unseen = world["dalila"].create("Sealed as chief of Mkomani, delivered after the move.")
    move(world)
    exchange(world, "dalila", "amina", "chebet")
    here = world["dalila"].create("Sealed as chief of Hindi.", unit=HINDI)
    exchange(world, "dalila", "chebet", "hamisi", "amina")
    for name in ("amina", "chebet", "hamisi"):
        assert reads(world[name], here), name
    for name in ("amina", "chebet"):
        assert not reads(world[name], unseen), name
        reasons = {row.reason for row in world[name].read(lambda tx: tx.quarantine.all())}
        assert reasons == {"no_right"}, name


def test_a_batch_under_a_post_that_is_not_known_yet_is_judged_again_when_it_is(
    world: World,
) -> None:
    """amina has the new work before she has the certificate, and then both."""
    amina = world["amina"]
    move(world)
    exchange(world, "dalila", "chebet")
    here = world["dalila"].create("Sealed as chief of Hindi.", unit=HINDI)
    world["dalila"].sync()
    (batch,) = world["dalila"].read(
        lambda tx: [
            row.raw
            for row in tx.batches.in_state("stored")
            if row.channel == Channel(HINDI, ChannelClass.ORDINARY).id
        ]
    )
    with amina.vault.transaction() as tx:
        judged = Judge(amina.device.directory, amina.device.keyring).judge(
            tx, parse_batch(batch), None
        )
    assert (judged.state, judged.reason) == ("quarantined", "no_right")
    exchange(world, "amina")
    assert reads(amina, here)


def test_another_role_in_the_same_office_changes_rights_and_no_key(world: World) -> None:
    before = newest(world, MKOMANI)
    move(world, MKOMANI, Role.ASSISTANT_CHIEF)
    exchange(world, "chebet", "dalila", "amina")
    assert newest(world, MKOMANI) == before
    certificate = world["dalila"].device.directory.device(world["dalila"].keys.device)
    assert certificate is not None
    assert certificate.role is Role.ASSISTANT_CHIEF
    assert certificate.confirmed


def test_whoever_is_given_a_role_that_enrols_waits_for_compared_words(world: World) -> None:
    """hamisi claimed his invite; nobody compared his words."""
    move(world, LAMU_WEST, Role.DCC_ADMIN, "hamisi")
    exchange(world, "chebet", "hamisi")
    hamisi = world["hamisi"]
    assert held(hamisi, LAMU_WEST) == set()
    with world["chebet"].vault.transaction() as tx:
        world["chebet"].device.duties.confirm(tx, hamisi.keys.device)
    exchange(world, "chebet", "hamisi")
    assert newest(world, LAMU_WEST) in held(hamisi, LAMU_WEST)


def test_whoever_comes_to_an_office_reads_its_feed_in_the_sync_that_tells_of_it(
    world: World,
) -> None:
    """The news of the move is the last thing of the sync; the office's feed is read after it."""
    old = world["hamisi"].create("Written in Hindi before she came.", unit=HINDI)
    exchange(world, "hamisi", "chebet", "dalila")
    move(world)
    world["dalila"].sync()
    assert reads(world["dalila"], old)


def test_whoever_is_confirmed_reads_its_offices_feed_in_the_next_sync(world: World) -> None:
    gakuo = world.join("gakuo", "chebet", LAMU_WEST, Role.DCC_ADMIN)
    old = world["dalila"].create("Written while the laptop waited for its words.")
    exchange(world, "chebet", "dalila", "chebet", "gakuo")
    assert not reads(gakuo, old)
    with world["chebet"].vault.transaction() as tx:
        world["chebet"].device.duties.confirm(tx, gakuo.keys.device)
    world["chebet"].sync()
    gakuo.sync()
    assert reads(gakuo, old)


def test_the_old_offices_key_is_changed_by_whoever_may_when_the_mover_may_not(
    world: World,
) -> None:
    """A mover above the office notes the change; a second administrator does no work twice."""
    move(world)
    exchange(world, "chebet", "dalila", "brian", "amina")
    epochs = newest(world, MKOMANI), newest(world, HINDI)
    exchange(world, "amina", "brian", "chebet", "dalila")
    assert (newest(world, MKOMANI), newest(world, HINDI)) == epochs
