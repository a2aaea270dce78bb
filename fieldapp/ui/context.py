"""How a component finds the state of its page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar, cast

import flet as ft

from fieldapp.ui.state import AppState

T = TypeVar("T")
SETTLE_SECONDS = 0.25
"""How long typing must rest before a search is asked; a newer question replaces the older."""
AppContext = ft.create_context(cast("AppState", None))


def use_app() -> AppState:
    """Return the page's state; the component is drawn again when it changes."""
    return ft.use_context(AppContext)


def navigate(route: str) -> None:
    """Go to a screen and count it as activity."""
    ft.context.page.navigate(route)


def use_loaded(load: Callable[[], Awaitable[T | None]], dependencies: Sequence[object]) -> T | None:
    """Return what a service gave, and ask again when a dependency changes; None meanwhile."""
    value, set_value = ft.use_state(cast("T | None", None))

    async def run() -> None:
        found = await load()
        set_value(lambda _: found)

    ft.use_effect(run, dependencies=list(dependencies))
    return value


def later(call: Callable[..., Awaitable[object]], *args: object) -> Callable[..., None]:
    """Return a handler that starts an awaited call on the page's loop."""

    async def run() -> None:
        try:
            await call(*args)
        # A task's fault would be heard of by nobody; the session takes every other handler's.
        except Exception:  # noqa: BLE001
            ft.context.page.session.error("")

    def handler(_: object = None) -> None:
        task = asyncio.get_running_loop().create_task(run())
        _RUNNING.add(task)
        task.add_done_callback(_RUNNING.discard)

    return handler


_RUNNING: set[asyncio.Task[None]] = set()
