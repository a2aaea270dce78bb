"""Pictures and voice notes on the screens: added, named, taken out, opened, waited for."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from tests.support.fake_homes import chief_home
from tests.support.fake_media import THUMB
from tests.support.fake_services import FakePlatform, FakeServices
from tests.support.headless import Headless
from tests.ui.conftest import Open

LAND = {"category": "land", "date": "2026-11-20"}


async def at_pictures(unlocked: Open, services: FakeServices, **more: object) -> Headless:
    """Open a concern's form where pictures are added."""
    page = await unlocked(services, **more)
    draft = services.records.new_draft("concern", None, LAND)
    page.page.navigate(f"/draft/{draft.id}")
    await page.until(lambda: page._pressable("Continue"), "the form is not open")
    for _ in range(6):
        if page._pressable("Take or choose a picture"):
            return page
        await page.press("Continue")
    raise AssertionError(page.texts())


async def with_camera(unlocked: Open, services: FakeServices, device: FakePlatform) -> Headless:
    """Open the same form on a device with a camera."""
    page = await unlocked(services, platform=device)
    draft = services.records.new_draft("concern", None, LAND)
    page.page.navigate(f"/draft/{draft.id}")
    await page.until(lambda: page._pressable("Continue"), "the form is not open")
    for _ in range(6):
        if page._pressable("Take a picture"):
            return page
        await page.press("Continue")
    raise AssertionError(page.texts())


def held(services: FakeServices, field: str = "pictures") -> list[str]:
    draft = next(reversed(services.world.drafts.values()))
    return [one["file"] for one in draft.fields.get(field, [])]


@pytest.mark.parametrize("width", [360, 1366])
async def test_a_picture_is_added_shown_and_taken_out(unlocked: Open, width: int) -> None:
    services = chief_home("en")
    page = await at_pictures(unlocked, services, width=width)
    await page.press("Take or choose a picture")
    await page.sees("Picture 1")
    await page.sees("180 KB")
    assert page.get(ft.Image, src=THUMB).semantics_label == "Picture 1"
    await page.until(lambda: len(held(services)) == 1, "it is not in the draft")
    await page.press("Remove: Picture 1")
    await page.until(lambda: held(services) == [], "it is still in the draft")
    assert not page.shows("Picture 1")


async def test_three_pictures_are_enough(unlocked: Open) -> None:
    services = chief_home("en")
    page = await at_pictures(unlocked, services)
    for number in (1, 2, 3):
        await page.press("Take or choose a picture")
        await page.sees(f"Picture {number}")
    await page.until(lambda: len(held(services)) == 3, "they are not in the draft")
    assert not page._pressable("Take or choose a picture")


async def test_what_is_no_picture_is_said_and_nothing_is_added(unlocked: Open) -> None:
    services, device = chief_home("en"), FakePlatform()
    device.picture = b"no picture at all"
    page = await at_pictures(unlocked, services, platform=device)
    await page.press("Take or choose a picture")
    await page.sees("This file is not a picture that can be read.")
    assert held(services) == []


async def test_choosing_nothing_changes_nothing(unlocked: Open) -> None:
    services, device = chief_home("en"), FakePlatform()
    device.picture = None
    page = await at_pictures(unlocked, services, platform=device)
    await page.press("Take or choose a picture")
    assert held(services) == []
    assert page._pressable("Take or choose a picture")


async def test_a_voice_note_is_said_and_stopped(unlocked: Open) -> None:
    services = chief_home("en")
    page = await at_pictures(unlocked, services)
    await page.press("Record a voice note")
    await page.press("Stop (0 of 60 s)")
    await page.sees("Voice note 1")
    await page.sees("1 s · 8 KB")
    await page.until(lambda: len(held(services, "voice_note")) == 1, "it is not in the draft")
    assert not page._pressable("Record a voice note")


async def test_a_refused_microphone_leaves_the_pen(unlocked: Open) -> None:
    services, device = chief_home("en"), FakePlatform()
    device.voice = None
    page = await at_pictures(unlocked, services, platform=device)
    await page.press("Record a voice note")
    await page.sees("The microphone was refused. You can write instead.")


async def test_a_record_shows_its_pictures_and_opens_one(unlocked: Open) -> None:
    services = chief_home("sw")
    record = services.world.hold("concern", services.world.officer.unit, dict(LAND))
    picture = b"a large picture" * 12_000
    view = services.media.add_photo(record.id, "pictures", picture)
    services.media.held[record.id] = [replace(view, state="sending", sent_bytes=36_000, takes=29)]
    page = await unlocked(services)
    page.page.navigate(f"/records/{record.id}")
    await page.sees("Picha na ujumbe wa sauti")
    await page.sees("KB 36 kati ya 180 zimefika kwenye seva · takriban sekunde 29 kutuma")
    await page.press("Fungua: Picha 1")
    await page.until(lambda: page.all(ft.Image, src=picture), "it does not open")
    await page.press("Funga")
    await page.until(lambda: not page.all(ft.AlertDialog, open=True), "it stays open")


