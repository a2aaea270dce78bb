"""Numbers nearby: written down on the page of numbers, shown where help is looked for first."""

from __future__ import annotations

import flet as ft

from fieldapp.domain.local_contacts import LocalContact
from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakePlatform, FakeServices
from tests.ui.conftest import Open

STATION = LocalContact("OCS", "Lamu police station", "0712 345 678", "2026-11-22")
CHILDREN = LocalContact("CO", "Children office, Lamu", "0722 000 111", "2026-11-22")


def with_numbers() -> FakeServices:
    services = chief_home()
    services.contacts.held = [STATION, CHILDREN]
    return services


async def test_a_number_is_written_down_called_and_taken_out(unlocked: Open) -> None:
    services, device = chief_home(), FakePlatform()
    page = await unlocked(services, platform=device)
    page.page.navigate("/concern/numbers")
    await page.press("Add a number")
    await page.press("Keep the number")
    await page.sees("Fill in this field.")
    await page.press("Which office?")
    await page.press("Officer Commanding Station")
    await page.type("Name of the office", "Lamu police station")
    await page.type("Number", "0712 345 67x")
    await page.press("Keep the number")
    await page.sees("A telephone number has 3 to 13 digits")
    await page.type("Number", "0712 345 678")
    await page.press("Keep the number")
    await page.sees("Officer Commanding Station · written down 22/11/2026")
    assert services.contacts.held == [STATION]
    await page.press("Call 0712 345 678, Lamu police station")
    assert device.called == ["0712345678"]
    (away,) = [one for one in page.all(ft.Semantics) if one.label == "Remove: Lamu police station"]
    assert away.on_tap is not None
    await page.fire(away, "tap")
    await page.until(lambda: not services.contacts.held, "it is still there")


async def test_the_station_nearby_stands_with_the_emergency_numbers(unlocked: Open) -> None:
    device = FakePlatform()
    page = await unlocked(with_numbers(), platform=device)
    page.page.navigate("/concern")
    await page.press("Call 0712 345 678: Lamu police station")
    assert device.called == ["0712345678"]
    assert not page.shows("Children office, Lamu")


async def test_a_right_path_shows_the_desk_nearby_before_the_country_s_number(
    unlocked: Open,
) -> None:
    page = await unlocked(with_numbers())
    page.page.navigate("/concern")
    await page.type("Search", "child labour")
    await page.press("Child labour")
    await page.sees("Call 0722 000 111: Children office, Lamu")
    buttons = [str(one.content) for one in page.all(ft.OutlinedButton)]
    calls = [words for words in buttons if words.startswith("Call ")]
    assert calls[0] == "Call 0722 000 111: Children office, Lamu"
    assert calls[1].startswith("Call 116")


async def test_without_a_number_nothing_stands_in_its_place(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/concern")
    await page.sees("Call 999")
    assert not page.all(ft.OutlinedButton, icon=ft.Icons.CALL)
