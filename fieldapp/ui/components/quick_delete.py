"""Quick delete: slide, five seconds to think better of it, and the vault is gone.

Laws:
  * It asks no PIN, on the lock screen or behind it: who needs it has no time.
  * What is kept is said before anything goes. Nothing is said afterwards: the screen that follows
    is that of a phone on which nobody enrolled, or the lock of the others who share it.
  * Sliding has a button beside it that asks once more, for a keyboard and a screen reader.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, quiet_button
from fieldapp.ui.components.failure import failure_of
from fieldapp.ui.components.slide import SlideToBegin
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import navigate, use_app, use_loaded
from fieldapp.ui.sharing import quick_delete
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP_LARGE

SECONDS = 5
TICK_SECONDS = 1.0
WIDEST_TRACK = 360
CARD_PADDING = 20


@guarded
def QuickDelete(close: Callable[[], None], *, is_titled: bool = False) -> ft.Control:
    """What goes and what is kept, the slide, and the seconds that are left.

    ``is_titled`` where the screen around it bears the name of the deed already.
    """
    app = use_app()
    is_asking, set_asking = ft.use_state(False)
    left, set_left = ft.use_state(-1)

    async def count_down() -> None:
        if left > 0:
            await asyncio.sleep(TICK_SECONDS)
            set_left(left - 1)
        elif left == 0:
            gone = await quick_delete(app)
            set_left(-1)
            if gone:
                navigate("/")

    ft.use_effect(count_down, dependencies=[left])
    kept = use_loaded(lambda: app.look(app.services.access.sealed_waiting), [])
    if left >= 0:
        return card(_countdown(app, left, lambda _: set_left(-1)), padding=CARD_PADDING)
    lines: list[ft.Control] = [
        *([] if is_titled else [text.heading(app.t("ui.delete.heading"))]),
        text.body(app.t("ui.delete.what")),
        text.body(app.t("ui.delete.kept", count=kept or 0)),
        ft.Row(
            [
                SlideToBegin(
                    app.t("ui.delete.slide"),
                    _track_width(app),
                    lambda: set_left(SECONDS),
                    is_large=app.words.is_large,
                )
            ],
            alignment=ft.MainAxisAlignment.CENTER,
        ),
    ]
    if is_asking:
        lines.append(text.strong(app.t("ui.delete.question")))
        lines.append(quiet_button(app.t("ui.delete.yes"), lambda _: set_left(SECONDS), danger=True))
    else:
        lines.append(quiet_button(app.t("ui.delete.button"), lambda _: set_asking(True)))
    # A wrong PIN on the lock before it is none of this page's.
    lines += failure_of(app, "quick_delete")
    lines.append(quiet_button(app.t("ui.cancel"), lambda _: close()))
    return card(lines, padding=CARD_PADDING)


def _countdown(app: AppState, left: int, cancel: Callable[[object], None]) -> list[ft.Control]:
    return [
        ft.Semantics(
            live_region=True,
            content=text.heading(app.t("ui.delete.counting", seconds=left)),
        ),
        text.body(app.t("ui.delete.counting_hint")),
        ft.ProgressBar(value=1 - left / SECONDS, color=ft.Colors.ERROR),
        main_button(app.t("ui.cancel"), cancel, icon=ft.Icons.UNDO, disabled=left == 0),
    ]


def _track_width(app: AppState) -> float:
    """As wide as the card lets it be, on the lock screen and behind it."""
    room = (app.width or WIDEST_TRACK) - 2 * (GAP_LARGE + CARD_PADDING + 2)
    return float(max(min(room, WIDEST_TRACK), 200))
