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
from playwright.sync_api import Browser

from fieldapp.domain.samples import golden_meeting
from tests.support.flet_page import LAPTOP, PHONE, FletPage, new_context
from tests.support.officer import Officer

PATIENCE_SECONDS = 120
SEAT = re.compile(r"^(?P<who>\S.*?)\s+PIN (?P<pin>\d+)\s+(?P<link>http://\S+)$")


@dataclass
class Demo:
    """A running demo and what it printed: who sits at which address with which PIN."""

    process: subprocess.Popen[str]
    seats: dict[str, tuple[str, str]]

    def seat(self, who: str) -> tuple[str, str]:
        """Return link and PIN of the person whose title begins like this."""
        return next(found for title, found in self.seats.items() if title.startswith(who))


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
    link, pin = demo.seat("Headquarters")
    fields = golden_meeting().fields
    context = new_context(browser, LAPTOP)
    hq = Officer(FletPage(context.new_page(), link), "en", pin)
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
    link, pin = demo.seat("Chief")
    context = new_context(browser, PHONE)
    chief = Officer(FletPage(context.new_page(), link, touch=True), "en", pin)
    chief.unlock()
    chief.arrives_home()
    chief.sees("ui.home.waiting", count=1)
    chief.sync()
    chief.sees("ui.sync.state_clear")
    context.close()


def test_the_end_of_the_demo_leaves_no_program_behind(demo: Demo) -> None:
    children = psutil.Process(demo.process.pid).children(recursive=True)
    assert len(children) >= 4, children
    end(demo.process)
    assert demo.process.returncode == 0
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
