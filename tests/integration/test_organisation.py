"""Who belongs to an organisation and what follows: admission, revocation, desks."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.errors import FieldAppError, NoRightError, WordsDifferError
from fieldapp.services.facade import Services
from fieldapp.services.views import HomeState
from sync_server.storage.status import read_status
from tests.support.country import LAMU_WEST, PIN, Country
from tests.support.factories import meeting_fields
from tests.support.failures import why

GBV: dict[str, Any] = {
    "category": "gbv",
    "survivor_age": "age_18_34",
    "follow_up_ref": "GV-2026-11",
}


def record(services: Services, venue: str) -> str:
    return services.records.create("meeting", None, meeting_fields(venue=venue))


def venues(services: Services) -> set[str]:
    rows, _ = services.records.find(type_key="meeting", limit=None)
    shown = [services.records.show(row.id) for row in rows]
    return {str(view.fields["venue"]) for view in shown}


def epoch(services: Services, office: str) -> int:
    return next(row.epoch for row in services.organisation.offices() if row.office == office)


def enrol(country: Country, hq: Services, name: str, unit: str, role: str) -> Services:
    packet = hq.organisation.invite(unit, role).packet_text
    services = country.build(name)
    services.access.enrol(packet, f"Officer {name}", PIN)
    return services


def words_of(hq: Services, device: str) -> str:
    return next(row.words or "" for row in hq.organisation.devices() if row.device == device)


def test_what_a_chief_records_is_read_by_the_sub_county_and_by_headquarters(
    country: Country,
) -> None:
    hq, dcc, chief = (country.unlocked(name) for name in ("hq", "dcc", "chief"))
    made = record(chief, "Under the fig tree")
    assert [tick.at_ms for tick in chief.records.show(made).ticks] == [None, None, None]
    country.sync(chief)
    stages = {tick.stage: tick.at_ms is not None for tick in chief.records.show(made).ticks}
    assert stages == {"server": True, "sub_county": False, "hq": False}
    country.sync(dcc, hq, chief)
    assert venues(dcc) == venues(hq) == {"Under the fig tree"}
    stages = {tick.stage: tick.at_ms is not None for tick in chief.records.show(made).ticks}
    assert stages == {"server": True, "sub_county": True, "hq": True}
    rows, _ = chief.records.find(type_key="meeting")
    assert rows[0].tick == "hq"
    assert hq.records.find(type_key="meeting")[0][0].author == "Amina Bakari"


def test_a_revoked_phone_is_refused_and_what_it_recorded_before_stands(country: Country) -> None:
    hq, dcc, chief = (country.unlocked(name) for name in ("hq", "dcc", "chief"))
    record(chief, "before")
    country.sync(chief, dcc, hq)
    office = f"{country.mkomani}/admin"
    assistant = enrol(country, hq, "assistant", country.mkomani, "assistant_chief")
    country.sync(hq, assistant, hq, dcc)
    old_epoch = epoch(hq, office)

    device = chief.access.officer().device
    hq.organisation.revoke(device, "phone lost")
    country.sync(hq, dcc)
    assert epoch(hq, office) > old_epoch
    record(chief, "after")
    report = chief.syncing.sync()
    assert why(report.error) == "device_revoked"
    assert report.received == 0
    assert chief.access.state() is not HomeState.UNLOCKED

    country.sync(hq, dcc)
    assert venues(hq) == venues(dcc) == {"before"}
    assert read_status(country.exchange._database).quarantined == 1
    country.sync(assistant)
    assert assistant.syncing.status().needs_attention == 1
    assert venues(assistant) == set()
    states = {row.device: row.state for row in hq.organisation.devices()}
    assert states[device] == "revoked"


def test_a_new_device_of_the_office_reads_its_history_once_it_was_confirmed(
    country: Country,
) -> None:
    hq, dcc, chief = (country.unlocked(name) for name in ("hq", "dcc", "chief"))
    record(chief, "before")
    country.sync(chief, dcc, hq)
    hq.organisation.revoke(chief.access.officer().device, "phone lost")
    country.sync(hq)
    successor = enrol(country, hq, "successor", country.mkomani, "chief")
    country.sync(hq, successor, hq, successor)
    assert venues(successor) == set()

    device = successor.access.officer().device
    with pytest.raises(WordsDifferError):
        hq.organisation.confirm(device, "four words not these")
    hq.organisation.confirm(device, words_of(hq, device).upper())
    country.sync(hq, successor)
    assert venues(successor) == {"before"}
    record(successor, "later")
    country.sync(successor, dcc, hq)
    assert venues(hq) == venues(dcc) == {"before", "later"}


def test_the_next_phone_of_an_office_reads_what_its_colleagues_record(country: Country) -> None:
    hq, dcc, chief = (country.unlocked(name) for name in ("hq", "dcc", "chief"))
    assistant = enrol(country, hq, "assistant", country.mkomani, "assistant_chief")
    country.sync(hq, assistant, dcc, chief, assistant)
    record(chief, "shared")
    country.sync(chief, assistant)
    assert venues(assistant) == {"shared"}


def test_a_device_cannot_revoke_itself_nor_one_above_it(country: Country) -> None:
    hq, dcc, chief = (country.unlocked(name) for name in ("hq", "dcc", "chief"))
    with pytest.raises(NoRightError, match="cannot_revoke_self"):
        hq.organisation.revoke(hq.access.officer().device, "no")
    with pytest.raises(NoRightError, match="not_allowed_by_directory"):
        dcc.organisation.revoke(hq.access.officer().device, "no")
    with pytest.raises(NoRightError, match="no_right"):
        chief.organisation.revoke(dcc.access.officer().device, "no")
    country.sync(dcc, chief, hq)
    assert {row.state for row in hq.organisation.devices()} == {"active"}


def test_a_sub_county_administers_its_own_subtree_and_nothing_else(country: Country) -> None:
    dcc = country.unlocked("dcc")
    unit = dcc.organisation.add_unit(LAMU_WEST, "location", "Hindi")
    assert dcc.organisation.create_office(unit) == (f"{unit}/admin", 1)
    chief = enrol(country, dcc, "hindi", unit, "chief")
    country.sync(dcc, chief, dcc)
    record(chief, "Hindi market")
    country.sync(chief, dcc)
    assert venues(dcc) == {"Hindi market"}
    with pytest.raises(NoRightError):
        dcc.organisation.add_unit("KE-003-S016", "location", "Elsewhere")
    for deed in (
        lambda: dcc.organisation.create_office("KE-003-S016"),
        lambda: dcc.organisation.create_office(LAMU_WEST, "gender"),
        lambda: dcc.organisation.invite("KE", "hq_analyst"),
    ):
        with pytest.raises(FieldAppError) as refused:
            deed()
        assert refused.value.code in {"not_allowed_by_directory", "office_missing"}


def test_a_restricted_concern_opens_at_its_desk_and_nowhere_else(country: Country) -> None:
    hq, dcc, chief = (country.unlocked(name) for name in ("hq", "dcc", "chief"))
    assert hq.syncing.status().handover_pending
    made = chief.records.create("concern", LAMU_WEST, GBV)
    country.sync(chief, hq, dcc)
    for office in (hq, dcc):
        assert office.records.find(type_key="concern")[1] == 0
    stages = {tick.stage: tick.at_ms is not None for tick in chief.records.show(made).ticks}
    assert stages == {"server": True, "hq": False}

    desk = country.build("desk")
    text = (country.folder / "shares" / "hand-over-gender.json").read_text()
    desk.access.enrol(text, "Eshe", PIN, phrase=country.phrases["gender"])
    country.sync(desk, hq, desk)
    (row,) = desk.records.find(type_key="concern")[0]
    assert desk.records.show(row.id).fields["follow_up_ref"] == "GV-2026-11"
    assert row.author in {"Amina Bakari", country.mkomani}

    country.sync(desk, chief)
    left = chief.records.show(made)
    assert (left.fields, left.history, left.tier) == ({}, [], "restricted")
    assert {tick.stage: tick.at_ms is not None for tick in left.ticks} == {
        "server": True,
        "hq": True,
    }
    (line,) = chief.records.find(type_key="concern")[0]
    assert (line.id, line.title, line.tick) == (made, made, "hq")
    with pytest.raises(NoRightError, match="record_given_up"):
        chief.records.edit(made, {"told": ["police"]}, "more")


def test_every_desk_of_headquarters_can_be_taken_over(country: Country) -> None:
    hq = country.unlocked("hq")
    for name, phrase in country.phrases.items():
        desk = country.build(f"desk-{name}")
        text = (country.folder / "shares" / f"hand-over-{name}.json").read_text()
        desk.access.enrol(text, f"Officer of {name}", PIN, phrase=phrase)
        country.sync(desk)
    country.sync(hq)
    assert not hq.syncing.status().handover_pending


def test_an_office_made_later_is_granted_the_records_of_before(country: Country) -> None:
    hq, dcc, chief = (country.unlocked(name) for name in ("hq", "dcc", "chief"))
    record(chief, "before the county")
    country.sync(chief, dcc, hq)
    hq.organisation.create_office("KE-005")
    county = enrol(country, hq, "county", "KE-005", "county_desk")
    country.sync(hq, county, hq)
    device = county.access.officer().device
    hq.organisation.confirm(device, words_of(hq, device))
    country.sync(hq, county, hq, county)
    assert venues(county) == {"before the county"}
    record(chief, "after the county")
    country.sync(chief, county)
    assert venues(county) == {"before the county", "after the county"}


def test_what_was_not_confirmed_yet_says_so_and_is_opened_later(country: Country) -> None:
    hq = country.unlocked("hq")
    second = enrol(country, hq, "second", LAMU_WEST, "dcc_admin")
    assert {n.code for n in second.syncing.status().notes} == {
        "note.not_confirmed_yet",
        "note.pin_only",
    }
    record(second, "kept meanwhile")
    country.sync(hq, second, hq)
    assert venues(hq) == set()
    device = second.access.officer().device
    hq.organisation.confirm(device, words_of(hq, device))
    country.sync(hq, second, hq)
    assert {n.code for n in second.syncing.status().notes} == {"note.pin_only"}
    assert venues(hq) == {"kept meanwhile"}
