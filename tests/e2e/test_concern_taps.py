"""A stock theft in Kiswahili on a phone: how many taps it takes, and what is kept of it."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import Locator

from fieldapp.domain.record_types import record_type
from tests.e2e.conftest import EVIDENCE, OpenPage
from tests.support.fake_homes import chief_home
from tests.support.fake_world import PIN
from tests.support.flet_page import PHONE, START_MS, FletPage, Say
from tests.support.window import served

MOST_TAPS = 8
STORY = "Ng'ombe watatu wameibiwa usiku karibu na kisima."


def count_taps(page: FletPage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a page count its taps; a field that is typed into counts as one."""
    hit, taps = page.hit, list[str]()

    def counted(spot: Locator, timeout_ms: int = START_MS) -> None:
        taps.append(str(spot))
        hit(spot, timeout_ms)

    monkeypatch.setattr(page, "hit", counted)
    return taps


def test_a_stock_theft_takes_at_most_eight_taps(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, say = chief_home("sw"), Say("sw")
    with served(home) as window:
        page = open_page(window.link(), PHONE)
        page.fill(say("ui.unlock.pin"), PIN)
        page.press(say("ui.unlock"))
        page.sees(say("ui.home.latest"))
        taps = count_taps(page, monkeypatch)
        began = time.monotonic()
        page.press(record_type("concern").begin_words.in_language("sw"))
        page.fill(say("ui.concern.search"), "ngombe")
        page.press(say.option("category", "stock_theft"))
        page.press(say("ui.continue"))
        page.sees(say("ui.form.unit"))
        page.press(say("ui.continue"))
        page.fill(say.field("concern", "narrative"), STORY)
        page.press(say("ui.form.review"))
        page.press(say("ui.review.seal"))
        figures = {"taps": len(taps), "seconds": round(time.monotonic() - began, 1)}
        EVIDENCE.mkdir(parents=True, exist_ok=True)
        (EVIDENCE / "stock-theft.json").write_text(json.dumps(figures))
        assert len(taps) <= MOST_TAPS, taps
        page.sees(say("ui.done.sealed"))
        kept = list(home.world.records.values())[-1].fields
        assert (kept["category"], kept["urgency"], kept["narrative"]) == (
            "stock_theft", "U2", STORY,
        )  # fmt: skip
        assert kept["date"] == "2026-11-22"


@pytest.mark.parametrize(("said", "kept"), [((-2.2749, 40.9061), {"lat": -2.27, "lon": 40.91})])
def test_the_browser_gives_its_place_and_only_a_rough_one_is_kept(
    open_page: OpenPage, said: tuple[float, float], kept: dict[str, float]
) -> None:
    home, say = chief_home("sw"), Say("sw")
    with served(home) as window:
        page = open_page(window.link(), PHONE)
        page.page.context.grant_permissions(["geolocation"])
        page.page.context.set_geolocation({"latitude": said[0], "longitude": said[1]})
        page.fill(say("ui.unlock.pin"), PIN)
        page.press(say("ui.unlock"))
        page.sees(say("ui.home.latest"))
        page.press(record_type("concern").begin_words.in_language("sw"))
        page.press(say.option("category", "theft"))
        page.press(say("ui.continue"))
        page.press(say("ui.place.here"))
        page.sees(say("ui.place.kept", lat=f"{kept['lat']:.2f}", lon=f"{kept['lon']:.2f}"))
        window.until(lambda: any(fields.get("place") == kept for _, fields in home.world.saves))
        assert not [fields for _, fields in home.world.saves if "2749" in str(fields)]
