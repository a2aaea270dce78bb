"""The window in which a picture is taken: what the camera sees, and one button.

Laws:
  * Closing the window ends the camera. What was taken is handed on as bytes.
  * What the camera sees is drawn once: the client would begin anew with each drawing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, quiet_button, side_button
from fieldapp.ui.context import later, use_app
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import DIALOG_INSET

TALL = 2_000
"""More than any screen: the window is as large as there is room."""
OPENING, OPEN, TAKING, REFUSED = "opening", "open", "taking", "refused"
OnClick = Callable[..., object]


@guarded
def TakePicture(taken: Callable[[bytes], Awaitable[object]], *, is_busy: bool) -> ft.Control:
    """The button that opens the camera's window."""
    app = use_app()
    view, set_view = ft.use_state(cast("ft.Control | None", None))
    state, set_state = ft.use_state(OPENING)

    def close(_: object = None) -> None:
        set_view(lambda _: None)

    async def begin() -> None:
        app.touch()
        made = app.platform.new_camera()
        set_view(lambda _: made)
        set_state(OPENING)
        set_state(OPEN if await app.platform.open_camera() else REFUSED)

    async def shoot() -> None:
        app.touch()
        set_state(TAKING)
        image = await app.platform.shoot()
        if image is None:
            set_state(REFUSED)
            return
        close()
        await taken(image)

    ft.use_dialog(None if view is None else _window(app, view, state, later(shoot), close))
    return side_button(
        app.t("ui.media.take"),
        later(begin),
        icon=ft.Icons.PHOTO_CAMERA_OUTLINED,
        disabled=is_busy,
    )


def _window(
    app: AppState, view: ft.Control, state: str, shoot: OnClick, close: OnClick
) -> ft.AlertDialog:
    """Return the window; one whose camera is refused says so, and what can be done instead."""
    if state == REFUSED:
        content: ft.Control = text.note(app.t("ui.media.no_camera"), ft.Colors.TERTIARY)
    else:
        shutter = main_button(
            app.t("ui.media.shoot"), shoot, icon=ft.Icons.CAMERA, disabled=state != OPEN
        )
        content = ft.Column(
            [ft.memo(Finder)(view), shutter],
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            spacing=8,
            width=TALL,
            height=TALL,
        )
    return ft.AlertDialog(
        title=text.heading(app.t("ui.media.take")),
        content=content,
        content_padding=16 if state == REFUSED else 8,
        inset_padding=DIALOG_INSET,
        actions=[quiet_button(app.t("ui.cancel"), close)],
        on_dismiss=close,
    )


@ft.component
def Finder(view: ft.Control) -> ft.Control:
    """What the camera sees."""
    return ft.Container(view, expand=True, bgcolor=ft.Colors.BLACK, alignment=ft.Alignment.CENTER)
