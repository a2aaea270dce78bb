"""The office: devices confirmed and shut out, invites handed over, units added."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from fieldapp.domain.roles import roles_to_give
from fieldapp.errors import NoRightError
from fieldapp.services.views import UnitRow
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


async def test_two_claims_are_explained_with_what_to_do(unlocked: Open) -> None:
    services = sub_county_home()
    rows = services.world.device_rows
    rows[:] = [replace(rows[1], state="contested")]
    page = await unlocked(services)
    page.page.navigate("/office")
    await page.sees("Two devices used the same invite")
    await page.sees("copper lantern river maize")
    await page.press("Manage")
    await page.sees("Lost, stolen, replaced, or the officer left")
    assert not page.shows("Change of post"), "nobody moves a device that he does not know"


async def test_a_restricted_desk_invites_for_itself_and_leaves_other_desks_alone(
    unlocked: Open,
) -> None:
    services = sub_county_home()
    world = services.world
    world.officer = replace(world.officer, role="referral_desk", desk="gender")
    world.device_rows = [replace(row, may_act=False) for row in world.device_rows]
    page = await unlocked(services)
    page.page.navigate("/office")
    await page.sees("Chief, Mkomani")
    assert not page.shows("Manage")
    assert not page.shows("Units")
    page.page.navigate("/office/invite")
    await page.sees("For the desk: Gender")
    await page.press("Area")
    await page.press("Lamu West")
    await page.press("Make the invite")
    await page.sees("BARAZA1-7K2M")
    assert world.invited == [("KE-005-S022", "referral_desk", "gender")]


@pytest.mark.parametrize(
    ("role", "desk", "unit", "given", "kept"),
    [
        ("dcc_admin", "admin", "KE-005-S022", {"dcc_admin", "chief"}, {"county_desk", "auditor"}),
        ("hq_admin", "admin", "KE-005", {"county_desk", "chief"}, {"hq_admin", "referral_desk"}),
        ("hq_admin", "admin", "KE", {"hq_admin", "hq_analyst"}, {"county_desk", "dcc_admin"}),
        ("referral_desk", "gender", "KE-005-S022", {"referral_desk"}, {"chief", "dcc_admin"}),
        ("chief", "admin", "KE-005-S022-LMK01", set(), {"chief"}),
    ],
)
def test_only_roles_that_the_directory_would_admit_are_offered(
    role: str, desk: str, unit: str, given: set[str], kept: set[str]
) -> None:
    offered = set(roles_to_give(role, desk, unit))
    assert given <= offered
    assert not kept & offered


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
    await page.sees("The server has it")


async def test_a_unit_may_say_in_which_ward_it_lies(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services)
    page.page.navigate("/office/units")
    await page.type("Name", "Shela")
    assert not page.shows("Ward, if known"), "where it lies is not known yet"
    await page.press("Belongs to")
    await page.press("Lamu West")
    await page.press("Ward, if known")
    (ward, *_) = services.records.wards("KE-005-S022")
    await page.press(ward.name)
    await page.press("Add")
    await page.sees("6 units")
    assert services.world.units[-1].ward == ward.id
    await page.sees(f"Location · Lamu West · Ward {ward.name}")


async def test_what_was_chosen_for_a_unit_can_be_taken_back(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services)
    page.page.navigate("/office/units")
    await page.type("Name", "Shela")
    await page.press("Belongs to")
    await page.press("Lamu West")
    await page.press("Ward, if known")
    (ward, *_) = services.records.wards("KE-005-S022")
    await page.press(ward.name)
    await page.press("Clear: Ward, if known")
    await page.until(lambda: not page.shows("Clear: Ward"), "the ward is still chosen")
    await page.press("Add")
    await page.sees("6 units")
    assert services.world.units[-1].ward is None
    await page.press("Clear: Belongs to")
    await page.until(lambda: not page.shows("Clear: Belongs to"), "the area is still chosen")


async def test_a_unit_without_an_office_gets_one(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services)
    page.page.navigate("/office/units")
    await page.sees("Location · Lamu West · Ward Mkomani · has an office")
    await page.press("Make an office: Langoni")
    await page.sees("The server has it")
    assert "KE-005-S022-LMK01-BLG02" in services.world.offices
    await page.until(lambda: not page.shows("Make an office: Langoni"), "it is offered again")


async def test_a_refused_office_is_said(unlocked: Open) -> None:
    services = sub_county_home()
    services.world.refusal = NoRightError("office_exists", office="Langoni")
    page = await unlocked(services)
    page.page.navigate("/office/units")
    await page.press("Make an office: Langoni")
    await page.sees("The office Langoni exists already.")


@pytest.mark.parametrize("width", [360, 1366])
async def test_a_long_list_of_units_is_searched(unlocked: Open, width: int) -> None:
    services = sub_county_home()
    services.world.units += [
        UnitRow(f"KE-005-S022-L{n:03}", f"Place {n}", "location", "Lamu West", None)
        for n in range(60)
    ]
    services.world.units.append(UnitRow("KE", "Kenya", "republic", "", None))
    page = await unlocked(services, width=width)
    page.page.navigate("/office/units")
    await page.sees("66 units")
    assert not page.shows("Place 59")
    await page.type("Search", "place 59")
    await page.sees("Place 59")
    await page.type("Search", "kenya")
    await page.sees("Republic")
    assert not any(words.endswith("·") for words in page.texts())
    await page.type("Search", "nowhere")
    await page.until(lambda: not page.shows("Republic"), "still listed")
