"""A desk's monthly tally: ready on home, read as numbers alone, sealed with one tap."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.errors import NoReaderError
from fieldapp.i18n import message
from fieldapp.services.views import Note, TallyDraft, TallyRow
from tests.support.fake_services import FakeServices
from tests.support.headless import Headless
from tests.ui.conftest import Open

READY = TallyDraft(
    "2026-10",
    (
        TallyRow("KE-005-S022", "survivor", 8, None, "Lamu West"),
        TallyRow("KE-005-S022", "children", None, None, "Lamu West"),
    ),
)


def desk(language: str = "en") -> FakeServices:
    services = FakeServices(language=language)
    services.tallies.drafts = [READY]
    services.world.notes = [Note("note.tally_due", {"month": "2026-10"})]
    return services


async def read(unlocked: Open, services: FakeServices) -> Headless:
    page = await unlocked(services)
    await page.press("The tally of October 2026 is ready")
    await page.sees("Tally of October 2026")
    return page


async def test_home_shows_the_draft_and_no_command(unlocked: Open) -> None:
    page = await unlocked(desk())
    await page.sees("The tally of October 2026 is ready")
    assert not page.shows("record tally")


async def test_the_numbers_are_read_and_sealed(unlocked: Open) -> None:
    services = desk()
    page = await read(unlocked, services)
    said = [one.label for one in page.all(ft.Semantics) if one.label and "Lamu West" in one.label]
    assert said == ["Lamu West, Gender-based violence: 8", "Lamu West, Children: fewer than 5"]
    await page.press("Seal and queue")
    await page.sees("The tally of October 2026 is sealed and waits to be sent.")
    assert services.tallies.sealed == ["2026-10"]
    page.page.navigate("/")
    await page.sees("Nothing waits")
    assert not page.shows("is ready")


async def test_a_refused_seal_says_why_and_keeps_the_numbers(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = desk()
    page = await read(unlocked, services)

    def refuse(_month: str) -> None:
        raise NoReaderError

    monkeypatch.setattr(services.tallies, "seal", refuse)
    await page.press("Seal and queue")
    await page.sees(message("no_reader"))
    assert page.shows("fewer than 5")


async def test_where_none_is_due_the_page_says_when_one_will_be(unlocked: Open) -> None:
    page = await unlocked(FakeServices())
    assert not page.shows("is ready")
    page.page.navigate("/tally")
    await page.sees("No tally is due")


async def test_it_is_told_in_kiswahili(unlocked: Open) -> None:
    page = await unlocked(desk("sw"))
    await page.press("Jumla ya Oktoba 2026 iko tayari")
    await page.sees("chini ya 5")
