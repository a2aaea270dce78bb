"""A place by its two numbers: understood as people write them, refused outside, shown rounded."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.ui.components.place import degrees
from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakeServices
from tests.support.headless import Headless
from tests.ui.conftest import Open


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("-2.27", -2.27),
        ("-2,2749", -2.27),
        (" 2.27 S ", -2.27),
        ("2,27° s", -2.27),
        ("\N{MINUS SIGN}2.27", -2.27),
        ("40.9 E", 40.9),
        ("40", 40.0),
        ("near the fort", None),
        ("2.2.7", None),
        ("", None),
        ("1e9", None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: float | None) -> None:
    assert degrees(typed) == number


async def at_the_place(unlocked: Open, services: FakeServices) -> Headless:
    page = await unlocked(services)
    await page.press("Report concern")
    await page.press("Theft")
    await page.press("Continue")
    await page.press("Write the numbers")
    return page


async def test_what_will_be_kept_is_shown_rounded(unlocked: Open) -> None:
    services = chief_home()
    page = await at_the_place(unlocked, services)
    await page.type("Latitude", "-2,2749")
    await page.type("Longitude", "40.9061")
    await page.sees("Kept as -2.27, 40.91")
    await page.sees("Draft saved")
    draft = next(reversed(services.world.drafts.values()))
    assert draft.fields["place"] == {"lat": -2.27, "lon": 40.91}
    assert page.get(ft.TextField, label="Latitude").value == "-2,2749"


@pytest.mark.parametrize(
    ("typed", "says"), [("51.5", "between -5 and"), ("the fort", "Write a number")]
)
async def test_a_number_that_cannot_be_is_named_at_once(
    unlocked: Open, typed: str, says: str
) -> None:
    page = await at_the_place(unlocked, chief_home())
    await page.type("Latitude", typed)
    await page.sees(says)
    assert not page.shows("Kept as")
