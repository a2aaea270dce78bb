"""What a vault's key is wrapped by: with a key store and without, for each kind of officer."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from unittest.mock import Mock

import pytest

from fieldapp.crypto.keystore import (
    KdfParams,
    first_box,
    needs_platform_half,
    new_vault_key,
    unwrap_vault_key,
    wrap_vault_key,
)
from fieldapp.crypto.passphrase_box import params_of
from fieldapp.errors import (
    DatabaseFullError,
    KeyStoreMissingError,
    NoRightError,
    WeakPinError,
    WrongPinError,
)
from fieldapp.protocol.roles import Role
from fieldapp.services import key_guard
from fieldapp.services.facade import Services
from fieldapp.services.key_guard import FIELD_ROLES, KeyGuard, SecondPinError
from fieldapp.services.ports import NoPlatformKeys
from fieldapp.services.reading_window import WINDOW_DAYS
from fieldapp.storage.home import Home
from fieldapp.storage.key_file import KeyFile
from fieldapp.sync.transport import HTTPTransport
from tests.support.country import CHEAP, PIN, Country, Link, TestEnvironment
from tests.support.factories import meeting_fields
from tests.support.fakes import FakeClock, FakePlatformKeys, SeededChance

PASSPHRASE = "mwalimu njia kisima samaki tano"
SECOND = "135791"
DEARER = KdfParams(memory_kib=16, passes=1)
DAY_MS = 24 * 60 * 60 * 1000


def box_in(file: KeyFile) -> bytes:
    """The box of the vault's own key."""
    return first_box(file.read())[0]


@pytest.fixture
def environment(tmp_path: Path) -> TestEnvironment:
    home = Home(tmp_path / "home")
    home.make()
    nowhere = HTTPTransport("http://127.0.0.1:1")
    return TestEnvironment(
        home,
        FakeClock(1_800_000_000_000),
        SeededChance("guard"),
        Link(nowhere, nowhere),
        may_be_short=False,
        pin_kdf=DEARER,
    )


@pytest.mark.parametrize("role", sorted(Role))
def test_without_a_key_store_only_field_roles_go_by_a_pin(
    environment: TestEnvironment, role: Role
) -> None:
    guard = KeyGuard(environment)
    guard.check_new(PASSPHRASE, role=role, desk="admin")
    if role in FIELD_ROLES:
        guard.check_new(PIN, role=role, desk="admin")
    for desk in ("gender", "oversight") if role in FIELD_ROLES else ("admin", "gender"):
        with pytest.raises(WeakPinError, match="passphrase_is_digits"):
            guard.check_new(PIN, role=role, desk=desk)
    with pytest.raises(WeakPinError):
        guard.check_new("12345", role=role, desk="admin")


@pytest.mark.parametrize("role", sorted(Role))
def test_with_a_key_store_six_digits_do_for_everybody(
    environment: TestEnvironment, role: Role
) -> None:
    environment.platform_keys = FakePlatformKeys()
    KeyGuard(environment).check_new(PIN, role=role, desk="admin")
    with pytest.raises(WeakPinError, match="pin_too_short"):
        KeyGuard(environment).check_new("12345", role=role, desk="admin")


def test_without_a_key_store_a_pin_costs_more_and_is_called_pin_only(
    environment: TestEnvironment,
) -> None:
    guard, key = KeyGuard(environment), new_vault_key()
    guard.wrap(key, PIN)
    box = box_in(KeyFile(environment.home.key))
    assert params_of(box) == DEARER
    assert not environment.home.half.exists()
    opened = guard.open(PIN)
    assert (opened.vault_key, opened.is_pin_only) == (key, True)
    guard.wrap(key, PASSPHRASE)
    assert params_of(box_in(KeyFile(environment.home.key))) == CHEAP
    assert not guard.open(PASSPHRASE).is_pin_only


