"""A chief's first day and headquarters' view of it: real processes, real keys, a bad network.

Everything is done by what the screens say, in both languages, on a phone and on a laptop; each
kind of bad network is met once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from fieldapp.domain.record_types import record_type
from fieldapp.services.office_views import InviteView
from tests.e2e.conftest import witnessed
from tests.support.bad_network import BadNetwork
from tests.support.flet_page import LAPTOP, PHONE, FletPage, new_context
from tests.support.officer import SLOW_MS, Officer
from tests.support.region import ORGANISATION, PIN, Region, founded, hq_window
from tests.support.window_process import WindowProcess, running_window

Weather = Callable[["Day"], None]


@dataclass
class Day:
    """One chief's device, and the network it has today."""

    officer: Officer
    context: BrowserContext
    window: WindowProcess
    network: BadNetwork
    title: str


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with founded(tmp_path_factory.mktemp("region"), chiefs=len(DAYS)) as made:
        yield made


@pytest.fixture(scope="module")
def headquarters(region: Region, browser: Browser) -> Iterator[Officer]:
    with hq_window(region) as window:
        context = new_context(browser, LAPTOP)
        hq = Officer(FletPage(context.new_page(), window.link), "en", PIN)
        hq.unlock()
        hq.arrives_home()
        yield hq
        context.close()


def refused(day: Day) -> None:
    """Nobody is there: it is said at once, and it is said that the work is safe."""
    day.network.refuse()
    press_sync(day.officer)
    day.officer.is_told("offline")


def stalled(day: Day) -> None:
    """Nothing answers: the officer goes on working, then stops it."""
    day.network.stall()
    press_sync(day.officer)
    assert day.network.stalled.wait(SLOW_MS / 1000)
    day.officer.go("ui.tab.records")
    day.officer.sees_row(day.title, day.officer.say("ui.tick.phone"))
    day.officer.go("ui.tab.sync")
    day.officer.page.press(day.officer.say("ui.sync.stop"))
    day.officer.sees("ui.sync.stopping")
    day.network.refuse()


def cut(day: Day) -> None:
    """The line breaks in the request, then in the answer."""
    for breaks in ({"up": 300}, {"down": 90}):
        day.network.cut(**breaks)
        press_sync(day.officer)
        day.officer.sees("ui.sync.result_cut")
        day.officer.sees("ui.sync.state_waiting")


def portal(day: Day) -> None:
    """A log-in page answers 200: that is no delivery."""
    day.network.portal()
    press_sync(day.officer)
    day.officer.is_told("captive_portal")


def press_sync(officer: Officer) -> None:
    officer.go("ui.tab.sync")
    officer.page.press(officer.say("ui.sync.now"))


@dataclass(frozen=True)
class Plan:
    """What one day is like."""

    size: tuple[int, int]
    language: str
    way: str
    weather: Weather

    @property
    def name(self) -> str:
        """Tells one day from another."""
        return f"{self.size[0]}x{self.size[1]}-{self.language}"


DAYS = (
    Plan(PHONE, "en", "code", refused),
    Plan(PHONE, "sw", "file", stalled),
    Plan(LAPTOP, "en", "file", cut),
    Plan(LAPTOP, "sw", "code", portal),
)


@pytest.mark.parametrize("plan", DAYS, ids=lambda plan: plan.name)
def test_a_chief_records_offline_and_headquarters_reads_it(
    region: Region, headquarters: Officer, browser: Browser, plan: Plan
) -> None:
    invite = region.invites[DAYS.index(plan)]
    author, title = f"Amina {plan.name}", f"Warsha {plan.name}"
    with ExitStack() as stack:
        window = stack.enter_context(running_window(region.folder / plan.name))
        stack.enter_context(witnessed(browser, f"field-day-{plan.name}"))
        context = new_context(browser, plan.size)
        page = FletPage(context.new_page(), window.link, touch=plan.size == PHONE)
        day = Day(Officer(page, plan.language, PIN), context, window, region.network, title)
        words = join(day, region, invite, plan.way, author)
        lock_and_unlock(day.officer)
        record_the_workshop(day)
        report_a_theft(day.officer)
        wait_out(day, plan.weather)
        deliver(day)
        be_confirmed(headquarters, words)
        headquarters_reads(headquarters, title, author)
        hear_back(day)
        change_the_language(day.officer)
        leave_and_come_back(day)
        assert [url for url in page.blocked if "rive" not in url] == []


def join(day: Day, region: Region, invite: InviteView, way: str, name: str) -> str:
    """Enrol by the pasted code or by the file; return the four words."""
    officer = day.officer
    officer.choose_language()
    if way == "code":
        officer.bring_code(invite.code)
    else:
        file = region.folder / f"{invite.invite_id}.json"
        file.write_text(invite.packet_text, encoding="utf-8")
        officer.bring_file(file, ORGANISATION)
    officer.enrol(name)
    words = officer.four_words()
    officer.start()
    officer.arrives_home()
    officer.page.sees(name)
    return words


def lock_and_unlock(officer: Officer) -> None:
    officer.lock()
    officer.unlock("135791")
    officer.is_told("wrong_pin")
    officer.unlock()
    officer.arrives_home()


