"""Deeds on a device: what each means is read first, why is said, and one question is answered."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from fieldapp.errors import NoRightError
from fieldapp.services.office_views import InvitedRow
from tests.support.fake_homes import sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import DAY, LOCATION, START_MS, SyncScript
from tests.support.headless import Headless
from tests.ui.conftest import Open

PHONE = "7f3k9m2q8r4t6v1w5x0y2z3a4b"
REASON = "Reason in your words"


@pytest.fixture
def office() -> FakeServices:
    """A sub-county whose chief's phone is one of two devices."""
    return sub_county_home()


async def manage(page: Headless) -> None:
    """Go to the chief's phone as a person does."""
    page.page.navigate("/office")
    await page.press("Manage")
    await page.sees("Amina Bakari")


async def choose(page: Headless, group: str, key: str) -> None:
    """Choose one of a few."""
    await page.until(lambda: page.all(ft.RadioGroup, data=group), f"no {group}")
    await page.fire(page.get(ft.RadioGroup, data=group), "change", value=key)


def button(page: Headless, words: str) -> ft.FilledButton:
    return page.get(ft.FilledButton, content=words)


async def shut_out(page: Headless, cause: str, reason: str, answer: str = "Shut out now") -> None:
    """Say why the chief's phone is to be shut out, and answer the question."""
    page.page.navigate(f"/office/device/{PHONE}/revoke")
    await choose(page, "Why?", cause)
    await page.type(REASON, reason)
    await page.press("Shut out now")
    await page.fire(page.get(ft.TextButton, content=answer), "click")


async def change_post(page: Headless, unit: str, role: str, cause: str, reason: str) -> None:
    """Choose a post and why, on the page that stands open, and ask for it."""
    await page.press("New area")
    await page.press(unit)
    await page.press("New role")
    await page.press(role)
    await choose(page, "Why?", cause)
    await page.type(REASON, reason)
    await page.press("Change the post")


async def test_a_stolen_phone_is_shut_out_with_a_cause_a_reason_and_a_yes(
    unlocked: Open, office: FakeServices
) -> None:
    page = await unlocked(office)
    await manage(page)
    await page.press("Shut out")
    await page.sees("This cannot be undone")
    assert not page.shows("only its PIN protects"), "nobody said yet that it is out of hand"
    await choose(page, "Why?", "stolen")
    await page.sees("only its PIN protects")
    assert button(page, "Shut out now").disabled, "no reason was given yet"
    await page.type(REASON, " taken at the market ")
    await page.press("Shut out now")
    await page.sees("Shut this device out?")
    assert office.world.deeds == [], "the question is still open"
    await page.fire(page.get(ft.TextButton, content="Shut out now"), "click")
    await page.sees("The device is shut out")
    assert office.world.deeds == [("revoke", PHONE, "stolen", "taken at the market")]
    await page.sees("The server has it")
    assert office.world.synced == 1
    await page.press("Back to the office")
    await page.sees("Shut out")


async def test_a_question_that_is_left_does_nothing(unlocked: Open, office: FakeServices) -> None:
    page = await unlocked(office)
    await shut_out(page, "lost", "fell into the sea", answer="Cancel")
    await page.until(lambda: not page.get(ft.AlertDialog).open, "the question stays")
    assert office.world.deeds == []
    assert page.get(ft.TextField, label=REASON).value == "fell into the sea"


async def test_a_refusal_is_said_and_keeps_what_was_typed(
    unlocked: Open, office: FakeServices
) -> None:
    office.world.refusal = NoRightError("not_allowed_by_directory", reason="wrong_desk")
    page = await unlocked(office)
    await shut_out(page, "misuse", "lent to a friend")
    await page.sees("rules do not allow this to your role here (wrong_desk)")
    assert page.get(ft.TextField, label=REASON).value == "lent to a friend"
    assert not page.shows("The device is shut out")


async def test_without_a_link_a_deed_waits_and_is_tried_again(
    unlocked: Open, office: FakeServices
) -> None:
    office.world.next_sync = SyncScript(error=("offline", {}))
    page = await unlocked(office)
    await shut_out(page, "left_office", "retired")
    await page.sees("Saved here, not sent yet")
    office.world.next_sync = SyncScript()
    await page.press("Try again")
    await page.sees("The server has it")