def test_with_a_key_store_the_copied_files_open_by_no_pin(environment: TestEnvironment) -> None:
    environment.platform_keys = FakePlatformKeys()
    guard, key = KeyGuard(environment), new_vault_key()
    guard.wrap(key, PIN)
    opened = guard.open(PIN)
    assert (opened.vault_key, opened.is_pin_only) == (key, False)
    box = box_in(KeyFile(environment.home.key))
    assert needs_platform_half(box)
    with pytest.raises(KeyStoreMissingError):
        unwrap_vault_key(box, PIN)
    for elsewhere in (NoPlatformKeys(), FakePlatformKeys(b"another device")):
        environment.platform_keys = elsewhere
        with pytest.raises(KeyStoreMissingError):
            KeyGuard(environment).open(PIN)


def test_a_key_store_that_does_not_answer_costs_no_try(environment: TestEnvironment) -> None:
    environment.platform_keys = FakePlatformKeys()
    KeyGuard(environment).wrap(new_vault_key(), PIN)
    environment.platform_keys = NoPlatformKeys()
    for _ in range(5):
        with pytest.raises(KeyStoreMissingError):
            KeyGuard(environment).open(PIN)
    environment.platform_keys = FakePlatformKeys()
    KeyGuard(environment).open(PIN)


def test_whoever_kills_the_app_while_a_pin_is_tried_saves_no_try(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = KeyGuard(environment)
    guard.wrap(new_vault_key(), PIN)
    monkeypatch.setattr(key_guard, "unwrap_vault_key", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        guard.open("000000")
    monkeypatch.undo()
    with pytest.raises(WrongPinError, match="wrong_pin_wait"):
        KeyGuard(environment).open(PIN)


@pytest.mark.parametrize("boxes", ["one", "none set", "set"])
@pytest.mark.parametrize("given", ["000000", PIN, SECOND])
def test_every_try_costs_two_guesses_whatever_the_file_holds(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch, boxes: str, given: str
) -> None:
    """The time of a try does not tell whether a second PIN exists."""
    guard, key, file = KeyGuard(environment), new_vault_key(), KeyFile(environment.home.key)
    guard.wrap(key, PIN)
    if boxes == "set":
        guard.set_second(key, PIN, SECOND)
    elif boxes == "one":
        file.write(box_in(file))
    tried = Mock(wraps=unwrap_vault_key)
    monkeypatch.setattr(key_guard, "unwrap_vault_key", tried)
    with suppress(WrongPinError, SecondPinError):
        guard.open(given)
    first, second = (params_of(call.args[0]) for call in tried.call_args_list)
    assert first == second


def test_a_lost_half_is_the_key_stores_silence(environment: TestEnvironment) -> None:
    environment.platform_keys = FakePlatformKeys()
    guard = KeyGuard(environment)
    guard.wrap(new_vault_key(), PIN)
    environment.home.half.unlink()
    with pytest.raises(KeyStoreMissingError):
        guard.open(PIN)


def test_the_half_stays_the_same_when_the_pin_changes(environment: TestEnvironment) -> None:
    """A crash between two files would otherwise leave a key whose half is gone."""
    environment.platform_keys = FakePlatformKeys()
    guard, key = KeyGuard(environment), new_vault_key()
    guard.wrap(key, PIN)
    half = environment.home.half.read_bytes()
    guard.wrap(key, "135791")
    assert environment.home.half.read_bytes() == half
    assert guard.open("135791").vault_key == key
    with pytest.raises(WrongPinError):
        guard.open(PIN)


def test_a_half_of_another_device_is_replaced_when_a_key_is_wrapped(
    environment: TestEnvironment,
) -> None:
    environment.platform_keys = FakePlatformKeys(b"old phone")
    KeyGuard(environment).wrap(new_vault_key(), PIN)
    environment.platform_keys = FakePlatformKeys(b"new phone")
    key = new_vault_key()
    KeyGuard(environment).wrap(key, PIN)
    assert KeyGuard(environment).open(PIN).vault_key == key


def test_a_cheaper_key_file_is_wrapped_anew_when_its_pin_is_given(
    environment: TestEnvironment,
) -> None:
    key, file = new_vault_key(), KeyFile(environment.home.key)
    file.write(wrap_vault_key(key, PIN, CHEAP))
    assert KeyGuard(environment).open(PIN).vault_key == key
    assert params_of(box_in(file)) == DEARER
    environment.platform_keys = FakePlatformKeys()
    assert KeyGuard(environment).open(PIN).vault_key == key
    assert needs_platform_half(file.read())
    assert not KeyGuard(environment).open(PIN).is_pin_only


def test_a_full_disk_stops_the_new_wrapping_and_not_the_unlocking(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, file = new_vault_key(), KeyFile(environment.home.key)
    file.write(wrap_vault_key(key, PIN, CHEAP))

    def full(_self: KeyFile, _blob: bytes) -> None:
        raise DatabaseFullError

    monkeypatch.setattr(KeyFile, "write", full)
    assert KeyGuard(environment).open(PIN).vault_key == key
    assert params_of(box_in(file)) == CHEAP


def test_destroying_takes_the_half_along(environment: TestEnvironment) -> None:
    environment.platform_keys = FakePlatformKeys()
    guard = KeyGuard(environment)
    guard.wrap(new_vault_key(), PIN)
    guard.destroy()
    assert not environment.home.key.exists()
    assert not environment.home.half.exists()


# ------------------------------------------------------------------ in a home


def codes(services: Services) -> set[str]:
    return {note.code for note in services.syncing.status().notes}


def test_a_home_says_pin_only_until_a_passphrase_is_chosen(chief: Services) -> None:
    assert "note.pin_only" in codes(chief)
    chief.access.change_pin(PIN, PASSPHRASE)
    assert "note.pin_only" not in codes(chief)


def test_after_thirty_silent_days_a_pin_shows_only_the_officers_own_records(
    country: Country,
) -> None:
    dcc, chief = country.unlocked("dcc"), country.unlocked("chief")
    theirs = chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    country.sync(chief, dcc)
    mine = dcc.records.create("meeting", None, meeting_fields(venue="Boma"))
    country.clock.advance(WINDOW_DAYS * DAY_MS)
    assert dcc.records.show(theirs).fields["venue"] == "Fig tree"
    country.clock.advance(DAY_MS)
    with pytest.raises(NoRightError, match="reading_closed"):
        dcc.records.show(theirs)
    with pytest.raises(NoRightError, match="reading_closed"):
        dcc.records.edit(theirs, {"venue": "Elsewhere"}, reason="x")
    assert [row.id for row in dcc.records.find()[0]] == [mine]
    assert "note.reading_closed" in codes(dcc)


def test_capture_goes_on_and_one_sync_opens_the_window(country: Country) -> None:
    dcc, chief = country.unlocked("dcc"), country.unlocked("chief")
    theirs = chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    country.sync(chief, dcc)
    country.clock.advance(75 * DAY_MS)
    dcc.access.lock()
    dcc.access.unlock(PIN)
    mine = dcc.records.create("meeting", None, meeting_fields(venue="Boma"))
    dcc.records.edit(mine, {"venue": "Boma hall"}, reason="Moved inside")
    assert dcc.records.show(mine).fields["venue"] == "Boma hall"
    country.sync(dcc)
    assert dcc.records.show(theirs).fields["venue"] == "Fig tree"
    assert "note.reading_closed" not in codes(dcc)


def test_a_passphrase_has_no_window(country: Country) -> None:
    dcc, chief = country.unlocked("dcc"), country.unlocked("chief")
    theirs = chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    country.sync(chief, dcc)
    dcc.access.change_pin(PIN, PASSPHRASE)
    country.clock.advance(75 * DAY_MS)
    assert dcc.records.show(theirs).fields["venue"] == "Fig tree"


def test_a_phone_that_never_met_a_server_has_nothing_to_shut(country: Country) -> None:
    hq, fresh = country.unlocked("hq"), country.build("fresh")
    invite = hq.organisation.invite(country.mkomani, "assistant_chief")
    fresh.access.enrol(invite.packet_text, "Juma Hamisi", PIN)
    mine = fresh.records.create("meeting", None, meeting_fields(venue="Boma"))
    country.clock.advance(75 * DAY_MS)
    assert "note.reading_closed" not in codes(fresh)
    assert fresh.records.show(mine).fields["venue"] == "Boma"