async def with_voice(
    unlocked: Open, device: FakePlatform, *, width: int = 360, **state: object
) -> Headless:
    """Open a concern's page that holds a voice note."""
    services = chief_home("en")
    record = services.world.hold("concern", services.world.officer.unit, dict(LAND))
    view = services.media.add_audio(record.id, "voice_note", b"what was said", 3)
    services.media.held[record.id] = [replace(view, **state)]  # type: ignore[arg-type]
    page = await unlocked(services, platform=device, width=width)
    page.page.navigate(f"/records/{record.id}")
    await page.sees("Voice note 1")
    return page


async def test_a_voice_note_is_heard_to_its_end_or_stopped(unlocked: Open) -> None:
    device = FakePlatform()
    page = await with_voice(unlocked, device, state="coming", takes=12)
    await page.sees("At the server; opens when asked for · about 12 s to fetch")
    await page.press("Play: Voice note 1")
    await page.until(lambda: device.playing == b"what was said", "it is not heard")
    await page.sees("On this device")
    await page.press("Stop: Voice note 1")
    await page.until(lambda: device.playing is None, "it goes on")
    await page.press("Play: Voice note 1")
    await page.until(lambda: device.playing == b"what was said", "it is not heard again")
    await device.hush()
    await page.until(lambda: page._pressable("Play: Voice note 1"), "it ended and says otherwise")


async def test_locking_ends_what_plays(unlocked: Open) -> None:
    device = FakePlatform()
    page = await with_voice(unlocked, device, width=1366)
    await page.press("Play: Voice note 1")
    await page.until(lambda: device.playing, "it is not heard")
    await page.press("Lock")
    await page.until(lambda: device.playing is None, "it is heard behind the lock")


async def test_leaving_the_page_ends_what_plays(unlocked: Open) -> None:
    device = FakePlatform()
    page = await with_voice(unlocked, device)
    await page.press("Play: Voice note 1")
    await page.until(lambda: device.playing, "it is not heard")
    page.page.navigate("/")
    await page.until(lambda: device.playing is None, "it is heard on another page")


async def test_a_window_that_would_write_the_sound_down_says_where_to_hear_it(
    unlocked: Open,
) -> None:
    device = FakePlatform()
    device.can_play = False
    page = await with_voice(unlocked, device)
    await page.press("Play: Voice note 1")
    await page.sees("Open Baraza in a browser")
    assert page._pressable("Play: Voice note 1")


async def test_what_is_gone_offers_nothing_to_press(unlocked: Open) -> None:
    page = await with_voice(unlocked, FakePlatform(), state="gone", takes=0)
    await page.sees("No longer on this device")
    assert not page._pressable("Play: Voice note 1")


async def test_the_sync_page_says_how_much_waits_and_how_long_it_takes(unlocked: Open) -> None:
    services = chief_home("en")
    view = services.media.add_photo("r1", "pictures", bytes(750_000))
    services.media.held["r1"] = [replace(view, state="sending", sent_bytes=150_000)]
    page = await unlocked(services)
    page.page.navigate("/sync")
    await page.sees("1 · 150 of 750 KB is at the server · about 2 min left. Text goes first.")


async def test_a_picture_is_taken_inside_the_app(unlocked: Open) -> None:
    services, device = chief_home("en"), FakePlatform()
    device.has_camera = True
    page = await with_camera(unlocked, services, device)
    await page.press("Take a picture")
    await page.until(lambda: device.is_camera_open, "the camera does not open")
    await page.until(lambda: page._pressable("Take it now"), "it cannot be taken")
    await page.press("Take it now")
    await page.sees("Picture 1")
    await page.until(lambda: len(held(services)) == 1, "it is not in the draft")
    assert list(services.media.contents.values()) == [device.seen]


async def test_a_refused_camera_leaves_the_chooser(unlocked: Open) -> None:
    services, device = chief_home("en"), FakePlatform()
    device.has_camera, device.seen = True, None
    page = await with_camera(unlocked, services, device)
    await page.press("Take a picture")
    await page.sees("There is no camera here, or it was refused.")
    await page.press("Cancel")
    await page.press("Choose a picture")
    await page.sees("Picture 1")
