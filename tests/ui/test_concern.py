"""Reporting a concern: tiles, search, the path first, warnings while one types, one-tap times."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.taxonomy import Category
from fieldapp.i18n import translate
from fieldapp.ui.components.tiles import category_icon
from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakePlatform, FakeServices
from tests.support.headless import Headless
from tests.ui.conftest import Open

SEARCH = translate("ui.concern.search", "en")
LANGUAGES = pytest.mark.parametrize("language", ["en", "sw"])


async def reporting(unlocked: Open, services: FakeServices, **more: object) -> Headless:
    page = await unlocked(services, **more)
    page.page.navigate("/concern")
    await page.until(lambda: page.all(ft.TextField), "no search")
    return page


def newest(services: FakeServices) -> dict[str, object]:
    return dict(next(reversed(services.world.drafts.values())).fields)


@pytest.mark.parametrize("row", CATEGORIES, ids=lambda row: row.key)
def test_each_category_has_a_picture_that_exists(row: Category) -> None:
    assert isinstance(category_icon(row), ft.IconData)


async def test_the_home_begins_a_concern_with_the_tiles_and_keeps_nothing_yet(
    unlocked: Open,
) -> None:
    services = chief_home()
    page = await unlocked(services)
    drafts = len(services.world.drafts)
    await page.press("Report concern")
    await page.sees("What is it about?")
    await page.sees("Stock theft")
    assert len(services.world.drafts) == drafts


async def test_one_tap_chooses_presets_and_opens_the_form(unlocked: Open) -> None:
    services = chief_home()
    page = await reporting(unlocked, services)
    await page.press("Stock theft")
    await page.sees("1 of 3")
    kept = newest(services)
    assert (kept["category"], kept["urgency"]) == ("stock_theft", "U2")
    assert "First action within 24 hours." in " ".join(page.words())


@pytest.mark.parametrize(("typed", "found"), [("ngombe", "Stock theft"), ("wizi", "Theft")])
async def test_search_finds_words_of_both_languages(unlocked: Open, typed: str, found: str) -> None:
    page = await reporting(unlocked, chief_home())
    await page.type(SEARCH, typed)
    await page.sees(found)
    assert not page.shows("Human-wildlife conflict")


async def test_words_that_fit_nothing_become_the_description_of_other(unlocked: Open) -> None:
    services = chief_home()
    page = await reporting(unlocked, services)
    await page.type(SEARCH, "zzyzx kelele")
    await page.sees("No category fits")
    await page.press("Other (describe)")
    await page.sees("1 of 3")
    assert newest(services)["other_text"] == "zzyzx kelele"


async def test_what_this_phone_reports_most_stands_first_and_never_what_is_restricted(
    unlocked: Open,
) -> None:
    services = chief_home()
    for key in ("fire", "fire", "rape", "rape", "rape"):
        services.world.hold("concern", services.world.officer.unit, {"category": key})
    assert "rape" not in services.records.often_reported()
    page = await reporting(unlocked, services)
    await page.sees("Most used on this device")
    words = page.words()
    first, groups = words.index("Fire"), words.index("Theft and property")
    assert first < groups


@LANGUAGES
async def test_sexual_violence_shows_the_path_before_the_form(
    unlocked: Open, language: str
) -> None:
    services = chief_home(language)
    device = FakePlatform()
    page = await reporting(unlocked, services, platform=device)
    await page.press({"en": "Rape, sexual assault", "sw": "Ubakaji, dhuluma za kingono"}[language])
    await page.sees({"en": "Hospital first, within 72 hours", "sw": "ndani ya saa 72"}[language])
    await page.sees({"en": "Do not wash", "sw": "Usioge"}[language])
    await page.sees({"en": "The survivor decides", "sw": "Manusura ndiye anayeamua"}[language])
    await page.press({"en": "Call 1195", "sw": "Piga 1195"}[language])
    assert device.called == ["1195"]
    await page.press({"en": "Record it now", "sw": "Rekodi sasa"}[language])
    await page.sees({"en": "1 of 4", "sw": "1 kati ya 4"}[language])


async def test_an_emergency_is_rung_before_it_is_recorded(unlocked: Open) -> None:
    device = FakePlatform()
    page = await reporting(unlocked, chief_home(), platform=device)
    await page.press("Fire")
    await page.sees("Call first, record afterwards")
    await page.press("Call 999")
    await page.press("Call 112")
    assert device.called == ["999", "112"]


async def test_numbers_that_nobody_verified_say_so(unlocked: Open) -> None:
    page = await reporting(unlocked, chief_home())
    page.page.navigate("/concern/numbers")
    await page.sees("Last verified 02/2026")
    await page.sees("Not verified: check before relying on it.")
    await page.sees("Ask your office for the local number.")
    assert not page._pressable("Call ")


async def test_another_category_takes_its_own_presets(unlocked: Open) -> None:
    services = chief_home()
    page = await reporting(unlocked, services)
    await page.press("Corruption, extortion by an official")
    await page.press("Record it now")
    await page.press("Change the category")
    await page.press("Theft")
    await page.sees("1 of 3")
    await page.sees("Draft saved")
    kept = newest(services)
    assert (kept["category"], kept["urgency"]) == ("theft", "U3")
    assert not kept.get("about_official")


async def test_urgency_is_preset_and_raised_with_two_taps(unlocked: Open) -> None:
    services = chief_home()
    page = await reporting(unlocked, services)
    await page.press("Theft")
    await page.press("Change the urgency")
    await page.fire(page.get(ft.RadioGroup, data="Urgency"), "change", value="U2")
    await page.sees("Draft saved")
    await page.until(lambda: newest(services)["urgency"] == "U2", "the urgency was not taken")


async def to_the_story(page: Headless) -> None:
    await page.press("Theft")
    await page.press("Continue")
    await page.sees("2 of 3")
    await page.press("Continue")
    await page.sees("3 of 3")


@pytest.mark.parametrize(
    ("typed", "warned"),
    [
        ("Call 0722123456", "phone number"),
        ("His ID is 23456789", "identity number"),
        ("John Mwangi was seen", "person's name"),
        ("Somali thieves came", "community"),
    ],
)
async def test_a_text_that_may_point_at_a_person_is_warned_of_while_it_is_typed(
    unlocked: Open, typed: str, warned: str
) -> None:
    services = chief_home()
    page = await reporting(unlocked, services)
    await to_the_story(page)
    await page.type("What happened?", "Goats were taken at night.")
    assert not page._pressable("Raise to confidential")
    await page.type("What happened?", typed)
    await page.sees(warned)
    field = page.get(ft.TextField, label="What happened?")
    assert field.value == typed
    await page.press("Raise to confidential")
    await page.sees("Draft saved")
    await page.until(lambda: newest(services).get("confidential") is True, "not raised")
    assert newest(services)["narrative"] == typed
    await page.press("Review and seal")
    await page.sees("Who can read it")
    await page.sees("Read this again")


async def test_the_rest_of_the_form_is_one_deed_away(unlocked: Open) -> None:
    page = await reporting(unlocked, chief_home())
    await to_the_story(page)
    assert not page.shows("OB number")
    await page.press("Add more: More about it, Referral, Response, Follow-up")
    await page.sees("4 of 7")
    await page.press("Continue")
    await page.sees("OB number")


async def test_the_place_comes_from_the_phone_and_is_rounded_before_it_is_kept(
    unlocked: Open,
) -> None:
    services, device = chief_home(), FakePlatform()
    device.stands_at = (-2.2749, 40.9061)
    page = await reporting(unlocked, services, platform=device)
    await page.press("Theft")
    await page.press("Continue")
    await page.press("Use this phone's place")
    await page.sees("Kept as -2.27, 40.91")
    await page.until(lambda: newest(services).get("place") is not None, "not kept")
    assert newest(services)["place"] == {"lat": -2.27, "lon": 40.91}


async def test_a_phone_that_does_not_know_where_it_is_says_what_to_do(unlocked: Open) -> None:
    services, device = chief_home(), FakePlatform()
    device.stands_at = None
    page = await reporting(unlocked, services, platform=device)
    await page.press("Theft")
    await page.press("Continue")
    await page.press("Use this phone's place")
    await page.sees("This phone did not say where it is")
    assert "place" not in newest(services)


async def test_a_restricted_concern_offers_no_place(unlocked: Open) -> None:
    page = await reporting(unlocked, chief_home())
    await page.press("Criminal gang, extortion")
    await page.press("Record it now")
    for _ in range(2):
        await page.press("Continue")
        assert not page.shows("Use this phone's place")


async def test_one_tap_on_the_page_of_a_concern_notes_when_the_police_came(
    unlocked: Open,
) -> None:
    services = chief_home()
    held = services.world.hold("concern", services.world.officer.unit, {"category": "theft"})
    page = await unlocked(services)
    page.page.navigate(f"/records/{held.id}")
    await page.press("Police were told now")
    await page.press("Police arrived now")
    await page.sees("Time of arrival: 22/11/2026")
    (log,) = services.world.records[held.id].fields["response_log"]
    assert set(log) == {"id", "reported_at", "arrived_at"}
    assert not page._pressable("Police set out now")
    assert page._pressable("Resolved now")


async def test_a_concern_is_escalated_for_a_purpose_from_its_page(unlocked: Open) -> None:
    services = chief_home()
    held = services.world.hold("concern", services.world.officer.unit, {"category": "theft"})
    page = await unlocked(services)
    page.page.navigate(f"/records/{held.id}")
    await page.press("Take it to a higher body")
    await page.press("To which body?")
    await page.press("Sub-county committee")
    await page.fire(page.get(ft.RadioGroup, data="Purpose"), "change", value="for_action")
    await page.press("Seal and queue")
    await page.until(lambda: "escalations" in services.world.records[held.id].fields, "not sent")
    (row,) = services.world.records[held.id].fields["escalations"]
    assert (row["to_body"], row["report_purpose"]) == ("sub_county", "for_action")


async def test_a_survivors_record_offers_neither(unlocked: Open) -> None:
    services = chief_home()
    held = services.world.hold("concern", services.world.officer.unit, {"category": "gbv"})
    page = await unlocked(services)
    page.page.navigate(f"/records/{held.id}")
    await page.sees("Other gender-based violence")
    assert not page._pressable("Police were told now")
    assert not page._pressable("Take it to a higher body")


async def test_a_survivors_draft_keeps_nothing_that_its_form_does_not_show(unlocked: Open) -> None:
    services = chief_home()
    page = await reporting(unlocked, services)
    await page.press("Rape, sexual assault")
    await page.press("Record it now")
    await page.sees("1 of 4")
    assert set(newest(services)) <= {"category", "urgency", "status"}
