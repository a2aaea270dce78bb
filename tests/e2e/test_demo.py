"""``fieldapp demo`` as its first visitor meets it: addresses, PINs, the golden meeting, an end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext

from fieldapp.domain.record_types import record_type
from fieldapp.domain.samples import golden_meeting
from tests.support.flet_page import LAPTOP, PHONE, FletPage, new_context
from tests.support.officer import Officer

PATIENCE_SECONDS = 120
PICTURES = Path("build/screens")
MISSING_TEXT = re.compile(r"\b(?:ui|note|error|hint)\.[a-z_]+")
CRASH = re.compile(r"Traceback|Exception|Error:|session crashed", re.IGNORECASE)
SEAT = re.compile(r"^(?P<who>\S.*?)\s+PIN (?P<pin>\d+)\s+(?P<link>http://\S+)$")


@dataclass
class Demo:
    """A running demo and what it printed: who sits at which address with which PIN."""

    process: subprocess.Popen[str]
    seats: dict[str, tuple[str, str]]

    def seat(self, who: str) -> tuple[str, str]:
        """Return link and PIN of the person whose title begins like this."""
        return next(found for title, found in self.seats.items() if title.startswith(who))

    def sit_down(
        self, browser: Browser, who: str, size: tuple[int, int], language: str
    ) -> tuple[BrowserContext, Officer]:
        """Open a person's locked window on a device of a size, in a language."""
        link, pin = self.seat(who)
        context = new_context(browser, size)
        page = FletPage(context.new_page(), link, touch=size == PHONE)
        officer = Officer(page, language, pin)
        name = {"en": "English", "sw": "Kiswahili"}[language]
        page.page.get_by_role("textbox").first.wait_for(state="attached")
        if page.page.get_by_role("button", name=name, exact=True).count():
            page.press(name)
        officer.sees("ui.unlock.intro")
        return context, officer


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo")
    process = start(home)
    try:
        yield Demo(process, seats_of(process))
    finally:
        end(process)


def start(home: Path) -> subprocess.Popen[str]:
    # The browser that it would open for a person is a program that does nothing.
    environment = {**os.environ, "BROWSER": "true"}
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "fieldapp.cli", "demo", "--home", str(home), "--fresh"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
    )


def seats_of(process: subprocess.Popen[str]) -> dict[str, tuple[str, str]]:
    """Read what the demo prints until it has said everything."""
    assert process.stdout is not None
    watchdog = threading.Timer(PATIENCE_SECONDS, process.kill)
    watchdog.start()
    seats: dict[str, tuple[str, str]] = {}
    for line in process.stdout:
        if found := SEAT.match(line.rstrip("\n")):
            seats[found["who"]] = (found["link"], found["pin"])
        if "Ctrl-C" in line:
            break
    watchdog.cancel()
    assert len(seats) == 3, seats
    return seats


def end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE_SECONDS)
    assert process.stdout is not None
    process.stdout.close()


def test_a_visitor_finds_the_golden_meeting_at_headquarters(demo: Demo, browser: Browser) -> None:
    fields = golden_meeting().fields
    context, hq = demo.sit_down(browser, "Headquarters", LAPTOP, "en")
    hq.unlock()
    hq.arrives_home()
    hq.open_record(fields["title"])
    hq.page.sees(fields["venue"])
    counts = {"total": 79, "female": 8, "male": 71}
    assert fields["attendance"] == counts
    hq.page.sees(" · ".join(f"{hq.say.cell(cell)} {count}" for cell, count in counts.items()))
    hq.sees("ui.history.created", author="Amina Bakari")
    context.close()


def test_a_visitor_sees_records_that_arrived_and_one_that_waits_at_the_chief(
    demo: Demo, browser: Browser
) -> None:
    context, chief = demo.sit_down(browser, "Chief", PHONE, "en")
    chief.unlock()
    chief.arrives_home()
    chief.sees("ui.home.waiting", count=1)
    chief.sync()
    chief.sees("ui.sync.state_clear")
    context.close()


SCREENS = {
    "/": "ui.home.today",
    "/records": "ui.state.needs_you",
    "/records/of/waiting": "ui.state.needs_you",
    "/sync": "ui.sync.now",
    "/settings": "ui.settings.autolock",
    "/settings/pin": "ui.pin.old",
}
OFFICE_SCREENS = {
    "/office": "ui.devices",
    "/office/invite": "ui.invite.make",
    "/office/units": "ui.units.new",
}


@dataclass
class Tour:
    """A walk over screens that keeps a picture of each and finds what must never show."""

    officer: Officer
    name: str

    def stop(self, screen: str) -> None:
        """Look at one screen."""
        self.officer.page.settle()
        self.officer.page.picture(
            PICTURES / f"{self.name}-{screen.strip('/').replace('/', '-')}.png"
        )
        shown = self.officer.page.described()
        assert not MISSING_TEXT.search(shown), shown
        assert not CRASH.search(shown), shown
        for fault in ("ui.fault.heading", "ui.fault.deed"):
            assert self.officer.say(fault) not in shown, shown

    def visit(self, routes: dict[str, str]) -> None:
        """Go to addresses and wait for what each is known by."""
        for route, key in routes.items():
            page = self.officer.page
            page.visit(route, page.words(self.officer.say(key)))
            self.stop(route.strip("/") or "home")

    def fill_forms(self) -> None:
        """Open each form and turn its pages, then throw the draft away."""
        self.officer.visit_home()
        self.officer.begin("meeting")
        for section in record_type("meeting").sections:
            self.officer.turn_to(section.key, "meeting")
            self.stop(f"meeting-{section.key}")
        self.officer.ask_for_review()
        # What stayed since the body's last meeting is filled in: this one may be sealed.
        self.officer.sees("ui.review.heading")
        self.stop("meeting-review")
        self.officer.page.leave_detail()
        self.throw_away()
        self.officer.report("theft")
        self.stop("concern-form")
        self.throw_away()

    def throw_away(self) -> None:
        """Delete the draft that is open, and go home."""
        self.officer.page.press(self.officer.say("ui.form.discard"))
        self.officer.sees("ui.form.discard_question")
        self.officer.page.press(self.officer.say("ui.delete"))
        self.officer.arrives_home()


@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["360x740", "1366x768"])
def test_every_screen_is_drawn_in_words_of_its_language(
    demo: Demo, browser: Browser, size: tuple[int, int], language: str
) -> None:
    for who, key in (("Chief", "chief"), ("Headquarters", "hq")):
        context, officer = demo.sit_down(browser, who, size, language)
        tour = Tour(officer, f"{size[0]}-{language}-{key}")
        tour.stop("unlock")
        officer.unlock()
        officer.arrives_home()
        tour.visit(SCREENS)
        if key == "hq":
            tour.visit(OFFICE_SCREENS)
        else:
            tour.fill_forms()
        officer.visit_home()
        officer.open_record(golden_meeting().fields["title"])
        tour.stop("record")
        assert [url for url in officer.page.blocked if "rive" not in url] == []
        context.close()


def test_the_end_of_the_demo_leaves_no_program_behind(demo: Demo) -> None:
    children = psutil.Process(demo.process.pid).children(recursive=True)
    assert len(children) >= 4, children
    end(demo.process)
    assert demo.process.returncode == 0
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
