"""Two officers on one phone: neither sees the other, and one wipe spares the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import LockedError, TransientSyncError, WrongPinError
from fieldapp.services.facade import Services
from fieldapp.services.phone import Phone
from fieldapp.services.phone_view import OfficerChoice
from fieldapp.services.preferences import PreferenceFile
from fieldapp.services.views import HomeState
from fieldapp.storage.files import overwrite_in_place
from fieldapp.storage.home import Home
from fieldapp.storage.phone import home_of
from tests.support.country import PIN, Country
from tests.support.factories import meeting_fields

OTHER_PIN = "975310"
MARKER = "Marker Mkomani 7741"


@pytest.fixture
def phone(country: Country) -> Phone:
    """The chief's phone, on which an assistant enrolled as well."""
    made = Phone(country.folder / "chief", lambda root: built(country, root))
    hq = country.unlocked("hq")
    invite = hq.organisation.invite(country.mkomani, "chief")
    country.sync(hq)
    newcomer = made.services(made.newcomer())
    newcomer.access.enrol(invite.packet_text, "Juma Said", OTHER_PIN)
    country.sync(newcomer, hq, newcomer)
    newcomer.access.lock()
    return made


def built(country: Country, root: Path) -> Services:
    environment = country.environment(root.relative_to(country.folder).as_posix())
    services = Services(environment, PreferenceFile(root / "p.json", autolock_seconds=60))
    country.opened.append(services)
    return services


def keys(phone: Phone) -> list[str]:
    return [choice.key for choice in phone.officers()]


def venues(services: Services) -> list[str]:
    rows = services.records.find(type_key="meeting")[0]
    return sorted(str(services.records.show(row.id).fields["venue"]) for row in rows)


def test_a_phone_of_one_is_the_home_as_it_always_was(country: Country) -> None:
    alone = Phone(country.folder / "chief", lambda root: built(country, root))
    assert alone.officers() == [OfficerChoice("1", 1, "green")]
    alone.services("1").access.unlock(PIN)
    assert alone.services("1").access.officer().name == "Amina Bakari"
    assert alone.newcomer() == "2"
    assert not (country.folder / "chief" / "officers").exists()


def test_the_lock_screen_lists_numbers_and_colours_and_no_name(
    country: Country, phone: Phone
) -> None:
    assert [(one.number, one.mark) for one in phone.officers()] == [(1, "green"), (2, "blue")]
    names = [name.encode() for name in ("Juma", "Amina", "Said", "Bakari")]
    for path in (country.folder / "chief").rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert not any(name in raw for name in names), path.name


def test_neither_sees_the_other_s_drafts_records_or_counts(phone: Phone) -> None:
    amina, juma = phone.services("1"), phone.services("2")
    amina.access.unlock(PIN)
    amina.records.new_draft("meeting", None, {"venue": MARKER})
    amina.records.create("meeting", None, meeting_fields(venue=MARKER))
    juma.access.unlock(OTHER_PIN)
    assert (juma.records.drafts(), venues(juma)) == ([], [])
    assert (juma.syncing.status().drafts, juma.syncing.status().waiting) == (0, 0)
    assert juma.records.find(MARKER)[1] == 0
    assert (amina.syncing.status().drafts, set(venues(amina))) == (1, {MARKER})


def test_the_one_s_pin_opens_nothing_of_the_other_s(country: Country, phone: Phone) -> None:
    with pytest.raises(WrongPinError):
        phone.services("2").access.unlock(PIN)
    phone.services("1").access.unlock(PIN)
    assert phone.services("2").access.state() is HomeState.LOCKED
    with pytest.raises(LockedError):
        phone.services("2").access.workspace()
    country.clock.advance(1_000)


def test_five_wrong_pins_slow_down_one_officer_and_not_the_other(
    country: Country, phone: Phone
) -> None:
    waits = []
    for _ in range(5):
        with pytest.raises(WrongPinError) as refused:
            phone.services("2").access.unlock("000000")
        waits.append(refused.value.retry_after_seconds)
        country.clock.advance(refused.value.retry_after_seconds * 1_000)
    assert waits == [1, 2, 4, 8, 16]
    again = Phone(country.folder / "chief", lambda root: built(country, root))
    with pytest.raises(WrongPinError) as sixth:
        again.services("2").access.unlock("000000")
    assert sixth.value.retry_after_seconds == 32
    with pytest.raises(WrongPinError, match="wrong_pin_wait"):
        again.services("2").access.unlock(OTHER_PIN)
    again.services("1").access.unlock(PIN)
    assert again.services("1").access.state() is HomeState.UNLOCKED


