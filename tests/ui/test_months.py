"""A month in a form, on a record's page and in lists: chosen by its name and read as one."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from tests.support.fake_homes import chief_home
from tests.support.headless import Headless
from tests.ui.conftest import Open

FIELDS: dict[str, Any] = {"month": "2026-10-01", "meetings": 3, "concerns": 4}
MONTHS = pytest.mark.parametrize(
    ("language", "field", "month"),
    [("en", "Month", "October 2026"), ("sw", "Mwezi", "Oktoba 2026")],
)


@MONTHS
async def test_the_month_of_a_return_is_read_in_words(
    unlocked: Open, language: str, field: str, month: str
) -> None:
    services = chief_home(language)
    held = services.world.hold("return", services.world.officer.unit, FIELDS)
    page = await unlocked(services)
    page.page.navigate(f"/records/{held.id}")
    await page.sees(field)
    await page.until(lambda: month in page.texts(), "no month in words")
    assert not page.shows("01/10/2026")


async def test_a_table_of_returns_says_the_months_in_words(unlocked: Open) -> None:
    services = chief_home()
    services.world.hold("return", services.world.officer.unit, FIELDS)
    page = await unlocked(services, width=1366)
    page.page.navigate("/records/kind/return")
    await page.until(lambda: "October 2026" in page.texts(), "no month in words")


@MONTHS
async def test_a_month_is_chosen_by_its_name_and_kept_as_its_first_day(
    unlocked: Open, language: str, field: str, month: str
) -> None:
    services = chief_home(language)
    draft = services.records.new_draft("return", services.world.officer.unit)
    page = await unlocked(services)
    page.page.navigate(f"/draft/{draft.id}")
    await _open_months(page, field)
    await page.press(month)
    await page.until(lambda: services.world.drafts[draft.id].fields.get("month"), "not saved")
    assert services.world.drafts[draft.id].fields["month"] == "2026-10-01"
    await page.until(lambda: month in page.texts(), "the field does not say the month")


async def test_months_to_choose_from_end_with_this_one_and_hold_an_older_choice(
    unlocked: Open,
) -> None:
    services = chief_home()
    fields = {**FIELDS, "month": "2019-03-01"}
    draft = services.records.new_draft("return", services.world.officer.unit, fields)
    page = await unlocked(services)
    page.page.navigate(f"/draft/{draft.id}")
    await _open_months(page, "Month")
    shown = [str(tile.data) for tile in page.all(ft.ListTile)]
    assert shown[:2] == ["November 2026", "October 2026"]
    assert shown[-2:] == ["December 2024", "March 2019"]


async def _open_months(page: Headless, field: str) -> None:
    await page.press(field)
    await page.until(lambda: page.all(ft.ListTile), "no months to choose from")
