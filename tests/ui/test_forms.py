"""The forms: made from declarations, saved while typed, checked where the officer has been."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

import flet as ft
import pytest

from fieldapp.domain.record_types import record_type
from fieldapp.errors import DatabaseFullError
from fieldapp.services.views import DraftView
from fieldapp.ui.words import Words
from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakePlatform
from tests.support.fake_world import DAY
from tests.support.headless import Headless
from tests.ui.conftest import Open

WIDTHS = pytest.mark.parametrize("width", [360, 1366])


async def choose(page: Headless, field: str, option: str) -> None:
    await page.press(field)
    await page.press(option)


async def number(page: Headless, label: str, typed: str) -> None:
    await page.type(label, typed)


@WIDTHS
async def test_a_meeting_with_errors_is_fixed_sealed_and_waits(unlocked: Open, width: int) -> None:
    services = chief_home()
    page = await unlocked(services, width=width)
    await page.press("Record meeting")
    await choose(page, "Kind of meeting", "Sensitisation meeting")
    await page.press("Continue")
    await page.sees("Attendance")
    await number(page, "Female", "41")
    await number(page, "Male", "38")
    await page.sees("Counted: 79")
    assert page.get(ft.TextField, label="Total").value == "79"
    await number(page, "Total", "70")
    for _ in range(3):
        await page.press("Continue")
    await page.press("Review and seal")
    await page.sees("2 fields need another look")
    await page.sees("Fill in this field.")
    await page.type("Venue", "Lamu Fort")
    await page.press("Continue")
    await page.sees("come to 79, but the total says 70")
    await number(page, "Total", "79")
    for _ in range(3):
        await page.press("Continue")
    await page.press("Review and seal")
    await page.sees("Who can read it")
    await page.sees("Sub-county administration office, Lamu West")
    waiting = services.syncing.status().waiting
    await page.press("Seal and queue")
    await page.sees("Sealing in")
    assert services.syncing.status().waiting == waiting


async def test_undo_within_the_wait_keeps_the_draft(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await _ready_to_seal(page)
    drafts = len(services.world.drafts)
    await page.press("Seal and queue")
    await page.press("Undo")
    await page.until(lambda: not page.shows("Sealing in"), "the wait goes on")
    await page.sees("Seal and queue")
    assert len(services.world.drafts) == drafts


async def test_locking_during_the_wait_seals_first(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await _ready_to_seal(page)
    waiting = services.syncing.status().waiting
    await page.press("Seal and queue")
    page.page.navigate("/")
    await page.press("Lock")
    await page.sees("Enter your PIN")
    assert services.syncing.status().waiting == waiting + 1


async def _ready_to_seal(page: Headless) -> None:
    await page.press("Record meeting")
    await choose(page, "Kind of meeting", "Chief's baraza")
    await page.type("Venue", "Lamu Fort")
    for _ in range(4):
        await page.press("Continue")
    await page.press("Review and seal")
    await page.sees("Seal and queue")


async def test_typing_is_saved_by_itself_within_two_seconds(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    began = page.loop.time()
    await page.type("Title", "Usalama")
    assert page.shows("Saving…")
    await page.sees("Draft saved")
    assert page.loop.time() - began < 2
    assert services.world.saves[-1][1]["title"] == "Usalama"


@pytest.mark.parametrize("language", ["en", "sw"])
async def test_a_restricted_draft_says_until_when_this_phone_keeps_it(
    unlocked: Open, language: str
) -> None:
    services = chief_home(language)
    page = await unlocked(services)
    until = Words(language).instant(services.world.now_ms + 14 * DAY)
    for category, is_told in (("theft", False), ("gbv", True)):
        draft = services.records.new_draft("concern")
        services.records.save_draft(draft.id, {"category": category})
        page.page.navigate(f"/draft/{draft.id}")
        await page.until(lambda: page.all(ft.FilledButton), "the form is not open")
        if is_told:
            await page.sees(until)
        else:
            assert not page.shows(until)
        page.page.navigate("/")
        await page.sees(services.world.officer.name)


async def test_a_page_that_goes_at_once_has_saved_the_last_letter(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    await page.type("Title", "Usalam")
    await page.type("Title", "Usalama")
    await page.session.disconnect(300)
    assert services.world.saves[-1][1]["title"] == "Usalama"


async def test_a_phone_that_shows_another_app_has_saved_what_was_typed(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    await page.type("Title", "Usalama")
    await page.session.dispatch_event(
        page.page._i, "app_lifecycle_state_change", {"state": "inactive"}
    )
    assert services.world.saves[-1][1]["title"] == "Usalama"


async def test_a_slow_save_never_lands_on_a_later_one(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    begun, slow, save = threading.Event(), threading.Event(), services.records.save_draft

    def save_slowly(draft_id: str, fields: Mapping[str, Any], *rest: Any) -> DraftView:
        if fields.get("title") == "Usalam":
            begun.set()
            assert slow.wait(5)
        return save(draft_id, fields, *rest)

    services.records.save_draft = save_slowly  # type: ignore[assignment, method-assign]
    await page.type("Title", "Usalam")
    await page.until(begun.is_set, "the first save does not begin")
    await page.type("Title", "Usalama")
    leaving = asyncio.ensure_future(page.session.disconnect(300))
    await page.settle()
    slow.set()
    await leaving
    titles = [saved.get("title") for _, saved in services.world.saves]
    assert titles[-2:] == ["Usalam", "Usalama"]


async def test_a_page_that_goes_during_the_wait_seals_first(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await _ready_to_seal(page)
    waiting = services.syncing.status().waiting
    await page.press("Seal and queue")
    await page.session.disconnect(300)
    assert services.syncing.status().waiting == waiting + 1


async def test_a_resize_over_the_breakpoint_loses_nothing(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    await page.press("Record meeting")
    await page.type("Title", "Usalama")
    for width in (1366, 360):
        page.session.apply_page_patch({"width": width})
        await page.session.dispatch_event(page.page._i, "resize", {"width": width, "height": 740})
        await page.settle()
        assert page.get(ft.TextField, label="Title").value == "Usalama"


async def test_a_survivor_is_asked_no_story_no_place_and_no_day(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Report concern")
    await page.press("Defilement (sex with a child)")
    await page.sees("Hospital first, within 72 hours")
    await page.press("Record it now")
    await page.sees("Only the desk for such cases can open this")
    for step in range(4):
        for hidden in ("What happened?", "Landmark", "Village or estate", "When did it happen?"):
            assert not page.shows(hidden)
        await page.sees(f"{step + 1} of 4")
        await page.press("Continue" if step < 3 else "Review and seal")
    draft = next(reversed(services.world.drafts.values()))
    assert "date" not in draft.fields
    assert draft.unit == "KE-005-S022"


async def test_an_emergency_offers_the_call_before_the_record(unlocked: Open) -> None:
    device = FakePlatform()
    page = await unlocked(chief_home(), platform=device)
    await page.press("Report concern")
    await page.press("Fire")
    await page.press("Call 999")
    assert device.called == ["999"]


async def test_a_hidden_value_is_not_saved(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Report concern")
    await page.press("Other (describe)")
    await page.type("Other (specify)", "Kelele za usiku")
    await page.press("Change the category")
    await page.press("Theft")
    await page.sees("Draft saved")
    await page.until(lambda: services.world.saves[-1][1].get("category") == "theft", "not saved")
    assert "other_text" not in services.world.saves[-1][1]


async def test_a_group_takes_items_and_gives_them_up(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    for _ in range(2):
        await page.press("Continue")
    await page.press("Add: Resolution")
    await page.type("Resolution", "Doria za usiku")
    await page.press("Add: Resolution")
    await page.sees("Doria za usiku")
    await page.press("Remove: Resolution 2")

    def saved() -> list[dict[str, str]]:
        for _, fields in reversed(services.world.saves):
            items: list[dict[str, str]] = fields.get("resolutions", [])
            return items
        return []

    await page.until(lambda: [item.get("text") for item in saved()] == ["Doria za usiku"])
    assert len(saved()[0]["id"]) == 8


async def test_one_line_grows_with_what_is_typed_and_stays_one_line(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    await page.type("Venue", "The old fort\nbeside the jetty")
    field = page.get(ft.TextField, label="Venue")
    assert (field.multiline, field.min_lines) == (True, 1)
    typed = "The old fort beside the jetty"
    await page.until(lambda: any(one.get("venue") == typed for _, one in services.world.saves))


async def test_a_form_of_one_page_counts_no_pages(unlocked: Open) -> None:
    services = chief_home()
    draft = services.records.new_draft("good_practice")
    page = await unlocked(services)
    page.page.navigate(f"/draft/{draft.id}")
    await page.sees("Review and seal")
    assert page.shows("Good practice")
    assert not page.shows("of 1")
    assert not [one for one in page.all(ft.Semantics) if (one.label or "").startswith("1. ")]


async def test_a_number_that_is_none_is_named_not_dropped(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    await page.press("Record meeting")
    await page.press("Continue")
    await number(page, "Total", "about 80")
    assert page.get(ft.TextField, label="Total").value == "about 80"
    await page.press("Continue")
    await page.press("Previous")
    await page.until(lambda: page.all(ft.Icon, icon=ft.Icons.ERROR_OUTLINE), "no error shown")


async def test_a_full_storage_is_said_while_typing(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")

    def full(*_: object) -> None:
        raise DatabaseFullError

    services.records.save_draft = full  # type: ignore[assignment, method-assign]
    await page.type("Title", "Usalama")
    await page.sees("The storage is full")
    assert page.get(ft.TextField, label="Title").value == "Usalama"


async def test_deleting_a_draft_asks_once(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    drafts = len(services.world.drafts)
    await page.press("Delete draft")
    await page.press("Keep it")
    assert len(services.world.drafts) == drafts
    await page.press("Delete draft")
    await page.press("Delete")
    await page.sees("Amina Bakari")
    assert len(services.world.drafts) == drafts - 1


@pytest.mark.parametrize("key", ["meeting", "concern"])
async def test_every_visible_field_has_an_input(unlocked: Open, key: str) -> None:
    services = chief_home("en")
    page = await unlocked(services)
    draft = services.records.new_draft(key)
    page.page.navigate(f"/draft/{draft.id}")
    await page.until(lambda: page._pressable("Continue"), "the form is not open")
    document = next(reversed(services.world.drafts.values())).fields
    for section in record_type(key).sections:
        specs = [record_type(key).field(name) for name in section.names]
        shown = [spec for spec in specs if spec is not None and spec.is_visible(document)]
        if not shown:
            continue
        await page.sees(section.label.en)
        if more := [words for words in page.words() if "more field" in words]:
            await page.press(more[0])
        for spec in shown:
            assert page.shows(spec.label.en), spec.name
        if later := [words for words in page.words() if words.startswith("Add more:")]:
            await page.press(later[0])
        elif page._pressable("Continue"):
            await page.press("Continue")


async def test_a_draft_is_taken_up_on_the_page_that_was_open_last(unlocked: Open) -> None:
    services = chief_home()
    page = await unlocked(services)
    await page.press("Record meeting")
    await page.press("Continue")
    assert "2 of 5: Attendance" in page.texts()
    await page.session.disconnect(300)
    draft = services.records.drafts()[0]
    again = await unlocked(services)
    again.page.navigate(f"/draft/{draft.id}")
    await again.settle(30)
    assert draft.section == "attendance"
    assert "2 of 5: Attendance" in again.texts()
