"""The local window: the app served to a browser of this machine, and to nothing else.

Laws:
  * It listens on 127.0.0.1 only; ``gate`` decides who is answered.
  * Every byte of the client comes from this machine (``no_cdn``), compressed.
  * Each open page unlocks for itself; when the last one has gone the vault is locked.
  * The browser stores nothing: no cache, a session cookie that dies with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import webbrowser
from collections.abc import Callable
from pathlib import Path
from shutil import which

import flet as ft
import flet_web.fastapi
import uvicorn
from starlette.middleware.gzip import GZipMiddleware

from fieldapp.ui.app import make_main
from fieldapp.ui.gate import App, Gate
from fieldapp.ui.page_style import PageStyle
from fieldapp.ui.phone_port import PhonePort
from fieldapp.ui.ports import Demo, ServicesPort

LOOPBACK = "127.0.0.1"
# A closed page is noticed at once; a page that only lost its socket may come back within this.
RECONNECT_SECONDS = 300
CHROMIUM_NAMES = ("chromium", "google-chrome", "chromium-browser", "microsoft-edge", "msedge")


def build_client(
    services: ServicesPort, *, demo: Demo | None = None, phone: PhonePort | None = None
) -> App:
    """Return the app as ASGI, without the gate."""
    client = flet_web.fastapi.app(
        make_main(services, demo=demo, phone=phone),
        app_name="Baraza",
        app_short_name="Baraza",
        app_description="Baraza",
        assets_dir=str(Path(__file__).parent / "client"),
        route_url_strategy=ft.RouteUrlStrategy.HASH,
        no_cdn=True,
        session_timeout_seconds=RECONNECT_SECONDS,
    )
    return GZipMiddleware(PageStyle(client), minimum_size=1000, compresslevel=6)


def build_window(
    services: ServicesPort,
    *,
    port: int,
    demo: Demo | None = None,
    phone: PhonePort | None = None,
) -> Gate:
    """Return the guarded app for a port that the caller already holds."""
    close = services.access.lock if phone is None else phone.lock

    async def lock() -> None:
        await asyncio.to_thread(close)

    client = build_client(services, demo=demo, phone=phone)
    return Gate(client, port=port, on_last_page_closed=lock)


def take_port(port: int) -> socket.socket:
    """Take a loopback port, 0 for any free one; who comes before the server runs waits there."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def open_in_browser(link: str) -> None:
    """Open the link as a window of its own where a Chromium exists, else in the usual browser."""
    program = next((found for name in CHROMIUM_NAMES if (found := which(name))), None)
    if program is None:
        webbrowser.open(link)
        return
    with contextlib.suppress(OSError):
        # The program's path comes from the system's own search path, the link from the gate.
        subprocess.Popen(  # noqa: S603
            [program, f"--app={link}", "--no-first-run"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def serve(
    services: ServicesPort,
    *,
    port: int,
    announce: Callable[[str], object],
    demo: Demo | None = None,
    phone: PhonePort | None = None,
    lasting_link: bool = False,
) -> None:
    """Serve the app to this machine until it is stopped; ``announce`` is given its link."""
    with take_port(port) as listener:
        number = int(listener.getsockname()[1])
        gate = build_window(services, port=number, demo=demo, phone=phone)
        announce(gate.new_link(lasts=lasting_link))
        config = uvicorn.Config(
            gate, log_level="warning", access_log=False, server_header=False, ws="websockets-sansio"
        )
        uvicorn.Server(config).run(sockets=[listener])
