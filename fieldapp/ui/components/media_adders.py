"""The ways to add to a field of media: take a picture, choose one, say a voice note.

A voice note ends by itself after a minute; what was said is handed on as samples in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import flet as ft

from fieldapp.domain.media import MAX_SECONDS
from fieldapp.services.media_views import MediaView
from fieldapp.services.sounds import seconds_of, voice_file
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.camera_window import TakePicture
from fieldapp.ui.components.surfaces import grid
from fieldapp.ui.context import later, use_app
from fieldapp.ui.forms import FormState
from fieldapp.ui.runs import Failure
from fieldapp.ui.words import Words

Took = Callable[[MediaView | None, Failure | None], None]


@guarded
def AddPicture(form: FormState, path: str, words: Words, took: Took) -> ft.Control:
    """The device's own chooser, and the app's camera where the client shows one."""
    app = use_app()
    is_busy, set_busy = ft.use_state(False)

    async def keep(image: bytes) -> None:
        set_busy(True)
        media = app.services.media
        view = await app.attempt(media.add_photo, form.record_id, path, image)
        set_busy(False)
        took(view, app.failure)

    async def choose() -> None:
        app.touch()
        image = await app.platform.pick_picture(words.t("ui.media.add_photo"))
        if image is not None:
            await keep(image)

    has_camera = app.platform.has_camera
    key = "ui.media.choose" if has_camera else "ui.media.add_photo"
    button = side_button(
        words.t("ui.media.adding" if is_busy else key),
        later(choose),
        icon=ft.Icons.ADD_PHOTO_ALTERNATE_OUTLINED,
        disabled=is_busy,
    )
    if not has_camera:
        return button
    across = 2 if app.wide and not words.is_large else 1
    return grid([TakePicture(keep, is_busy=is_busy), button], across, spacing=8)


@guarded
def AddVoice(form: FormState, path: str, words: Words, took: Took) -> ft.Control:
    """The button that records, and stops at a second press or after a minute."""
    app = use_app()
    said, set_said = ft.use_state(-1)
    is_refused, set_refused = ft.use_state(False)

    async def begin() -> None:
        app.touch()
        is_on = await app.platform.start_sound()
        set_refused(not is_on)
        if not is_on:
            return
        for second in range(MAX_SECONDS):
            set_said(second)
            await asyncio.sleep(1)
            if not app.platform.is_recording:
                return
        await end()

    async def end() -> None:
        samples = await app.platform.stop_sound()
        set_said(-1)
        sound = await asyncio.to_thread(voice_file, samples)
        seconds = min(MAX_SECONDS, seconds_of(samples))
        media = app.services.media
        view = await app.attempt(media.add_audio, form.record_id, path, sound, seconds)
        took(view, app.failure)

    if said >= 0:
        words_now = words.t("ui.media.stop", second=said, limit=MAX_SECONDS)
        return side_button(words_now, later(end), icon=ft.Icons.STOP_CIRCLE_OUTLINED)
    button = side_button(words.t("ui.media.add_audio"), later(begin), icon=ft.Icons.MIC)
    if not is_refused:
        return button
    note = text.note(words.t("ui.media.no_microphone"), ft.Colors.TERTIARY)
    return ft.Column([button, note], spacing=6, tight=True)
