"""One browser a session; each test opens phones and laptops of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.support.flet_page import (
    LAPTOP,
    PHONE,
    FletPage,
    keep_evidence,
    launch,
    new_context,
)

EVIDENCE = Path("build/e2e")
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
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@contextmanager
def witnessed(browser: Browser, name: str) -> Iterator[None]:
    """Keep what every device showed and said if the block fails; then put its devices away.

    A test that ends its own windows uses this inside: afterwards its pages show nothing any more.
    """
    before = set(browser.contexts)
    failed = True
    try:
        yield
        failed = False
    finally:
        put_away(browser, before, name if failed else "")


@pytest.fixture(autouse=True)
def evidence(browser: Browser, request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep what every device showed and said when a test fails; then put its devices away."""
    before = set(browser.contexts)
    yield
    failed = request.node.stash.get(FAILED, False)
    put_away(browser, before, request.node.name if failed else "")


def put_away(browser: Browser, before: Collection[BrowserContext], evidence_for: str) -> None:
    """Close the devices that were opened since, keeping what all of them show if asked to."""
    name = re.sub(r"[^\w.-]+", "-", evidence_for)
    for number, context in enumerate(browser.contexts):
        if name:
            keep_evidence(context, EVIDENCE, f"{name}-{number}")
        if context not in before:
            context.close()


@pytest.fixture
def open_page(browser: Browser) -> OpenPage:
    """Open a link on a device of a size, each in a browser profile of its own."""

    def opened(link: str, size: tuple[int, int]) -> FletPage:
        context = new_context(browser, size)
        return FletPage(context.new_page(), link, touch=size == PHONE)

    return opened


SIZES = pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["360x740", "1366x768"])
LANGUAGES = pytest.mark.parametrize("language", ["en", "sw"])
