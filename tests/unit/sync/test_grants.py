"""Keys handed on: history after words only, to everybody who sits there, and never too late."""

from __future__ import annotations

from contextlib import closing

import pytest

from fieldapp.crypto.keys import generate_office_key
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.channels import ChannelClass, Desk
from fieldapp.protocol.ids import RecordId, UnitId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statements import OfficeStatement
from fieldapp.sync.directory_store import keep_directory
from tests.support.fakes import FakeClock, SeededChance
from tests.support.organisation import DAY_MS, LAMU, LAMU_EAST, LAMU_WEST, MKOMANI
from tests.support.replicas import Replica, World
from tests.support.vaults import open_vault


@pytest.fixture(autouse=True)
def delivered(world: World) -> RecordId:
    """dalila has delivered one record to everybody."""
    return world.deliver_to_all("Delivered before all else.", "chebet", "brian", "amina")


def confirm(world: World, by: str, whom: str) -> None:
    """Confirm a device whose words were compared, and publish it."""
    laptop = world[by]
    assert laptop.sync().error is None
    with laptop.vault.transaction() as tx:
        laptop.device.duties.confirm(tx, world[whom].keys.device)
    assert laptop.sync().error is None


def epochs_held(replica: Replica) -> set[int]:
    """The epochs whose private halves lie in a vault."""
    return {row.epoch for row in replica.read(lambda tx: tx.office_keys.all())}


def arrive(
    world: World, name: str, by: str, role: Role = Role.CHIEF, *, claim_after_ms: int = 0
) -> Replica:
    """Invite to Mkomani for a day; the claim says that it was in time, whenever it comes."""
    in_time, inviter = world.clock.ms, world[by]
    invite = world.organisation.invite_statement(MKOMANI, role, expires_ms=world.clock.ms + DAY_MS)
    with inviter.vault.transaction() as tx:
        inviter.device.duties.state(tx, [invite])
    assert inviter.sync().error is None
    world.advance(claim_after_ms)
    member = world.organisation.join(name, MKOMANI, "admin", role)
    path = world.folder / f"{name}.db"
    with closing(open_vault(path)) as vault, vault.transaction() as tx:
        keep_directory(tx, world.server.directory_log(), now_ms=world.clock.ms)
    clock, chance = FakeClock(world.clock.ms), SeededChance(name)
    world.replicas[name] = arrived = Replica(member, path, world.server, clock, chance)
    with arrived.vault.transaction() as tx:
        claim = world.organisation.claim_statement(member, invite.invite, in_time)
        arrived.device.duties.claim(tx, MKOMANI, claim)
    assert arrived.sync().error is None
    return arrived


def test_of_two_newcomers_only_the_one_with_compared_words_reads_history(
    world: World, delivered: RecordId
) -> None:
    honest = world.join("faraji", "chebet", MKOMANI, Role.CHIEF)
    stranger = world.join("kiptoo", "chebet", MKOMANI, Role.ASSISTANT_CHIEF)
    world.exchange("chebet", "faraji", "kiptoo")
    confirm(world, "chebet", "faraji")
    world.exchange("chebet", "amina", "faraji", "kiptoo")
    assert honest.reads(delivered)
    assert not stranger.reads(delivered)
    new = world["chebet"].create("For everybody who sits there now.")
    world.exchange("chebet", "faraji", "kiptoo")
    assert honest.reads(new)
    assert stranger.reads(new)


def test_a_late_grant_opens_nothing_for_who_is_not_confirmed(world: World) -> None:
    county, author = world["brian"], world["amina"]
    with county.vault.transaction() as tx:
        statement = world.organisation.office_statement(LAMU_EAST, "admin")
        county.device.duties.state(tx, [statement])
    seat = world.join("hamisi", "brian", LAMU_EAST, Role.DCC_ADMIN)
    confirm(world, "brian", "hamisi")
    stranger = world.join("kiptoo", "brian", LAMU_EAST, Role.ACC)
    world.exchange("brian", "hamisi", "kiptoo")
    assert epochs_held(stranger)
    missed = author.create("Sealed far away, under an older directory.", unit=LAMU_EAST)
    author.sync()
    world.exchange("brian", "hamisi", "kiptoo")
    assert seat.reads(missed)
    assert not stranger.reads(missed)


def test_work_of_a_phone_75_days_away_is_read_by_devices_that_came_meanwhile(
    world: World,
) -> None:
    phone = world["dalila"]
    first = phone.create("The day after the last sync.")
    world.advance(75 * DAY_MS)
    world.join("gaudensia", "brian", LAMU_WEST, Role.DCC_ADMIN)
    world.join("hamisi", "brian", LAMU_WEST, Role.DCC_ADMIN)
    confirm(world, "brian", "gaudensia")
    confirm(world, "brian", "hamisi")
    world.revoke(by="brian", whom="chebet")
    world.exchange("brian", "gaudensia", "hamisi")
    last = phone.create("Before the first sync after it.")
    assert phone.sync().error is None
    world.exchange("gaudensia", "hamisi", "brian")
    for name in ("gaudensia", "hamisi"):
        assert world[name].reads(first)
        assert world[name].reads(last)
        assert world[name].sync().waiting == 0


