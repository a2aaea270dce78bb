"""The officer's choices hold at once, everywhere, and are kept."""

from __future__ import annotations

import flet as ft
import pytest

from tests.support.fake_homes import chief_home
from tests.support.fake_world import PIN
from tests.support.headless import Headless
from tests.ui.conftest import Open


async def pick(page: Headless, question: str, key: str) -> None:
    group = page.get(ft.RadioGroup, data=question)
    await page.fire(group, "change", key, value=key)


async def test_the_language_switches_every_word_at_once(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/settings")
    await page.sees("Language")
    await pick(page, "Language", "sw")
    await page.sees("Lugha")
    await page.sees("Mipangilio")
    assert services.world.language == "sw"
    assert page.page.locale_configuration is not None
    assert page.page.locale_configuration.current_locale == ft.Locale("sw")


async def test_dark_light_and_the_device_s_own(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/settings")
    await page.sees("Appearance")
    for name, mode in (
        ("dark", ft.ThemeMode.DARK),
        ("system", ft.ThemeMode.SYSTEM),
        ("light", ft.ThemeMode.LIGHT),
    ):
        await pick(page, "Appearance", name)
        assert page.page.theme_mode is mode
        assert services.world.theme == name


async def test_the_text_grows_to_twice_its_size(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/settings")
    await page.sees("Text size")
    await pick(page, "Text size", "2.0")
    theme = page.page.theme
    assert theme is not None
    assert theme.text_theme is not None
    assert theme.text_theme.body_large is not None
    assert theme.text_theme.body_large.size == 36


async def test_the_pin_is_changed_only_with_the_old_one(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/settings/pin")
    for old, says in (("000000", "PIN"), ("246810", "The PIN was changed.")):
        await page.type("Your PIN now", old)
        await page.type("Choose a PIN or passphrase", "97531x")
        await page.type("The same once more", "97531x")
        await page.press("Change PIN")
        await page.sees(says)
    assert services.world.pin == "97531x"


async def test_about_names_version_and_device(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/settings")
    await page.sees("Version ")
    await page.sees(f"Device {chief_home().world.officer.device}")


async def test_a_longer_idle_time_asks_for_the_pin_first(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/settings")
    await page.sees("Text size")
    await pick(page, "Lock when idle for", "1800")
    await page.sees("Stay open longer?")
    await page.type("Enter your PIN", "000000")
    await page.press("Allow")
    await page.sees("Wrong PIN")
    assert services.world.autolock_seconds == 60
    await page.type("Enter your PIN", PIN)
    await page.press("Allow")
    await page.until(lambda: services.world.autolock_seconds == 1800, "not allowed")
    await page.until(lambda: not page.all(ft.AlertDialog, open=True), "the question stays")


async def test_a_shorter_idle_time_asks_nothing(unlocked: Open) -> None:
    services = chief_home()
    services.world.autolock_seconds = 1800
    page = await unlocked(services)
    page.page.navigate("/settings")
    await page.sees("Text size")
    await pick(page, "Lock when idle for", "60")
    await page.until(lambda: services.world.autolock_seconds == 60, "not kept")
    assert not page.shows("Stay open longer?")


async def test_calling_the_question_off_changes_nothing(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/settings")
    await page.sees("Text size")
    await pick(page, "Lock when idle for", "300")
    await page.press("Cancel")
    await page.until(lambda: not page.all(ft.AlertDialog, open=True), "the question stays")
    assert services.world.autolock_seconds == 60


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("24 months after it was sealed", "30 days after it was closed",
                "Nothing goes before headquarters has it.")),
        ("sw", ("Miezi 24 baada ya kurekodiwa", "Siku 30 baada ya kufungwa")),
    ],
)  # fmt: skip
async def test_the_settings_say_how_long_records_stay(
    unlocked: Open, language: str, lines: tuple[str, ...]
) -> None:
    page = await unlocked(chief_home(language))
    page.page.navigate("/settings")
    for line in lines:
        await page.sees(line)
