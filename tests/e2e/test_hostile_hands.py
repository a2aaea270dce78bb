"""A phone in the wrong hands, in a real browser: what is asked for is done, and quickly.

Two phones, each with fourteen sealed meetings that no server has seen: on one the officer is forced
to say a PIN and says the emergency one; on the other somebody slides to delete on the lock screen.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fieldapp.bootstrap import build_services, demo_settings
from fieldapp.storage.home import Home
from fieldapp.storage.phone import home_of
from tests.e2e.conftest import EVIDENCE, OpenPage
from tests.support.factories import meeting_fields
from tests.support.flet_page import PHONE
from tests.support.left_over import assert_nothing_opens, box_size
from tests.support.officer import SLOW_MS, Officer
from tests.support.region import ORGANISATION, PIN, Region, founded
from tests.support.window_process import running_window

SECOND = "135791"
OTHER_PIN = "975310"
MARKER = "Marker Mkomani 7741"
WAITING = 14
QUICK_SECONDS = 3
LAST_TICK_SECONDS = 1
SHARED, ALONE = "shared", "alone"


def waiting_titles(phone: str) -> list[str]:
    return [f"{MARKER} {phone} {number:02d}" for number in range(WAITING)]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with founded(tmp_path_factory.mktemp("hands"), chiefs=4) as made:
        yield made


def enrolled(region: Region, home: Home, invite: int, name: str, pin: str) -> Home:
    """Enrol an officer who has a draft, and whose lock waits for a PIN."""
    with build_services(demo_settings(home.root)) as services:
        services.access.enrol(region.invites[invite].packet_text, name, pin)
        services.records.new_draft("meeting", None, {"title": f"{MARKER} {name} draft"})
    return home


def with_fourteen(home: Home, phone: str) -> Home:
    """Let the officer seal fourteen meetings that stay on the phone."""
    with build_services(demo_settings(home.root)) as services:
        services.access.unlock(PIN)
        for title in waiting_titles(phone):
            services.records.create("meeting", None, meeting_fields(title=title))
    return home


def arrived(region: Region, phone: str) -> list[str]:
    """The titles of a phone's meetings that headquarters reads."""
    with build_services(demo_settings(region.hq_home)) as hq:
        hq.access.unlock(PIN)
        assert hq.syncing.sync().error is None
        rows = hq.records.find(type_key="meeting", limit=100)[0]
        titles = [str(hq.records.show(row.id).fields["title"]) for row in rows]
    return sorted(title for title in titles if f" {phone} " in title)


@contextmanager
def gone_quickly(key: Path, not_before: int = 0) -> Iterator[None]:
    """Ask within the block for a key to be destroyed: it is noise within three seconds of it."""
    held, began = key.read_bytes(), time.monotonic()
    with ThreadPoolExecutor(1) as watching:
        gone = watching.submit(_seconds_until_changed, key, held)
        yield
        assert gone.result() - began < not_before + QUICK_SECONDS


def _seconds_until_changed(key: Path, held: bytes) -> float:
    pause = threading.Event()
    with suppress(FileNotFoundError):
        while key.read_bytes() == held:
            pause.wait(0.01)
    return time.monotonic()


def choose(officer: Officer, number: int, mark: str) -> None:
    """Say on a shared phone who one is."""
    officer.page.press(officer.say("ui.officers.one", number=number, mark=officer.say(mark)))
    officer.sees("ui.unlock.intro")


def try_wrong_pin(officer: Officer, wait: int) -> None:
    """Give a wrong PIN, and be told to wait; then wait."""
    officer.unlock("112233")
    officer.is_told("wrong_pin")
    officer.sees("ui.unlock.wait", seconds=wait)
    expect(
        officer.page.page.get_by_role("button", name=officer.say("ui.unlock"), exact=True)
    ).to_be_attached(timeout=SLOW_MS)


def slide(officer: Officer) -> None:
    """Draw the thumb from one end to the other."""
    page, words = officer.page, officer.say("ui.delete.slide")
    track = page.page.locator("flt-semantics-host").get_by_text(words, exact=True).last
    page.scroll_to(track)
    box = track.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.page.mouse.move(box["x"] + 30, middle)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] - 10, middle, steps=12)
    page.page.mouse.up()
    page.settle()


def sees_only_own_draft(officer: Officer, own: str, other: str) -> None:
    """Unlock, and find the own draft and no other officer's."""
    officer.unlock()
    officer.arrives_home()
    officer.go("ui.tab.records")
    officer.sees_row(f"{MARKER} {own} draft", officer.say("ui.tick.draft"))
    assert f"{MARKER} {other}" not in officer.page.described()


