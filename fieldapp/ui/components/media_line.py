"""One picture or voice note of a form or a record: seen large, or heard, at a press.

What is opened is handed to the client as bytes: no address, no file. What is not here is fetched
first, and the line says so meanwhile.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

import flet as ft

from fieldapp.services.media_views import MediaView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button
from fieldapp.ui.components.failure import failure_line
from fieldapp.ui.components.media_tile import OnClick, Press, media_tile
from fieldapp.ui.context import later, use_app
from fieldapp.ui.runs import Failure
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import DIALOG_INSET

MOST_ENLARGED = 6


@guarded
def MediaLine(
    view: MediaView,
    place: int,
    remove: OnClick | None = None,
    fetched: Callable[[], object] | None = None,
) -> ft.Control:
    """A line with what can be done with it.

    Args:
        view: what is known of it.
        place: its number among its neighbours.
        remove: takes it out; left out where it cannot be.
        fetched: told when it came from the server.
    """
    line = PictureLine if view.kind == "photo" else VoiceLine
    return line(view, place, remove, fetched)


@guarded
def PictureLine(
    view: MediaView, place: int, remove: OnClick | None, fetched: OnClick | None
) -> ft.Control:
    """A picture, which opens as large as the window."""
    app = use_app()
    picture, set_picture = ft.use_state(cast("bytes | None", None))
    opening = _use_opening(view, fetched)
    name = app.t("ui.media.photo", number=place)

    async def see() -> None:
        content = await opening.read()
        set_picture(lambda _: content)

    ft.use_dialog(_large(app, picture, name, lambda: set_picture(lambda _: None)))
    press = Press(app.t("ui.media.open", name=name), ft.Icons.OPEN_IN_FULL, later(see))
    return opening.line(name, press, remove, [])


@guarded
def VoiceLine(
    view: MediaView, place: int, remove: OnClick | None, fetched: OnClick | None
) -> ft.Control:
    """A voice note, which is heard until its end or until it is stopped."""
    app = use_app()
    is_playing, set_playing = ft.use_state(False)
    is_deaf, set_deaf = ft.use_state(False)
    opening = _use_opening(view, fetched)
    name = app.t("ui.media.audio", number=place)

    async def hear() -> None:
        content = await opening.read()
        if content is None:
            return
        set_playing(True)
        is_heard = await app.platform.play(content, lambda: set_playing(False))
        set_deaf(not is_heard)
        set_playing(is_heard)

    press = Press(app.t("ui.media.play", name=name), ft.Icons.PLAY_CIRCLE, later(hear))
    if is_playing:
        hush = later(app.platform.hush)
        press = Press(app.t("ui.media.hush", name=name), ft.Icons.STOP_CIRCLE, hush)
    silent = text.note(app.t("ui.media.no_speaker"), ft.Colors.TERTIARY)
    return opening.line(name, press, remove, [silent] if is_deaf else [])


@dataclass(frozen=True, slots=True)
class _Opening:
    """How the content of one line is got, and what the line says of it."""

    app: AppState
    view: MediaView
    is_busy: bool
    failure: Failure | None
    read: Callable[[], Awaitable[bytes | None]]

    def line(
        self,
        name: str,
        press: Press,
        remove: OnClick | None,
        below: list[ft.Control],
    ) -> ft.Control:
        """Return the line; it has no button where there is nothing to open (any more, or yet)."""
        can_open = self.view.state != "gone" and not self.is_busy
        rows: list[ft.Control] = [
            media_tile(
                self.view,
                name,
                self.app.words,
                press=press if can_open else None,
                remove=remove,
            ),
            *below,
        ]
        if self.is_busy and self.view.state == "coming":
            rows.append(text.note(self.app.t("ui.media.fetching")))
        if self.failure is not None:
            rows.append(failure_line(self.failure, self.app.words))
        return ft.Column(rows, spacing=6, tight=True)


def _use_opening(view: MediaView, fetched: OnClick | None) -> _Opening:
    app = use_app()
    is_busy, set_busy = ft.use_state(False)
    failure, set_failure = ft.use_state(cast("Failure | None", None))

    async def read() -> bytes | None:
        app.touch()
        set_busy(True)
        content = await app.attempt(app.services.media.read, view.id)
        set_failure(lambda _: None if content is not None else app.failure)
        set_busy(False)
        if content is not None and view.state == "coming" and fetched is not None:
            fetched()
        return content

    return _Opening(app, view, is_busy, failure, read)


def _large(
    app: AppState, picture: bytes | None, name: str, close: Callable[[], None]
) -> ft.DialogControl | None:
    """Return a picture as large as the window, to be spread with two fingers or the wheel."""
    if picture is None:
        return None
    image = ft.Image(src=picture, fit=ft.BoxFit.CONTAIN, semantics_label=name, expand=True)
    return ft.AlertDialog(
        title=text.heading(name),
        content=ft.Container(
            ft.InteractiveViewer(
                ft.Container(image, alignment=ft.Alignment.CENTER),
                max_scale=MOST_ENLARGED,
                min_scale=1,
            ),
            width=2_000,
            height=2_000,
        ),
        content_padding=8,
        inset_padding=DIALOG_INSET,
        actions=[quiet_button(app.t("ui.close"), lambda _: close())],
        on_dismiss=lambda _: close(),
    )
