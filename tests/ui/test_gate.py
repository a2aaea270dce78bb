"""Attacks on the local window: each is refused, and the officer's own way stays open."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fieldapp.ui.gate import Gate

PORT = 8431
OWN = f"http://127.0.0.1:{PORT}"
BROWSER = {"accept": "text/html,*/*", "sec-fetch-mode": "navigate", "sec-fetch-site": "none"}


class Inside:
    """What the gate guards: answers everything, and says that it was reached."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached.append(scope["path"])
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            return
        headers = [(b"access-control-allow-origin", b"*"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"inside"})


class Attack:
    """A gate, what is behind it, and a client at its door."""

    def __init__(self) -> None:
        self.inside = Inside()
        self.locked = 0
        self.gate = Gate(self.inside, port=PORT, on_last_page_closed=self._lock)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.gate), base_url=OWN, follow_redirects=False
        )

    async def _lock(self) -> None:
        self.locked += 1

    async def enter(self) -> None:
        """Trade a link for a session, as the officer's browser does."""
        answer = await self.client.get(self.gate.new_link(), headers=BROWSER)
        assert answer.status_code == 303

    async def socket(self, **headers: str) -> list[str]:
        """Open the page's socket and close it again; return what the gate or app sent."""
        cookie = "; ".join(f"{k}={v}" for k, v in self.client.cookies.items())
        given = {"host": f"127.0.0.1:{PORT}", "origin": OWN, "cookie": cookie, **headers}
        scope = {
            "type": "websocket",
            "path": "/ws",
            "query_string": b"",
            "headers": [(k.encode(), v.encode()) for k, v in given.items() if v],
        }
        sent: list[str] = []
        events = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect"}])

        async def receive() -> dict[str, str]:
            return next(events)

        async def send(event: Any) -> None:
            sent.append(event["type"])

        await self.gate(scope, receive, send)
        return sent


@pytest.fixture
def attack() -> Attack:
    return Attack()


async def test_a_link_opens_the_window_and_its_session_goes_on(attack: Attack) -> None:
    await attack.enter()
    answer = await attack.client.get("/")
    assert (answer.status_code, answer.text) == (200, "inside")
    assert await attack.socket() == ["websocket.accept"]


async def test_without_a_token_nothing_is_served(attack: Attack) -> None:
    for path in ("/", "/favicon.png", "/main.dart.js"):
        assert (await attack.client.get(path, headers=BROWSER)).status_code == 403
    assert await attack.socket() == ["websocket.close"]
    assert attack.inside.reached == []


async def test_a_token_works_once(attack: Attack) -> None:
    link = attack.gate.new_link()
    assert (await attack.client.get(link, headers=BROWSER)).status_code == 303
    attack.client.cookies.clear()
    assert (await attack.client.get(link, headers=BROWSER)).status_code == 403


async def test_a_link_that_lasts_opens_in_browser_after_browser(attack: Attack) -> None:
    link = attack.gate.new_link(lasts=True)
    for _ in range(3):
        assert (await attack.client.get(link, headers=BROWSER)).status_code == 303
        attack.client.cookies.clear()


async def test_a_guessed_token_is_refused(attack: Attack) -> None:
    attack.gate.new_link()
    assert (await attack.client.get("/?key=guess", headers=BROWSER)).status_code == 403


async def test_a_program_that_only_looks_uses_nothing_up(attack: Attack) -> None:
    link = attack.gate.new_link()
    seen = await attack.client.get(link, headers={"accept": "*/*"})
    assert seen.status_code == 200
    assert "set-cookie" not in seen.headers
    assert (await attack.client.get(link, headers=BROWSER)).status_code == 303


async def test_no_other_host_name_is_answered(attack: Attack) -> None:
    await attack.enter()
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", ""):
        answer = await attack.client.get("/", headers={"host": host})
        assert answer.status_code == 403, host
        assert await attack.socket(host=host) == ["websocket.close"], host


async def test_a_page_of_another_origin_is_refused(attack: Attack) -> None:
    await attack.enter()
    for origin in ("https://evil.example", f"http://127.0.0.1:{PORT + 1}", "null"):
        answer = await attack.client.get("/", headers={"origin": origin})
        assert answer.status_code == 403, origin
        assert await attack.socket(origin=origin) == ["websocket.close"], origin


async def test_a_socket_must_name_its_origin(attack: Attack) -> None:
    await attack.enter()
    assert await attack.socket(origin="") == ["websocket.close"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_link_followed_from_another_page_is_refused(attack: Attack, site: str) -> None:
    await attack.enter()
    answer = await attack.client.get("/", headers={**BROWSER, "sec-fetch-site": site})
    assert answer.status_code == 403


async def test_the_cookie_of_a_neighbouring_window_opens_nothing(attack: Attack) -> None:
    await attack.enter()
    stolen = attack.client.cookies[f"baraza_{PORT}"]
    attack.client.cookies.clear()
    headers = {"cookie": f"baraza_{PORT + 1}={stolen}"}
    assert (await attack.client.get("/", headers=headers)).status_code == 403


async def test_a_cookie_that_is_no_plain_text_is_refused(attack: Attack) -> None:
    cookie = rf'baraza_{PORT}="\351\377"'
    answer = await attack.client.get("/", headers={**BROWSER, "cookie": cookie})
    assert answer.status_code == 403
    assert attack.inside.reached == []


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(attack: Attack) -> None:
    answer = await attack.client.get(attack.gate.new_link(), headers=BROWSER)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie


async def test_answers_do_not_invite_other_sites(attack: Attack) -> None:
    await attack.enter()
    answer = await attack.client.get("/")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_the_vault_is_locked_when_the_last_page_closes(attack: Attack) -> None:
    await attack.enter()
    await attack.socket()
    assert attack.locked == 1
