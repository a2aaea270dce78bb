"""Shared and hostile hands: several officers, quick delete, the emergency PIN, leaving the app."""

from __future__ import annotations

import asyncio

import flet as ft
import pytest

from fieldapp.services.views import HomeState
from fieldapp.ui.components import quick_delete
from fieldapp.ui.components.slide import EDGE, THUMB
from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakePhone, FakePlatform, FakeServices
from tests.support.fake_world import CODE, PIN, SUB_COUNTY
from tests.support.headless import Headless
from tests.ui.conftest import Open

SECOND = "975310"


@pytest.fixture
def shared() -> FakePhone:
    """A phone on which Amina and Brian enrolled."""
    other = FakeServices(SUB_COUNTY)
    other.world.pin = SECOND
    return FakePhone(chief_home(), other)


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the seconds before a deletion be short ones."""
    monkeypatch.setattr(quick_delete, "TICK_SECONDS", 0.01)


async def turn(page: Headless, state: str) -> None:
    """Let the app leave the front or come back."""
    await page.session.dispatch_event(page.page._i, "app_lifecycle_state_change", {"state": state})
    await page.settle()


async def drag(page: Headless, distance: float) -> None:
    """Move the thumb by a distance and let go; of a quick finger only every fifth step is told."""
    (thumb,) = [one for one in page.all(ft.GestureDetector) if one.on_horizontal_drag_end]
    grip, steps = 70.0, 20

    def at(done: float) -> dict[str, object]:
        return {"l": {"x": 5, "y": 5}, "g": {"x": grip + done, "y": 400}}

    await page.session.dispatch_event(
        thumb._i, "horizontal_drag_start", {**at(0), "k": ft.PointerDeviceType.TOUCH.value}
    )
    for step in range(5, steps, 5):
        moved = {**at(distance * step / steps), "pd": distance / steps}
        await page.session.dispatch_event(thumb._i, "horizontal_drag_update", moved)
    ended = {**at(distance), "v": {"x": 0, "y": 0}}
    await page.session.dispatch_event(thumb._i, "horizontal_drag_end", ended)
    await page.settle()


async def radio(page: Headless, question: str, key: str) -> None:
    """Choose an answer."""
    await page.fire(page.get(ft.RadioGroup, data=question), "change", key, value=key)


# ---------------------------------------------------------------------- several officers


async def test_a_shared_phone_asks_who_it_is_and_names_nobody(
    open_page: Open, shared: FakePhone
) -> None:
    page = await open_page(shared.services("1"), phone=shared)
    await page.sees("Who is it?")
    await page.sees("Officer 1, green")
    await page.sees("Officer 2, blue")
    for word in ("Amina", "Brian", "Mkomani", "Lamu", "waiting"):
        assert not page.shows(word)


async def test_each_officer_opens_only_their_own_home(open_page: Open, shared: FakePhone) -> None:
    page = await open_page(shared.services("1"), phone=shared)
    await page.press("Officer 2, blue")
    await page.type("Enter your PIN", PIN)
    await page.press("Unlock")
    await page.sees("Wrong PIN")
    assert shared.services("1").world.wrong_pins == 0
    await page.until(lambda: page.all(ft.FilledButton, content="Unlock"), "the wait goes on")
    await page.type("Enter your PIN", SECOND)
    await page.press("Unlock")
    await page.sees("Brian Otieno")
    assert shared.services("1").access.state() is HomeState.LOCKED
    await page.press("Lock")
    await page.press("Another officer")
    await page.press("Officer 1, green")
    await page.type("Enter your PIN", PIN)
    await page.press("Unlock")
    await page.sees("Amina Bakari")


async def test_two_pages_may_have_two_officers_open(open_page: Open, shared: FakePhone) -> None:
    pages = [await open_page(shared.services("1"), phone=shared) for _ in range(2)]
    for page, choice, pin, name in (
        (pages[0], "Officer 1, green", PIN, "Amina Bakari"),
        (pages[1], "Officer 2, blue", SECOND, "Brian Otieno"),
    ):
        await page.press(choice)
        await page.type("Enter your PIN", pin)
        await page.press("Unlock")
        await page.sees(name)
    await pages[0].press("Lock")
    await pages[0].until(
        lambda: shared.services("1").access.state() is HomeState.LOCKED, "Amina's vault is open"
    )
    assert shared.services("2").access.state() is HomeState.UNLOCKED
    assert pages[1].shows("Brian Otieno")


async def test_one_more_officer_is_added_and_can_turn_back(
    open_page: Open, shared: FakePhone
) -> None:
    page = await open_page(shared.services("1"), phone=shared)
    await page.press("Add an officer on this device")
    await page.sees("One more officer on this device.")
    assert not page.shows("Choose your language")
    await page.press("Back to the lock screen")
    await page.sees("Who is it?")
    assert [one.key for one in shared.officers()] == ["1", "2"]


async def test_an_added_officer_keeps_the_language_that_was_read(
    open_page: Open, shared: FakePhone
) -> None:
    shared.services("1").world.language = "sw"
    newcomer = shared.homes["3"] = FakeServices(state=HomeState.NEW, language="")
    page = await open_page(shared.services("1"), phone=shared, platform=FakePlatform(picks=CODE))
    await page.press("Ongeza afisa kwenye kifaa hiki")
    await page.press("Nina nambari au faili")
    await page.press("Chagua faili ya mwaliko")
    await page.type("Jina lako", "Chebet")
    await page.type("Chagua PIN au nenosiri", PIN)
    await page.type("Rudia ile ile", PIN)
    await page.press("Sajili kifaa hiki")
    await page.sees("Maneno manne ya kulinganisha")
    assert newcomer.world.language == "sw"


async def test_a_phone_of_one_officer_shows_the_lock_at_once(open_page: Open) -> None:
    phone = FakePhone(chief_home())
    page = await open_page(phone.services("1"), phone=phone)
    await page.sees("Enter your PIN")
    assert not page.shows("Officer 1")
    await page.press("Add an officer on this device")
    await page.press("Back to the lock screen")
    await page.sees("Enter your PIN")


async def test_an_officer_picks_the_colour_of_the_lock_screen(
    open_page: Open, shared: FakePhone
) -> None:
    page = await open_page(shared.services("1"), phone=shared)
    await page.press("Officer 1, green")
    await page.type("Enter your PIN", PIN)
    await page.press("Unlock")
    await page.sees("Amina Bakari")
    page.page.navigate("/settings")
    await page.sees("My colour on the lock screen")
    await radio(page, "My colour on the lock screen", "purple")
    await page.until(lambda: shared.marks["1"] == "purple", "the colour stays")


# ---------------------------------------------------------------------- quick delete


@pytest.mark.usefixtures("quickly")
async def test_sliding_on_the_lock_screen_deletes_without_a_pin(open_page: Open) -> None:
    services = chief_home()
    page = await open_page(services)
    await page.press("Quick delete")
    await page.sees("Sealed batches that are kept and will still be delivered: 2.")
    await drag(page, 1000)
    await page.sees("Choose your language")
    assert services.access.state() is HomeState.NEW
    assert not page.shows("elete")


async def test_a_wrong_pin_before_it_is_not_said_of_the_quick_delete(open_page: Open) -> None:
    page = await open_page(chief_home())
    await page.type("Enter your PIN", "111111")
    await page.press("Unlock")
    await page.sees("Wrong PIN")
    await page.press("Quick delete")
    await page.sees("Slide to delete")
    assert not page.shows("Wrong PIN")


async def test_letting_go_before_the_end_deletes_nothing(open_page: Open) -> None:
    services = chief_home()
    page = await open_page(services)
    await page.press("Quick delete")
    await drag(page, 100)
    assert page.shows("Slide to delete")
    assert not page.shows("Deleting in")
    (thumb,) = [one for one in page.all(ft.GestureDetector) if one.on_horizontal_drag_end]
    assert (thumb.left, THUMB) == (EDGE, 56)


async def test_five_seconds_are_left_to_cancel(open_page: Open) -> None:
    services = chief_home()
    page = await open_page(services)
    await page.press("Quick delete")
    await drag(page, 1000)
    await page.sees("Deleting in 5 s")
    await page.press("Cancel")
    await page.sees("Slide to delete")
    assert services.access.state() is HomeState.LOCKED


@pytest.mark.usefixtures("quickly")
async def test_a_keyboard_and_a_screen_reader_delete_in_two_steps(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/settings/delete")
    await page.sees("There is no way back.")
    await page.press("Delete without sliding")
    assert services.access.state() is HomeState.UNLOCKED
    await page.press("Yes, delete")
    await page.sees("Choose your language")
    assert services.access.state() is HomeState.NEW
    assert not page.shows("Amina")


@pytest.mark.usefixtures("quickly")
async def test_one_officer_s_deletion_leaves_the_other_s_lock(
    open_page: Open, shared: FakePhone
) -> None:
    page = await open_page(shared.services("1"), phone=shared)
    await page.press("Officer 1, green")
    await page.press("Quick delete")
    await page.press("Delete without sliding")
    await page.press("Yes, delete")
    await page.until(lambda: not page.shows("Deleting"), "it goes on")
    await page.type("Enter your PIN", SECOND)
    await page.press("Unlock")
    await page.sees("Brian Otieno")


# ---------------------------------------------------------------------- the emergency PIN


async def test_the_emergency_pin_is_set_with_the_pin_and_never_shown(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/settings/emergency")
    await page.sees("never shows whether there is one")
    before = sorted(page.words())
    for own, says in (("000000", "Wrong PIN"), (PIN, "Done.")):
        await page.type("Your PIN now", own)
        await page.type("Choose an emergency PIN", SECOND)
        await page.type("The same once more", SECOND)
        await page.press("Keep this emergency PIN")
        await page.sees(says)
    assert services.world.second_pin == SECOND
    page.page.navigate("/settings")
    await page.sees("Text size")
    page.page.navigate("/settings/emergency")
    await page.sees("never shows whether there is one")
    assert sorted(page.words()) == before


async def test_the_emergency_pin_on_the_lock_screen_is_a_wrong_pin(open_page: Open) -> None:
    shown = []
    for pin in ("000000", SECOND):
        services = chief_home()
        services.world.second_pin = SECOND
        page = await open_page(services)
        await page.type("Enter your PIN", pin)
        await page.press("Unlock")
        await page.sees("Wait 2 s")
        shown.append(sorted(page.words()))
    assert shown[0] == shown[1]


async def test_the_emergency_pin_in_an_open_app_ends_at_the_lock(unlocked: Open) -> None:
    services = chief_home()
    services.world.second_pin = SECOND
    page = await unlocked(services)
    page.page.navigate("/settings")
    await page.sees("Text size")
    await radio(page, "Lock when idle for", "3600")
    await page.type("Enter your PIN", SECOND)
    await page.press("Allow")
    await page.until(lambda: not page.shows("Text size"), "the app is still open")
    assert services.access.state() is HomeState.LOCKED


# ---------------------------------------------------------------------- leaving the app


@pytest.mark.parametrize("state", ["hide", "pause"])
async def test_a_phone_locks_when_the_app_leaves_the_front_and_keeps_the_draft(
    unlocked: Open, state: str
) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    await page.type("Title", "Usalama wa bandari")
    await turn(page, state)
    await page.sees("Enter your PIN")
    assert services.access.state() is HomeState.LOCKED
    draft = next(reversed(services.world.drafts.values()))
    assert draft.fields["title"] == "Usalama wa bandari"


async def test_a_window_of_a_computer_stays_open_unless_told_otherwise(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services, width=1366)
    await turn(page, "hide")
    assert page.shows("Amina Bakari")
    strict = chief_home()
    strict.world.autolock_seconds = 0
    other = await unlocked(strict, width=1366)
    await turn(other, "hide")
    await other.sees("Enter your PIN")


async def test_a_curtain_hides_the_page_while_it_is_not_in_front(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    (veil,) = [one for one in page.page.overlay if one.data == "curtain"]
    seen = []
    for state in ("inactive", "resume"):
        await turn(page, state)
        seen.append(veil.visible)
    assert seen == [True, False]
    assert page.shows("Amina Bakari")


async def test_an_errand_of_the_app_s_own_does_not_lock(unlocked: Open) -> None:
    back = asyncio.Event()

    class Camera(FakePlatform):
        async def copy(self, content: str) -> None:
            await back.wait()
            await super().copy(content)

    device = Camera()
    office = sub_county_home()
    page = await unlocked(office, platform=device)
    page.page.navigate("/office/invite")
    for name in ("Area", "Langoni", "Make the invite", "Copy"):
        await page.press(name)
    await turn(page, "pause")
    assert office.access.state() is HomeState.UNLOCKED
    back.set()
    await page.until(lambda: device.copied, "the errand never ended")
    await turn(page, "pause")
    await page.sees("Enter your PIN")
