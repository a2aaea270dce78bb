"""Homes and pages for the screens' tests: a fake home, a page without a client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import flet as ft
import pytest

from fieldapp.ui.app import make_main
from fieldapp.ui.theme import WIDE_FROM
from tests.support.fake_services import FakePhone, FakePlatform, FakeServices
from tests.support.fake_world import PIN
from tests.support.headless import Headless

Open = Callable[..., Awaitable[Headless]]
PIN_FIELD = {"en": "Enter your PIN", "sw": "Weka PIN yako"}
UNLOCK = {"en": "Unlock", "sw": "Fungua"}


@pytest.fixture
async def open_page() -> AsyncIterator[Open]:
    """Open pages on a home; all are closed at the end."""
    pages: list[Headless] = []
    # All pages of a home come from one ``main``, as they do in the app.
    mains: dict[int, Callable[[ft.Page], None]] = {}

    async def opened(
        services: FakeServices,
        *,
        width: int = 360,
        platform: FakePlatform | None = None,
        demo: Callable[[], FakeServices] | None = None,
        phone: FakePhone | None = None,
    ) -> Headless:
        device = platform or FakePlatform()
        main = mains.setdefault(
            id(services), make_main(services, demo=demo, phone=phone, platform=lambda: device)
        )
        page = Headless(width=width, platform="android" if width < WIDE_FROM else "linux")
        pages.append(page)
        return await page.start(main)

    yield opened
    for page in pages:
        await page.close()


@pytest.fixture
def unlocked(open_page: Open) -> Open:
    """Open a page and unlock it."""

    async def opened(services: FakeServices, **more: object) -> Headless:
        page = await open_page(services, **more)
        language = services.world.language or "en"
        await page.type(PIN_FIELD[language], PIN)
        await page.press(UNLOCK[language])
        await page.sees(services.world.officer.name)
        return page

    return opened
