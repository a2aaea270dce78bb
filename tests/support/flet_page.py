"""A browser that works a Flet page through its accessibility tree, as a screen reader would.

What is painted on a canvas cannot be found; what is named can. Anything that the page asks from
another address than its own is refused and remembered in ``blocked``.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    Route,
    TimeoutError,  # noqa: A004  what the browser's driver calls it
    expect,
)

from fieldapp.domain.record_types import record_type, record_types
from fieldapp.i18n import translate
from tests.support.page_scripts import (
    ANSWER_MS,
    BECOMES_QUIET,
    FRAMES,
    IS_COVERED,
    IS_HEARD,
    LISTENERS,
    NEXT_LOOK,
    PATIENCE_MS,
    QUIET_MS,
    TIMES_HEARD,
    TRAFFIC,
    UNPAINTED_MS,
)
from tests.support.pictures import is_blank

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera and a microphone of its own, which asks nobody.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""As `.ci/browser` looks for them."""
PHONE = (360, 740)
LAPTOP = (1366, 768)
STILL_FRAMES, PATIENT_FRAMES = 4, 60
EVIDENCE_MS = 5_000
START_MS = 30_000
"""How long a busy machine may take for anything; what is there is seen at once."""


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium (the small one without a window first), or Playwright's own."""
    named = filter(None, (os.environ.get("BARAZA_BROWSER"), *BROWSERS))
    program = next((found for name in named if (found := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=program, args=ARGS)


def new_context(browser: Browser, size: tuple[int, int]) -> BrowserContext:
    """Return a phone or a laptop."""
    is_phone = size[0] < 720
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        has_touch=is_phone,
        is_mobile=is_phone,
        timezone_id="Africa/Nairobi",
    )
    said = SAID[context] = []
    context.on("console", lambda line: said.append(f"{line.type}: {line.text}"))
    context.on("weberror", lambda problem: said.append(f"uncaught: {problem.error}"))
    return context


SAID: WeakKeyDictionary[BrowserContext, list[str]] = WeakKeyDictionary()
"""What the pages of each device said in their console."""


def keep_evidence(context: BrowserContext, folder: Path, name: str) -> None:
    """Keep what every page of a device shows and said, in files; print what it shows."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(context.pages):
        shown = "nothing: it does not answer"
        with contextlib.suppress(TimeoutError):
            shown = page.locator("body").aria_snapshot(timeout=EVIDENCE_MS)
        (folder / f"{name}-{number}.txt").write_text(shown, encoding="utf-8")
        sys.stdout.write(f"{page.url} shows:\n{shown}\n")
        with contextlib.suppress(TimeoutError):
            # A page that paints no more has no picture; the next test must not pay for that.
            page.screenshot(path=folder / f"{name}-{number}.png", timeout=EVIDENCE_MS)
    (folder / f"{name}.log").write_text("\n".join(SAID.get(context, [])), encoding="utf-8")


class Say:
    """What the screens say in one language, by key, for tests that press what people read."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **params: object) -> str:
        """Return a text of the catalogue."""
        return translate(key, self.language, **params)

    def field(self, type_key: str, name: str) -> str:
        """Return a field's label."""
        spec = record_type(type_key).field(name)
        assert spec is not None, name
        return spec.label.in_language(self.language)

    def option(self, name: str, key: str) -> str:
        """Return the words of a choice, whatever type has the field."""
        found = (declared.field(name) for declared in record_types())
        option = next(spec.option(key) for spec in found if spec is not None)
        assert option is not None, key
        return option.label.in_language(self.language)

    def cell(self, key: str) -> str:
        """Return the words of a cell of the attendance."""
        return self.option("attendance", key)


class FletPage:
    """One open page."""

    def __init__(self, page: Page, link: str, *, touch: bool = False) -> None:
        self.page, self.touch = page, touch
        self.blocked: list[str] = []
        origin = "/".join(link.split("/")[:3])
        page.route(lambda url: not url.startswith((origin, "blob:", "data:")), self._block)
        page.add_init_script(NEXT_LOOK % {"unpainted": UNPAINTED_MS})
        page.add_init_script(LISTENERS)
        page.add_init_script(TRAFFIC % {"quiet": QUIET_MS, "answer": ANSWER_MS})
        page.goto(link)
        self.turn_on_names()

    def turn_on_names(self) -> None:
        """Switch the accessibility tree on, as a screen reader does."""
        placeholder = self.page.locator("flt-semantics-placeholder")
        placeholder.wait_for(state="attached", timeout=START_MS)
        placeholder.dispatch_event("click")
        self.page.locator("flt-semantics-host flt-semantics").first.wait_for(state="attached")

    def _block(self, route: Route) -> None:
        self.blocked.append(route.request.url)
        route.abort()

    def settle(self) -> None:
        """Wait until two frames were painted."""
        self._becomes(FRAMES)

    def rest(self) -> None:
        """Wait until what was asked of the app is answered and the page's names stand still."""
        self._becomes(BECOMES_QUIET, PATIENCE_MS)

    def _becomes(self, script: str, arg: object = None) -> None:
        """Wait for a promise of the page; a page that stands still for good is named at once."""
        try:
            self.page.wait_for_function(script, arg=arg, timeout=START_MS, polling=UNPAINTED_MS)
        except TimeoutError:
            raise AssertionError(f"the page of {self.page.url} answers nothing any more") from None

    def hit(self, spot: Locator, timeout_ms: int = START_MS) -> None:
        """Tap or click something, which is brought into sight first as a finger would.

        A page that still turns would move it away from under the finger.
        """
        spot.wait_for(state="attached", timeout=timeout_ms)
        self.rest()
        self.scroll_to(spot)
        if self.touch:
            spot.tap(timeout=timeout_ms)
        else:
            spot.click(timeout=timeout_ms)
            # A hovering tooltip would take the focus of the next field.
            self.page.mouse.move(1, 1)
        self.settle()

    def scroll_to_top(self) -> None:
        """Turn the wheel over the middle of the page until its beginning shows."""
        size = self.page.viewport_size or {"width": 0, "height": 0}
        self.page.mouse.move(size["width"] / 2, size["height"] / 2)
        self.page.mouse.wheel(0, -10_000)
        self.settle()

    def scroll_to(self, spot: Locator) -> None:
        """Turn the wheel until a control stands in sight and under nothing else.

        The browser's own scrolling leaves the accessibility tree where it was, so that a tap would
        land on something else.
        """
        size = self.page.viewport_size or {"width": 0, "height": 0}
        box = spot.bounding_box()
        if box is None or not spot.evaluate(IS_COVERED):
            return
        self.page.mouse.move(size["width"] / 2, size["height"] / 2)
        self.page.mouse.wheel(0, box["y"] - size["height"] / 2)
        self._rest(spot, box)

    def _rest(self, spot: Locator, before: object) -> None:
        """Wait until the names have followed what was scrolled, or it could not scroll at all."""
        last, still = before, 0
        for _ in range(PATIENT_FRAMES):
            self.settle()
            now = spot.bounding_box()
            still = still + 1 if now == last else 0
            if still >= (STILL_FRAMES if now != before else 3 * STILL_FRAMES):
                return
            last = now

    def fill(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        self.type_into(self.page.get_by_role("textbox", name=label, exact=True).first, value)

    def type_into(self, box: Locator, value: str) -> None:
        """Focus a field, wait until it listens, and replace what stands in it.

        A page that still turns attaches a new ear, and what was typed into the old one is lost:
        then it is typed again.
        """
        for _ in range(10):
            self.hit(box)
            if not box.evaluate(IS_HEARD, PATIENT_FRAMES):
                continue
            before = box.evaluate(TIMES_HEARD)
            box.fill(value)
            for _ in range(STILL_FRAMES):
                self.settle()
            if box.evaluate(TIMES_HEARD) == before and box.evaluate(IS_HEARD, 0):
                return
        raise AssertionError(f"a field does not take what is typed: {self.described()}")

    def press(
        self,
        name: str | re.Pattern[str],
        role: Literal["button", "radio"] = "button",
        timeout_ms: int = START_MS,
    ) -> None:
        """Press the first thing that is called this."""
        self.hit(
            self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first, timeout_ms
        )

    def go(self, label: str) -> None:
        """Choose a tab, at the bottom or at the left."""
        rail = self.page.get_by_role(
            "button", name=re.compile(rf"^{re.escape(label)}\s.*\d+.*\d+$")
        )
        self.hit(self.page.get_by_role("tab", name=label, exact=True).or_(rail).first)

    def choose(self, field: str, option: str) -> None:
        """Open a picker and take a row; works for lists with and without search."""
        self.press(re.compile(rf"^{re.escape(field)}(:|$)"))
        search = self.page.get_by_role("textbox", name=re.compile("^(Search|Tafuta)$"))
        dialog = self.page.get_by_role("alertdialog")
        dialog.first.wait_for(state="attached")
        if search.last.is_visible():
            self.type_into(search.last, option)
        row = dialog.get_by_role("button", name=re.compile(rf"^{re.escape(option)}(\s|$)")).first
        for _ in range(10):
            # A list that is still narrowing moves its rows away from under the finger.
            self.hit(row)
            with contextlib.suppress(TimeoutError):
                dialog.first.wait_for(state="detached", timeout=4000)
                return
        raise AssertionError(f"the list of {field} did not close")

    def choose_many(self, field: str, options: Sequence[str], done: str) -> None:
        """Open a picker, tick some rows, and close it."""
        dialog = self._opened("alertdialog", field)
        search = dialog.get_by_role("textbox")
        for option in options:
            name = re.compile(rf"^{re.escape(option)}(\s|$)")
            self.hit(self._found(search, option, dialog.get_by_role("button", name=name).first))
        self.press(done)
        dialog.first.wait_for(state="detached")

    def _found(self, search: Locator, words: str, row: Locator) -> Locator:
        """Narrow a list until it shows a row; a list without search shows all."""
        for _ in range(5):
            if search.count():
                self.type_into(search.last, words)
            with contextlib.suppress(TimeoutError):
                row.wait_for(state="attached", timeout=4000)
                return row
        raise AssertionError(f"no row {words}: {self.described()}")

    def _opened(self, role: Literal["alertdialog", "dialog"], field: str) -> Locator:
        """Press a field until its list or calendar stands open: a page may still scroll."""
        dialog = self.page.get_by_role(role)
        name = re.compile(rf"^{re.escape(field)}(:|$)")
        for _ in range(5):
            self.scroll_to(self.page.get_by_role("button", name=name).first)
            self.press(name)
            with contextlib.suppress(TimeoutError):
                dialog.first.wait_for(state="attached", timeout=4000)
                return dialog
        raise AssertionError(f"{field} did not open: {self.described()}")

    def press_for(self, name: str | re.Pattern[str], opened: Locator) -> None:
        """Press something until what it opens is there: a page that still turns misses a tap."""
        for _ in range(5):
            with contextlib.suppress(TimeoutError):
                # What a slow page is already leaving cannot be pressed again.
                self.press(name, timeout_ms=EVIDENCE_MS)
            with contextlib.suppress(TimeoutError):
                opened.first.wait_for(state="attached", timeout=EVIDENCE_MS)
                return
        raise AssertionError(f"{name} opened nothing: {self.described()}")

    def type_day(self, field: str, day: str) -> None:
        """Open a day's calendar, turn to typing, and type dd/mm/yyyy."""
        dialog = self._opened("dialog", field)
        self.hit(dialog.get_by_role("button").first)
        box = dialog.get_by_role("textbox").first
        box.wait_for(state="attached")
        self.type_into(box, day)
        self.press(re.compile("^(OK|Sawa)$"))
        dialog.first.wait_for(state="detached")

    def turn_until(self, name: str, last: str) -> None:
        """Press one button again and again until another one is there."""
        step = self.page.get_by_role("button", name=name, exact=True)
        end = self.page.get_by_role("button", name=last, exact=True)
        for _ in range(20):
            step.or_(end).first.wait_for(state="attached", timeout=START_MS)
            if end.count():
                return
            with contextlib.suppress(TimeoutError):
                # It may go just before the finger comes down.
                self.hit(step.first, EVIDENCE_MS)
        raise AssertionError(f"{last} never came: {self.described()}")

    def press_row(self, title: str, opened: Locator) -> None:
        """Open the record with this title in a list, which may still be narrowing."""
        self.press_for(re.compile(rf"^{re.escape(title)}"), opened)

    def leave_detail(self) -> None:
        """Go back from a record's own page; beside a list there is nothing to leave."""
        name = re.compile("^(Back|Rudi nyuma)$", re.IGNORECASE)
        back = self.page.get_by_role("button", name=name)
        if back.count():
            self.hit(back.first)

    def sees(self, words: str, timeout_ms: int = START_MS) -> None:
        """Wait until these words are on the screen."""
        expect(self.words(words).first).to_be_attached(timeout=timeout_ms)

    def words(self, words: str) -> Locator:
        """Return where these words stand on the screen."""
        host = self.page.locator("flt-semantics-host")
        return host.get_by_text(words).or_(host.locator(f'[aria-label*="{words}"]'))

    def visit(self, route: str, sign: Locator) -> None:
        """Go to an address and wait for what it is known by.

        An app that is on its own way somewhere writes its address over the asked one: then it is
        asked again, from the start.
        """
        for address in (route, *("/", route) * 4):
            self.rest()
            self.page.evaluate("route => { location.hash = '#' + route }", address)
            self.rest()
            if address != route:
                continue
            with contextlib.suppress(TimeoutError):
                sign.first.wait_for(state="attached", timeout=EVIDENCE_MS)
                return
        raise AssertionError(f"{route} did not open: {self.described()}")

    def picture(self, path: Path) -> None:
        """Keep what the screen looks like; its names stand a while before it is painted."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.rest()
        for _ in range(PATIENT_FRAMES):
            self.page.screenshot(path=path)
            if not is_blank(path):
                return
            self.settle()
        raise AssertionError(f"nothing is painted: {self.described()}")

    def described(self) -> str:
        """Return the screen as text, for writing tests and for failures."""
        return self.page.locator("body").aria_snapshot()
