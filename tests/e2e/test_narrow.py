"""The smallest phone with the largest text: nothing leaves the screen, and fingers find it all.

The accessibility tree has a rectangle for each text and control. What would be cut off at the
side reaches beyond the screen there; what is too small to hit is small there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from fieldapp.services.views import HomeState
from fieldapp.ui.routes import SCREENS
from tests.e2e.conftest import LANGUAGES
from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import CHIEF, PIN
from tests.support.flet_page import FletPage, Say
from tests.support.window import served
from tests.ui.test_screens import address, all_screens

NARROW = (320, 640)
LARGE_TEXT = 2.0
LEAST_TARGET = 40
"""What the web client makes of Material's 48; on Android the same control keeps all of it."""
LEAST_STEP = 36
"""How wide a target may be at least: the seven steps of a strip share the width of the screen."""
PATIENT_FRAMES, STILL_FRAMES = 120, 6
LANGUAGE_BUTTON = {"en": "English", "sw": "Kiswahili"}

NODES = """() => [...document.querySelectorAll('flt-semantics')].map(node => {
    const box = node.getBoundingClientRect();
    const role = node.getAttribute('role') || '';
    const own = [...node.childNodes].filter(c => c.nodeName !== 'FLT-SEMANTICS-CONTAINER');
    const words = node.getAttribute('aria-label') || own.map(c => c.textContent).join(' ');
    let list = node.parentElement;
    while (list && list.style.overflowY !== 'scroll') list = list.parentElement;
    const edge = list && list.getBoundingClientRect();
    const isCut = !!edge && (box.top < edge.top + 1 || box.bottom > edge.bottom - 1);
    return {role, words: words.trim(), x: box.x, y: box.y, width: box.width, height: box.height,
            isCut};
}).filter(node => node.words && node.width > 0)"""


@dataclass(frozen=True)
class Spot:
    """One text or control as the accessibility tree places it."""

    role: str
    words: str
    x: float
    y: float
    width: float
    height: float
    isCut: bool  # noqa: N815  as the page's script names it

    def leaves(self, screen: int) -> bool:
        """Tell whether it reaches beyond a side of the screen."""
        return self.x < -1 or self.x + self.width > screen + 1

    def is_small(self) -> bool:
        """Tell whether a finger misses it; what a list has scrolled half away does not count."""
        return not self.isCut and (self.height < LEAST_TARGET or self.width < LEAST_STEP)


def spots(page: FletPage, before: list[Spot]) -> list[Spot]:
    """Return what stands on the screen once it has changed and come to rest."""
    last, still = before, 0
    for _ in range(PATIENT_FRAMES):
        page.settle()
        now = [Spot(**found) for found in page.page.evaluate(NODES)]
        still = still + 1 if now == last and now != before else 0
        if still >= STILL_FRAMES:
            break
        last = now
    return last


def homes(language: str) -> tuple[FakeServices, ...]:
    """Return a phone's and an office's home, with the largest text."""
    found = (chief_home(language), sub_county_home(language))
    for services in found:
        services.access.set_text_scale(LARGE_TEXT)
        services.records.new_draft("meeting")
    return found


@contextmanager
def smallest(browser: Browser, services: FakeServices) -> Iterator[FletPage]:
    """Open a home on the smallest phone."""
    context = browser.new_context(
        viewport={"width": NARROW[0], "height": NARROW[1]},
        has_touch=True,
        is_mobile=True,
        timezone_id="Africa/Nairobi",
    )
    with served(services) as window:
        yield FletPage(context.new_page(), window.link(), touch=True)


def walk(browser: Browser, services: FakeServices, say: Say) -> dict[str, list[Spot]]:
    """Unlock a home and note what stands on each of its screens."""
    found: dict[str, list[Spot]] = {}
    with smallest(browser, services) as page:
        page.fill(say("ui.unlock.pin"), PIN)
        page.press(say("ui.unlock"))
        page.sees(say("ui.home.latest"))
        shown: list[Spot] = []
        for path in sorted({address(path) for path, _ in all_screens(SCREENS)}):
            page.rest()
            page.page.evaluate(f"location.hash = '#{path}'")
            found[path] = shown = spots(page, shown)
    return found


def outside(browser: Browser, say: Say) -> dict[str, list[Spot]]:
    """Note what stands on the screens before the first PIN, and on a locked phone."""
    found: dict[str, list[Spot]] = {}
    new = FakeServices(CHIEF, HomeState.NEW, language=say.language)
    new.access.set_text_scale(LARGE_TEXT)
    shown: list[Spot] = []
    with smallest(browser, new) as page:
        page.sees("Choose your language")
        found["language"] = shown = spots(page, shown)
        page.press(LANGUAGE_BUTTON[say.language])
        for deed, sign in (("", "welcome.heading"), ("welcome.code", "enrol.code")):
            if deed:
                page.press(say(f"ui.{deed}"))
            page.sees(say(f"ui.{sign}"))
            found[sign] = shown = spots(page, shown)
    with smallest(browser, homes(say.language)[0]) as page:
        for deed, sign in (("", "unlock.intro"), ("delete.heading", "delete.what")):
            if deed:
                page.press(say(f"ui.{deed}"))
            page.sees(say(f"ui.{sign}"))
            found[f"lock {deed}"] = shown = spots(page, shown)
    return found


def assert_nothing_is_cut_off(screens: dict[str, list[Spot]]) -> None:
    cut = [f"{path}: {s}" for path, seen in screens.items() for s in seen if s.leaves(NARROW[0])]
    assert cut == []
    buttons = [(p, s) for p, seen in screens.items() for s in seen if s.role == "button"]
    assert len(buttons) > len(screens), "the walk saw no buttons"
    assert [f"{path}: {spot}" for path, spot in buttons if spot.is_small()] == []


@LANGUAGES
@pytest.mark.parametrize("place", [0, 1], ids=["chief", "sub-county"])
def test_the_smallest_phone_with_the_largest_text_cuts_nothing_off(
    browser: Browser, place: int, language: str
) -> None:
    assert_nothing_is_cut_off(walk(browser, homes(language)[place], Say(language)))


@LANGUAGES
def test_nor_on_the_screens_before_a_pin(browser: Browser, language: str) -> None:
    assert_nothing_is_cut_off(outside(browser, Say(language)))
