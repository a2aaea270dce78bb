"""One browser a session; each test opens phones and laptops of its own."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.flet_page import LAPTOP, PHONE, FletPage, launch, new_context

PICTURES = Path("build/e2e")
OpenPage = Callable[[str, tuple[int, int]], FletPage]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Open a link on a device of a size, each in a browser profile of its own.

    When the test fails, every open page is described in words and kept as a picture.
    """
    contexts = []
    pages: list[FletPage] = []

    def opened(link: str, size: tuple[int, int]) -> FletPage:
        context = new_context(browser, size)
        contexts.append(context)
        page = FletPage(context.new_page(), link, touch=size == PHONE)
        pages.append(page)
        return page

    yield opened
    if request.node.stash.get(FAILED, False):
        for number, page in enumerate(pages):
            print(page.described())  # noqa: T201  read in the report of a failure
            page.picture(PICTURES / f"{request.node.name}-{number}.png")
    for context in contexts:
        context.close()


SIZES = pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["360x740", "1366x768"])
LANGUAGES = pytest.mark.parametrize("language", ["en", "sw"])
