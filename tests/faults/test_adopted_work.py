"""Work beyond a cut: kept apart, shown to who may adopt it, and folded once when somebody does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.protocol.causes import Cause
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statements import OfficeStatement, RevokeStatement
from fieldapp.sync.kept_apart import KeptApart, kept_apart
from fieldapp.sync.office_duties import Post
from tests.support.organisation import LAMU_WEST, MKOMANI
from tests.support.replicas import World

HINDI = UnitId("KE-005-S022-L2H1D")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """dalila has delivered one record to everybody."""
    made = World(tmp_path)
    made.deliver_to_all("Delivered before the loss.", "chebet", "amina")
    yield made
    made.close()


def left_outside(world: World, by: str, whom: str) -> KeptApart:
    """What a cut left outside, as one device sees it."""
    device = world[whom].keys.device
    found: KeptApart = world[by].read(lambda tx: kept_apart(tx, world[by].device.directory, device))
    return found


def adopt(world: World, by: str, whom: str) -> int:
    """Adopt all the work that a device sees left outside, and publish that."""
    hashes = left_outside(world, by, whom).work
    replica = world[by]
    with replica.vault.transaction() as tx:
        replica.device.duties.adopt(tx, hashes, Cause.OTHER)
    replica.sync()
    return len(hashes)


def test_honest_late_work_is_adopted_and_folds_everywhere_exactly_once(world: World) -> None:
    faraji = world.join("faraji", "chebet", MKOMANI, Role.ASSISTANT_CHIEF)
    world.exchange("chebet", "faraji")
    dalila = world["dalila"]
    dalila.sync()
    record = dalila.create("On the way to the market.")
    dalila.edit(record, narrative="On the way to the old market.")
    dalila.create_many(30)
    world.revoke("chebet", "dalila")
    assert dalila.sync().sent == 32
    world.exchange("chebet", "amina", "faraji")
    for name in ("chebet", "amina"):
        assert world[name].narratives() == ["Delivered before the loss."], name
    assert adopt(world, "chebet", "dalila") >= 3
    world.exchange("chebet", "amina", "faraji", "brian")
    for replica in (world["chebet"], world["amina"], world["brian"]):
        assert replica.narratives() == dalila.narratives()
        assert len(replica.records()) == 32
        assert replica.read(lambda tx: tx.quarantine.count()) == 0
    assert set(faraji.narratives()) >= {"On the way to the old market.", "Concern 29"}
    assert left_outside(world, "chebet", "dalila") == KeptApart((), ())


def test_an_adoption_that_comes_before_the_work_counts_when_it_comes(world: World) -> None:
    """brian has neither the revocation nor the batches when he is told of the adoption."""
    world.revoke("chebet", "dalila")
    world["dalila"].create("Delivered late.")
    world["dalila"].sync()
    world.exchange("chebet")
    assert adopt(world, "chebet", "dalila") == 1
    newcomer = world["brian"]
    newcomer.sync()
    assert newcomer.narratives() == ["Delivered before the loss.", "Delivered late."]


def test_what_a_thief_delivers_after_an_adoption_stays_outside(world: World) -> None:
    world.revoke("chebet", "dalila")
    world["dalila"].create("Honest.")
    world["dalila"].sync()
    world.exchange("chebet")
    adopt(world, "chebet", "dalila")
    world["dalila"].create("By whoever found the phone.")
    world["dalila"].sync()
    world.exchange("chebet", "amina")
    for name in ("chebet", "amina"):
        assert world[name].narratives() == ["Delivered before the loss.", "Honest."], name
    assert len(left_outside(world, "chebet", "dalila").work) == 1


def test_nobody_adopts_his_own_work(world: World) -> None:
    """A sub-county laptop says that it adopts what it wrote, and all of that is cut off."""
    chebet = world["chebet"]
    chebet.create("Written on the laptop.")
    chebet.sync()
    world.exchange("amina")
    hashes = chebet.read(
        lambda tx: [row.hash for row in tx.batches.in_state("stored") if row.kind == 1]
    )
    with chebet.vault.transaction() as tx:
        chebet.device.duties.adopt(tx, hashes, Cause.OTHER)
    chebet.sync()
    assert "Written on the laptop." in world["amina"].narratives()
    cut = Cut(Channel(MKOMANI, ChannelClass.ORDINARY).id, 0, ZERO_HASH)
    with world["brian"].vault.transaction() as tx:
        statement = RevokeStatement(chebet.keys.device, (cut,), Cause.STOLEN)
        world["brian"].device.duties.state(tx, [statement])
    world.exchange("brian", "amina")
    assert world["amina"].narratives() == ["Delivered before the loss."]


def test_an_adoption_by_somebody_beside_changes_nothing(world: World) -> None:
    """A chief, and the desk of another subject, have no say over a chief's ordinary work."""
    world.revoke("chebet", "dalila")
    world["dalila"].create("Delivered late.")
    world["dalila"].sync()
    world.exchange("chebet")
    hashes = left_outside(world, "chebet", "dalila").work
    eshe = world["eshe"]
    with eshe.vault.transaction() as tx:
        eshe.device.duties.adopt(tx, hashes, Cause.OTHER)
    world.exchange("eshe", "chebet", "amina")
    assert world["amina"].narratives() == ["Delivered before the loss."]


