"""What holds for every screen of the table: it is drawn, named and worded in both languages."""

from __future__ import annotations

import re

import flet as ft
import pytest

from fieldapp.i18n import has_text, translate
from fieldapp.services.views import HomeState
from fieldapp.ui.routes import FIRST_RUN, LOCKED, SCREENS, Screen
from tests.support.fake_homes import sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import CHIEF
from tests.support.headless import Headless
from tests.ui.conftest import Open

BOTH = pytest.mark.parametrize("language", ["en", "sw"])
KEY = re.compile(r"\b(ui|error)\.[a-z_]+")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2190-\u21ff]")


def all_screens(screens: tuple[Screen, ...], above: str = "") -> list[tuple[str, Screen]]:
    found: list[tuple[str, Screen]] = []
    for screen in screens:
        path = f"{above}/{screen.path}" if screen.path else above
        found.append((path or "/", screen))
        found.extend(all_screens(screen.children, path))
    return found


def address(path: str) -> str:
    filled = path.replace(":did", "d0062").replace(":rid", "r0001")
    return (
        filled.replace(":state", "all").replace(":type", "meeting").replace(":rest*", "elsewhere")
    )


def test_every_screen_has_a_title_in_the_catalogue() -> None:
    for _, screen in all_screens((*SCREENS, *FIRST_RUN, *LOCKED)):
        assert has_text(screen.title_key), screen


def test_nothing_but_first_run_and_lock_is_shown_without_a_pin() -> None:
    assert all(screen.needs_unlock for _, screen in all_screens(SCREENS))


@BOTH
@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("path", sorted({path for path, _ in all_screens(SCREENS)}))
async def test_every_screen_is_drawn_and_every_control_named(
    unlocked: Open, path: str, language: str, width: int
) -> None:
    services = sub_county_home(language)
    services.records.new_draft("meeting")
    page = await unlocked(services, width=width)
    page.page.navigate(address(path))
    await page.settle(30)
    assert_told_and_named(page)


@BOTH
@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("path", ["/", "/enrol", "/setup"])
async def test_so_is_every_screen_before_the_first_pin(
    open_page: Open, path: str, language: str, width: int
) -> None:
    page = await open_page(FakeServices(CHIEF, HomeState.NEW, language=language), width=width)
    page.page.navigate(path)
    await page.settle(30)
    assert_told_and_named(page)


@BOTH
@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("deed", ["", "ui.delete.heading", "ui.unlock.forgotten"])
async def test_so_is_what_a_locked_home_shows(
    open_page: Open, deed: str, language: str, width: int
) -> None:
    page = await open_page(sub_county_home(language), width=width)
    if deed:
        await page.press(translate(deed, language))
        await page.settle(30)
    assert_told_and_named(page)


def assert_told_and_named(page: Headless) -> None:
    """No key of a text and no emoji stands where words belong, and every control has a name."""
    assert len(page.words()) > 2, "nothing is drawn"
    for words in page.words():
        assert not KEY.search(words), words
        assert not EMOJI.search(words), words
    assert_named(page)


def assert_named(page: Headless) -> None:
    """Icon buttons stand in a named wrapper; inputs carry a label; pictures say what they are."""
    named = {
        id(child)
        for wrapper in page.all(ft.Semantics)
        if wrapper.label
        for child in (wrapper.content,)
    }
    for button in page.all(ft.IconButton):
        assert id(button) in named, button.tooltip
    for field in page.all(ft.TextField):
        assert field.label
    for radio in page.all(ft.Radio):
        assert radio.label
    assert not page.all(ft.Dropdown)
    # Now and then it draws nothing until its page is opened again.
    assert not page.all(ft.ResponsiveRow)
    assert not page.all(ft.Slider)


def test_both_catalogues_have_the_same_screen_texts() -> None:
    keys = [f"ui.state.{state}" for state in ("all", "draft", "waiting", "sent", "received")]
    for key in keys:
        assert translate(key, "sw") != translate(key, "en"), key
