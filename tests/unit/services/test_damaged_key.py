"""A key file that is empty or torn: named as damaged, no wrong PIN, and nobody enrols over it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldapp.errors import AlreadyEnrolledError, KeyFileDamagedError, WrongPinError
from fieldapp.i18n import message
from fieldapp.services.facade import Services
from fieldapp.services.phone import Phone
from fieldapp.services.views import HomeState
from fieldapp.storage.home import Home
from tests.support.country import PIN, Country
from tests.support.factories import meeting_fields
from tests.support.left_over import box_size

NEW_PIN = "975310"
SECOND = "135791"
Damage = Callable[[bytes, int], bytes]
DAMAGES: dict[str, Damage] = {
    "empty": lambda _raw, _box: b"",
    "its first byte only": lambda raw, _box: raw[:1],
    "cut in its head": lambda raw, _box: raw[:20],
    "cut in its key": lambda raw, box: raw[: box - 9],
    "cut in its check": lambda raw, box: raw[: box - 1],
    "one bit rotted": lambda raw, _box: raw[:30] + bytes([raw[30] ^ 1]) + raw[31:],
    "another file": lambda raw, _box: b"x" * len(raw),
    "far too large": lambda raw, _box: raw * 100,
}
EACH = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())


@pytest.fixture
def home(country: Country) -> Home:
    """The chief's, with a meeting that no server has, and locked."""
    chief = country.unlocked("chief")
    chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    chief.access.lock()
    return Home(country.folder / "chief")


def damaged(home: Home, damage: Damage) -> bytes:
    """Damage the key file; return what it was."""
    raw = home.key.read_bytes()
    home.key.write_bytes(damage(raw, box_size(home)))
    return raw


@EACH
def test_it_is_called_damaged_and_costs_no_try(
    country: Country, home: Home, damage: Damage
) -> None:
    whole = damaged(home, damage)
    services = country.build("chief")
    assert services.access.state() is HomeState.LOCKED
    for _ in range(6):
        with pytest.raises(KeyFileDamagedError, match="key_file_damaged"):
            services.access.unlock(PIN)
    home.key.write_bytes(whole)
    services.access.unlock(PIN)
    assert services.access.officer().name == "Amina Bakari"


@EACH
def test_nobody_enrols_over_the_vault_behind_it(
    country: Country, home: Home, hq: Services, damage: Damage
) -> None:
    damaged(home, damage)
    vault = home.vault.read_bytes()
    services = country.build("chief")
    invite = hq.organisation.invite(country.mkomani, "chief")
    with pytest.raises(AlreadyEnrolledError):
        services.access.enrol(invite.packet_text, "Amina Bakari", NEW_PIN)
    phone = Phone(home.root, lambda _root: services)
    assert [one.key for one in phone.officers()] == ["1"]
    assert (home.vault.read_bytes(), home.set_aside()) == (vault, [])


@EACH
def test_who_has_no_copy_starts_anew_and_what_was_sealed_arrives(
    country: Country, home: Home, hq: Services, damage: Damage
) -> None:
    damaged(home, damage)
    services = country.build("chief")
    assert services.access.forget_pin() == 1
    invite = hq.organisation.invite(country.mkomani, "chief")
    country.sync(hq)
    services.access.enrol(invite.packet_text, "Amina Bakari", NEW_PIN)
    country.sync(services, hq)
    (row,) = hq.records.find(type_key="meeting")[0]
    assert hq.records.show(row.id).fields["venue"] == "Fig tree"


@pytest.mark.parametrize("left", [0, 1, 50, -1])
def test_damage_behind_the_vaults_own_box_is_mended_by_the_right_pin(
    country: Country, home: Home, left: int
) -> None:
    raw, size = home.key.read_bytes(), box_size(home)
    home.key.write_bytes(raw[: size + left] if left >= 0 else raw[:-1] + b"\0")
    services = country.build("chief")
    with pytest.raises(WrongPinError):
        services.access.unlock("000000")
    country.clock.advance(300_000)
    services.access.unlock(PIN)
    assert len(home.key.read_bytes()) == len(raw)
    services.access.set_duress_pin(PIN, SECOND)
    with pytest.raises(WrongPinError):
        services.access.check_pin(SECOND)
    assert services.access.state() is HomeState.LOCKED


@pytest.mark.parametrize(("language", "says"), [("en", "Forgot PIN?"), ("sw", "Umesahau PIN?")])
def test_the_message_says_what_to_do(language: str, says: str) -> None:
    assert says in message("key_file_damaged", language)
    assert "vault.key" in message("key_file_damaged", language)