def test_a_desk_adopts_what_was_sealed_for_it_and_no_administrator_sees_it(world: World) -> None:
    world.revoke("chebet", "dalila")
    world["dalila"].create("For the gender desk alone.", cls=ChannelClass.GENDER, category="gbv")
    world["dalila"].sync()
    world.exchange("chebet", "amina", "fumo", "eshe")
    assert left_outside(world, "chebet", "dalila").work == ()
    assert left_outside(world, "amina", "dalila").work == ()
    assert world["fumo"].narratives() == []
    assert adopt(world, "fumo", "dalila") == 1
    world.exchange("fumo", "eshe", "amina", "chebet")
    assert world["fumo"].narratives() == ["For the gender desk alone."]
    assert world["eshe"].narratives() == ["For the gender desk alone."]
    assert world["amina"].narratives() == ["Delivered before the loss."]


def test_work_of_a_moved_officer_beyond_her_cut_is_adopted_under_her_old_post(
    world: World,
) -> None:
    with world["chebet"].vault.transaction() as tx:
        duties = world["chebet"].device.duties
        duties.state(tx, [world.organisation.office_statement(HINDI, "admin")])
    world["dalila"].sync()
    world["dalila"].create("Sealed as chief of Mkomani.")
    with world["chebet"].vault.transaction() as tx:
        post = Post(HINDI, "admin", Role.CHIEF)
        world["chebet"].device.duties.change(tx, world["dalila"].keys.device, post, Cause.MOVED)
    world.exchange("chebet", "dalila", "chebet", "amina")
    assert world["amina"].narratives() == ["Delivered before the loss."]
    assert adopt(world, "chebet", "dalila") == 1
    world.exchange("chebet", "amina", "dalila")
    for name in ("amina", "chebet"):
        assert world[name].narratives() == [
            "Delivered before the loss.",
            "Sealed as chief of Mkomani.",
        ]


def test_work_of_both_posts_of_a_moved_and_revoked_officer_is_adopted(world: World) -> None:
    with world["chebet"].vault.transaction() as tx:
        duties = world["chebet"].device.duties
        duties.state(tx, [world.organisation.office_statement(HINDI, "admin")])
    world["chebet"].sync()
    world["dalila"].sync()
    world["dalila"].create("Sealed as chief of Mkomani.")
    with world["chebet"].vault.transaction() as tx:
        post = Post(HINDI, "admin", Role.CHIEF)
        world["chebet"].device.duties.change(tx, world["dalila"].keys.device, post, Cause.MOVED)
    world["chebet"].sync()
    world.revoke("chebet", "dalila")
    world["dalila"].create("Sealed as chief of Hindi.", unit=HINDI)
    world.exchange("dalila", "chebet", "amina")
    assert world["amina"].narratives() == ["Delivered before the loss."]
    assert adopt(world, "chebet", "dalila") == 2
    world.exchange("chebet", "amina")
    for name in ("amina", "chebet"):
        assert world[name].narratives() == [
            *("Delivered before the loss.", "Sealed as chief of Hindi."),
            "Sealed as chief of Mkomani.",
        ], name


def test_what_a_stolen_laptop_minted_stays_void_until_it_is_adopted_one_by_one(
    world: World,
) -> None:
    chebet, directory = world["chebet"], world["amina"].device.directory
    world.revoke("brian", "chebet")
    minted: list[OfficeStatement] = []
    for unit in (HINDI, UnitId("KE-005-S022-L9Z9Z")):
        minted.append(world.organisation.office_statement(unit, "admin"))
        with chebet.vault.transaction() as tx:
            chebet.device.duties.state(tx, [minted[-1]])
    chebet.sync()
    world.exchange("amina", "brian")
    directory = world["amina"].device.directory
    assert all(directory.office(one.unit, "admin") is None for one in minted)
    outside = left_outside(world, "brian", "chebet")
    assert outside.work == ()
    assert len(outside.statements) == 2
    with world["brian"].vault.transaction() as tx:
        world["brian"].device.duties.adopt(tx, outside.statements[:1], Cause.OTHER)
    world.exchange("brian", "amina")
    directory = world["amina"].device.directory
    assert [(one.unit, "admin") in directory.offices() for one in minted] == [True, False]
    assert left_outside(world, "brian", "chebet").statements == outside.statements[1:]
    assert (LAMU_WEST, "admin") in directory.offices()
