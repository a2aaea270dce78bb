"""Follow-ups: grouped by their day, found by words, noted in two taps."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.errors import DatabaseDamagedError, NoRightError
from fieldapp.ui import reminding
from fieldapp.ui.paging import PAGE
from tests.support.fake_services import FakeServices
from tests.support.fake_world import DAY, LOCATION
from tests.support.headless import Headless
from tests.ui.conftest import Open

RESOLUTIONS = [
    {"id": "kamp0001", "text": "Mend the lamp", "responsible": "Ward office", "due": "2026-11-01"},
    {"id": "d1tch001", "text": "Clear the ditch", "due": "2026-11-25"},
    {"id": "rxad0001", "text": "Grade the road", "due": "2027-02-01"},
    {"id": "we110001", "text": "Open the well"},
]


def home(language: str = "en") -> FakeServices:
    services = FakeServices(language=language)
    fields = {"meeting_type": "baraza_chief", "date": "2026-10-20", "resolutions": RESOLUTIONS}
    services.world.hold("meeting", LOCATION, fields)
    return services


def refusing(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    """A home that takes no note, because a desk has the record now."""
    services = home()

    def refuse(*_args: object) -> None:
        raise NoRightError("record_given_up")

    monkeypatch.setattr(services.follow_ups, "note", refuse)
    return services


async def opened(unlocked: Open, services: FakeServices, width: int = 360) -> Headless:
    page = await unlocked(services, width=width)
    page.page.navigate("/follow-ups")
    await page.sees("Grade the road")
    return page


async def test_lines_stand_in_groups_by_their_day(unlocked: Open) -> None:
    page = await opened(unlocked, home())
    order = [words for words in page.texts() if " · 1" in words]
    assert order[:4] == ["Overdue · 1", "This week · 1", "Later · 1", "No date · 1"]
    assert page.shows("Overdue · 01/11/2026")
    assert page.shows("Due 25/11/2026")
    assert page.shows("With Ward office")


async def test_a_long_list_is_built_as_it_is_scrolled_to_and_counted_whole(
    unlocked: Open,
) -> None:
    """Five thousand promises: fifty rows in the first page, and every one can be reached."""
    services = FakeServices()
    for meeting in range(50):
        promised = [
            {"id": f"r{meeting:03}{n:04}", "text": f"Promise {meeting}-{n}", "due": "2026-11-25"}
            for n in range(100)
        ]
        fields = {"meeting_type": "baraza_chief", "date": "2026-10-20", "resolutions": promised}
        services.world.hold("meeting", LOCATION, fields)
    page = await unlocked(services)
    page.page.navigate("/follow-ups")
    await page.sees("This week · 5000")
    around = 2  # The heading and the button.
    assert len(page.get(ft.ListView).controls) == PAGE + around
    end = {"pixels": 4000.0, "max_scroll_extent": 4100.0, "min_scroll_extent": 0.0}
    where = {"event_type": "update", "viewport_dimension": 700.0, **end}
    await page.fire(page.get(ft.ListView), "scroll", where)
    await page.sees("Show more (100 of 5000)")
    assert len(page.get(ft.ListView).controls) == 2 * PAGE + around


async def test_two_taps_say_how_it_stands(unlocked: Open) -> None:
    services = home()
    page = await opened(unlocked, services)
    await page.press("Mend the lamp")
    await page.press("Completed")
    await page.sees("Written down and sealed")
    (noted,) = services.follow_ups.noted
    assert (noted.path, noted.status) == ("resolutions/kamp0001", "done")
    await page.until(lambda: not page.shows("Mend the lamp"), "it is still listed")


async def test_words_and_evidence_go_with_the_second_tap(unlocked: Open) -> None:
    services = home()
    page = await opened(unlocked, services)
    await page.press("Clear the ditch")
    await page.type("What was done? (no names)", "Youth group dug it")
    await page.type("Evidence (what shows it?)", "Photo in the file")
    await page.press("In progress")
    await page.sees("Written down and sealed")
    (noted,) = services.follow_ups.noted
    assert (noted.status, noted.progress, noted.evidence) == (
        "in_progress", "Youth group dug it", "Photo in the file",
    )  # fmt: skip
    reason = services.world.records["r0001"].history[-1].reason
    assert reason == "Follow-up: In progress. Youth group dug it. Photo in the file"


async def test_search_narrows_the_list(unlocked: Open) -> None:
    page = await opened(unlocked, home())
    await page.type("Search follow-ups", "ditch")
    await page.until(lambda: not page.shows("Grade the road"), "the rest is still there")
    assert page.shows("Clear the ditch")
    await page.type("Search follow-ups", "zebra")
    await page.sees("Try another word.")


async def test_an_empty_list_says_what_will_come(unlocked: Open) -> None:
    page = await unlocked(FakeServices())
    page.page.navigate("/follow-ups")
    await page.sees("Resolutions of meetings and actions on concerns appear here")


async def test_the_record_is_one_tap_away(unlocked: Open) -> None:
    page = await opened(unlocked, home())
    await page.press("Open the well")
    await page.press("Open the record")
    await page.until(lambda: page.page.route == "/records/r0001", "no record")


async def test_it_is_told_in_kiswahili(unlocked: Open) -> None:
    page = await opened(unlocked, home("sw"))
    await page.sees("Wiki hii · 1")
    assert page.all(ft.TextField, label="Tafuta ufuatiliaji")


async def test_a_refused_note_says_why_and_keeps_what_was_typed(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await opened(unlocked, refusing(monkeypatch))
    await page.press("Mend the lamp")
    await page.type("What was done? (no names)", "They came")
    await page.press("Completed")
    await page.sees("The desk has opened this record")
    assert page.get(ft.TextField, label="What was done? (no names)").value == "They came"


async def test_what_went_wrong_stays_until_it_is_left_whatever_is_read_in_the_background(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await opened(unlocked, refusing(monkeypatch))
    await page.press("Mend the lamp")
    await page.press("Completed")
    await page.sees("The desk has opened this record")
    await page.type("Search follow-ups", "lamp")
    await page.until(lambda: not page.shows("Grade the road"), "the search was not answered")
    assert page.shows("The desk has opened this record")
    page.page.navigate("/")
    await page.sees("Latest")
    assert not page.shows("The desk has opened this record")


async def test_a_list_that_cannot_be_read_says_why_until_it_can(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = home()
    page = await unlocked(services)
    follow_ups = services.follow_ups
    lines = follow_ups.open

    def torn(*_args: object) -> None:
        raise DatabaseDamagedError(reason="card")

    monkeypatch.setattr(follow_ups, "open", torn)
    page.page.navigate("/follow-ups")
    await page.sees("damaged")
    monkeypatch.setattr(follow_ups, "open", lines)
    await page.type("Search follow-ups", "lamp")
    await page.sees("Mend the lamp")
    assert not page.shows("damaged")


async def test_an_open_app_reminds_of_what_is_due_once_a_day_on_whatever_page(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "REMIND_SECONDS", 0.01)
    services = home()
    page = await unlocked(services)
    page.page.navigate("/records")
    await page.sees("Show follow-ups")
    assert page.shows("1 follow-up is due today or earlier")
    await page.press("Later")
    await page.until(lambda: not page.shows("Show follow-ups"), "it stays")
    await page.settle(40)
    assert not page.shows("Show follow-ups"), "the same is said twice"
    services.world.now_ms += 4 * DAY
    await page.sees("Show follow-ups")
    await page.press("Show follow-ups")
    await page.sees("Search follow-ups")
    assert not page.shows("Show follow-ups")


async def test_a_locked_page_reminds_of_nothing(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "REMIND_SECONDS", 0.01)
    page = await unlocked(home())
    await page.sees("Show follow-ups")
    await page.press("Lock")
    await page.until(lambda: not page.shows("Show follow-ups"), "it is said outside the lock")
    await page.settle(40)
    assert not page.shows("due today")
