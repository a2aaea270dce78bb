"""A restricted record on a phone that was handed on: no word of it without the PIN."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import PIN
from tests.support.headless import Headless
from tests.ui.conftest import Open

WORDS = "Rape"


def held(services: FakeServices) -> str:
    """A restricted concern that its desk has not taken over yet."""
    fields = {"category": "rape", "week_of": "2026-11-16", "survivor_sex": "female"}
    return services.world.hold("concern", services.world.officer.unit, fields).id


async def answer(page: Headless, pin: str) -> None:
    """Type a PIN into the question and confirm."""
    await page.type("Enter your PIN", pin)
    (yes,) = [one for one in page.all(ft.TextButton) if one.content == "Show the record"]
    await page.fire(yes, "click")


async def test_a_restricted_record_asks_for_the_pin_each_time(unlocked: Open) -> None:
    services = chief_home()
    record = held(services)
    page = await unlocked(services)
    page.page.navigate(f"/records/{record}")
    await page.sees("Restricted record")
    assert not page.shows(WORDS)
    await page.press("Show the record")
    await answer(page, "000000")
    await page.sees("Wrong PIN")
    assert not page.shows(WORDS)
    await answer(page, PIN)
    await page.sees(WORDS)
    page.page.navigate("/settings")
    await page.sees("Text size")
    page.page.navigate(f"/records/{record}")
    await page.sees("Show the record")
    assert not page.shows(WORDS)


async def test_at_its_desk_a_restricted_record_is_read_at_once(unlocked: Open) -> None:
    services = chief_home()
    services.world.officer = replace(services.world.officer, role="referral_desk", desk="gender")
    record = held(services)
    page = await unlocked(services)
    page.page.navigate(f"/records/{record}")
    await page.sees(WORDS)
    assert not page.shows("Show the record")
