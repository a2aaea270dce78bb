"""The exchange: seen while it runs, stopped at will, and never reported better than it was."""

from __future__ import annotations

import threading

import flet as ft
import pytest

from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakePlatform
from tests.support.fake_world import SyncScript
from tests.ui.conftest import Open


async def test_a_sync_empties_the_queue_and_changes_the_ticks(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/sync")
    await page.press("Sync now")
    await page.sees("2 sent")
    await page.sees("Nothing waits")
    page.page.navigate("/records/r0001")
    await page.sees("The server holds it")
    assert services.world.records["r0001"].tick == "server"


async def test_a_revoked_phone_that_gave_its_key_up_shows_what_was_delivered(
    unlocked: Open,
) -> None:
    services = chief_home()
    services.world.next_sync = SyncScript(error=("device_revoked", {}), withdraws=7)
    page = await unlocked(services)
    page.page.navigate("/sync")
    await page.press("Sync now")
    await page.sees("This device was withdrawn")
    assert page.shows("7 changes were delivered and are safe.")
    assert not page.shows("Sync now")


async def test_progress_is_shown_and_a_sync_can_be_stopped(unlocked: Open) -> None:
    services = chief_home()
    gate = threading.Event()
    services.world.next_sync = SyncScript(hold=gate)
    page = await unlocked(services)
    page.page.navigate("/sync")
    await page.press("Sync now")
    await page.sees("Sending · 1/3")
    await page.press("Stop")
    await page.sees("Stopping…")
    gate.set()
    await page.sees("You stopped the sync")
    assert services.syncing.status().waiting == 2


async def test_the_card_says_once_that_nothing_waits(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/sync")
    await page.sees("2 records")
    assert page.texts().count("2 records") == 1
    await page.press("Sync now")
    await page.sees("2 sent")
    assert [words for words in page.texts() if "Nothing waits" in words] == ["Nothing waits"]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("captive_portal", "This network asks for a log-in first"),
        ("offline", "saved"),
        ("connection_cut", "What arrived stays"),
    ],
)
async def test_a_failed_sync_says_what_happened_and_that_all_is_safe(
    unlocked: Open, code: str, says: str
) -> None:
    services = chief_home()
    services.world.next_sync = SyncScript(error=(code, {}))
    page = await unlocked(services)
    page.page.navigate("/sync")
    await page.press("Sync now")
    await page.sees(says)
    await page.sees("2 still waiting")
    assert not page.shows("Synced")


async def test_only_one_sync_runs_at_a_time(unlocked: Open) -> None:
    services = chief_home()
    gate = threading.Event()
    services.world.next_sync = SyncScript(hold=gate)
    page = await unlocked(services)
    page.page.navigate("/sync")
    await page.press("Sync now")
    await page.sees("Sending")
    assert not page.all(ft.FilledButton, content="Sync now")
    gate.set()
    await page.sees("2 sent")
    assert services.world.synced == 1


async def test_before_sending_the_size_and_the_time_are_told(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/sync")
    await page.sees("Text: 2 KB")
    assert page.shows("takes about 40 s")


@pytest.mark.parametrize(
    ("language", "words", "now"),
    [
        ("en", "Keep the app open: about 40 s left.", "Sync now"),
        ("sw", "Acha programu wazi: imebaki takriban sekunde 40.", "Sawazisha sasa"),
    ],
)
async def test_it_says_how_long_to_keep_the_app_open_and_keeps_the_screen_on(
    unlocked: Open, language: str, words: str, now: str
) -> None:
    services, device = chief_home(language), FakePlatform()
    gate = threading.Event()
    services.world.next_sync = SyncScript(hold=gate)
    page = await unlocked(services, platform=device)
    page.page.navigate("/sync")
    await page.press(now)
    await page.sees(words)
    assert device.awake == [True]
    gate.set()
    await page.until(lambda: device.awake == [True, False], "the screen stays on for ever")


async def test_the_screen_goes_dark_again_when_a_sync_is_called_off(unlocked: Open) -> None:
    services, device = chief_home(), FakePlatform()
    gate = threading.Event()
    services.world.next_sync = SyncScript(hold=gate)
    page = await unlocked(services, platform=device)
    page.page.navigate("/sync")
    await page.press("Sync now")
    await page.press("Stop")
    await page.sees("What is sent is safe; the rest waits here.")
    gate.set()
    await page.until(lambda: device.awake == [True, False], "the screen stays on for ever")
