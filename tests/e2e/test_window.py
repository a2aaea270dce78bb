"""The local window in a real browser: it is offline, opens once, and locks behind the officer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from fieldapp.services.views import HomeState
from tests.e2e.conftest import LANGUAGES, SIZES, OpenPage
from tests.support.fake_homes import chief_home
from tests.support.fake_world import PIN
from tests.support.flet_page import LAPTOP, PHONE, Say, new_context
from tests.support.window import served


@SIZES
@LANGUAGES
def test_the_app_starts_without_any_network_and_asks_no_other_address(
    open_page: OpenPage, size: tuple[int, int], language: str
) -> None:
    say = Say(language)
    with served(chief_home(language)) as window:
        page = open_page(window.link(), size)
        page.fill(say("ui.unlock.pin"), PIN)
        page.press(say("ui.unlock"))
        page.sees(say("ui.home.latest"))
        page.go(say("ui.tab.records"))
        page.sees("Mkomani")
        # Threads that share memory are what the window once stood still by.
        assert page.page.evaluate("crossOriginIsolated") is False
    assert [url for url in page.blocked if "rive" not in url] == []


def test_a_link_opens_once_and_a_stranger_sees_nothing(
    browser: Browser, open_page: OpenPage
) -> None:
    with served(chief_home()) as window:
        link = window.link()
        open_page(link, LAPTOP).sees("Unlock")
        context = new_context(browser, LAPTOP)
        stranger = context.new_page()
        for address in (link, f"http://127.0.0.1:{window.port}/"):
            answer = stranger.goto(address)
            assert answer is not None
            assert answer.status == 403
        assert "Baraza" in (stranger.text_content("body") or "")
        context.close()


def test_the_vault_is_locked_when_the_last_page_is_closed(open_page: OpenPage) -> None:
    services = chief_home()
    with served(services) as window:
        page = open_page(window.link(), PHONE)
        page.fill("Enter your PIN", PIN)
        page.press("Unlock")
        page.sees("Latest")
        assert services.world.state is HomeState.UNLOCKED
        page.page.close()
        window.until(lambda: services.world.state is HomeState.LOCKED)


def test_a_tab_that_is_closed_at_once_loses_no_letter(open_page: OpenPage) -> None:
    services = chief_home()
    with served(services) as window:
        page = open_page(window.link(), PHONE)
        page.fill("Enter your PIN", PIN)
        page.press("Unlock")
        page.sees("Latest")
        page.press("Record meeting")
        page.fill("Title", "Usalama wa kijiji")
        page.page.close()
        window.until(lambda: services.world.state is HomeState.LOCKED)
    assert services.world.saves[-1][1]["title"] == "Usalama wa kijiji"


def test_the_buttons_of_a_form_end_where_its_fields_end(open_page: OpenPage) -> None:
    with served(chief_home()) as window:
        page = open_page(window.link(), LAPTOP)
        page.fill("Enter your PIN", PIN)
        page.press("Unlock")
        page.sees("Latest")
        page.press("Record meeting")
        page.sees("1 of 5")
        field = page.page.get_by_role("button", name="Kind of meeting", exact=True).bounding_box()
        button = page.page.get_by_role("button", name="Continue", exact=True).bounding_box()
        assert field is not None
        assert button is not None
        assert button["x"] == pytest.approx(field["x"], abs=2)
        assert button["width"] == pytest.approx(field["width"], abs=2)


def test_a_finger_leaves_no_coloured_box(open_page: OpenPage) -> None:
    with served(chief_home()) as window:
        page = open_page(window.link(), PHONE)
        color = page.page.locator("flt-semantics").first.evaluate(
            "spot => getComputedStyle(spot).webkitTapHighlightColor"
        )
    assert color == "rgba(0, 0, 0, 0)"


def test_the_progress_of_a_form_stays_in_sight_while_it_is_scrolled(open_page: OpenPage) -> None:
    with served(chief_home()) as window:
        page = open_page(window.link(), PHONE)
        page.fill("Enter your PIN", PIN)
        page.press("Unlock")
        page.sees("Latest")
        page.press("Record meeting")
        bar = page.page.get_by_role("button", name=re.compile(r"^1\. "))
        before = bar.bounding_box()
        page.page.mouse.move(180, 400)
        page.page.mouse.wheel(0, 600)
        page.settle()
        assert before is not None
        assert bar.bounding_box() == before
        assert before["y"] > 0


def test_a_reload_asks_for_the_pin_again(open_page: OpenPage) -> None:
    with served(chief_home()) as window:
        page = open_page(window.link(), PHONE)
        page.fill("Enter your PIN", PIN)
        page.press("Unlock")
        page.sees("Latest")
        page.page.reload()
        page.turn_on_names()
        page.sees("Enter your PIN")
