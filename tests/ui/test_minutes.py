"""Minutes are shared after a plain warning and the PIN, and only those of open meetings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.fake_homes import chief_home
from tests.support.fake_services import FakePlatform, FakeServices
from tests.support.fake_world import PIN
from tests.support.headless import Headless
from tests.ui.conftest import Open

MEETING = {"meeting_type": "baraza_chief", "date": "2026-10-04", "venue": "Fig tree"}


def holding(type_key: str = "meeting", **changed: Any) -> tuple[FakeServices, str]:
    services = chief_home()
    world = services.world
    held = world.hold(type_key, world.officer.unit, {**MEETING, **changed})
    return services, held.id


async def at_record(unlocked: Open, services: FakeServices, record: str, **more: Any) -> Headless:
    page = await unlocked(services, **more)
    page.page.navigate(f"/records/{record}")
    await page.sees("History")
    return page


@pytest.mark.parametrize(
    ("button", "name"),
    [
        ("PDF, to print", "minutes-2026-10-04.pdf"),
        ("Text, for a message", "minutes-2026-10-04.txt"),
    ],
)
async def test_minutes_are_saved_after_the_warning_and_the_pin(
    unlocked: Open, button: str, name: str
) -> None:
    services, record = holding()
    device = FakePlatform()
    page = await at_record(unlocked, services, record, platform=device)
    await page.press("Share or print")
    await page.sees("The minutes leave protection")
    await page.press(button)
    await page.type("Enter your PIN", PIN)
    await page.press("Share")
    await page.until(lambda: device.saved_bytes, "nothing was saved")
    kind = "pdf" if name.endswith("pdf") else "text"
    assert device.saved_bytes == {name: f"{kind} en".encode()}
    assert services.minutes.shared == [(record, "en", kind)]
    await page.sees(f"The minutes were saved as {name}")


async def test_a_wrong_pin_saves_nothing_and_may_be_tried_again(unlocked: Open) -> None:
    services, record = holding()
    device = FakePlatform()
    page = await at_record(unlocked, services, record, platform=device)
    await page.press("Share or print")
    await page.press("PDF, to print")
    await page.type("Enter your PIN", "000000")
    await page.press("Share")
    await page.sees("Wrong PIN. Try again.")
    assert (device.saved_bytes, services.minutes.shared) == ({}, [])
    await page.type("Enter your PIN", PIN)
    await page.press("Share")
    await page.until(lambda: device.saved_bytes, "nothing was saved")


async def test_words_that_may_point_at_a_person_are_to_be_read_again(unlocked: Open) -> None:
    services, record = holding(discussion="Call 0722 123 456, or the son of the elder.")
    page = await at_record(unlocked, services, record)
    await page.press("Share or print")
    await page.sees("2 places may point at a person")


@pytest.mark.parametrize("secret", ["confidential", "restricted"])
async def test_a_closed_meeting_is_not_offered(unlocked: Open, secret: str) -> None:
    services, record = holding(classification=secret, meeting_type="csic")
    page = await unlocked(services)
    page.page.navigate(f"/records/{record}")
    shown = {"confidential": "History", "restricted": "Restricted record"}
    await page.sees(shown[secret])
    assert not page.shows("Share or print")


async def test_the_way_back_shares_nothing(unlocked: Open) -> None:
    services, record = holding()
    page = await at_record(unlocked, services, record)
    await page.press("Share or print")
    await page.press("Cancel")
    await page.until(lambda: not page.shows("leave protection"), "still asked")
    assert services.minutes.shared == []
