"""Lists and details: found by words, told by icon and word, amended with a reason."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from fieldapp.domain.text import same
from fieldapp.services.views import FieldChange, HistoryItem, HomeState, Note, RecordView
from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import CHIEF, LOCATION, START_MS
from tests.support.headless import Headless
from tests.ui.conftest import Open


async def test_a_list_shows_fifty_and_more_on_demand(unlocked: Open) -> None:
    page = await unlocked(sub_county_home())
    page.page.navigate("/records")
    await page.sees("61 records")
    rows = [c for c in page.all(ft.Container) if c.key and str(c.key).startswith("r0")]
    assert len(rows) == 50
    await page.press("Show more (50 of 61)")
    await page.until(
        lambda: sum(str(c.key).startswith("r0") for c in page.all(ft.Container) if c.key) == 61,
        "the rest did not come",
    )


async def test_search_narrows_the_list(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/records")
    await page.type("Search", "sensitisation workshop")
    await page.sees("1 record")
    assert page.shows("One-day sensitisation workshop on community policing")


async def test_a_search_without_a_match_says_what_to_do(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/records")
    await page.type("Search", "zebra")
    await page.sees("Try another word")


async def test_each_empty_list_names_the_next_step(open_page: Open) -> None:
    services = FakeServices(CHIEF, HomeState.LOCKED)
    page = await open_page(services)
    await page.type("Enter your PIN", "246810")
    await page.press("Unlock")
    await page.sees("Amina Bakari")
    hints = {
        "all": "Go to Home",
        "draft": "What you begin at Home",
        "waiting": "What you seal waits here",
        "sent": "Seal a record, then sync.",
        "received": "Sync to receive",
        "needs_you": "overdue, changed in two places",
    }
    for state, hint in hints.items():
        page.page.navigate(f"/records/of/{state}")
        await page.sees(hint)


async def test_received_records_say_whose_they_are(unlocked: Open) -> None:
    page = await unlocked(sub_county_home())
    page.page.navigate("/records")
    await page.sees("From Amina Bakari")
    await page.sees("The office above opened it")


async def test_the_detail_has_every_tick_with_its_word_and_time(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.sees("Who holds it")
    for words in (
        "A sealed copy is on this device",
        "The server holds it, sealed; it cannot read it",
        "Opened on the sub-county's computer",
        "Since 22/11/2026 09:09",
        "Headquarters has not opened it yet",
    ):
        assert page.shows(words), words


async def test_a_stage_that_does_not_exist_is_not_shown(unlocked: Open) -> None:
    services = chief_home()
    services.world.records["r0001"].ticks = {"server": None}
    page = await unlocked(services)
    page.page.navigate("/records/r0001")
    await page.sees("Who holds it")
    assert not page.shows("Headquarters opened it")


async def test_a_conflict_shows_both_values(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/records/r0015")
    await page.sees("Changed in two places")
    await page.sees("Stands now, written by Amina Bakari")
    assert page.shows("Lamu Museum Hall (Mwanaarafa)")
    assert page.shows("Written by Brian Otieno on 21/11/2026 09:00")


@pytest.mark.parametrize(
    ("place", "venue"), [(0, "Lamu Museum Hall (Mwanaarafa)"), (1, "Lamu Fort")]
)
async def test_an_officer_chooses_one_of_two_values(unlocked: Open, place: int, venue: str) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/records/r0015")
    await page.until(lambda: len(page.all(ft.OutlinedButton, content="Keep this value")) == 2)
    button = page.all(ft.OutlinedButton, content="Keep this value")[place]
    await page.fire(button, "click")
    await page.until(lambda: not page.all(ft.OutlinedButton, content="Keep this value"))
    assert services.world.records["r0015"].fields["venue"] == venue
    await page.sees("Reason: Changed in two places: Venue")


async def test_a_restricted_record_is_opened_at_its_desk(unlocked: Open) -> None:
    services = chief_home()
    services.world.officer = replace(services.world.officer, role="referral_desk", desk="gender")
    services.world.hold(
        "concern", services.world.officer.unit, {"category": "gbv"},
        ticks={"server": START_MS, "sub_county": None, "hq": None},
    )  # fmt: skip
    page = await unlocked(services)
    page.page.navigate(f"/records/{list(services.world.records)[-1]}")
    await page.sees("Its desk has not opened it yet")
    assert page.shows("On this device, sealed")


async def test_a_record_is_amended_with_a_reason_and_keeps_its_history(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/records/r0015")
    await page.press("Amend")
    await page.type("Title", "Workshop on community policing")
    while page._pressable("Continue"):
        await page.press("Continue")
    await page.press("Review and seal")
    await page.sees("Why do you change it?")
    assert page.get(ft.FilledButton, content="Seal the change").disabled
    await page.type("Reason", "Shorter title")
    await page.press("Seal the change")
    await page.sees("Change sealed")
    await page.press("See the record")
    await page.sees("Reason: Shorter title")
    await page.sees("Changed by Amina Bakari")
    assert services.world.records["r0015"].fields["title"] == "Workshop on community policing"


async def test_on_a_laptop_the_record_stands_beside_the_list(unlocked: Open) -> None:
    page = await unlocked(chief_home(), width=1366)
    page.page.navigate("/records")
    await page.sees("Choose a record")
    await page.type("Search", "sensitisation")
    await page.press("One-day sensitisation workshop on community policing")
    await page.sees("Who holds it")
    assert page.get(ft.TextField, label="Search").value == "sensitisation"


async def test_an_unknown_address_leads_home(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/nowhere/at/all")
    await page.sees("Amina Bakari")


async def test_a_change_in_progress_is_kept_and_taken_up_from_the_drafts(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.page.navigate("/records/r0015")
    await page.press("Amend")
    await page.sees("Not sealed yet")
    await page.type("Title", "Usalama wa bandari")
    await page.sees("Draft saved")
    other = await unlocked(services)
    other.page.navigate("/records/of/draft")
    await other.sees("Usalama wa bandari")
    draft = next(draft for draft in services.world.drafts.values() if draft.amends == "r0015")
    other.page.navigate(f"/draft/{draft.id}")
    await other.until(lambda: other.all(ft.TextField, label="Title"), "the form is not open")
    assert other.get(ft.TextField, label="Title").value == "Usalama wa bandari"
    assert other.page.route == "/records/r0015/amend"
    await other.press("Delete draft")
    await other.sees("The sealed record stays as it is")
    await other.press("Delete")
    await other.until(lambda: draft.id not in services.world.drafts, "the draft stays")
    assert services.world.records["r0015"].fields.get("title") != "Usalama wa bandari"


@pytest.mark.parametrize(
    ("tick", "says"),
    [
        ("hq", "Sub-county administration office, Lamu West had opened it before"),
        ("phone", "Nobody had opened it before"),
    ],
)
async def test_a_record_that_became_restricted_says_who_had_read_it(
    unlocked: Open, tick: str, says: str
) -> None:
    services = chief_home()
    services.world.records["r0015"].tick = tick
    page = await unlocked(services)
    page.page.navigate("/records/r0015")
    await page.press("Amend")
    while page._pressable("Continue"):
        await page.press("Continue")
    (more,) = [one for one in page.all(ft.TextButton) if " more" in str(one.content)]
    await page.fire(more, "click")
    await page.sees("What and where")
    while not page.all(ft.RadioGroup, data="Who may read it"):
        await page.press("Continue")
    group = page.get(ft.RadioGroup, data="Who may read it")
    await page.fire(group, "change", "confidential", value="confidential")
    await page.press("Review and seal")
    await page.type("Reason", "It names people")
    await page.press("Seal the change")
    await page.sees("It goes on for fewer readers")
    await page.sees(says)
    new = next(reversed(services.world.records))
    await page.press("See the record")
    await page.until(lambda: page.page.route == f"/records/{new}", page.page.route)


@pytest.mark.parametrize("type_key", ["meeting", ""])
async def test_a_record_that_is_gone_leaves_its_number_and_who_holds_it(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch, type_key: str
) -> None:
    services = chief_home()
    show = services.records.show

    def left_behind(record_id: str) -> RecordView:
        note = Note("record_time_over", {"day": "2028-11-22"})
        return replace(
            show(record_id), type=type_key, tier="", fields={}, history=(), needs_attention=note
        )

    monkeypatch.setattr(services.records, "show", left_behind)
    page = await unlocked(services)
    page.page.navigate("/records/r0003")
    await page.sees("only its number, date and status are here")
    assert page.shows("R0003")
    assert page.shows("Who holds it")
    assert not page.shows("Amend")


async def test_places_are_shown_by_name_in_what_a_record_says_and_in_its_history(
    unlocked: Open,
) -> None:
    """No number of a unit or ward, and no key of a choice, stands where a person reads."""
    services = chief_home()
    fields = {
        "meeting_type": "workshop", "date": "2026-11-20", "venue": "Hall", "ward": "KE-005-W0105",
        "areas": ["KE-005-S022", LOCATION], "attendance": {"total": 40},
    }  # fmt: skip
    made = services.world.hold("meeting", LOCATION, fields)
    changes = [
        FieldChange("areas", same("Areas covered"), [LOCATION], ["KE-005-S022", LOCATION]),
        FieldChange("ward", same("Ward"), None, "KE-005-W0105"),
        FieldChange("meeting_type", same("Type"), "baraza_chief", "workshop"),
        FieldChange("attendance", same("Attendance"), {"total": 30}, {"total": 40}),
        FieldChange("concerns", same("Concerns"), None, ["x" * 26]),
    ]
    item = HistoryItem(1, "Amina", "changed", changes, "It was wrong", clock_unsure=False)
    made.history.append(item)
    page = await unlocked(services)
    page.page.navigate(f"/records/{made.id}")
    await page.sees("Lamu West, Lamu · Mkomani, Lamu West")
    await page.sees("Mkomani, Lamu West")
    said = "\n".join(page.texts())
    assert "Workshop or training" in said
    assert "1 record" in said
    assert "Total 30" in said
    assert "KE-005" not in said
    assert "baraza_chief" not in said


async def test_a_table_names_places(unlocked: Open) -> None:
    services = chief_home()
    fields = {"county": "KE-005", "title": "Lamu plan", "status": "launched"}
    services.world.hold("plan", LOCATION, fields)
    page = await unlocked(services, width=1366)
    page.page.navigate("/records/kind/plan")
    await page.sees("Lamu plan")
    assert not [words for words in page.texts() if "KE-005" in words]


async def test_a_draft_stands_in_a_table_by_its_title(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services, width=1366)
    page.page.navigate("/records/kind/meeting")
    await page.sees("Lamu Museum Hall")
    (draft,) = services.records.drafts()
    (row,) = [one for one in page.all(ft.Container) if one.key == draft.id]
    assert isinstance(row.content, ft.Row)
    (first, *_) = [cell.content for cell in row.content.controls if isinstance(cell, ft.Container)]
    assert isinstance(first, ft.Text)
    assert first.value == "Chief's baraza"


async def test_what_bears_the_name_of_its_page_is_not_named_twice(unlocked: Open) -> None:
    services = chief_home()
    fields = {"meeting_type": "baraza_chief", "date": "2026-11-20", "attendance": {"total": 40}}
    made = services.world.hold("meeting", LOCATION, fields)
    page = await unlocked(services)
    page.page.navigate(f"/records/{made.id}")
    await page.sees("Total 40")
    assert page.texts().count("Attendance") == 1


async def test_a_list_without_a_record_asks_for_no_choice(unlocked: Open) -> None:
    page = await unlocked(FakeServices(), width=1366)
    page.page.navigate("/records")
    await page.sees("No record yet")
    assert not page.shows("Choose a record")
    page.page.navigate("/follow-ups")
    await page.sees("Nothing to follow up")
    assert not page.shows("Choose a follow-up")


async def test_the_chosen_filter_is_brought_into_sight_on_a_phone(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/records/of/sent")
    await page.until(lambda: _brought(page) == ["sent"], "the chosen filter stays at the edge")
    received = page.get(ft.Chip, data="Received")
    await page.fire(received, "select", "true", selected=True)
    await page.until(lambda: _brought(page) == ["sent", "received"], str(page.calls))


async def test_a_list_of_all_and_a_wide_one_stay_where_they_are(unlocked: Open) -> None:
    for width, route in ((360, "/records"), (1366, "/records/of/sent")):
        page = await unlocked(chief_home(), width=width)
        page.page.navigate(route)
        await page.sees("records")
        assert _brought(page) == [], route


def _brought(page: Headless) -> list[str]:
    return [str(args["scroll_key"]) for name, args in page.calls if name == "scroll_to"]
