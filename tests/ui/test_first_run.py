"""The first minutes with a new home."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.errors import (
    ClaimRefusedError,
    ConfigError,
    FieldAppError,
    StorageFailedError,
    TransientSyncError,
    WeakPinError,
)
from fieldapp.services.views import HomeState
from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakePlatform, FakeServices
from tests.support.fake_world import CHIEF, CODE, PHRASE
from tests.support.headless import Headless
from tests.ui.conftest import Open


def new_home() -> FakeServices:
    return FakeServices(CHIEF, HomeState.NEW, language="")


async def test_the_language_comes_first_and_is_kept(open_page: Open) -> None:
    services = new_home()
    page = await open_page(services)
    assert page.shows("Chagua lugha yako")
    await page.press("Kiswahili")
    await page.sees("Ungependa kuanzaje?")
    assert services.world.language == "sw"


async def test_a_withdrawn_phone_says_so_and_what_to_do(open_page: Open) -> None:
    services = new_home()
    services.world.withdrawn = 12
    services.world.language = "en"
    page = await open_page(services)
    await page.sees("This device was withdrawn")
    assert page.shows("12 changes were delivered and are safe.")
    await page.press("Kiswahili")
    await page.sees("Kifaa hiki kimeondolewa kazini")
    assert page.shows("Mabadiliko 12 yamewasilishwa")


async def _to_the_code(page: Headless) -> None:
    await page.press("English")
    await page.press("I have a code or file")


async def test_a_code_enrols_and_shows_the_four_words(open_page: Open) -> None:
    services = new_home()
    page = await open_page(services)
    await _to_the_code(page)
    await page.type("Enrolment code", CODE)
    await page.press("Continue")
    await page.sees("Ministry of Interior")
    await page.type("Your name", "Chebet Rono")
    await page.type("Choose a PIN or passphrase", "135791")
    await page.type("The same once more", "135791")
    await page.press("Enrol this device")
    for word in ("copper", "lantern", "river", "maize"):
        await page.sees(word)
    await page.press("Start")
    await page.sees("Chebet Rono")
    assert services.world.pin == "135791"


async def test_a_file_enrols_too(open_page: Open) -> None:
    page = await open_page(new_home(), platform=FakePlatform(picks=CODE))
    await _to_the_code(page)
    await page.press("Choose an invite file")
    await page.sees("Invite from")


async def test_a_hand_over_file_asks_for_its_phrase(open_page: Open) -> None:
    services = new_home()
    page = await open_page(services, platform=FakePlatform(picks="HAND-OVER"))
    await _to_the_code(page)
    await page.press("Choose an invite file")
    await page.type("Hand-over phrase", PHRASE)
    await page.type("Your name", "Chebet Rono")
    await page.type("Choose a PIN or passphrase", "135791")
    await page.type("The same once more", "135791")
    await page.press("Enrol this device")
    await page.sees("You are enrolled")


async def test_a_wrong_code_says_what_to_do(open_page: Open) -> None:
    page = await open_page(new_home())
    await _to_the_code(page)
    await page.type("Enrolment code", "hello")
    await page.press("Continue")
    await page.sees("This is not an enrolment code")


async def test_two_different_pins_do_not_enrol(open_page: Open) -> None:
    page = await open_page(new_home(), platform=FakePlatform(picks=CODE))
    await _to_the_code(page)
    await page.press("Choose an invite file")
    await page.type("Your name", "Chebet")
    await page.type("Choose a PIN or passphrase", "135791")
    await page.type("The same once more", "135792")
    await page.sees("The two are not the same.")
    assert page.get(ft.FilledButton, content="Enrol this device").disabled


async def test_a_weak_pin_is_refused_with_its_reason(open_page: Open) -> None:
    page = await open_page(new_home(), platform=FakePlatform(picks=CODE))
    await _to_the_code(page)
    await page.press("Choose an invite file")
    await page.type("Your name", "Chebet")
    await page.type("Choose a PIN or passphrase", "111111")
    await page.type("The same once more", "111111")
    await page.press("Enrol this device")
    await page.until(lambda: page.all(ft.Icon, icon=ft.Icons.ERROR_OUTLINE), "no refusal")
    # What went wrong is in sight: on a phone the button is the last that is.
    (why,) = page.all(ft.Icon, icon=ft.Icons.ERROR_OUTLINE)
    seen = list(page.walk())
    assert seen.index(why) < seen.index(page.get(ft.FilledButton, content="Enrol this device"))


async def _found(page: Headless) -> None:
    """Fill in the three pages of a new organisation."""
    await page.press("English")
    await page.press("Set up an organisation")
    await page.type("Claim token", "abc")
    await page.press("Continue")
    await page.type("Name of the organisation", "Ministry of Interior")
    await page.type("Your name", "Wanjiru")
    await page.type("Choose a PIN or passphrase", "135791")
    await page.type("The same once more", "135791")
    await page.press("Continue")
    await page.type("Folder for the key files", "/media/stick")
    await page.press("Found the organisation")


async def test_an_organisation_is_founded_step_by_step(open_page: Open) -> None:
    page = await open_page(new_home(), width=1366)
    await _found(page)
    await page.sees("root-3.key")
    await page.sees("amber basket cedar dune ember flint grove harbor")
    assert not page.shows("answer was lost")
    await page.press("I have kept all of it: start")
    await page.sees("Wanjiru")


async def test_a_founding_whose_answer_was_lost_says_what_to_keep(open_page: Open) -> None:
    services = new_home()
    services.world.is_answer_lost = True
    page = await open_page(services, width=1366)
    await _found(page)
    await page.sees("The server's answer was lost. Keep this laptop's folder")


@pytest.mark.parametrize(
    ("refusal", "said", "field"),
    [
        (ClaimRefusedError("wrong_claim_token"), "claim token is wrong", "Claim token"),
        (TransientSyncError("offline"), "did not answer at this address", "Claim token"),
        (WeakPinError("pin_not_usable"), "cannot be used here", "Your name"),
        (ConfigError("shares_inside_home"), "may not lie in this home", "Folder for the key files"),
        (StorageFailedError(), "The disk refused", "Folder for the key files"),
    ],
)
async def test_a_refused_founding_leads_back_to_the_page_that_puts_it_right(
    open_page: Open, refusal: FieldAppError, said: str, field: str
) -> None:
    services = new_home()
    services.world.refusal = refusal
    page = await open_page(services, width=1366)
    await _found(page)
    await page.until(lambda: page.all(ft.TextField, label=field), "another page")
    assert page.shows(said), page.texts()
    await page.press("Back")
    await page.until(lambda: not page.shows(said), "the refusal follows to other pages")


async def test_looking_around_uses_another_home_and_says_so(open_page: Open) -> None:
    services = new_home()
    page = await open_page(services, demo=lambda: chief_home("en", state=HomeState.UNLOCKED))
    await page.press("English")
    await page.press("Look around with invented data")
    await page.sees("You are looking at invented data")
    assert services.world.state is HomeState.NEW
