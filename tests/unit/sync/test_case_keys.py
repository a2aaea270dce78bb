"""An old case of a desk, handed to its newcomer by a person: that case, that desk, and no more."""

from __future__ import annotations

import pytest

from fieldapp.protocol.causes import Cause
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, OfficeRef
from fieldapp.protocol.ids import RecordId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statements import RevokeStatement
from fieldapp.sync.case_keys import case_keys
from fieldapp.sync.keyring import DUTIES_KEY
from fieldapp.sync.office_duties import HandedOn
from tests.support.organisation import KE, LAMU
from tests.support.replicas import Replica, World
from tests.unit.sync.test_grants import confirm

CASES = Channel(LAMU, ChannelClass.GENDER)
COUNTY_DESK = OfficeRef(LAMU, Desk.GENDER)
KE_DESK = OfficeRef(KE, Desk.GENDER)
NOBODY = HandedOn((), ())


def hand_on(replica: Replica, record: RecordId) -> HandedOn:
    """Hand a case on, as its page or command does."""
    device = replica.device
    with replica.vault.transaction() as tx:
        keys = case_keys(tx, CASES, record)
        return device.duties.hand_on(tx, CASES, keys)


def case(world: World, words: str) -> RecordId:
    return world["dalila"].create(words, cls=ChannelClass.GENDER, category="gbv")


@pytest.fixture(autouse=True)
def settled(world: World) -> None:
    """Both desks have a key that is younger than their devices, as after any real enrolment."""
    with world["eshe"].vault.transaction() as tx:
        tx.meta.set(DUTIES_KEY, b"")
    world.exchange("eshe", "fumo", "dalila")


@pytest.fixture
def told(world: World) -> RecordId:
    """A case that both desks read before anybody new came."""
    record = case(world, "Before she came.")
    world.exchange("dalila", "fumo", "eshe")
    return record


def arrive(world: World, confirmed_by: str = "eshe") -> Replica:
    """A newcomer of the county's desk, whose words somebody compared."""
    newcomer = world.join("zawadi", "eshe", LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    world.exchange("fumo", "eshe")
    confirm(world, confirmed_by, "zawadi")
    world.exchange("eshe", "fumo", "zawadi")
    return newcomer


@pytest.mark.parametrize("by", ["fumo", "eshe"])
def test_the_newcomer_reads_the_case_that_was_handed_on_and_no_other(
    world: World, told: RecordId, by: str
) -> None:
    other = case(world, "Another one.")
    world.exchange("dalila", "fumo", "eshe")
    newcomer = arrive(world)
    assert (newcomer.reads(told), newcomer.reads(other)) == (False, False)

    assert hand_on(world[by], told) == HandedOn((COUNTY_DESK,), ())
    world.exchange(by, "zawadi")
    assert newcomer.state(told) == world["fumo"].state(told)
    assert newcomer.narratives() == ["Before she came."]
    assert not newcomer.reads(other)


def test_each_amendment_of_the_case_comes_with_it(world: World, told: RecordId) -> None:
    desk = world["fumo"]
    state = desk.state(told)
    assert state is not None
    change = {"narrative": "She was taken to the hospital."}
    desk.seal(
        CASES,
        [desk.entry(told, state.unit, change, replaced=state.refs(change), reason="followed up")],
    )
    world.exchange("fumo", "eshe")
    newcomer = arrive(world)
    hand_on(world["eshe"], told)
    world.exchange("eshe", "zawadi")
    assert newcomer.narratives(told) == ["She was taken to the hospital."]


def test_handed_on_once_there_is_nobody_left_to_hand_it_to(world: World, told: RecordId) -> None:
    arrive(world)
    assert hand_on(world["fumo"], told).given == (COUNTY_DESK,)
    assert hand_on(world["fumo"], told) == NOBODY


def test_where_nobody_came_since_nobody_is_given_anything(world: World, told: RecordId) -> None:
    assert hand_on(world["eshe"], told) == NOBODY
    assert hand_on(world["fumo"], told) == NOBODY


def test_whoever_was_confirmed_by_her_own_desk_lacks_nothing(world: World, told: RecordId) -> None:
    newcomer = arrive(world, confirmed_by="fumo")
    assert newcomer.reads(told)


def test_a_key_that_the_desk_got_between_the_claim_and_the_words_is_lacked(world: World) -> None:
    newcomer = world.join("zawadi", "eshe", LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    world.join("hamisi", "eshe", LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    confirm(world, "eshe", "hamisi")
    world.exchange("dalila", "fumo", "hamisi")
    between = case(world, "While her words were not compared.")
    world.exchange("dalila", "fumo", "hamisi", "eshe")
    confirm(world, "eshe", "zawadi")
    world.exchange("eshe", "zawadi", "fumo", "hamisi")
    assert not newcomer.reads(between)
    assert hand_on(world["fumo"], between).given == (COUNTY_DESK,)
    world.exchange("fumo", "zawadi")
    assert newcomer.reads(between)


def test_a_desk_that_lost_its_only_device_is_served_by_the_one_above(
    world: World, told: RecordId
) -> None:
    world.revoke(by="eshe", whom="fumo")
    newcomer = arrive(world)
    assert not newcomer.reads(told)
    assert hand_on(world["eshe"], told).given == (COUNTY_DESK,)
    world.exchange("eshe", "zawadi")
    assert newcomer.narratives(told) == ["Before she came."]


def test_headquarters_and_the_author_get_nothing_by_it(world: World, told: RecordId) -> None:
    arrive(world)
    hand_on(world["fumo"], told)
    world.exchange("fumo", "amina", "brian", "chebet", "zawadi")
    for name in ("amina", "brian", "chebet"):
        assert not world[name].reads(told)
        assert hand_on(world[name], told) == NOBODY


def test_who_was_handed_a_case_may_hand_it_on(world: World, told: RecordId) -> None:
    arrive(world)
    hand_on(world["eshe"], told)
    world.exchange("eshe", "zawadi")
    world.join("hamisi", "eshe", LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    confirm(world, "eshe", "hamisi")
    world.exchange("eshe", "zawadi", "hamisi")
    assert not world["hamisi"].reads(told)
    assert hand_on(world["zawadi"], told).given == (COUNTY_DESK,)
    world.exchange("zawadi", "hamisi")
    assert world["hamisi"].reads(told)


def test_what_an_order_took_is_not_handed_on(world: World, told: RecordId) -> None:
    arrive(world)
    desk = world["fumo"]
    with desk.vault.transaction() as tx:
        assert case_keys(tx, CASES, told)
        desk.device.erasure.erase_record(tx, CASES, told)
        assert case_keys(tx, CASES, told) == []


def test_an_office_whose_key_a_lost_device_holds_waits_for_its_next(
    world: World, told: RecordId
) -> None:
    for name in ("zawadi", "hamisi"):
        world.join(name, "eshe", KE, Role.REFERRAL_DESK, Desk.GENDER)
        world["eshe"].sync()
        confirm(world, "eshe", name)
    above, lost = world["eshe"], world["hamisi"].keys.device
    with above.vault.transaction() as tx:
        said = above.device.duties.state(tx, [RevokeStatement(lost, (), Cause.LOST)])
    world.server.take(said.raw)
    world["fumo"].sync()
    assert hand_on(world["fumo"], told) == HandedOn((), (KE_DESK,))
    world.exchange("eshe", "fumo")
    assert hand_on(world["fumo"], told) == HandedOn((KE_DESK,), ())
