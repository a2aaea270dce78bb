"""One resolution is amended with a reason; the others stay as they were sealed."""

from __future__ import annotations

import flet as ft

from tests.support.fake_homes import chief_home
from tests.ui.conftest import Open

RESOLUTIONS = [
    {"id": "aaaaaaaa", "text": "Light the path", "status": "not_started", "number": 1},
    {"id": "bbbbbbbb", "text": "Mend the bridge", "status": "in_progress", "number": 2},
]
MEETING = {
    "meeting_type": "baraza_chief", "date": "2026-10-04", "venue": "Fig tree",
    "resolutions": RESOLUTIONS,
}  # fmt: skip


async def test_one_resolution_is_amended_and_the_other_stays(unlocked: Open) -> None:
    services = chief_home()
    world = services.world
    held = world.hold("meeting", world.officer.unit, MEETING)
    page = await unlocked(services)
    page.page.navigate(f"/records/{held.id}/amend")
    await page.press("3. Agenda and resolutions: not opened yet")
    await page.press("Resolution 1")
    await page.fire(page.get(ft.RadioGroup, data="Status"), "change", "done", value="done")
    for _ in range(2):
        await page.press("Continue")
    await page.press("Review and seal")
    await page.sees("What changes")
    await page.sees("Status: from Not started to Completed")
    await page.type("Reason", "The lamps stand.")
    await page.press("Seal the change")
    await page.until(lambda: world.records[held.id].history[-1].op == "changed", "not sealed")
    kept = {item["id"]: item["status"] for item in world.records[held.id].fields["resolutions"]}
    assert kept == {"aaaaaaaa": "done", "bbbbbbbb": "in_progress"}
    assert world.records[held.id].history[-1].reason == "The lamps stand."


async def test_what_came_and_what_went_is_said_before_the_seal(unlocked: Open) -> None:
    services = chief_home()
    world = services.world
    held = world.hold("meeting", world.officer.unit, MEETING)
    page = await unlocked(services)
    page.page.navigate(f"/records/{held.id}/amend")
    await page.press("3. Agenda and resolutions: not opened yet")
    await page.press("Add: Resolution")
    await page.type("Resolution", "Dig the ditch")
    await page.press("Resolution 2")
    await page.press("Remove: Resolution 2")
    for _ in range(2):
        await page.press("Continue")
    await page.press("Review and seal")
    await page.sees("Resolution: taken out")
    await page.sees("Resolution: added")
    await page.sees("Resolution: from None to Dig the ditch")