def test_an_office_that_got_its_keys_by_grants_hands_them_on(world: World) -> None:
    old = world["amina"].create("Before anybody sat in the county's second office.", unit=LAMU_EAST)
    world["amina"].sync()
    county = world.join("juma", "amina", LAMU, Role.COUNTY_DESK)
    world.revoke(by="amina", whom="brian")
    confirm(world, "amina", "juma")
    world.exchange("amina", "juma")
    assert county.reads(old)
    with county.vault.transaction() as tx:
        county.device.duties.state(tx, [world.organisation.office_statement(LAMU_EAST, "admin")])
    assert county.sync().error is None
    seat = world.join("hamisi", "juma", LAMU_EAST, Role.DCC_ADMIN)
    confirm(world, "juma", "hamisi")
    world.exchange("juma", "hamisi")
    assert seat.reads(old)


def test_nothing_is_granted_twice(world: World) -> None:
    world.join("gaudensia", "brian", LAMU_WEST, Role.DCC_ADMIN)
    confirm(world, "brian", "gaudensia")
    world.exchange("brian", "gaudensia", "chebet", "amina")

    def key_batches() -> int:
        kinds = [kept.batch.header.kind for kept in world.server.tables.kept.values()]
        return kinds.count(Kind.GRANT) + kinds.count(Kind.OFFICE_KEYS)

    before = key_batches()
    assert before
    with world["amina"].vault.transaction() as tx:
        world["amina"].device.duties.state(
            tx, [world.organisation.office_statement(LAMU_EAST, "admin")]
        )
    world.exchange("amina", "brian", "gaudensia", "chebet")
    assert key_batches() == before


def another_epoch(world: World, by: str, unit: UnitId) -> None:
    """Say an office's next epoch elsewhere, its key sealed to nobody here."""
    directory = world[by].device.directory
    office = directory.office(unit, "admin")
    assert office is not None
    key = generate_office_key(office.id, len(office.epochs) + 1)
    with world[by].vault.transaction() as tx:
        world[by].device.duties.state(tx, [OfficeStatement(unit, "admin", key.epoch, key.public)])


def test_grants_to_an_epoch_that_lost_the_race_are_made_again(
    world: World, delivered: RecordId
) -> None:
    seat = world.join("gaudensia", "brian", LAMU_WEST, Role.DCC_ADMIN)
    world.exchange("brian", "amina", "chebet", "gaudensia")
    another_epoch(world, "amina", LAMU_WEST)
    with world["brian"].vault.transaction() as tx:
        world["brian"].device.duties.confirm(tx, seat.keys.device)
    world["amina"].sync()
    world.exchange("brian", "gaudensia", "amina")
    assert seat.reads(delivered)


def test_an_epoch_made_between_claim_and_words_is_none_of_the_device(world: World) -> None:
    seat = world.join("gaudensia", "brian", LAMU_WEST, Role.DCC_ADMIN)
    world.exchange("brian", "amina", "chebet", "gaudensia")
    another_epoch(world, "brian", LAMU_WEST)
    phone = world["dalila"]
    world.exchange("brian", "dalila")
    away = phone.create("Sealed for the epoch before the words.")
    confirm(world, "brian", "gaudensia")
    world.revoke(by="brian", whom="chebet")
    world.exchange("brian", "gaudensia")
    assert phone.sync().error is None
    world.exchange("brian", "gaudensia")
    assert seat.reads(away)


def test_a_claim_first_seen_after_its_invite_expired_gets_no_key_before_words(
    world: World,
) -> None:
    late = arrive(world, "kiptoo", "chebet", claim_after_ms=200 * DAY_MS)
    world.exchange("chebet", "kiptoo")
    assert epochs_held(late) == set()
    arrive(world, "faraji", "chebet")
    world.exchange("chebet", "faraji", "kiptoo")
    assert epochs_held(world["faraji"])
    assert epochs_held(late) == set()
    confirm(world, "chebet", "kiptoo")
    world.exchange("chebet", "kiptoo")
    assert epochs_held(late)


def test_a_laptop_with_a_slow_clock_sees_by_the_servers_time_that_a_claim_is_late(
    world: World,
) -> None:
    world["chebet"].clock.advance(-400 * DAY_MS)
    late = arrive(world, "kiptoo", "chebet", claim_after_ms=200 * DAY_MS)
    world.exchange("chebet", "kiptoo")
    assert epochs_held(late) == set()


def test_a_claim_in_time_keeps_its_keys_however_long_it_waits_for_words(world: World) -> None:
    chief = world.join("faraji", "chebet", MKOMANI, Role.CHIEF)
    world.exchange("chebet", "faraji")
    before = epochs_held(chief)
    assert before
    world.advance(90 * DAY_MS)
    arrive(world, "kiptoo", "chebet")
    world.exchange("chebet", "faraji", "kiptoo")
    assert epochs_held(chief) > before


def test_what_a_desk_read_before_is_handed_to_no_newcomer_by_itself(world: World) -> None:
    told = world["dalila"].create("Before she came.", cls=ChannelClass.GENDER, category="gbv")
    world.exchange("dalila", "fumo", "eshe")
    newcomer = world.join("zawadi", "eshe", LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    confirm(world, "eshe", "zawadi")
    world.exchange("eshe", "fumo", "zawadi", "eshe", "fumo", "zawadi", "dalila")
    later = world["dalila"].create("After it.", cls=ChannelClass.GENDER, category="gbv")
    world.exchange("dalila", "fumo", "zawadi")
    assert world["fumo"].reads(told)
    assert (newcomer.reads(told), newcomer.reads(later)) == (False, True)
