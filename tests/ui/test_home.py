"""Home: delivery in words, what the day asks for, and one tap to where it is done."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.domain.text import same
from fieldapp.services.views import NoticeView, QueryView
from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakePlatform, FakeServices
from tests.support.fake_world import DAY, START_MS
from tests.support.headless import Headless
from tests.ui.conftest import Open

QUESTION = QueryView(
    "q1", "r0001", "Chief's baraza", "How many camels were taken?", same("Lamu West"),
    START_MS - DAY, None, None, "open", to_me=True,
)  # fmt: skip
NOTICE = NoticeView(
    "n1", "Heavy rain", "Keep away from the river crossings.", same("Lamu West"), START_MS,
    "2026-11-30", is_read=False,
)  # fmt: skip


def tile(page: Headless, name: str) -> str:
    """What a screen reader says of a number."""
    found = [s.label for s in page.all(ft.Semantics) if s.label and s.label.startswith(name)]
    assert len(found) == 1, found
    return found[0]


async def test_one_line_says_what_waits_when_it_arrived_and_who_opened_it(unlocked: Open) -> None:
    services = chief_home()
    services.world.records["r0001"].tick = "sub_county"
    services.world.records["r0002"].tick = "sub_county"
    services.world.hold("meeting", services.world.officer.unit, {"title": "New", "date": "x"})
    page = await unlocked(services)
    await page.sees("1 waiting to be sent")
    await page.sees("Last delivered Sun 07:30 · opened on the sub-county's computer")


async def test_the_officers_own_card_is_no_record_that_waits(unlocked: Open) -> None:
    """It goes out with the next sync, and stands in no list: no number may promise it."""
    services = chief_home()
    services.world.cards_waiting = 1
    page = await unlocked(services)
    await page.sees("2 waiting to be sent")
    assert tile(page, "Waiting to be sent") == "Waiting to be sent: 2"
    await page.press("Waiting to be sent")
    await page.sees("2 records")
    page.page.navigate("/sync")
    await page.sees("2 records")


async def test_where_only_the_card_waits_the_line_says_so(unlocked: Open) -> None:
    services = chief_home()
    for record in services.world.records.values():
        record.tick = "server"
    services.world.cards_waiting = 1
    page = await unlocked(services)
    await page.sees("Only details of your office wait to be sent")
    assert tile(page, "Waiting to be sent") == "Waiting to be sent: 0"


async def test_waiting_for_three_days_is_urgent_in_words(unlocked: Open) -> None:
    services = chief_home()
    services.world.now_ms += 3 * DAY
    page = await unlocked(services)
    await page.sees("find network or bring the phone to the office")
    assert tile(page, "Waiting to be sent") == "Waiting to be sent: 2, More than 3 days"


async def test_the_numbers_lead_to_what_they_count(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    await page.until(lambda: "overdue" in tile(page, "Follow-ups"), "no follow-ups")
    assert tile(page, "Drafts") == "Drafts: 1"
    assert tile(page, "Sent").startswith("Sent: 13")
    await page.press("Follow-ups")
    await page.sees("Search follow-ups")


async def test_a_question_is_opened_answered_and_gone(unlocked: Open) -> None:
    services = chief_home()
    services.answers.queries = [QUESTION]
    page = await unlocked(services)
    await page.press("A question for you: How many camels were taken?")
    await page.sees("Send the answer")
    assert page.get(ft.FilledButton, content="Send the answer").disabled
    await page.type("Your answer (no names)", " Eleven ")
    await page.press("Send the answer")
    await page.sees("Your answer is sealed and waits to be sent")
    assert services.answers.queries[0].answer == "Eleven"
    page.page.navigate("/")
    await page.sees("Latest")
    assert not page.shows("A question for you")


async def test_a_notice_is_read_once(unlocked: Open) -> None:
    services = chief_home()
    services.answers.posted = [NOTICE]
    page = await unlocked(services)
    await page.press("Notice: Heavy rain")
    await page.sees("Keep away from the river crossings.")
    await page.press("I have read it")
    await page.until(lambda: not page.shows("I have read it"), "it stays unread")
    page.page.navigate("/")
    await page.sees("Latest")
    assert not page.shows("Notice: Heavy rain")


async def test_the_return_is_counted_down_and_begun_in_one_tap(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.sees("13 days left · 05/12/2026")
    await page.press("Monthly return November 2026")
    await page.until(lambda: page.page.route.endswith("/review"), "no review")
    (draft,) = [one for one in services.world.drafts.values() if one.type == "return"]
    assert draft.fields["meetings"] > 0
    assert page.page.route == f"/draft/{draft.id}/review"


async def test_nothing_to_report_is_one_tap_in_the_last_week(unlocked: Open) -> None:
    services = chief_home()
    services.world.now_ms += 7 * DAY
    page = await unlocked(services)
    await page.sees("6 days left")
    await page.press("Nothing to report")
    await page.until(lambda: page.page.route.endswith("/review"), "no review")
    (draft,) = [one for one in services.world.drafts.values() if one.type == "return"]
    assert draft.fields["nothing_to_report"] is True


async def test_an_office_that_makes_no_return_is_told_of_none(unlocked: Open) -> None:
    services = chief_home()
    services.day.makes_returns = False
    page = await unlocked(services)
    await page.sees("overdue")
    assert not page.shows("Monthly return")


async def test_low_storage_is_said_with_what_to_do(unlocked: Open) -> None:
    services = chief_home()
    services.day.low_bytes = 212_400_000
    page = await unlocked(services)
    await page.sees("Storage is almost full: 212 MB left. Records are still saved.")


async def test_the_network_is_said_in_words_as_it_changes(unlocked: Open) -> None:
    device = FakePlatform()
    page = await unlocked(chief_home(), platform=device)
    await page.sees("Online")
    assert device.network is not None
    device.network(False)
    await page.sees("No network")
    assert not page.shows("Online")


@pytest.mark.parametrize("language", ["en", "sw"])
async def test_a_wide_window_shows_the_same_in_two_columns(unlocked: Open, language: str) -> None:
    services = chief_home(language)
    services.answers.queries = [QUESTION]
    page = await unlocked(services, width=1366)
    await page.sees("How many camels were taken?")
    columns = [row for row in page.all(ft.Row) if len(row.controls) == 2 and row.spacing == 24]
    assert [one.expand for one in columns[0].controls] == [3, 2]


async def test_what_needs_attention_says_what_to_do_about_each(unlocked: Open) -> None:
    services = chief_home()
    services.answers.queries = [QUESTION]
    page = await unlocked(services)
    page.page.navigate("/attention")
    await page.sees("An office asks about it. Open the question and answer.")
    await page.press("How many camels were taken?")
    await page.sees("Send the answer")


async def test_nothing_that_needs_attention_is_said(unlocked: Open) -> None:
    page = await unlocked(FakeServices())
    page.page.navigate("/attention")
    await page.sees("Nothing needs you")