async def test_an_officer_is_moved_to_a_place_whose_office_is_made_on_the_way(
    unlocked: Open, office: FakeServices
) -> None:
    langoni = "KE-005-S022-LMK01-BLG02"
    page = await unlocked(office)
    await manage(page)
    await page.press("Change of post")
    await change_post(page, "Langoni", "Assistant chief", "moved", "transferred")
    await page.sees("Move this device to Langoni?")
    await page.fire(page.get(ft.TextButton, content="Change the post"), "click")
    await page.sees("Assistant chief, Langoni")
    assert langoni in office.world.offices
    assert office.world.deeds == [("change", PHONE, "moved", "transferred")]


async def test_whoever_gets_a_role_that_enrols_shows_words_to_compare(
    unlocked: Open, office: FakeServices
) -> None:
    page = await unlocked(office)
    page.page.navigate(f"/office/device/{PHONE}/move")
    await change_post(page, "Lamu West", "Sub-county administrator", "other", "promoted")
    assert page.shows("compare its four words")
    await page.fire(page.get(ft.TextButton, content="Change the post"), "click")
    await page.sees("copper lantern river maize")


async def test_a_post_is_not_changed_to_what_it_is(unlocked: Open, office: FakeServices) -> None:
    page = await unlocked(office)
    page.page.navigate(f"/office/device/{PHONE}/move")
    await choose(page, "Why?", "other")
    await page.type(REASON, "by mistake")
    assert button(page, "Change the post").disabled


async def test_records_that_came_too_late_are_taken_over(
    unlocked: Open, office: FakeServices
) -> None:
    world = office.world
    late = replace(
        world.device_rows[0], state="revoked", may_act=False, kept_apart=3, adoptable=3,
        since_ms=START_MS - DAY,
    )  # fmt: skip
    world.device_rows[0] = late
    page = await unlocked(office)
    page.page.navigate("/office")
    await page.sees("3 batches of records came too late")
    await page.sees("Shut out since 21/11/2026 09:00")
    await page.press("Manage")
    await page.sees("3 batches came after it was shut out or moved")
    assert not page.shows("Change of post")
    await page.press("Take over its records")
    await page.type(REASON, "he brought the phone to the office")
    await page.press("Take them over")
    await page.sees("Take over 3 batches?")
    await page.fire(page.get(ft.TextButton, content="Take them over"), "click")
    await page.sees("3 batches are taken over")
    await page.sees("4 changes to records count now")
    await page.sees("1 batch is for another office")
    await page.sees("It also said 1 thing about offices")
    assert world.deeds == [("adopt", PHONE, "other", "he brought the phone to the office")]


async def test_who_was_invited_and_has_not_come_is_shown(
    unlocked: Open, office: FakeServices
) -> None:
    office.world.open_invites = [
        InvitedRow("a1", LOCATION, "Mkomani", "chief", "admin", START_MS + DAY, is_over=False),
        InvitedRow("b2", LOCATION, "Mkomani", "acc", "admin", START_MS - DAY, is_over=True),
    ]
    page = await unlocked(office)
    page.page.navigate("/office")
    await page.sees("Invited, not here yet")
    await page.sees("The invite works until 23/11/2026 09:00")
    await page.sees("The invite ran out 21/11/2026 09:00")


async def test_many_devices_are_searched_by_name_place_and_state(
    unlocked: Open, office: FakeServices
) -> None:
    chief = office.world.device_rows[0]
    office.world.device_rows += [
        replace(chief, device=f"{n:026}", unit_name=f"Place {n}", holder=f"Officer {n}")
        for n in range(70)
    ]
    page = await unlocked(office)
    page.page.navigate("/office")
    await page.sees("There are more")
    await page.type("Search", "officer 66")
    await page.sees("Chief, Place 66")
    assert not page.shows("Amina Bakari")
    await page.type("Search", "to be confirmed")
    await page.sees("Sub-county administrator, Lamu West")
    await page.type("Search", "nobody")
    await page.sees("Nothing found")


async def test_a_device_of_nobody_is_said_to_be_none(unlocked: Open, office: FakeServices) -> None:
    page = await unlocked(office)
    page.page.navigate("/office/device/0000")
    await page.sees("No such device")


async def test_ones_own_device_has_no_deeds(unlocked: Open, office: FakeServices) -> None:
    rows = office.world.device_rows
    rows[0] = replace(rows[0], is_own=True, may_act=False)
    page = await unlocked(office)
    page.page.navigate(f"/office/device/{PHONE}")
    await page.sees("Another administrator looks after it")
    assert not page.shows("Shut out")
