"""A desk's old case, given to its new officers on the page of the record."""

from __future__ import annotations

import flet as ft

from fieldapp.domain.text import same
from fieldapp.errors import NoRightError
from tests.support.fake_day import GENDER_DESK
from tests.support.fake_homes import sub_county_home
from tests.ui.conftest import Open

WHY = "She follows the case up from now on"


async def test_a_desk_says_who_lacks_a_record_and_gives_it_for_a_reason(unlocked: Open) -> None:
    services = sub_county_home()
    services.cases.newcomers = (GENDER_DESK,)
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.sees("Gender desk, Lamu West: somebody came after this was sealed")
    assert page.get(ft.FilledButton, content="Give this record").disabled
    await page.type("Why it is given", WHY)
    await page.press("Give this record")
    await page.sees("Given to Gender desk, Lamu West")
    assert services.cases.given == {"r0001": WHY}
    assert not page.shows("Why it is given"), "it may be given twice"


async def test_an_office_that_must_wait_is_told_apart(unlocked: Open) -> None:
    services = sub_county_home()
    services.cases.newcomers, services.cases.left = (GENDER_DESK,), (same("Gender desk, Kenya"),)
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.type("Why it is given", WHY)
    await page.press("Give this record")
    await page.sees("Given to Gender desk, Lamu West. ")
    await page.sees("Not to Gender desk, Kenya yet")


async def test_a_refusal_keeps_the_reason_that_was_typed(unlocked: Open) -> None:
    services = sub_county_home("sw")
    services.cases.newcomers = (GENDER_DESK,)
    services.cases.refusal = NoRightError("share_no_key", offices="KE-005-S022/gender")
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.type("Kwa nini inatolewa", WHY)
    await page.press("Toa rekodi hii")
    await page.sees("Rekodi iko salama.")
    assert page.shows("Kwa nini inatolewa")
    assert services.cases.given == {}


async def test_where_nobody_lacks_a_record_nothing_is_offered(unlocked: Open) -> None:
    page = await unlocked(sub_county_home())
    page.page.navigate("/records/r0001")
    await page.sees("Who holds it")
    assert not page.shows("New officers of the desk")
