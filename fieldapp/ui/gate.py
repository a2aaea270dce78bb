"""Who may talk to the local window: an ASGI gate in front of every page and socket.

Laws:
  * A request is served only for this machine's own address (Host) and, where a browser names the
    page that asks (Origin), only for this window's own page. This stops DNS rebinding and pages of
    other sites.
  * A link carries a token that works once, for a browser that navigates to it; it is traded for a
    session cookie that no script can read and no other site can send. A program that only looks at
    the link gets a hint and uses nothing up. Only the demo asks for a link that lasts.
  * Without that cookie nothing is served, not even an icon.
  * When the last open page has gone, ``on_last_page_closed`` is called once.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from fieldapp.ui.chance import new_token

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK_NAMES = ("127.0.0.1", "localhost")
POLICY_VIOLATION = 1008
HINT = (
    b"Baraza: open this address in a browser on this computer. / "
    b"Fungua anwani hii kwenye kivinjari cha kompyuta hii.\n"
)
REFUSED = (
    b"This page is closed. Start Baraza again and use the new address that it prints.\n"
    b"Ukurasa huu umefungwa. Anzisha Baraza tena na utumie anwani mpya inayoonyeshwa.\n"
)
# The client is all local; what it needs beyond plain scripts is WebAssembly and blob workers.
PAGE_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def header(scope: Scope, name: bytes) -> str:
    """Return the one value of a request header, or an empty text."""
    values = [value for key, value in scope["headers"] if key.lower() == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""


class Gate:
    """The guard of one local window on one port."""

    def __init__(
        self, app: App, *, port: int, on_last_page_closed: Callable[[], Awaitable[None]]
    ) -> None:
        self._app = app
        self._port = port
        self._on_last_page_closed = on_last_page_closed
        self._tokens: set[str] = set()
        self._lasting: set[str] = set()
        self._session = new_token()
        # Cookies are shared by all ports of a host: the name tells neighbouring windows apart.
        self._cookie = f"baraza_{port}"
        self._hosts = frozenset(f"{name}:{port}" for name in LOOPBACK_NAMES)
        self._origins = frozenset(f"http://{host}" for host in self._hosts)
        self._open_pages = 0

    def new_link(self, *, lasts: bool = False) -> str:
        """Return an address that opens the window once, or as often as it is asked to."""
        token = new_token()
        self._tokens.add(token)
        if lasts:
            self._lasting.add(token)
        return f"http://127.0.0.1:{self._port}/?key={token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, trade a token, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif not self._is_own_address(scope):
            await self._refuse(scope, receive, send)
        elif self._has_session(scope):
            await self._serve(scope, receive, send)
        elif scope["type"] == "http" and (token := self._offered_token(scope)):
            await self._trade(scope, token, send)
        else:
            await self._refuse(scope, receive, send)

    def _is_own_address(self, scope: Scope) -> bool:
        if header(scope, b"host") not in self._hosts:
            return False
        origins = [value for key, value in scope["headers"] if key.lower() == b"origin"]
        if scope["type"] == "websocket" and not origins:
            return False
        if header(scope, b"sec-fetch-site") in {"cross-site", "same-site"}:
            # "same-site" is another port of this machine: still not our page. The first link is
            # opened by a person, which browsers call "none".
            return False
        return all(value.decode("latin-1") in self._origins for value in origins)

    def _has_session(self, scope: Scope) -> bool:
        jar = SimpleCookie()
        try:
            jar.load(header(scope, b"cookie"))
        except CookieError:
            return False
        found = jar.get(self._cookie)
        # As bytes: a value beyond ASCII is as wrong as any other, and no error.
        given = b"" if found is None else found.value.encode()
        return hmac.compare_digest(given, self._session.encode())

    def _offered_token(self, scope: Scope) -> str | None:
        offered = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("key", [])
        if scope["path"] != "/" or len(offered) != 1:
            return None
        given = offered[0].encode()
        known = (token for token in self._tokens if hmac.compare_digest(token.encode(), given))
        return next(known, None)

    async def _trade(self, scope: Scope, token: str, send: Send) -> None:
        is_browser = (
            scope["method"] == "GET"
            and "text/html" in header(scope, b"accept")
            and header(scope, b"sec-fetch-mode") in {"", "navigate"}
        )
        if not is_browser:
            await _answer(send, 200, HINT)
            return
        if token not in self._lasting:
            self._tokens.discard(token)
        cookie = f"{self._cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"
        await _answer(
            send, 303, b"", [(b"location", b"/"), (b"set-cookie", cookie.encode("latin-1"))]
        )

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._app(scope, receive, _guarded(send))
            return
        self._open_pages += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open_pages -= 1
            if self._open_pages == 0:
                await self._on_last_page_closed()

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await _answer(send, 403, REFUSED)


async def _answer(
    send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    start = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *PAGE_HEADERS,
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


def _guarded(send: Send) -> Send:
    """Take the client's open door to other sites out of each answer and add our own headers."""

    async def send_guarded(event: Event) -> None:
        if event["type"] == "http.response.start":
            ours = {key for key, _ in PAGE_HEADERS} - {b"cache-control"}
            kept = [
                (key, value)
                for key, value in event["headers"]
                if key.lower() not in ours | {b"access-control-allow-origin"}
            ]
            added = [(key, value) for key, value in PAGE_HEADERS if key in ours]
            event = {**event, "headers": [*kept, *added]}
        await send(event)

    return send_guarded
