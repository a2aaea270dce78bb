"""Asking the author back, answering, and the state of a case, on the page of a record."""

from __future__ import annotations

import flet as ft

from tests.support.fake_day import GENDER_DESK
from tests.support.fake_homes import chief_home, sub_county_home
from tests.ui.conftest import Open

QUESTION = "How many heads of cattle were taken?"


async def test_an_author_answers_on_the_page_of_the_record(unlocked: Open) -> None:
    services = chief_home()
    services.answers.hold_question("r0001", QUESTION)
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.sees(QUESTION)
    await page.sees("asked, 22/11/2026")
    assert page.get(ft.FilledButton, content="Seal the answer").disabled
    await page.type("Your answer", "Twelve")
    await page.press("Seal the answer")
    await page.sees("Answered, 22/11/2026")
    assert [one.answer for one in services.answers.queries] == ["Twelve"]
    assert not page.shows("Your answer")


async def test_an_office_asks_the_author_of_a_received_record(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.press("Ask the author")
    await page.type("Your question", QUESTION)
    await page.press("Seal the question")
    await page.sees("Waiting for the author's answer")
    assert [one.question for one in services.answers.asked()] == [QUESTION]
    assert not page.shows("Your question"), "it was asked"
    assert page.shows("Ask the author")


async def test_an_office_is_told_of_an_answer_until_it_is_settled(unlocked: Open) -> None:
    services = sub_county_home()
    services.answers.answer(services.answers.ask("r0001", QUESTION), "Twelve")
    page = await unlocked(services)
    await page.press(f"The author answered: {QUESTION}")
    await page.sees("Twelve")
    await page.press("Settled")
    await page.until(lambda: services.answers.asked() == [], "still to be settled")
    await page.until(lambda: not page.shows("Settled"), "it may be settled twice")
    assert page.shows("Twelve")
    page.page.navigate("/")
    await page.sees("Latest")
    assert not page.shows("The author answered")


async def test_a_chief_is_offered_no_question(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/records/r0001")
    await page.sees("Who holds it")
    assert not page.shows("Ask the author")
    assert not page.shows("Questions and answers")


async def test_a_desk_gives_a_state_of_a_closed_list(unlocked: Open) -> None:
    services = sub_county_home("sw")
    services.answers.may_tell_status = True
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.sees("Hali ya kesi, kwa mwandishi")
    group = page.get(ft.RadioGroup, data="Hali ya kesi, kwa mwandishi")
    await page.fire(group, "change", value="call_desk")
    await page.press("Mjulishe mwandishi")
    await page.sees("Dawati la jinsia, Lamu West")
    assert [one.status for one in services.answers.told] == ["call_desk"]


async def test_it_is_said_who_reads_a_contact_before_it_is_given(unlocked: Open) -> None:
    services = chief_home()
    services.sources.office = GENDER_DESK
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.sees("only this office can read how: Gender desk, Lamu West")
    assert not page.shows("How to call back")
    await page.press("Give a call-back contact")
    await page.type("How to call back", "Ask for salt")
    await page.press("Seal for this office")
    await page.sees("Code S-7K2M9Q")
    assert services.sources.given["r0001"].contact == "Ask for salt"


async def test_where_no_office_can_keep_a_contact_none_is_asked_for(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/records/r0001")
    await page.sees("Who holds it")
    assert not page.shows("Give a call-back contact")
