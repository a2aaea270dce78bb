"""What the one page of the local window is given: its ground, its manners and one thread."""

from __future__ import annotations

import httpx
import pytest

from fieldapp.ui.page_style import STYLE
from fieldapp.ui.web import build_client
from tests.support.fake_homes import chief_home


@pytest.fixture
def client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=build_client(chief_home()))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def test_the_page_shares_no_memory_between_threads(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "cross-origin-embedder-policy" not in page.headers
    assert page.headers["cross-origin-opener-policy"] == "same-origin"


async def test_the_page_stands_on_the_ground_of_the_app(client: httpx.AsyncClient) -> None:
    page = await client.get("/", headers={"accept-encoding": "identity"})
    assert STYLE in page.content
    assert int(page.headers["content-length"]) == len(page.content)
