"""The lock: what it takes, what it says, and that it never eats typing."""

from __future__ import annotations

import threading

import flet as ft
import pytest

from fieldapp.services.views import HomeState
from tests.support.fake_homes import chief_home
from tests.support.fake_world import PIN
from tests.ui.conftest import Open


async def test_the_right_pin_shows_the_home(open_page: Open) -> None:
    page = await open_page(chief_home())
    await page.type("Enter your PIN", PIN)
    await page.press("Unlock")
    await page.sees("Amina Bakari")
    await page.sees("2 waiting to be sent")


async def test_a_wrong_pin_says_how_long_to_wait(open_page: Open) -> None:
    services = chief_home()
    page = await open_page(services)
    await page.type("Enter your PIN", "111111")
    await page.press("Unlock")
    await page.sees("Wait 2 s")
    assert services.world.state is HomeState.LOCKED
    assert not page.shows("Amina Bakari")


async def test_the_wait_after_a_wrong_pin_ends(open_page: Open) -> None:
    page = await open_page(chief_home())
    await page.type("Enter your PIN", "111111")
    await page.press("Unlock")
    await page.until(lambda: page.all(ft.FilledButton, content="Unlock"), "the wait goes on")


async def test_what_is_typed_while_a_pin_is_tried_stays(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = chief_home()
    go_on = threading.Event()
    unlock = services.access.unlock

    def slowly(pin: str) -> None:
        assert go_on.wait(timeout=30)
        unlock(pin)

    monkeypatch.setattr(services.access, "unlock", slowly)
    page = await open_page(services)
    await page.type("Enter your PIN", "111111")
    await page.press("Unlock")
    await page.type("Enter your PIN", PIN)
    go_on.set()
    await page.sees("Wait 2 s")
    await page.until(lambda: page.all(ft.FilledButton, content="Unlock"), "the wait goes on")
    await page.press("Unlock")
    await page.sees("Amina Bakari")


async def test_a_second_page_asks_for_its_own_pin(open_page: Open, unlocked: Open) -> None:
    services = chief_home()
    await unlocked(services)
    second = await open_page(services)
    assert second.shows("Enter your PIN")
    assert not second.shows("Amina Bakari")


async def test_locking_one_page_leaves_the_other_open(unlocked: Open) -> None:
    services = chief_home()
    first, second = await unlocked(services), await unlocked(services)
    await first.press("Lock")
    await first.sees("Enter your PIN")
    assert second.shows("Amina Bakari")
    assert services.world.state is HomeState.UNLOCKED
    await second.press("Lock")
    await second.until(lambda: services.world.state is HomeState.LOCKED, "the vault is open")


async def test_an_idle_page_locks_itself_and_keeps_the_draft(unlocked: Open) -> None:
    services = chief_home()
    services.world.autolock_seconds = 1
    page = await unlocked(services)
    await page.press("Record meeting")
    await page.type("Title", "Usalama wa bandari")
    await page.sees("Enter your PIN")
    draft = next(reversed(services.world.drafts.values()))
    assert draft.fields["title"] == "Usalama wa bandari"
    await page.type("Enter your PIN", PIN)
    await page.press("Unlock")
    await page.until(lambda: page.all(ft.TextField, label="Title"), "not back in the form")
    assert page.get(ft.TextField, label="Title").value == "Usalama wa bandari"


async def test_a_page_that_comes_back_notices_a_closed_vault(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    services.access.lock()
    await page.session.dispatch_event(page.page._i, "connect", None)
    await page.sees("Enter your PIN")


async def test_a_page_that_went_away_does_not_hold_the_vault_open(unlocked: Open) -> None:
    services = chief_home()
    gone = await unlocked(services)
    stays = await unlocked(services)
    await gone.session.disconnect(300)
    await stays.press("Lock")
    await stays.sees("Enter your PIN")
    assert services.access.state() is HomeState.LOCKED


async def test_the_language_is_switched_before_the_lock(open_page: Open) -> None:
    page = await open_page(chief_home("sw"))
    assert page.shows("Weka PIN yako")
    await page.press("English")
    await page.sees("Enter your PIN")


async def test_a_forgotten_pin_says_what_is_kept_and_asks_twice(open_page: Open) -> None:
    services = chief_home()
    page = await open_page(services)
    await page.press("Forgot PIN?")
    await page.sees("2 sealed batches are kept and will be delivered.")
    await page.press("Start anew")
    await page.sees("There is no way back.")
    assert services.access.state() is HomeState.LOCKED
    await page.press("Back")
    assert not page.shows("There is no way back.")
    await page.press("Start anew")
    await page.press("Yes, give up the old vault")
    await page.sees("Choose your language")
    assert services.access.state() is HomeState.NEW