def test_wrong_pins_never_wipe_anything(country: Country, phone: Phone) -> None:
    for _ in range(40):
        country.clock.advance(300_000)
        with pytest.raises(WrongPinError):
            phone.services("1").access.unlock("000000")
    country.clock.advance(300_000)
    phone.services("1").access.unlock(PIN)
    assert phone.services("1").access.officer().name == "Amina Bakari"


@pytest.mark.parametrize(("gone", "stays", "pin"), [("1", "2", OTHER_PIN), ("2", "1", PIN)])
def test_one_wipe_spares_the_other(
    country: Country, phone: Phone, gone: str, stays: str, pin: str
) -> None:
    hq = country.unlocked("hq")
    writer = phone.services(gone)
    writer.access.unlock(OTHER_PIN if gone == "2" else PIN)
    writer.records.create("meeting", None, meeting_fields(venue=MARKER))
    other = phone.services(stays)
    other.access.unlock(pin)
    other.records.new_draft("meeting", None, {"venue": "Kept"})
    writer.access.quick_delete()
    assert keys(phone) == [stays]
    assert [draft.fields["venue"] for draft in other.records.drafts()] == ["Kept"]
    country.sync(other, hq)
    assert venues(hq) == [MARKER]
    left = home_of(country.folder / "chief", int(gone))
    assert left.set_aside() == []
    assert gone == "1" or not left.root.exists()


def test_a_locked_officer_s_work_leaves_when_another_syncs_and_is_not_counted(
    country: Country, phone: Phone
) -> None:
    hq, amina, juma = country.unlocked("hq"), phone.services("1"), phone.services("2")
    amina.access.unlock(PIN)
    for venue in ("Boma", "School"):
        amina.records.create("meeting", None, meeting_fields(venue=venue))
    amina.access.lock()
    juma.access.unlock(OTHER_PIN)
    report = juma.syncing.sync()
    assert (report.sent, report.waiting, report.error) == (0, 0, None)
    country.sync(hq)
    assert venues(hq) == ["Boma", "School"]
    amina.access.unlock(PIN)
    assert amina.syncing.status().waiting == 0


def test_a_cut_while_a_neighbour_s_work_leaves_troubles_nobody(
    country: Country, phone: Phone
) -> None:
    hq, amina, juma = country.unlocked("hq"), phone.services("1"), phone.services("2")
    amina.access.unlock(PIN)
    amina.records.create("meeting", None, meeting_fields(venue="Boma"))
    juma.access.unlock(OTHER_PIN)
    own = len(country.link.asked)
    country.sync(juma)
    rounds = len(country.link.asked) - own
    amina.records.create("meeting", None, meeting_fields(venue="School"))
    seen = [0]

    def cut() -> None:
        seen[0] += 1
        if seen[0] >= rounds:
            country.link.failure = TransientSyncError("connection_cut")

    country.link.during = cut
    assert juma.syncing.sync().error is None
    country.link.during = country.link.failure = None
    country.sync(amina, hq)
    assert venues(hq) == ["Boma", "School"]


def test_a_neighbour_of_another_server_is_left_alone(
    country: Country, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, juma = phone.services("1"), phone.services("2")
    amina.access.unlock(PIN)
    amina.records.create("meeting", None, meeting_fields(venue="Boma"))
    juma.access.unlock(OTHER_PIN)
    monkeypatch.setattr("fieldapp.services.left_behind._server_key", lambda _path: b"other")
    country.sync(juma)
    assert amina.syncing.status().waiting == 1


def test_a_wipe_that_was_stopped_is_gone_on_with(country: Country, phone: Phone) -> None:
    home = Home(country.folder / "chief")
    home.store.write_bytes(MARKER.encode())
    overwrite_in_place(home.key, bytes(home.key.stat().st_size))
    assert keys(phone) == ["2"]
    assert not home.has_vault()
    assert not home.store.exists()


def test_an_officer_chooses_a_colour_only_with_an_open_vault(phone: Phone) -> None:
    with pytest.raises(LockedError):
        phone.choose_mark("2", "purple")
    phone.services("2").access.unlock(OTHER_PIN)
    phone.choose_mark("2", "purple")
    phone.choose_mark("2", "Juma Said")
    assert [one.mark for one in phone.officers()] == ["green", "purple"]


def test_the_next_officer_takes_the_place_of_one_who_left(country: Country, phone: Phone) -> None:
    phone.services("2").access.quick_delete()
    assert phone.newcomer() == "2"
    hq = country.unlocked("hq")
    invite = hq.organisation.invite(country.mkomani, "chief")
    phone.services("2").access.enrol(invite.packet_text, "Neema Wanjiru", PIN)
    assert keys(phone) == ["1", "2"]
