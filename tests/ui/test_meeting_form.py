"""The meeting's form: last time first, one tap an outcome, sums and quorum while one types."""

from __future__ import annotations

from typing import Any

import flet as ft

from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakeServices
from tests.support.headless import Headless
from tests.ui.conftest import Open

LAST = {
    "meeting_type": "cpc_loc",
    "date": "2026-11-21",
    "venue": "Fig tree",
    "chair": "Committee chairperson",
    "members_total": 15,
    "resolutions": [
        {"id": "aaaaaaaa", "text": "Light the path", "due": "2026-11-01", "status": "in_progress"},
        {"id": "bbbbbbbb", "text": "Mend the bridge", "status": "done"},
    ],
}


def home(language: str = "en") -> FakeServices:
    services = chief_home(language)
    world = services.world
    world.hold("meeting", world.officer.unit, dict(LAST))
    return services


async def begin(page: Headless, kind: str) -> None:
    await page.press("Record meeting")
    await page.press("Kind of meeting")
    await page.press(kind)


async def begin_committee(page: Headless) -> None:
    await begin(page, "Community Policing Committee, location")
    await page.sees("From the meeting of 21/11/2026")


def saved(services: FakeServices) -> dict[str, Any]:
    return dict(services.world.saves[-1][1])


async def test_a_body_s_next_meeting_begins_where_the_last_one_ended(unlocked: Open) -> None:
    services = home()
    page = await unlocked(services)
    await begin_committee(page)
    await page.sees("1 resolution is still open")
    assert page.get(ft.TextField, label="Venue").value == "Fig tree"
    await page.sees("Draft saved")
    kept = saved(services)
    assert (kept["chair"], kept["members_total"]) == ("Committee chairperson", 15)
    assert [matter["text"] for matter in kept["matters_arising"]] == ["Light the path"]


async def test_another_kind_lets_go_of_what_was_taken_over_but_not_of_what_was_typed(
    unlocked: Open,
) -> None:
    services = home()
    page = await unlocked(services)
    await begin_committee(page)
    await page.type("Venue", "School hall")
    await page.until(lambda: services.world.saves and "chair" in saved(services), "not saved")
    await page.press("Kind of meeting")
    await page.press("Workshop or training")
    await page.until(lambda: "matters_arising" not in saved(services), "matters are kept")
    await page.until(lambda: "chair" not in saved(services), "the chair is kept")
    assert saved(services)["venue"] == "School hall"


async def test_an_outcome_is_one_tap_and_progress_is_typed(unlocked: Open) -> None:
    services = home()
    page = await unlocked(services)
    await begin_committee(page)
    for _ in range(2):
        await page.press("Continue")
    await page.sees("Light the path")
    await page.sees("Due 01/11/2026: overdue")
    assert not page.shows("Mend the bridge")
    await page.press("Completed: matter 1")
    await page.type("Progress on matter 1", "Two lamps stand.")
    await page.until(lambda: saved(services)["matters_arising"][0].get("progress"), "not saved")
    (matter,) = saved(services)["matters_arising"]
    assert (matter["status"], matter["progress"]) == ("done", "Two lamps stand.")
    assert matter["resolution"] == "aaaaaaaa"
    assert not page.shows("overdue")


async def test_a_matter_that_nobody_recorded_can_be_added(unlocked: Open) -> None:
    services = home()
    page = await unlocked(services)
    await begin_committee(page)
    for _ in range(2):
        await page.press("Continue")
    await page.press("Add: Matter arising")
    await page.type("Matter", "The borehole")
    await page.until(lambda: len(saved(services)["matters_arising"]) == 2, "not saved")


async def test_the_quorum_is_said_while_members_are_counted(unlocked: Open) -> None:
    page = await unlocked(home())
    await begin_committee(page)
    await page.press("Continue")
    await page.sees("Quorum: fill in all members and those present.")
    await page.type("Members present", "7")
    await page.sees("Quorum: no. 7 of 15 members are present, 8 are needed.")
    await page.type("Members present", "8")
    await page.sees("Quorum: yes. 8 of 15 members are present, 8 are enough.")


async def test_the_quorum_follows_the_rule_of_the_body_that_meets(unlocked: Open) -> None:
    services = home()
    fields = {
        "kind": "cpc_loc", "name": "Mkomani CPC", "status": "constituted", "quorum": "third",
        "composition": {"total": 12},
    }  # fmt: skip
    body = services.world.hold("body", services.world.officer.unit, fields)
    page = await unlocked(services)
    await begin_committee(page)
    await page.press("Committee or forum")
    await page.press("Mkomani CPC")
    await page.press("Continue")
    await page.type("Members present", "5")
    await page.sees("Quorum: yes. 5 of 12 members are present, 4 are enough.")
    await page.sees("The rule of Mkomani CPC: One third.")
    assert saved(services)["body"] == body.id


async def test_counts_that_do_not_add_up_are_said_at_once_and_mended_by_one_tap(
    unlocked: Open,
) -> None:
    services = home()
    page = await unlocked(services)
    await begin(page, "Chief's baraza")
    await page.press("Continue")
    await page.type("Total", "80")
    await page.sees("The total alone counts as an estimate.")
    await page.type("Female", "8")
    await page.type("Male", "71")
    await page.sees("come to 79, the total says 80: 1 is missing")
    await page.sees("Women are 8 of 79 (10 %). A third would be 27")
    await page.press("Set the total to 79")
    await page.until(lambda: not page.shows("is missing"), "still off")
    assert page.get(ft.TextField, label="Total").value == "79"
    await page.type("Youth (18-34)", "90")
    await page.sees("By age there are 90, more than the total of 79.")


async def test_the_usual_next_day_is_one_tap(unlocked: Open) -> None:
    services = home()
    page = await unlocked(services)
    await begin(page, "Chief's baraza")
    for _ in range(4):
        await page.press("Continue")
    await page.press("In 4 weeks: 20/12/2026")
    await page.until(lambda: saved(services).get("next_date") == "2026-12-20", "not saved")
    assert not page.shows("In a week")


async def test_resolutions_number_themselves(unlocked: Open) -> None:
    services = home()
    page = await unlocked(services)
    await begin(page, "Chief's baraza")
    for _ in range(2):
        await page.press("Continue")
    for words in ("Doria za usiku", "Taa za barabara"):
        await page.press("Add: Resolution")
        await page.type("Resolution", words)
    await page.until(lambda: len(saved(services).get("resolutions", [])) == 2, "not saved")
    assert [item["number"] for item in saved(services)["resolutions"]] == [1, 2]


async def test_every_page_says_in_words_how_far_it_is(unlocked: Open) -> None:
    page = await unlocked(home())
    await begin(page, "Chief's baraza")
    await page.sees("1. What and where: you are here")
    await page.sees("5. People and next steps: not opened yet")
    await page.press("3. Agenda and resolutions: not opened yet")
    await page.sees("3 of 5: Agenda and resolutions")
    await page.sees("1. What and where: looked at")
