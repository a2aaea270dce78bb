"""Notices at the office that writes them, and what stands in their way."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from fieldapp.domain.text import Text
from fieldapp.errors import NoRightError
from fieldapp.services.views import NoticeView
from fieldapp.ui.words import Words
from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import START_MS
from tests.support.headless import Headless
from tests.ui.conftest import Open

OFFICE = Text("Sub-county office, Lamu West", "Ofisi ya kaunti ndogo, Lamu West")
FIELDS = {"title": "Heavy rain", "text": "Keep away from the river.", "until": "2026-11-30"}


def written(notice_id: str, title: str, *, is_sent: bool) -> NoticeView:
    return NoticeView(
        notice_id, title, "Keep away.", OFFICE, START_MS, "2026-11-30", is_read=True,
        is_mine=True, is_sent=is_sent, unit_name="Lamu West",
    )  # fmt: skip


async def review_of_a_notice(unlocked: Open, services: FakeServices) -> Headless:
    draft = services.records.new_draft("notice", "KE-005-S022", FIELDS)
    page = await unlocked(services)
    page.page.navigate(f"/draft/{draft.id}")
    await page.sees("Review and seal")
    page.page.navigate(f"/draft/{draft.id}/review")
    return page


async def test_the_office_sees_its_notices_with_where_they_go_and_whether_they_went(
    unlocked: Open,
) -> None:
    services = sub_county_home()
    services.answers.posted = [
        written("n1", "Roads closed", is_sent=True),
        written("n2", "Heavy rain", is_sent=False),
    ]
    page = await unlocked(services)
    page.page.navigate("/office")
    await page.press("Notices")
    await page.sees("To all officers of Lamu West · shown until 30/11/2026")
    await page.sees("The server holds it")
    await page.sees("On this device")
    assert not page.shows("I have read it")
    await page.press("Write a notice")
    await page.sees("Every officer of the unit reads it.")


async def test_who_may_write_none_only_reads(unlocked: Open) -> None:
    services = chief_home()
    services.world.officer = replace(services.world.officer, role="village_elder")
    page = await unlocked(services)
    page.page.navigate("/notices")
    await page.sees("No notice")
    assert not page.shows("Write a notice")


async def test_the_office_for_all_officers_is_made_on_the_way(unlocked: Open) -> None:
    services = sub_county_home()
    services.world.offices_of_all.clear()
    page = await review_of_a_notice(unlocked, services)
    await page.sees("First, an office for all officers")
    await page.press("Make it now")
    await page.until(lambda: page.all(ft.FilledButton, content="Seal and queue"), "no seal")
    assert services.world.offices_of_all == {"KE-005-S022"}


async def test_a_refused_office_is_said(unlocked: Open) -> None:
    services = sub_county_home()
    services.world.offices_of_all.clear()
    services.world.refusal = NoRightError("not_allowed_by_directory", reason="wrong_desk")
    page = await review_of_a_notice(unlocked, services)
    await page.press("Make it now")
    await page.sees("rules do not allow this to your role here (wrong_desk)")


async def test_who_makes_no_offices_reads_whom_to_ask(unlocked: Open) -> None:
    services = chief_home()
    services.world.offices_of_all.clear()
    page = await review_of_a_notice(unlocked, services)
    await page.sees("An administrator makes the office for all officers first")
    assert not page.shows("Make it now")


@pytest.mark.parametrize(("language", "word"), [("en", "New"), ("sw", "Jipya")])
async def test_a_notice_says_that_it_is_new_until_it_was_read(
    unlocked: Open, language: str, word: str
) -> None:
    services = chief_home(language)
    services.answers.posted = [
        replace(written("n1", "Heavy rain", is_sent=True), is_mine=False, is_read=False),
        replace(written("n2", "Roads closed", is_sent=True), is_mine=False),
    ]
    page = await unlocked(services)
    page.page.navigate("/notices")
    await page.sees(Words(language).t("ui.notice.read"))
    assert page.texts().count(word) == 1
    await page.press(Words(language).t("ui.notice.read"))
    await page.until(lambda: word not in page.texts(), "it stays new")


@pytest.mark.parametrize("is_mine", [True, False])
async def test_a_notice_that_is_opened_as_a_record_is_read(
    unlocked: Open,
    *,
    is_mine: bool,
) -> None:
    services = chief_home()
    held = services.world.hold("notice", services.world.officer.unit, FIELDS)
    held.mine = is_mine
    services.answers.posted = [
        replace(written(held.id, "Heavy rain", is_sent=True), is_mine=is_mine, is_read=is_mine),
        replace(written("n2", "Roads closed", is_sent=True), is_mine=False, is_read=False),
    ]
    page = await unlocked(services)
    page.page.navigate(f"/records/{held.id}")
    await page.sees("Who holds it")
    await page.until(lambda: services.answers.posted[0].is_read, "it stays new")
    assert not services.answers.posted[1].is_read
    page.page.navigate("/")
    await page.sees("Notice: Roads closed")
    assert not page.shows("Notice: Heavy rain")
