"""Every other kind of record: begun by its button, listed by its kind, made from others."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.domain.record_types import record_type
from fieldapp.ui.screens.more import GROUPS
from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import PIN
from tests.support.headless import Headless
from tests.ui.conftest import Open


def hold_concern(services: FakeServices, category: str) -> str:
    fields = {"category": category, "urgency": "U3", "date": "2026-11-20", "status": "open"}
    return services.world.hold("concern", services.world.officer.unit, fields).id


async def row_of(page: Headless, record_id: str) -> ft.Container:
    def found() -> list[ft.Container]:
        return page.all(ft.Container, key=record_id)

    await page.until(found, f"no row {record_id}")
    return found()[0]


async def test_more_records_are_begun_by_name(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/more")
    await page.sees("Field work")
    assert page.shows("Who sits on it, and whether it is formed")
    assert not page.shows("One edition of a county plan")
    await page.press("Committee or forum")
    await page.sees("Which body?")
    assert [draft.type for draft in services.world.drafts.values()][-1] == "body"


async def test_an_administrator_begins_plans_and_partners_from_the_rail(unlocked: Open) -> None:
    page = await unlocked(sub_county_home(), width=1366)
    rail = page.get(ft.NavigationRail)
    assert "More records" in [d.label for d in rail.destinations or []]
    page.page.navigate("/more")
    await page.sees("Partners")
    for declared in sub_county_home().records.types():
        assert page.shows(declared.begin_words.en) is (declared.menu in GROUPS)


async def test_a_phone_keeps_its_bar_short(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    labels = [d.label for d in page.get(ft.NavigationBar).destinations]
    assert "More records" not in labels


async def test_a_list_of_one_kind_shows_only_that_kind(unlocked: Open) -> None:
    services = chief_home()
    made = services.world.hold("cluster", services.world.officer.unit, {"name": "Bandari A"})
    page = await unlocked(services)
    page.page.navigate("/records/kind/cluster")
    await page.sees("1 record")
    await row_of(page, made.id)
    assert page.shows("Nyumba Kumi clusters")
    await page.press("Add: Nyumba Kumi cluster")
    await page.sees("Which cluster?")


async def test_a_laptop_shows_one_kind_as_a_table_with_its_columns(unlocked: Open) -> None:
    services = sub_county_home()
    fields = {"kind": "ngo", "name": "Pwani Peace Network", "status": "applied"}
    services.world.hold("partner", services.world.officer.unit, fields)
    page = await unlocked(services, width=1366)
    page.page.navigate("/records/kind/partner")
    await page.sees("How far it is")
    for name in record_type("partner").list_columns:
        spec = record_type("partner").field(name)
        assert spec is not None
        assert page.shows(spec.label.en), spec.name
    await page.press("Pwani Peace Network")
    await page.sees("Who holds it")


async def test_a_kind_without_records_says_what_to_do(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/records/kind/tension")
    await page.sees("None of this kind yet")


async def test_the_kind_is_chosen_from_a_list_of_kinds(unlocked: Open) -> None:
    services = chief_home()
    services.world.hold("cluster", services.world.officer.unit, {"name": "Bandari A"})
    page = await unlocked(services)
    page.page.navigate("/records")
    await page.until(lambda: page.all(ft.Chip, data="Every kind"), "no filter")
    chip = page.get(ft.Chip, data="Every kind")
    await page.fire(chip, "select", "true", selected=True)
    await page.press("Nyumba Kumi clusters")
    await page.sees("1 record")


async def test_a_problem_is_begun_from_several_concerns(unlocked: Open) -> None:
    services = chief_home()
    chosen = [hold_concern(services, "theft") for _ in range(2)]
    page = await unlocked(services)
    page.page.navigate("/records/kind/concern")
    await page.press("Choose several")
    for record_id in chosen:
        await page.fire(await row_of(page, record_id), "click")
    await page.sees("2 chosen")
    await page.press("This keeps happening")
    await page.sees("Scanning")
    draft = list(services.world.drafts.values())[-1]
    assert draft.type == "problem"
    assert draft.fields["concerns"] == sorted(chosen)
    assert draft.fields["category"] == "theft"


async def test_a_restricted_concern_is_no_part_of_a_problem(unlocked: Open) -> None:
    services = chief_home()
    chosen = [hold_concern(services, "theft"), hold_concern(services, "gbv")]
    page = await unlocked(services)
    page.page.navigate("/records/kind/concern")
    await page.press("Choose several")
    for record_id in chosen:
        await page.fire(await row_of(page, record_id), "click")
    await page.press("This keeps happening")
    await page.sees("A restricted concern stays with its desk")
    assert all(draft.type != "problem" for draft in services.world.drafts.values())


@pytest.mark.parametrize(
    ("category", "offered"),
    [
        ("land", ["Begin talks", "This keeps happening"]),
        ("theft", ["This keeps happening"]),
        ("rape", []),
    ],
)
async def test_a_concern_offers_what_is_lawful(
    unlocked: Open, category: str, offered: list[str]
) -> None:
    services = chief_home()
    record_id = hold_concern(services, category)
    page = await unlocked(services)
    page.page.navigate(f"/records/{record_id}")
    if category == "rape":
        await lift_veil(page)
    await page.sees("Who holds it")
    everything = ["Begin talks", "This keeps happening"]
    assert [words for words in everything if page.shows(words)] == offered


async def lift_veil(page: Headless) -> None:
    """Give the PIN that a restricted record asks for."""
    await page.press("Show the record")
    await page.type("Enter your PIN", PIN)
    (yes,) = [one for one in page.all(ft.TextButton) if one.content == "Show the record"]
    await page.fire(yes, "click")


async def test_links_are_shown_by_title_and_lead_to_their_record(unlocked: Open) -> None:
    services = chief_home()
    first, second = (hold_concern(services, key) for key in ("theft", "road"))
    fields = {"title": "Thefts at the market", "concerns": [first, second, "0" * 26]}
    made = services.world.hold("problem", services.world.officer.unit, fields)
    page = await unlocked(services)
    page.page.navigate(f"/records/{made.id}")
    await page.sees("A record that is not on this device")
    assert not page.shows(first)
    await page.press("Theft")
    await page.until(lambda: page.page.route == f"/records/{first}", page.page.route)


async def test_a_problem_shows_its_stage_and_the_change_it_made(unlocked: Open) -> None:
    services = chief_home()
    measure = {"indicator": "Minutes", "unit": "minutes", "before": 50, "after": 20}
    fields = {"title": "Slow police", "stage": "assessment", "measures": [measure]}
    made = services.world.hold("problem", services.world.officer.unit, fields)
    page = await unlocked(services)
    page.page.navigate(f"/records/{made.id}")
    await page.sees("Minutes (minutes): 50 before, 20 after. 30 less (60 %).")
    await page.sees("Step 4 of 5: Assessment")


async def test_a_linked_record_is_searched_by_its_title(unlocked: Open) -> None:
    services = chief_home()
    hold_concern(services, "theft")
    road = hold_concern(services, "road")
    page = await unlocked(services)
    page.page.navigate("/more")
    await page.press("Mediation")
    await page.press("From the concern")
    await page.sees("Theft")
    await page.type("Search", "road")
    await page.press("Road crash or danger")
    await page.until(
        lambda: list(services.world.drafts.values())[-1].fields.get("concern") == road,
        "the link was not kept",
    )


async def test_a_list_to_choose_from_offers_no_restricted_concern(unlocked: Open) -> None:
    services = chief_home()
    for key in ("theft", "gang", "child_abuse"):
        hold_concern(services, key)
    page = await unlocked(services)
    page.page.navigate("/more")
    await page.press("Mediation")
    await page.press("From the concern")
    await page.sees("Theft")
    shown = [str(tile.data) for tile in page.all(ft.ListTile)]
    assert "Theft" in shown
    assert not [words for words in shown if "gang" in words.lower() or "abuse" in words.lower()]


async def test_the_form_says_what_follows_while_it_is_filled_in(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/more")
    await page.press("Tension alert")
    await page.sees("What and how high?")
    draft = list(services.world.drafts)[-1]
    fields = {**services.world.drafts[draft].fields, "expires_on": "2026-11-01"}
    services.records.save_draft(draft, fields)
    other = await unlocked(services)
    other.page.navigate(f"/draft/{draft}")
    await other.sees("This alert has ended.")


async def test_a_record_of_any_kind_may_be_for_a_unit_below(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services, width=1366)
    page.page.navigate("/more")
    await page.press("Nyumba Kumi cluster")
    await page.press("Area")
    await page.press("Mkomani")
    draft = list(services.world.drafts)[-1]
    below = next(row.id for row in services.records.units_below() if row.name == "Mkomani")
    await page.until(lambda: services.world.drafts[draft].unit == below, "the unit was not kept")


async def test_a_kind_that_nobody_begins_by_hand_is_only_listed(unlocked: Open) -> None:
    services = sub_county_home()
    fields = {"reported_at": "2026-11-16T21:05:00+03:00", "station": "Lamu Police Station"}
    services.world.hold("response", services.world.officer.unit, fields)
    page = await unlocked(services)
    page.page.navigate("/records/kind/response")
    await page.until(lambda: "1 record" in page.texts(), "the list did not come")
    assert not page.shows("Add: Police response")


async def test_an_empty_list_of_a_kind_that_cannot_be_begun_does_not_say_to(
    unlocked: Open,
) -> None:
    page = await unlocked(sub_county_home())
    page.page.navigate("/records/kind/response")
    await page.sees("None of this kind yet")
    await page.sees("Choose another kind.")
    assert not page.shows("Begin one")
