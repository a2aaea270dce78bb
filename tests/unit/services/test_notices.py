"""Notices: one office tells every officer of a unit, and those who left hear no more."""

from __future__ import annotations

import pytest

from fieldapp.domain.record_types import record_type
from fieldapp.domain.schema import schema
from fieldapp.errors import NoRightError
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import UnitId, office_id
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import LAMU_WEST, PIN, Country

TITLE, TEXT, UNTIL = "Heavy rain", "Stay away from the river until Friday.", "2027-12-31"
NOTICES = Channel(UnitId(LAMU_WEST), ChannelClass.BROADCAST).id


@pytest.fixture
def everybody(country: Country, hq: Services, dcc: Services, chief: Services) -> None:
    """Lamu West has an office of all officers, whose key has reached them."""
    hq.organisation.create_office(LAMU_WEST, "all")
    country.sync(hq, dcc, chief)


def titles(services: Services) -> list[str]:
    return [one.title for one in services.answers.notices()]


@pytest.mark.usefixtures("everybody")
def test_a_notice_reaches_the_officers_of_the_unit_and_says_who_sent_it(
    country: Country, hq: Services, dcc: Services, chief: Services
) -> None:
    notice = dcc.answers.publish(LAMU_WEST, f" {TITLE} ", TEXT, UNTIL)
    country.sync(dcc, chief, hq)
    (shown,) = chief.answers.notices()
    assert (shown.id, shown.title, shown.text, shown.until) == (notice, TITLE, TEXT, UNTIL)
    assert shown.from_office.en == "Sub-county administration office, Lamu West"
    assert not shown.is_read
    assert titles(hq) == []


@pytest.mark.usefixtures("everybody")
def test_no_office_acknowledges_what_every_officer_hears(
    country: Country, dcc: Services, chief: Services
) -> None:
    """A receipt speaks for an office's own channels; elsewhere it would only say who listens."""
    dcc.answers.publish(LAMU_WEST, TITLE, TEXT, UNTIL)
    country.sync(dcc, chief)
    assert titles(chief) == [TITLE]
    with chief.access.workspace().vault.reading() as tx:
        spoken = [row.office for row in tx.receipts.all() if row.channel == NOTICES]
    assert spoken == []


@pytest.mark.usefixtures("everybody")
def test_headquarters_tells_the_officers_of_a_sub_county(
    country: Country, hq: Services, dcc: Services, chief: Services
) -> None:
    hq.answers.publish(LAMU_WEST, TITLE, TEXT, UNTIL)
    country.sync(hq, dcc, chief)
    assert titles(dcc) == titles(chief) == [TITLE]
    assert chief.answers.notices()[0].from_office.en == "Headquarters"


@pytest.mark.usefixtures("everybody")
def test_a_notice_is_read_once_and_shown_until_its_day(
    country: Country, dcc: Services, chief: Services
) -> None:
    today = chief.access.workspace().today().isoformat()
    notice = dcc.answers.publish(LAMU_WEST, TITLE, TEXT, today)
    country.sync(dcc, chief)
    assert titles(chief) == [TITLE]
    chief.answers.mark_read(notice)
    assert [one.is_read for one in chief.answers.notices()] == [True]
    assert [one.is_read for one in dcc.answers.notices()] == [True]
    country.clock.advance(24 * 60 * 60 * 1000)
    assert titles(chief) == []


@pytest.mark.usefixtures("everybody")
def test_a_revoked_phone_hears_no_later_notice(
    country: Country, dcc: Services, chief: Services
) -> None:
    office = office_id(UnitId(LAMU_WEST), "all")
    before = dcc.access.workspace().directory.office_by_id(office)
    (phone,) = [row.device for row in dcc.organisation.devices() if row.role == "chief"]
    dcc.organisation.revoke(phone, "lost")
    country.sync(dcc)
    after = dcc.access.workspace().directory.office_by_id(office)
    assert before is not None
    assert after is not None
    assert after.epochs[-1].epoch == before.epochs[-1].epoch + 1
    with chief.access.workspace().vault.reading() as tx:
        held = [row.epoch for row in tx.office_keys.all() if row.office == office]
    assert held == [epoch.epoch for epoch in before.epochs]
    dcc.answers.publish(LAMU_WEST, TITLE, TEXT, UNTIL)
    country.sync(dcc)
    assert titles(dcc) == [TITLE]


