"""The smallest phone with the largest text: nothing leaves the screen, and fingers find it all.

The accessibility tree has a rectangle for each text and control. What would be cut off at the
side reaches beyond the screen there; what is too small to hit is small there.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from fieldapp.ui.routes import SCREENS
from tests.e2e.conftest import LANGUAGES
from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import PIN
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


def walk(browser: Browser, services: FakeServices, say: Say) -> dict[str, list[Spot]]:
    """Unlock a home on the smallest phone and note what stands on each of its screens."""
    context = browser.new_context(
        viewport={"width": NARROW[0], "height": NARROW[1]},
        has_touch=True,
        is_mobile=True,
        timezone_id="Africa/Nairobi",
    )
    found: dict[str, list[Spot]] = {}
    with served(services) as window:
        page = FletPage(context.new_page(), window.link(), touch=True)
        page.fill(say("ui.unlock.pin"), PIN)
        page.press(say("ui.unlock"))
        page.sees(say("ui.home.latest"))
        shown: list[Spot] = []
        for path in sorted({address(path) for path, _ in all_screens(SCREENS)}):
            page.rest()
            page.page.evaluate(f"location.hash = '#{path}'")
            found[path] = shown = spots(page, shown)
    return found


@LANGUAGES
@pytest.mark.parametrize("place", [0, 1], ids=["chief", "sub-county"])
def test_the_smallest_phone_with_the_largest_text_cuts_nothing_off(
    browser: Browser, place: int, language: str
) -> None:
    screens = walk(browser, homes(language)[place], Say(language))
    cut = [f"{path}: {s}" for path, seen in screens.items() for s in seen if s.leaves(NARROW[0])]
    assert cut == []
    buttons = [(p, s) for p, seen in screens.items() for s in seen if s.role == "button"]
    assert len(buttons) > len(screens), "the walk saw no buttons"
    assert [f"{path}: {spot}" for path, spot in buttons if spot.is_small()] == []
