"""A phone is lost: its later work is kept apart, the earlier stays, the office goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.protocol.causes import Cause
from fieldapp.protocol.roles import Role
from fieldapp.sync.report import SyncReport
from tests.support.organisation import LAMU_EAST, LAMU_WEST, MKOMANI
from tests.support.replicas import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """dalila has delivered one record to everybody."""
    made = World(tmp_path)
    made.deliver_to_all("Delivered before the loss.", "chebet", "amina")
    yield made
    made.close()


def code(report: SyncReport) -> str | None:
    """Name what ended a sync."""
    return None if report.error is None else report.error.code


def test_a_revoked_phone_is_told_so_and_pulls_no_records(world: World) -> None:
    world.revoke("chebet", "dalila")
    world["chebet"].create("Not for the finder.")
    world["chebet"].sync()
    report = world["dalila"].sync()
    assert code(report) == "device_revoked"
    assert report.received == 0
    assert code(world["dalila"].sync()) == "device_revoked"


def test_its_later_batches_are_delivered_into_quarantine(world: World) -> None:
    world.revoke("chebet", "dalila")
    late = world["dalila"].create("After the loss.")
    assert world["dalila"].sync().sent == 1
    world.exchange("chebet", "amina")
    assert not world["amina"].reads(late)
    assert not world["chebet"].reads(late)
    states = {kept.state for kept in world.server.tables.kept.values()}
    assert states == {"stored", "quarantined"}


def test_its_earlier_records_stay(world: World) -> None:
    world.revoke("chebet", "dalila")
    world.exchange("chebet", "amina")
    assert len(world["amina"].records()) == 1
    assert len(world["chebet"].records()) == 1


def test_work_that_the_revoker_had_not_seen_is_taken_out_everywhere(world: World) -> None:
    unseen = world["dalila"].create("Headquarters saw this, the sub-county did not.")
    world["dalila"].sync()
    world["amina"].sync()
    assert world["amina"].reads(unseen)
    laptop = world["chebet"]
    with laptop.vault.transaction() as tx:
        laptop.device.duties.revoke(tx, world["dalila"].keys.device, Cause.LOST)
    world.exchange("chebet", "amina")
    assert not world["amina"].reads(unseen)
    assert not laptop.reads(unseen)
    assert len(world["amina"].records()) == 1
    reasons = {row.reason for row in world["amina"].read(lambda tx: tx.quarantine.all())}
    assert reasons == {"beyond_cut"}


def test_an_edit_beyond_the_cut_gives_the_earlier_words_back(world: World) -> None:
    record = next(iter(world["dalila"].records()))
    world["dalila"].edit(record, narrative="Changed by the finder.")
    world["dalila"].sync()
    world["amina"].sync()
    assert world["amina"].narratives(record) == ["Changed by the finder."]
    laptop = world["chebet"]
    with laptop.vault.transaction() as tx:
        laptop.device.duties.revoke(tx, world["dalila"].keys.device, Cause.LOST)
    world.exchange("chebet", "amina")
    assert world["amina"].narratives(record) == ["Delivered before the loss."]


def test_the_offices_key_is_changed_and_the_lost_phone_gets_none_of_it(world: World) -> None:
    office = world["chebet"].device.directory.office(MKOMANI, "admin")
    assert office is not None
    world.join("faraji", "chebet", MKOMANI, Role.ASSISTANT_CHIEF)
    world.exchange("chebet", "faraji")
    before = len(world["chebet"].device.directory.office(MKOMANI, "admin").epochs)  # type: ignore[union-attr]
    world.revoke("chebet", "dalila")
    world.exchange("chebet", "faraji")
    after = world["faraji"].device.directory.office(MKOMANI, "admin")
    assert after is not None
    assert len(after.epochs) == before + 1
    held = world["faraji"].read(lambda tx: [row.epoch for row in tx.office_keys.all()])
    assert after.epochs[-1].epoch in held
    world["dalila"].sync()
    lost = world["dalila"].read(lambda tx: [row.epoch for row in tx.office_keys.all()])
    assert after.epochs[-1].epoch not in lost


def test_a_new_device_reads_what_comes_and_history_only_after_words(world: World) -> None:
    old = next(iter(world["amina"].records()))
    faraji = world.join("faraji", "chebet", MKOMANI, Role.CHIEF)
    world.exchange("chebet", "faraji")
    new = world["chebet"].create("Written after faraji came.")
    world.exchange("chebet", "faraji")
    assert faraji.reads(new)
    assert not faraji.reads(old)
    with world["chebet"].vault.transaction() as tx:
        world["chebet"].device.duties.confirm(tx, faraji.keys.device)
    world.exchange("chebet", "faraji")
    assert faraji.reads(old)


def test_a_second_laptop_of_headquarters_gets_the_old_keys_from_the_first(world: World) -> None:
    old = next(iter(world["amina"].records()))
    second = world.join("gaudensia", "amina", world["amina"].member.unit, Role.HQ_ADMIN)
    world.exchange("amina", "gaudensia")
    assert not second.reads(old)
    with world["amina"].vault.transaction() as tx:
        world["amina"].device.duties.confirm(tx, second.keys.device)
    world.exchange("amina", "gaudensia")
    assert second.reads(old)


def test_an_office_created_later_is_granted_history_once_somebody_is_confirmed(
    world: World,
) -> None:
    county, sub_county = world["brian"], LAMU_EAST
    with county.vault.transaction() as tx:
        statement = world.organisation.office_statement(sub_county, "admin")
        county.device.duties.state(tx, [statement])
    assert county.sync().error is None
    early = county.create("Before anybody sat there.", unit=sub_county)
    county.sync()
    newcomer = world.join("hamisi", "brian", sub_county, Role.DCC_ADMIN)
    world.exchange("brian", "hamisi")
    assert not newcomer.reads(early)
    with county.vault.transaction() as tx:
        county.device.duties.confirm(tx, newcomer.keys.device)
    world.exchange("brian", "hamisi")
    assert newcomer.reads(early)


def test_an_office_that_the_author_did_not_know_of_reads_by_a_grant(world: World) -> None:
    county, author = world["brian"], world["amina"]
    with county.vault.transaction() as tx:
        statement = world.organisation.office_statement(LAMU_EAST, "admin")
        county.device.duties.state(tx, [statement])
    newcomer = world.join("hamisi", "brian", LAMU_EAST, Role.DCC_ADMIN)
    county.sync()
    with county.vault.transaction() as tx:
        county.device.duties.confirm(tx, newcomer.keys.device)
    world.exchange("brian", "hamisi")
    missed = author.create("Sealed far away, under an older directory.", unit=LAMU_EAST)
    author.sync()
    newcomer.sync()
    assert not newcomer.reads(missed)
    world.exchange("brian", "hamisi")
    assert newcomer.reads(missed)


def test_nobody_is_confirmed_or_revoked_who_is_not_known(world: World) -> None:
    laptop = world["chebet"]
    with (
        pytest.raises(Exception, match="unknown_device"),
        laptop.vault.transaction() as tx,
    ):
        laptop.device.duties.confirm(
            tx, world.organisation.join("nobody", LAMU_WEST, "admin", Role.CHIEF).device
        )