def record_the_workshop(day: Day) -> None:
    """79 people, 8 women and 71 men; the first try says 80 and forgets kind and venue."""
    officer = day.officer
    officer.begin("meeting")
    officer.turn_to("attendance")
    officer.count(female=8, male=71)
    officer.sees("ui.matrix.total", count=79)
    officer.count(total=80)
    officer.turn_to("next")
    officer.ask_for_review()
    officer.sees_problem_at("where", count=2)
    officer.sees_problem_at("attendance")
    officer.is_told("required")
    officer.choose("meeting", "meeting_type", "workshop")
    officer.write("meeting", "title", day.title)
    officer.write("meeting", "venue", "Lamu Museum Hall")
    officer.turn_to("attendance")
    officer.is_told("attendance_sum", sum=79, total=80)
    officer.count(total=79)
    officer.turn_to("next")
    officer.ask_for_review()
    officer.sees("ui.review.heading")
    officer.page.sees("Lamu Museum Hall")
    officer.seal(change_of_mind=True)


def report_a_theft(officer: Officer) -> None:
    officer.report("theft")
    officer.turn_to("story", "concern")
    officer.write("concern", "narrative", "Two bicycles were taken at night.")
    officer.ask_for_review()
    officer.seal()


def wait_out(day: Day, weather: Weather) -> None:
    """Try to deliver over a bad network: the screen says so, and both records are kept."""
    officer = day.officer
    try:
        weather(day)
        officer.sees("ui.sync.result_cut")
        officer.sees("ui.sync.state_waiting")
        officer.go("ui.tab.records")
        officer.sees_row(day.title, officer.say("ui.tick.phone"))
        officer.open_record(day.title)
        officer.sees("ui.hold.phone")
        officer.sees("ui.hold.waits_server")
        officer.page.leave_detail()
    finally:
        day.network.open()


def deliver(day: Day) -> None:
    officer = day.officer
    officer.sync()
    officer.sees("ui.sync.state_clear")
    officer.sees("ui.sync.still_waiting", count=0)
    officer.go("ui.tab.records")
    officer.sees_row(day.title, officer.say("ui.tick.server"))


def be_confirmed(headquarters: Officer, words: str) -> None:
    """The office hears the four words by voice and finds the same on its screen."""
    headquarters.sync()
    headquarters.go("ui.tab.office")
    headquarters.sees("ui.device.compare", words=words)
    headquarters.page.press(headquarters.say("ui.device.same"))
    headquarters.no_longer_sees(headquarters.say("ui.device.compare", words=words))


def headquarters_reads(headquarters: Officer, title: str, author: str) -> None:
    headquarters.sync()
    headquarters.go("ui.tab.records")
    headquarters.page.fill(headquarters.say("ui.search"), title)
    headquarters.sees_row(title, author)
    headquarters.open_record(title)
    headquarters.page.sees("Lamu Museum Hall")
    cells = {"total": 79, "female": 8, "male": 71}
    counted = " · ".join(f"{headquarters.say.cell(key)} {n}" for key, n in cells.items())
    headquarters.page.sees(counted)
    headquarters.page.sees(headquarters.say("ui.history.created", author=author))


def hear_back(day: Day) -> None:
    """Headquarters' receipt comes with the next sync, and the tick says so."""
    officer = day.officer
    officer.sync()
    officer.go("ui.tab.records")
    officer.sees_row(day.title, officer.say("ui.tick.hq"))


def change_the_language(officer: Officer) -> None:
    """Every word changes at once, and back."""
    own, other = (
        officer.say,
        Officer(officer.page, {"en": "sw", "sw": "en"}[officer.say.language], PIN),
    )
    names = {"en": "English", "sw": "Kiswahili"}
    officer.go("ui.tab.settings")
    officer.page.press(names[other.say.language], role="radio")
    other.sees("ui.settings.autolock")
    officer.no_longer_sees(own("ui.settings.autolock"))
    other.go("ui.tab.records")
    other.sees("ui.state.needs_you")
    other.go("ui.tab.settings")
    other.page.press(names[own.language], role="radio")
    officer.sees("ui.settings.autolock")


def leave_and_come_back(day: Day) -> None:
    """A closed tab loses nothing and opens nothing."""
    officer, title = day.officer, f"{day.title}, rasimu"
    officer.go("ui.tab.home")
    officer.begin("meeting")
    officer.write("meeting", "title", title)
    # Going on saves; what was typed within the last second of a closed tab may be lost.
    officer.page.press(officer.say("ui.continue"))
    name = record_type("meeting").sections[1].label.in_language(officer.say.language)
    officer.sees("ui.form.where", number=2, total=5, name=name)
    officer.page.page.close()
    page = FletPage(day.context.new_page(), f"{day.window.origin}/", touch=officer.page.touch)
    back = Officer(page, officer.say.language, PIN)
    back.sees("ui.unlock.intro")
    back.unlock()
    back.arrives_home()
    back.go("ui.tab.records")
    back.sees_row(title, back.say("ui.tick.draft"))
    back.page.press_row(title, page.words(back.say("ui.form.where", number=2, total=5, name=name)))
    back.turn_to("where")
    box = page.page.get_by_role("textbox", name=back.say.field("meeting", "title"), exact=True)
    page.hit(box)
    expect(box).to_have_value(title, timeout=SLOW_MS)
