"""The office: devices confirmed and shut out, invites handed over, units added."""

from __future__ import annotations

import flet as ft

from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakePlatform
from tests.ui.conftest import Open


async def test_only_roles_that_enrol_have_an_office(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    assert not page.shows("Office")
    admin = await unlocked(sub_county_home())
    bar = admin.get(ft.NavigationBar)
    assert [d.label for d in bar.destinations] == ["Home", "Records", "Sync", "Office", "Settings"]


async def test_a_device_is_confirmed_after_its_words_were_compared(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services)
    page.page.navigate("/office")
    await page.sees("copper lantern river maize")
    await page.press("The words are the same")
    await page.until(lambda: not page.shows("copper"), "still to be compared")
    assert services.world.device_rows[1].state == "active"


async def test_a_device_is_shut_out_with_a_reason(unlocked: Open) -> None:
    services = sub_county_home()
    services.world.device_rows = services.world.device_rows[1:]
    page = await unlocked(services)
    page.page.navigate("/office")
    await page.press("Shut out")
    await page.type("Reason, for example: phone lost", "lost")
    await page.press("Shut out now")
    await page.until(lambda: services.world.device_rows[0].state == "revoked", "still in")


async def test_an_invite_is_a_picture_a_code_and_a_file(unlocked: Open) -> None:
    device = FakePlatform()
    page = await unlocked(sub_county_home(), platform=device)
    page.page.navigate("/office/invite")
    await page.press("Area")
    await page.press("Langoni")
    await page.press("Make the invite")
    await page.sees("BARAZA1-7K2M")
    picture = page.get(ft.Image).src
    assert isinstance(picture, bytes)
    assert picture.startswith(b"\x89PNG")
    await page.press("Copy")
    assert device.copied[0].startswith("BARAZA1-")
    await page.press("Save as a file")
    assert device.saved == {"baraza-a1b2c3d4.json": "{}"}


async def test_a_unit_is_added_below_another(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services)
    page.page.navigate("/office/units")
    await page.type("Name", "Shela")
    await page.press("Belongs to")
    await page.press("Lamu West")
    await page.press("Add")
    await page.sees("6 units")
    assert services.world.units[-1].name == "Shela"
