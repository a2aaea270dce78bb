"""What administrators do to devices: move them, end them, take over what a cut left outside."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.errors import InvalidUnitError, NoRightError, UnknownDeviceError
from fieldapp.protocol.batch import Kind, parse_batch
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.payload import plain_payload
from fieldapp.services.facade import Services
from fieldapp.services.office_views import DeviceRow
from tests.support.country import LAMU_WEST, PIN, Country

CONCERN = {"category": "theft", "narrative": "Two bicycles were taken."}


def row(services: Services, role: str) -> DeviceRow:
    (found,) = [one for one in services.organisation.devices() if one.role == role]
    return found


def concerns(services: Services) -> int:
    return services.records.find(type_key="concern")[1]


@pytest.fixture
def hindi(country: Country, hq: Services) -> str:
    """A second location with an office."""
    unit = hq.organisation.add_unit(LAMU_WEST, "location", "Hindi")
    hq.organisation.create_office(unit)
    country.sync(hq)
    return unit


def test_a_moved_officer_serves_at_the_new_unit_from_the_next_sync_on(
    country: Country, hq: Services, chief: Services, hindi: str
) -> None:
    moved = hq.organisation.change_device(
        row(hq, "chief").device, unit=hindi, reason="transferred to Hindi"
    )
    assert (moved.unit, moved.unit_name, moved.role, moved.state) == (
        *(hindi, "Hindi", "chief", "active"),
    )
    country.sync(hq, chief, hq)
    officer = chief.access.officer()
    assert (officer.unit, officer.role) == (hindi, "chief")
    chief.records.create("concern", None, CONCERN)
    country.sync(chief, hq)
    assert concerns(hq) == 1
    again = country.unlocked("chief")
    assert again.access.officer().unit == hindi
    assert [found.id for found in again.organisation.list_units()] == [hindi]


def test_another_role_shows_and_has_its_rights(
    country: Country, hq: Services, chief: Services
) -> None:
    changed = hq.organisation.change_device(
        row(hq, "chief").device, role="assistant_chief", reason="acting no longer"
    )
    assert (changed.role, changed.unit) == ("assistant_chief", country.mkomani)
    country.sync(hq, chief)
    assert chief.access.officer().role == "assistant_chief"


def test_whoever_is_given_a_role_that_enrols_shows_words_to_compare(
    country: Country, hq: Services, chief: Services
) -> None:
    changed = hq.organisation.change_device(
        row(hq, "chief").device, role="dcc_admin", unit=LAMU_WEST, reason="promoted"
    )
    assert changed.state == "unconfirmed"
    assert changed.words is not None
    assert len(changed.words.split()) == 4
    hq.organisation.confirm(changed.device, changed.words)
    country.sync(hq, chief)
    assert chief.access.officer().role == "dcc_admin"
    notes = {note.code for note in chief.syncing.status().notes}
    assert "note.not_confirmed_yet" not in notes


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "nothing_to_change"),
        ({"role": "chief"}, "nothing_to_change"),
        ({"role": "king"}, "unknown_role"),
        ({"role": "hq_admin"}, "role_does_not_fit"),
        ({"unit": "KE-009", "role": "county_desk"}, "office_missing"),
        ({"desk": "gender", "role": "referral_desk"}, "office_missing"),
        ({"desk": "gender", "role": "referral_desk", "unit": "KE"}, "not_allowed_by_directory"),
        ({"unit": "KE-999"}, "unknown_unit"),
    ],
)
def test_a_change_that_may_not_be_is_refused_and_changes_nothing(
    hq: Services, given: dict[str, Any], code: str
) -> None:
    before = hq.organisation.devices()
    with pytest.raises((NoRightError, InvalidUnitError), match=code):
        hq.organisation.change_device(row(hq, "chief").device, reason="x", **given)
    assert hq.organisation.devices() == before


def test_nobody_changes_or_adopts_his_own_device_nor_one_that_is_revoked_or_unknown(
    hq: Services,
) -> None:
    own, chief = row(hq, "hq_admin").device, row(hq, "chief").device
    with pytest.raises(NoRightError, match="cannot_change_self"):
        hq.organisation.change_device(own, role="hq_analyst", reason="x")
    with pytest.raises(NoRightError, match="cannot_adopt_self"):
        hq.organisation.adopt(own, "x")
    hq.organisation.revoke(chief, "lost")
    with pytest.raises(NoRightError, match="device_is_revoked"):
        hq.organisation.change_device(chief, role="assistant_chief", reason="x")
    for deed in (hq.organisation.change_device, hq.organisation.adopt):
        with pytest.raises(UnknownDeviceError):
            deed("0" * 26, reason="x")


def test_a_device_whose_words_are_still_to_be_compared_is_not_moved(
    country: Country, hq: Services, hindi: str
) -> None:
    invite = hq.organisation.invite(LAMU_WEST, "dcc_admin")
    second = country.build("second")
    second.access.enrol(invite.packet_text, "Fumo", PIN)
    country.sync(hq, second, hq)
    (new,) = [one for one in hq.organisation.devices() if one.state == "unconfirmed"]
    with pytest.raises(NoRightError, match="not_confirmed_device"):
        hq.organisation.change_device(new.device, unit=hindi, role="chief", reason="x")


def test_a_chief_moves_nobody(chief: Services, hq: Services) -> None:
    dcc = row(hq, "dcc_admin").device
    with pytest.raises(NoRightError, match="no_right"):
        chief.organisation.change_device(dcc, role="chief", reason="x")
    with pytest.raises(NoRightError, match="nothing_to_adopt"):
        chief.organisation.adopt(dcc, "x")


def lost(country: Country, hq: Services, chief: Services, *, late: int) -> DeviceRow:
    """Revoke the chief, who then delivers concerns of before."""
    for _ in range(late):
        chief.records.create("concern", None, CONCERN)
    hq.organisation.revoke(row(hq, "chief").device, "lost")
    country.sync(hq)
    chief.syncing.sync()
    country.sync(hq)
    return row(hq, "chief")


def test_late_work_of_a_revoked_officer_is_counted_and_adopted(
    country: Country, hq: Services, dcc: Services, chief: Services
) -> None:
    found = lost(country, hq, chief, late=3)
    assert (found.state, found.kept_apart, found.adoptable) == ("revoked", 3, 3)
    assert concerns(hq) == 0
    adopted = hq.organisation.adopt(found.device, "he brought the phone to the office")
    assert (adopted.batches, adopted.changes, adopted.statements_left) == (3, 3, ())
    assert concerns(hq) == 3
    country.sync(hq, dcc, hq)
    assert (concerns(hq), concerns(dcc)) == (3, 3)
    assert row(hq, "chief").kept_apart == 0
    with pytest.raises(NoRightError, match="nothing_to_adopt"):
        hq.organisation.adopt(found.device, "again")


def test_one_batch_is_adopted_by_its_name(country: Country, hq: Services, chief: Services) -> None:
    found = lost(country, hq, chief, late=2)
    work = hq.access.workspace()
    with work.vault.reading() as tx:
        first, _ = (kept.hash.hex() for kept in tx.batches.in_state("quarantined"))
    with pytest.raises(NoRightError, match="no_such_batch"):
        hq.organisation.adopt(found.device, "x", batch="00" * 32)
    with pytest.raises(NoRightError, match="no_such_batch"):
        hq.organisation.adopt(found.device, "x", batch="nonsense")
    adopted = hq.organisation.adopt(found.device, "this one only", batch=first)
    assert (adopted.batches, adopted.changes) == (1, 1)
    assert (concerns(hq), row(hq, "chief").kept_apart) == (1, 1)


def test_statements_of_a_stolen_laptop_are_left_to_be_adopted_one_by_one(
    country: Country, hq: Services, dcc: Services
) -> None:
    """The sub-county said something more before it heard that it was revoked."""
    hq.organisation.revoke(row(hq, "dcc_admin").device, "stolen")
    country.sync(hq)
    unit = dcc.organisation.add_unit(LAMU_WEST, "location", "Hindi")
    dcc.organisation.create_office(unit)
    dcc.syncing.sync()
    country.sync(hq)
    device = row(hq, "dcc_admin").device
    adopted = hq.organisation.adopt(device, "the unit is known")
    assert adopted.batches == 1
    (statement,) = adopted.statements_left
    assert f"{unit}/admin" not in {one.office for one in hq.organisation.offices()}
    one = hq.organisation.adopt(device, "the office was agreed", batch=statement)
    assert (one.batches, one.statements_left) == (1, ())
    assert f"{unit}/admin" in {one.office for one in hq.organisation.offices()}


def test_an_administrator_adopts_only_what_is_below_him(hq: Services, dcc: Services) -> None:
    other = next(one for one in hq.organisation.devices() if one.role == "hq_admin").device
    with pytest.raises(NoRightError, match="nothing_to_adopt"):
        dcc.organisation.adopt(other, "x")


def test_devices_show_since_when_they_stand_where_they_stand(
    country: Country, hq: Services
) -> None:
    def since(role: str) -> int:
        found = row(hq, role).since_ms
        assert found is not None
        return found

    before = since("chief")
    assert 0 < before <= country.clock.now_ms()
    country.clock.advance(60_000)
    hq.organisation.change_device(row(hq, "chief").device, role="assistant_chief", reason="x")
    assert since("assistant_chief") == country.clock.now_ms()
    country.clock.advance(60_000)
    country.sync(hq)
    assert since("assistant_chief") == country.clock.now_ms() - 60_000
    hq.organisation.revoke(row(hq, "assistant_chief").device, "lost")
    country.sync(hq)
    assert since("assistant_chief") == country.clock.now_ms()
    assert since("dcc_admin") == before


def test_the_desk_of_a_device_is_shown(country: Country) -> None:
    desk = country.build("desk")
    text = (country.folder / "shares" / "hand-over-gender.json").read_text()
    desk.access.enrol(text, "Eshe", PIN, phrase=country.phrases["gender"])
    country.sync(desk)
    shown = row(desk, "referral_desk")
    assert (shown.desk, shown.state) == ("gender", "active")


# -- why ---------------------------------------------------------------------------------------

WHY = "Amina Bakari left it on the bus to Witu"


def test_the_words_of_a_reason_are_sealed_for_the_offices_above(
    country: Country, hq: Services, dcc: Services
) -> None:
    phone = row(dcc, "chief").device
    dcc.organisation.revoke(phone, f" {WHY}\n", Cause.LOST)
    country.sync(dcc, hq)
    (deed,) = hq.records.find(type_key="deed")[0]
    shown = hq.records.show(deed.id)
    assert dict(shown.fields) == {
        "deed": "revoke",
        "device": phone,
        "because": "lost",
        "reason": WHY,
    }
    assert (shown.tier, shown.unit) == ("ordinary", LAMU_WEST)


def test_the_directory_says_a_word_of_a_closed_list_and_no_more(
    country: Country, hq: Services, dcc: Services
) -> None:
    phone = row(dcc, "chief").device
    dcc.organisation.change_device(phone, role="assistant_chief", reason=WHY)
    dcc.organisation.revoke(phone, WHY, Cause.STOLEN)
    country.sync(dcc, hq)
    with hq.access.workspace().vault.reading() as tx:
        said = [
            plain_payload(parse_batch(one.raw)) for one in tx.batches.of_kind(int(Kind.DIRECTORY))
        ]
    words = b"".join(said)
    assert b"Amina" not in words
    assert b"Witu" not in words
    assert b'"because":"moved"' in words
    assert b'"because":"stolen"' in words


def test_a_deed_is_neither_changed_nor_among_the_records(hq: Services) -> None:
    hq.organisation.revoke(row(hq, "chief").device, WHY)
    assert hq.records.find()[0] == []
    (deed,) = hq.records.find(type_key="deed")[0]
    with pytest.raises(NoRightError):
        hq.records.change(deed.id, {"reason": "nothing"}, "to hide it")


# -- who is there, and who is expected -----------------------------------------------------------


def test_each_device_says_whose_it_is_and_whether_this_office_may_act_on_it(
    hq: Services, dcc: Services, chief: Services
) -> None:
    def seen(services: Services) -> list[tuple[str, str, bool, bool]]:
        rows = services.organisation.devices()
        return [(one.role, one.holder, one.is_own, one.may_act) for one in rows]

    assert ("chief", "Amina Bakari", False, True) in seen(hq)
    assert ("hq_admin", "Chebet Langat", True, False) in seen(hq)
    assert ("dcc_admin", "Brian Otieno", True, False) in seen(dcc)
    assert [(own, acts) for _, _, own, acts in seen(chief)] == [(True, False)]
    hq.organisation.revoke(row(hq, "chief").device, "lost")
    assert ("chief", "Amina Bakari", False, False) in seen(hq)


def test_who_was_invited_is_expected_until_he_comes_or_his_week_is_over(
    country: Country, hq: Services, dcc: Services
) -> None:
    assert hq.organisation.invited() == []
    first = dcc.organisation.invite(country.mkomani, "assistant_chief")
    hq.organisation.invite(LAMU_WEST, "dcc_admin", expires_hours=48)
    country.sync(dcc, hq)
    waits = hq.organisation.invited()
    assert [(one.role, one.unit_name, one.is_over) for one in waits] == [
        ("dcc_admin", "Lamu West", False),
        ("assistant_chief", "Mkomani", False),
    ]
    assert waits[1].expires_at_ms == first.expires_at_ms
    country.clock.advance(25 * 60 * 60 * 1000)
    assert [one.is_over for one in hq.organisation.invited()] == [False, True]
    second = country.build("second")
    country.clock.advance(-2 * 60 * 60 * 1000)
    second.access.enrol(first.packet_text, "Fumo", PIN)
    country.sync(second, hq)
    assert [one.role for one in hq.organisation.invited()] == ["dcc_admin"]
    country.clock.advance(10 * 24 * 60 * 60 * 1000)
    assert hq.organisation.invited() == []
