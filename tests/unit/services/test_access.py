"""Enrolment, the PIN and the lock."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from fieldapp.errors import (
    AlreadyEnrolledError,
    DatabaseFullError,
    InvalidCodeError,
    InviteExpiredError,
    InviteUnknownError,
    LockedError,
    NotEnrolledError,
    StorageError,
    TamperedRowError,
    TransientSyncError,
    WeakPinError,
    WrongPinError,
)
from fieldapp.services import opening
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from fieldapp.services.views import HomeState
from fieldapp.storage.key_file import KeyFile
from fieldapp.storage.pin_delay import PinDelay
from tests.support.country import LAMU_WEST, OFFICER, PIN, Country
from tests.support.failures import why

DAY_MS = 24 * 60 * 60 * 1000


def code_for(hq: Services, country: Country, role: str = "chief") -> str:
    code = hq.organisation.invite(country.mkomani, role).code
    country.sync(hq)
    return code


def test_a_home_is_new_then_unlocked_then_locked(country: Country) -> None:
    assert country.build("nobody").access.state() is HomeState.NEW
    services = country.build("chief")
    assert services.access.state() is HomeState.LOCKED
    services.access.unlock(PIN)
    assert services.access.state() is HomeState.UNLOCKED
    services.access.lock()
    assert services.access.state() is HomeState.LOCKED


def test_a_locked_home_serves_nothing(country: Country) -> None:
    with pytest.raises(LockedError):
        country.build("chief").records.drafts()


def test_a_home_without_its_key_cannot_be_opened(country: Country) -> None:
    KeyFile(country.folder / "chief" / "vault.key").destroy()
    services = country.build("chief")
    assert services.access.state() is HomeState.WIPED
    with pytest.raises(NotEnrolledError):
        services.access.unlock(PIN)


def test_an_officer_is_who_enrolled(chief: Services, country: Country) -> None:
    officer = chief.access.officer()
    assert (officer.name, officer.role, officer.desk) == (OFFICER["chief"], "chief", "admin")
    assert (officer.unit, officer.unit_name, officer.org) == (
        country.mkomani,
        "Mkomani",
        "Interior",
    )


def test_a_wrong_pin_says_how_long_to_wait_and_the_wait_grows(country: Country) -> None:
    access = country.build("chief").access
    waits = []
    for _ in range(4):
        with pytest.raises(WrongPinError) as refused:
            access.unlock("000000")
        assert refused.value.code == "wrong_pin"
        waits.append(refused.value.retry_after_seconds)
        country.clock.advance(waits[-1] * 1000)
    assert waits == [1, 2, 4, 8]


def test_the_right_pin_too_early_is_refused_unseen_also_by_a_new_process(
    country: Country,
) -> None:
    with pytest.raises(WrongPinError):
        country.build("chief").access.unlock("000000")
    with pytest.raises(WrongPinError) as early:
        country.build("chief").access.unlock(PIN)
    assert early.value.code == "wrong_pin_wait"
    country.clock.advance(-DAY_MS)
    with pytest.raises(WrongPinError):
        country.build("chief").access.unlock(PIN)
    country.clock.advance(DAY_MS)
    country.build("chief").access.unlock(PIN)


def test_a_try_that_is_under_way_is_nobody_elses_wait(country: Country) -> None:
    """Two commands at once: the second waits for the first to end, not for a penalty."""
    tries = PinDelay(country.folder / "chief" / "vault.tries")
    other = country.build("chief")
    unlocking = threading.Thread(target=other.access.unlock, args=(PIN,))
    with tries.turn():
        tries.begin(country.clock.now_ms())
        unlocking.start()
        unlocking.join(0.3)
        assert unlocking.is_alive()
        tries.succeed()
    unlocking.join(10)
    assert other.access.state() is HomeState.UNLOCKED


def test_unlocking_twice_checks_the_pin_again(chief: Services) -> None:
    chief.access.unlock(PIN)
    with pytest.raises(WrongPinError):
        chief.access.unlock("999999")
    assert chief.access.state() is HomeState.UNLOCKED


def test_a_changed_pin_opens_and_the_old_one_does_not(country: Country, chief: Services) -> None:
    with pytest.raises(WeakPinError):
        chief.access.change_pin(PIN, "123")
    chief.access.change_pin(PIN, "135791")
    again = country.build("chief").access
    with pytest.raises(WrongPinError):
        again.unlock(PIN)
    country.clock.advance(1000)
    again.unlock("135791")


def test_an_unreadable_count_of_tries_is_a_storage_error(country: Country) -> None:
    (country.folder / "chief" / "vault.tries").mkdir()
    with pytest.raises(StorageError):
        country.build("chief").access.unlock(PIN)


def test_an_invite_file_enrols_without_any_network(hq: Services, country: Country) -> None:
    packet = hq.organisation.invite(country.mkomani, "assistant_chief").packet_text
    country.link.failure = TransientSyncError("offline")
    services = country.build("phone")
    assert services.access.preview_invite(packet).org == "Interior"
    assert not services.access.preview_invite(packet).needs_network
    made = services.access.enrol(packet, "Dalila Mwinyi", PIN)
    assert (made.unit, made.unit_name, made.role) == (
        country.mkomani,
        "Mkomani",
        "assistant_chief",
    )
    assert len(made.words.split()) == 4
    assert services.syncing.status().waiting == 1


def test_the_wards_and_names_of_the_packet_are_known_to_the_newcomer(
    country: Country,
) -> None:
    """The inviter is another process than the one that added the unit."""
    packet = country.unlocked("hq").organisation.invite(country.mkomani, "acc").packet_text
    services = country.build("phone")
    services.access.enrol(packet, "Dalila", PIN)
    (row,) = [r for r in services.records.units_below() if r.id == country.mkomani]
    assert (row.name, row.parent_name, row.ward) == ("Mkomani", "Lamu West", "KE-005-W0105")


def test_a_bare_code_needs_the_server_once(hq: Services, country: Country) -> None:
    code = code_for(hq, country)
    services = country.build("phone")
    preview = services.access.preview_invite(code)
    assert preview.needs_network
    assert (preview.org, preview.server_url) == ("", "http://127.0.0.1:8400")
    country.link.failure = TransientSyncError("offline")
    with pytest.raises(TransientSyncError):
        services.access.enrol(code, "Dalila", PIN)
    assert services.access.state() is HomeState.NEW
    country.link.failure = None
    services.access.enrol(code, "Dalila", PIN)
    country.sync(services)


def test_a_code_that_was_never_published_is_unknown(hq: Services, country: Country) -> None:
    code = hq.organisation.invite(country.mkomani, "chief").code
    with pytest.raises(InviteUnknownError):
        country.build("phone").access.enrol(code, "Dalila", PIN)


@pytest.mark.parametrize("by_file", [True, False])
def test_an_expired_invite_enrols_nobody(hq: Services, country: Country, by_file: bool) -> None:
    made = hq.organisation.invite(country.mkomani, "chief", expires_hours=1)
    country.sync(hq)
    country.clock.advance(2 * 60 * 60 * 1000)
    services = country.build("phone")
    with pytest.raises(InviteExpiredError):
        services.access.enrol(made.packet_text if by_file else made.code, "Dalila", PIN)
    assert services.access.state() is HomeState.NEW


def test_a_used_invite_raises_an_alarm_and_neither_is_trusted(
    hq: Services, country: Country
) -> None:
    packet = hq.organisation.invite(country.mkomani, "assistant_chief").packet_text
    first, second = country.build("one"), country.build("two")
    first.access.enrol(packet, "Dalila", PIN)
    second.access.enrol(packet, "Eshe", PIN)
    country.sync(hq, first, second, hq)
    assert "note.second_claim" in {note.code for note in hq.syncing.status().notes}
    states = {row.state for row in hq.organisation.devices() if row.role == "assistant_chief"}
    assert states == {"contested"}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "BARAZA1-WRONG",
        "{",
        "[]",
        '{"baraza": "invite"}',
        '{"baraza": "invite", "baraza": "invite"}',
        '{"baraza": ' * 100_000,
        '{"baraza": "invite", "code": "\\ud800"}',
        "\ud800",
        "{\ud800}",
        '{"baraza": "root-share", "key": "x"}',
        '{"baraza": "invite", "code": 7, "packet": ""}',
        '{"baraza": "invite", "code": "BARAZA1-X", "packet": "%%%"}',
        '{"baraza": "invite", "code": "BARAZA1-X"}',
    ],
)
def test_what_is_no_invite_is_named_so(country: Country, given: str) -> None:
    services = country.build("phone")
    with pytest.raises(InvalidCodeError):
        services.access.enrol(given, "Dalila", PIN)
    assert not (country.folder / "phone" / "vault.db").exists()


def test_a_truncated_packet_is_named_so(hq: Services, country: Country) -> None:
    document = json.loads(hq.organisation.invite(country.mkomani, "chief").packet_text)
    document["packet"] = document["packet"][: len(document["packet"]) // 8 * 4]
    with pytest.raises(InvalidCodeError):
        country.build("phone").access.enrol(json.dumps(document), "Dalila", PIN)


def test_the_packet_of_another_invite_is_refused(hq: Services, country: Country) -> None:
    one = json.loads(hq.organisation.invite(country.mkomani, "chief").packet_text)
    two = json.loads(hq.organisation.invite(country.mkomani, "chief").packet_text)
    mixed = json.dumps({**one, "packet": two["packet"]})
    with pytest.raises(InvalidCodeError):
        country.build("phone").access.enrol(mixed, "Dalila", PIN)


def test_a_home_is_enrolled_once(chief: Services) -> None:
    with pytest.raises(AlreadyEnrolledError):
        chief.access.enrol("whatever", "Dalila", PIN)


@pytest.mark.parametrize("name", ["", "   ", "x" * 500])
def test_a_name_that_cannot_stand_leaves_no_half_vault(
    hq: Services, country: Country, name: str
) -> None:
    packet = hq.organisation.invite(country.mkomani, "chief").packet_text
    services = country.build("phone")
    with pytest.raises(ProblemsError) as refused:
        services.access.enrol(packet, name, PIN)
    assert {problem.path for problem in refused.value.problems} == {"name"}
    assert services.access.state() is HomeState.NEW
    services.access.enrol(packet, "Dalila", PIN)


def test_a_pin_is_refused_to_an_administrator_where_no_key_store_helps(
    hq: Services, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = hq.organisation.invite(LAMU_WEST, "dcc_admin").packet_text
    services = country.build("phone")
    monkeypatch.setattr(services.access._environment, "may_be_short", False)
    with pytest.raises(WeakPinError):
        services.access.enrol(packet, "Dalila", PIN)
    assert services.access.state() is HomeState.NEW
    services.access.enrol(packet, "Dalila", "four plain words")


def test_a_disk_that_fills_while_enrolling_leaves_no_half_vault(
    hq: Services, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = hq.organisation.invite(country.mkomani, "chief").packet_text
    services = country.build("phone")

    def full(_self: KeyFile, _blob: bytes) -> None:
        raise DatabaseFullError

    monkeypatch.setattr(KeyFile, "write", full)
    with pytest.raises(DatabaseFullError):
        services.access.enrol(packet, "Dalila", PIN)
    assert services.access.state() is HomeState.NEW
    assert not list((country.folder / "phone").glob("vault.*"))
    monkeypatch.undo()
    services.access.enrol(packet, "Dalila", PIN)


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("place", ["before the key", "before the move"])
def test_a_kill_while_enrolling_leaves_a_home_that_can_enrol(
    hq: Services, country: Country, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    packet = hq.organisation.invite(country.mkomani, "chief").packet_text
    services = country.build("phone")

    def die(*_args: object) -> None:
        raise KilledError

    target = KeyFile if place == "before the key" else Path
    monkeypatch.setattr(target, "write" if place == "before the key" else "replace", die)
    monkeypatch.setattr(opening.VaultDoor, "discard", lambda _self: None)
    with pytest.raises(KilledError):
        services.access.enrol(packet, "Dalila", PIN)
    monkeypatch.undo()
    again = country.build("phone")
    assert again.access.state() is HomeState.NEW
    again.access.enrol(packet, "Dalila", PIN)
    assert country.unlocked("phone").access.officer().name == "Dalila"


def test_an_introduction_that_failed_is_made_at_the_next_unlocking(
    hq: Services, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = hq.organisation.invite(country.mkomani, "chief").packet_text
    services = country.build("phone")

    def full(*_args: object, **_more: object) -> str:
        raise DatabaseFullError

    monkeypatch.setattr(services.records, "create", full)
    services.access.enrol(packet, "Dalila", PIN)
    assert services.syncing.status().waiting == 0
    services.access.lock()
    again = country.unlocked("phone")
    assert again.syncing.status().waiting == 1
    again.access.lock()
    assert country.unlocked("phone").syncing.status().waiting == 1


def test_a_desk_enrols_from_its_hand_over_file_with_its_eight_words(country: Country) -> None:
    text = (country.folder / "shares" / "hand-over-gender.json").read_text()
    services = country.build("desk")
    assert services.access.needs_phrase(text)
    with pytest.raises(WrongPinError) as refused:
        services.access.enrol(text, "Eshe", PIN, phrase=country.phrases["csic"])
    assert refused.value.code == "wrong_phrase"
    made = services.access.enrol(text, "Eshe", PIN, phrase=country.phrases["gender"].upper())
    assert (made.unit, made.role) == ("KE", "referral_desk")
    assert services.access.officer().desk == "gender"


def test_locking_ends_a_running_sync_and_leaves_nothing_open(
    chief: Services, country: Country
) -> None:
    work = chief.access.workspace()
    country.link.during = chief.access.lock
    report = chief.syncing.sync()
    assert why(report.error) == "cancelled"
    assert chief.access.state() is HomeState.LOCKED
    assert work.is_closing
    country.link.during = None
    country.sync(country.unlocked("chief"))


def test_a_vault_of_another_home_is_not_opened_by_this_key(country: Country) -> None:
    (country.folder / "dcc" / "vault.db").replace(country.folder / "chief" / "vault.db")
    services = country.build("chief")
    with pytest.raises(TamperedRowError):
        services.access.unlock(PIN)
    assert services.access.state() is HomeState.LOCKED


def test_choices_are_kept_without_unlocking(country: Country) -> None:
    access = country.build("chief").access
    assert (access.language(), access.theme(), access.text_scale()) == ("", "system", 1.0)
    access.set_language("sw")
    access.set_theme("dark")
    access.set_text_scale(9.0)
    access.set_autolock_seconds(-5)
    again = country.build("chief").access
    assert (again.language(), again.theme()) == ("sw", "dark")
    assert (again.text_scale(), again.autolock_seconds()) == (2.0, 0)
