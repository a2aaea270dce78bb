"""A fault of the app itself: calm words, a code, a way home, and nothing of a record in the log."""

from __future__ import annotations

import logging
import re

import pytest

from fieldapp.ui.components.boundary import FRAMEWORK, quiet_the_framework, report
from tests.support.fake_homes import chief_home
from tests.ui.conftest import Open

CODE = re.compile(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b")
SECRET = "Fatuma of Shela"


def raises(*_: object, **__: object) -> None:
    raise KeyError(SECRET)


@pytest.mark.parametrize(("language", "says"), [("en", "are safe"), ("sw", "ziko salama")])
async def test_a_screen_that_raises_is_calm_and_leads_home(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    services = chief_home(language)
    page = await unlocked(services)
    page.faults.are_expected = True
    monkeypatch.setattr("fieldapp.ui.screens.settings.tab_view", raises)
    page.page.navigate("/settings")
    await page.sees(says)
    shown = " ".join(page.words())
    assert SECRET not in shown
    (line,) = set(page.faults.lines)
    code = CODE.search(shown)
    assert code is not None
    assert code.group() in line
    assert SECRET not in line
    await page.press({"en": "Go home", "sw": "Rudi mwanzo"}[language])
    await page.sees(services.world.officer.name)


async def test_the_screen_is_drawn_again_when_it_is_asked_for_again(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await unlocked(chief_home())
    page.faults.are_expected = True
    with monkeypatch.context() as broken:
        broken.setattr("fieldapp.ui.screens.settings.tab_view", raises)
        page.page.navigate("/settings")
        await page.sees("could not be shown")
        await page.press("Go home")
    page.page.navigate("/settings")
    await page.sees("Text size")


async def test_a_part_that_raises_leaves_the_rest_of_its_screen(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await unlocked(chief_home())
    page.faults.are_expected = True
    monkeypatch.setattr("fieldapp.ui.components.record_body._history", raises)
    page.page.navigate("/records/r0001")
    await page.sees("could not be shown")
    await page.sees("Record")
    assert SECRET not in " ".join(page.words() + page.faults.lines)


async def test_a_deed_that_raises_says_so_above_the_screen_until_it_is_read(
    unlocked: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    services = chief_home()
    page = await unlocked(services)
    page.faults.are_expected = True
    monkeypatch.setattr(services.records, "new_draft", raises)
    await page.press("Record meeting")
    await page.sees("That did not work")
    assert SECRET not in " ".join((*page.words(), *page.faults.lines, caplog.text))
    await page.press("Understood")
    await page.until(lambda: not page.shows("That did not work"), "the words stay")


def test_the_same_fault_has_the_same_code_whatever_it_carries() -> None:
    codes = []
    for words in (SECRET, "someone else"):
        try:
            int(words)
        except ValueError as problem:
            codes.append(report(problem))
    assert codes[0] == codes[1]
    assert CODE.fullmatch(codes[0])


@pytest.mark.parametrize("name", FRAMEWORK)
def test_the_framework_logs_a_code_and_no_words_of_a_fault(
    name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    quiet_the_framework()
    quiet_the_framework()
    logger = logging.getLogger(name)
    logger.warning("the handler of %s failed", SECRET)
    try:
        raises()
    except KeyError:
        logger.exception("dispatching to %s", SECRET)
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
    assert [record.name for record in caplog.records] == ["fieldapp.ui"]
    assert CODE.search(caplog.text) is not None