def choose_an_emergency_pin(officer: Officer) -> None:
    page, say = officer.page, officer.say
    officer.go("ui.tab.settings")
    page.press(say("ui.emergency.heading"))
    officer.sees("ui.emergency.what")
    page.fill(say("ui.pin.old"), officer.pin)
    page.fill(say("ui.emergency.choose"), SECOND)
    page.fill(say("ui.pin.again"), SECOND)
    page.press(say("ui.emergency.set"))
    officer.sees("ui.emergency.done")
    page.picture(EVIDENCE / "hands-emergency.png")
    page.leave_detail()


def give_in(officer: Officer, root: Path, size: int) -> None:
    """Wrong PINs slow down, each twice as long, and so does the emergency one."""
    for wait in (1, 2, 4):
        try_wrong_pin(officer, wait)
    officer.page.fill(officer.say("ui.unlock.pin"), SECOND)
    with gone_quickly(Home(root).key):
        officer.page.press(officer.say("ui.unlock"))
    officer.is_told("wrong_pin")
    officer.sees("ui.unlock.wait", seconds=8)
    officer.page.picture(EVIDENCE / "hands-forced.png")
    assert_nothing_opens(root, size, marker=MARKER, pins=(PIN, SECOND))


def test_one_of_two_officers_is_forced_and_the_other_delivers_for_both(
    region: Region, open_page: OpenPage
) -> None:
    root = region.folder / SHARED
    first = enrolled(region, home_of(root, 1), 0, "Amina", PIN)
    enrolled(region, home_of(root, 2), 1, "Juma", OTHER_PIN)
    size = box_size(with_fourteen(first, SHARED))
    with running_window(root) as window:
        page = open_page(window.link, PHONE)
        amina, juma = Officer(page, "en", PIN), Officer(page, "en", OTHER_PIN)
        choose(amina, 1, "ui.officers.green")
        sees_only_own_draft(amina, "Amina", "Juma")
        choose_an_emergency_pin(amina)
        amina.lock()
        give_in(amina, root, size)
        page.press(amina.say("ui.officers.other"))
        choose(juma, 2, "ui.officers.blue")
        sees_only_own_draft(juma, "Juma", "Amina")
        juma.sync()
        page.picture(EVIDENCE / "hands-spared.png")
    assert arrived(region, SHARED) == waiting_titles(SHARED)


def delete_quickly(officer: Officer, home: Home) -> None:
    """Slide, think better of it, slide again, and let the seconds run out."""
    page, say = officer.page, officer.say
    page.press(say("ui.delete.heading"))
    officer.sees("ui.delete.kept", count=kept(home))
    slide(officer)
    officer.sees("ui.delete.counting_hint")
    page.picture(EVIDENCE / "hands-counting.png")
    page.press(say("ui.cancel"))
    officer.sees("ui.delete.what")
    assert home.has_key()
    slide(officer)
    officer.sees("ui.delete.counting", seconds=LAST_TICK_SECONDS)
    with gone_quickly(home.key, LAST_TICK_SECONDS):
        page.sees("Choose your language")
    page.picture(EVIDENCE / "hands-deleted.png")


def kept(home: Home) -> int:
    """How many sealed batches of records a home holds back for the server."""
    with build_services(demo_settings(home.root)) as services:
        return services.access.sealed_waiting()


def test_a_slide_on_the_lock_screen_leaves_noise_and_fourteen_sealed_meetings(
    region: Region, open_page: OpenPage
) -> None:
    root = region.folder / ALONE
    home = with_fourteen(enrolled(region, home_of(root, 1), 2, "Amina", PIN), ALONE)
    size, invite = box_size(home), region.folder / "again.json"
    invite.write_text(region.invites[3].packet_text, encoding="utf-8")
    with running_window(root) as window:
        page = open_page(window.link, PHONE)
        officer = Officer(page, "sw", PIN)
        page.press("Kiswahili")
        delete_quickly(officer, home)
        assert_nothing_opens(root, size, marker=MARKER, pins=(PIN, SECOND))
        officer.choose_language()
        officer.bring_file(invite, ORGANISATION)
        officer.enrol("Amina Bakari")
        officer.start()
        officer.sync()
        page.picture(EVIDENCE / "hands-delivered.png")
    assert arrived(region, ALONE) == waiting_titles(ALONE)
    assert home.set_aside() == []