@pytest.mark.usefixtures("everybody")
def test_who_joins_later_is_given_the_key_that_there_is(country: Country, dcc: Services) -> None:
    dcc.answers.publish(LAMU_WEST, TITLE, TEXT, UNTIL)
    invite = dcc.organisation.invite(country.mkomani, "assistant_chief")
    newcomer = country.build("newcomer")
    newcomer.access.enrol(invite.packet_text, "Omar Shee", PIN)
    country.sync(dcc, newcomer, dcc, newcomer)
    assert titles(newcomer) == [TITLE]


@pytest.mark.usefixtures("everybody")
def test_nothing_is_given_twice(country: Country, dcc: Services) -> None:
    country.sync(dcc)
    with dcc.access.workspace().vault.reading() as tx:
        before = len(list(tx.batches.of_kind(7)))
    country.sync(dcc, dcc)
    with dcc.access.workspace().vault.reading() as tx:
        assert len(list(tx.batches.of_kind(7))) == before


def test_without_an_office_of_all_nothing_is_sealed(dcc: Services) -> None:
    with pytest.raises(NoRightError, match="no_office_of_all"):
        dcc.answers.publish(LAMU_WEST, TITLE, TEXT, UNTIL)
    fields = {"title": TITLE, "text": TEXT, "until": UNTIL}
    with pytest.raises(NoRightError, match="no_office_of_all"):
        dcc.records.create("notice", LAMU_WEST, fields)


@pytest.mark.parametrize("unit", ["KE", "KE-005"])
def test_a_notice_above_a_sub_county_is_refused_with_what_to_do(hq: Services, unit: str) -> None:
    with pytest.raises(NoRightError, match="notice_too_high"):
        hq.answers.publish(unit, TITLE, TEXT, UNTIL)


def test_the_schema_of_a_notice_names_what_it_may_be_refused_for() -> None:
    named = {"no_office_of_all", "notice_too_high"}
    assert named <= set(schema(record_type("notice"))["x-rules"])
    assert not named & set(schema(record_type("meeting"))["x-rules"])


@pytest.mark.usefixtures("everybody")
def test_its_author_sees_where_a_notice_goes_and_whether_it_has_gone(
    country: Country, dcc: Services, chief: Services
) -> None:
    dcc.answers.publish(LAMU_WEST, TITLE, TEXT, UNTIL)
    (own,) = dcc.answers.notices()
    assert (own.is_mine, own.is_sent, own.unit_name) == (True, False, "Lamu West")
    country.sync(dcc, chief)
    assert dcc.answers.notices()[0].is_sent
    (heard,) = chief.answers.notices()
    assert (heard.is_mine, heard.is_sent) == (False, True)


def test_an_office_of_all_stands_at_a_sub_county_or_below(hq: Services) -> None:
    with pytest.raises(NoRightError, match="not_allowed_by_directory"):
        hq.organisation.create_office("KE-005", "all")


@pytest.mark.usefixtures("everybody")
def test_a_notice_needs_its_words_and_a_chief_tells_his_own_unit_only(chief: Services) -> None:
    with pytest.raises(NoRightError):
        chief.answers.publish(LAMU_WEST, TITLE, TEXT, UNTIL)


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize(("title", "until"), [("", UNTIL), (TITLE, "soon")])
def test_a_notice_without_words_or_a_day_is_refused(dcc: Services, title: str, until: str) -> None:
    with pytest.raises(ProblemsError):
        dcc.answers.publish(LAMU_WEST, title, TEXT, until)
