"""Pictures and voice notes in a real browser: taken, seen large, heard to the end."""

from __future__ import annotations

import array
import io
import math
from dataclasses import replace

from PIL import Image
from playwright.sync_api import expect

from fieldapp.services.sounds import SAMPLE_RATE, voice_file
from tests.e2e.conftest import OpenPage
from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import PIN
from tests.support.flet_page import PATIENT_FRAMES, PHONE, START_MS, FletPage, Say
from tests.support.pictures import photo
from tests.support.window import served


def voice(seconds: float) -> bytes:
    """A tone as the app's own microphone makes a voice note."""
    count = int(SAMPLE_RATE * seconds)
    tone = array.array("h", (int(9_000 * math.sin(at / 4)) for at in range(count)))
    return voice_file(tone.tobytes())


def holding(language: str) -> tuple[FakeServices, str]:
    """An office's home with a concern that was received with a picture and a voice note."""
    services = sub_county_home(language)
    fields = {"category": "land", "date": "2026-11-20"}
    record = services.world.hold("concern", services.world.officer.unit, fields)
    picture = services.media.add_photo(record.id, "pictures", photo(800, 600))
    sound = services.media.add_audio(record.id, "voice_note", voice(1.5), 2)
    services.media.held[record.id] = [
        replace(picture, thumb=photo(80, 60), state="coming"),
        replace(sound, state="coming"),
    ]
    return services, record.id


def width_of_the_open_picture(page: FletPage) -> float:
    """Return how wide a picture stands in its dialog, which grows as it opens."""
    picture = page.page.get_by_role("alertdialog").get_by_role("img")
    picture.wait_for(state="attached", timeout=START_MS)
    width = 0.0
    for _ in range(PATIENT_FRAMES):
        page.settle()
        box = picture.bounding_box()
        if box is not None and width == box["width"]:
            break
        width = 0.0 if box is None else box["width"]
    return width


def test_an_office_sees_a_picture_large_and_hears_a_voice_note(open_page: OpenPage) -> None:
    say = Say("sw")
    services, record = holding("sw")
    picture, sound = say("ui.media.photo", number=1), say("ui.media.audio", number=1)
    with served(services) as window:
        page = open_page(window.link(), PHONE)
        page.fill(say("ui.unlock.pin"), PIN)
        page.press(say("ui.unlock"))
        page.sees(say("ui.home.latest"))
        page.visit(f"/records/{record}", page.words(picture))
        page.press(say("ui.media.open", name=picture))
        assert width_of_the_open_picture(page) > 0.7 * PHONE[0]
        page.press(say("ui.close"))
        page.press(say("ui.media.play", name=sound))
        page.sees(say("ui.media.hush", name=sound))
        # Only what a player really reached the end of may be played again.
        page.sees(say("ui.media.play", name=sound))
    assert [url for url in page.blocked if "rive" not in url] == []


def test_a_chief_takes_a_picture_without_leaving_the_form(open_page: OpenPage) -> None:
    say = Say("en")
    services = chief_home("en")
    draft = services.records.new_draft("concern", None, {"category": "land", "date": "2026-11-20"})
    with served(services) as window:
        page = open_page(window.link(), PHONE)
        page.fill(say("ui.unlock.pin"), PIN)
        page.press(say("ui.unlock"))
        page.sees(say("ui.home.latest"))
        going_on = page.page.get_by_role("button", name=say("ui.continue"), exact=True)
        page.visit(f"/draft/{draft.id}", going_on)
        shutter = page.page.get_by_role("button", name=say("ui.media.shoot"), exact=True)
        page.turn_until(say("ui.continue"), say("ui.media.take"))
        page.press_for(say("ui.media.take"), shutter)
        expect(shutter).to_be_enabled(timeout=START_MS)
        page.hit(shutter)
        page.sees(say("ui.media.photo", number=1))
    (taken,) = services.media.contents.values()
    assert taken.startswith(b"\xff\xd8")
    assert Image.open(io.BytesIO(taken)).width >= 640
