"""What the client's one HTML page is given on its way out: our own style, one thread to draw on.

Decides nothing about who is answered; that is the gate's. Only HTML is touched, the one page.

Laws:
  * A finger leaves no coloured box behind; what was touched shows it by itself.
  * The ground before the first frame is the app's own, light or dark.
  * The page draws on one thread. An embedder policy would give it memory that threads share; its
    drawing engine then lays out text and paints it at the same time without a lock, spoils its own
    memory, and the window stands still for good (flutter/flutter issue 190039). The page embeds
    nothing from elsewhere, so it loses nothing without one.
"""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fieldapp.ui.theme import DARK, LIGHT

HEAD_END = b"</head>"
EMBEDDER_POLICY = b"cross-origin-embedder-policy"
STYLE = (
    "<style>html{-webkit-tap-highlight-color:transparent;background:"
    f"{LIGHT.surface}}}@media(prefers-color-scheme:dark){{html{{background:{DARK.surface}}}}}"
    "</style>"
).encode("ascii")


class PageStyle:
    """Puts the style into each HTML answer of an app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, styled if it is a page."""
        if scope["type"] == "http":
            await self._app(scope, receive, _Styled(send))
        else:
            await self._app(scope, receive, send)


class _Styled:
    """One answer; a page is held back until it is whole, anything else goes through."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, event: Message) -> None:
        if event["type"] == "http.response.start" and _is_page(event):
            self._start = event
        elif self._start is None:
            await self._send(event)
        else:
            self._body += event.get("body", b"")
            if not event.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._body.replace(HEAD_END, STYLE + HEAD_END, 1)
        # A tag or a length of the file that was read would be another page's.
        old = {b"content-length", b"etag", b"last-modified", EMBEDDER_POLICY}
        headers: list[Any] = [pair for pair in start["headers"] if pair[0].lower() not in old]
        headers.append((b"content-length", str(len(body)).encode("ascii")))
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    kinds = [value for key, value in start["headers"] if key.lower() == b"content-type"]
    return any(kind.startswith(b"text/html") for kind in kinds)
