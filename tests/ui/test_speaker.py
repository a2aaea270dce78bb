"""The speaker: bytes in memory to the client's player, or nothing at all."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from flet_audio import Audio

from fieldapp.ui.speaker import Speaker
from tests.support.headless import Headless


@pytest.fixture
async def phone() -> AsyncIterator[Headless]:
    page = Headless(platform="android")
    yield page
    await page.close()


def players(page: Headless) -> list[Audio]:
    return [one for one in page.page._services._services if isinstance(one, Audio)]


async def test_a_sound_goes_to_the_player_as_bytes_and_its_end_is_told_once(
    phone: Headless,
) -> None:
    ends: list[str] = []
    speaker = Speaker()
    assert await speaker.play(b"what was said", lambda: ends.append("over"))
    (player,) = players(phone)
    assert (player.src, player.autoplay) == (b"what was said", True)
    await phone.session.dispatch_event(player._i, "state_change", {"state": "playing"})
    assert ends == []
    await phone.session.dispatch_event(player._i, "state_change", {"state": "completed"})
    assert ends == ["over"]
    await speaker.hush()
    assert ends == ["over"]


async def test_a_second_sound_ends_the_first(phone: Headless) -> None:
    ends: list[str] = []
    speaker = Speaker()
    await speaker.play(b"first", lambda: ends.append("first"))
    await speaker.play(b"second", lambda: ends.append("second"))
    assert ends == ["first"]
    assert ("release", None) in [(name, None) for name, _ in phone.calls]
    await speaker.hush()
    assert ends == ["first", "second"]


@pytest.mark.parametrize("platform", ["macos", "linux", "ios"])
async def test_no_sound_is_given_to_a_player_that_would_write_it_down(platform: str) -> None:
    page = Headless(platform=platform)
    assert not await Speaker().play(b"what was said", lambda: None)
    assert players(page) == []
    await page.close()
