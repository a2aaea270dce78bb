"""A record that another one is about: told in words and led to, never by its bare id."""

from __future__ import annotations

import pytest

from fieldapp.domain.text import same
from fieldapp.services.views import QueryView
from tests.support.fake_homes import chief_home
from tests.support.fake_world import START_MS
from tests.ui.conftest import Open

GONE = "k9fwxn4h40a5h7savq5h6xhcv8"
ABOUT = pytest.mark.parametrize(
    ("type_key", "fields"),
    [
        ("query", {"question": "How many?", "asked_by": "Lamu West", "status": "open"}),
        ("case_status", {"day": "2026-11-20", "status": "in_hand"}),
    ],
)


@ABOUT
async def test_the_record_that_something_is_about_is_named_and_led_to(
    unlocked: Open, type_key: str, fields: dict[str, str]
) -> None:
    services = chief_home()
    unit = services.world.officer.unit
    theft = services.world.hold("concern", unit, {"category": "theft", "date": "2026-11-19"})
    about = services.world.hold(type_key, unit, {"record": theft.id, **fields})
    page = await unlocked(services)
    page.page.navigate(f"/records/{about.id}")
    await page.sees("Security concern · 19/11/2026")
    assert theft.id not in page.texts()
    await page.press("Theft")
    await page.until(lambda: page.page.route == f"/records/{theft.id}", page.page.route)


@ABOUT
async def test_a_record_that_is_not_here_is_said_with_its_short_number(
    unlocked: Open, type_key: str, fields: dict[str, str]
) -> None:
    services = chief_home()
    about = services.world.hold(type_key, services.world.officer.unit, {"record": GONE, **fields})
    page = await unlocked(services)
    page.page.navigate(f"/records/{about.id}")
    await page.sees("A record that is not on this device: K9FWXN")
    assert not page.shows(GONE)


async def test_a_question_about_a_record_that_is_gone_leads_nowhere(unlocked: Open) -> None:
    services = chief_home()
    about = "A record that is not on this device: K9FWXN"
    services.answers.queries = [
        QueryView(
            "q1", GONE, about, "How many?", same("Lamu West"), START_MS, None, None, "open",
            to_me=True,
        )
    ]  # fmt: skip
    page = await unlocked(services)
    page.page.navigate("/questions/q1")
    await page.sees(about)
    assert not page._pressable(about)
    assert not page.shows(GONE)


async def test_a_question_leads_to_the_record_with_its_place_and_day(unlocked: Open) -> None:
    services = chief_home()
    unit = services.world.officer.unit
    theft = services.world.hold("concern", unit, {"category": "theft", "date": "2026-11-19"})
    services.answers.queries = [
        QueryView(
            "q1", theft.id, "Theft", "How many?", same("Lamu West"), START_MS, None, None, "open",
            to_me=True,
        )
    ]  # fmt: skip
    page = await unlocked(services)
    page.page.navigate("/questions/q1")
    await page.sees("19/11/2026")
    await page.press("Theft")
    await page.until(lambda: page.page.route == f"/records/{theft.id}", page.page.route)
