"""The device's camera, inside the app: what it sees comes in memory and lies in no file.

Laws:
  * A browser hands a picture over as bytes. Android's own way to take one writes it into the app's
    cache, so there one frame of the camera's stream is taken instead.
  * A frame comes as the sensor lies; it is turned upright by what the device says of itself.
  * No sound is recorded, and a camera that refuses leaves the chooser.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import flet as ft

from fieldapp.errors import InvalidFieldError
from fieldapp.services.pictures import turned

if TYPE_CHECKING:
    from flet_camera import (
        Camera,
        CameraDescription,
        CameraImageEvent,
        CameraStateEvent,
    )

FRAME_SECONDS = 10
READY_TRIES = 50
READY_PAUSE_SECONDS = 0.1
TURNS = {"portraitUp": 0, "landscapeLeft": 90, "portraitDown": 180, "landscapeRight": 270}
"""How far a device is turned, by the words of its camera."""
WHOLE_TURN = 360


def has_camera(page: ft.Page) -> bool:
    """Tell whether a page's client could show a camera; it says later whether there is one."""
    return bool(page.web) or page.platform is ft.PagePlatform.ANDROID


class Lens:
    """One camera, from the opening of its window to its end."""

    def __init__(self) -> None:
        # Loaded on the first press: most openings of the app take no picture.
        from flet_camera import Camera  # noqa: PLC0415

        self.view: Camera = Camera(on_stream_image=self._take, on_state_change=self._follow)
        self._frame: asyncio.Future[bytes] | None = None
        self._chosen: CameraDescription | None = None
        self._turn = 0

    async def open(self) -> bool:
        """Show what the camera sees; false when there is none or it is refused."""
        from flet_camera import ResolutionPreset  # noqa: PLC0415  as above

        try:
            self._chosen = _outward(await self._ready())
            if self._chosen is None:
                return False
            await self.view.initialize(self._chosen, ResolutionPreset.VERY_HIGH, enable_audio=False)
        # Whatever the device's camera says when it will not: there is no picture then.
        except (RuntimeError, TimeoutError):
            return False
        return True

    async def shoot(self) -> bytes | None:
        """Take one picture; None when the camera gives none."""
        try:
            if ft.context.page.web:
                return await self.view.take_picture() or None
            return await self._one_frame()
        # As above; and a frame that was torn on the way is none.
        except (RuntimeError, TimeoutError, InvalidFieldError):
            return None

    async def _ready(self) -> list[CameraDescription]:
        """Ask for the cameras as soon as the client has drawn the window."""
        for _ in range(READY_TRIES):
            try:
                found = await self.view.get_available_cameras()
            # A client that has not drawn the control yet knows no such method of it.
            except RuntimeError:
                await asyncio.sleep(READY_PAUSE_SECONDS)
            else:
                return list(found)
        return []

    async def _one_frame(self) -> bytes:
        self._frame = asyncio.get_running_loop().create_future()
        await self.view.start_image_stream()
        try:
            raw = await asyncio.wait_for(self._frame, FRAME_SECONDS)
        finally:
            self._frame = None
            await self.view.stop_image_stream()
        return await asyncio.to_thread(turned, raw, self._degrees())

    def _degrees(self) -> int:
        """How far a frame must be turned to the right to stand upright."""
        from flet_camera import CameraLensDirection  # noqa: PLC0415  as above

        if self._chosen is None:
            return 0
        lies = int(self._chosen.sensor_orientation)
        if self._chosen.lens_direction is CameraLensDirection.FRONT:
            return (lies + self._turn) % WHOLE_TURN
        return (lies - self._turn) % WHOLE_TURN

    def _take(self, event: CameraImageEvent) -> None:
        if self._frame is not None and not self._frame.done() and event.bytes:
            self._frame.set_result(event.bytes)

    def _follow(self, event: CameraStateEvent) -> None:
        if event.device_orientation is not None:
            self._turn = TURNS.get(event.device_orientation.value, self._turn)


def _outward(found: list[CameraDescription]) -> CameraDescription | None:
    """Choose the camera that looks away from the officer, else the first."""
    from flet_camera import CameraLensDirection  # noqa: PLC0415  as above

    away = (one for one in found if one.lens_direction is CameraLensDirection.BACK)
    return next(away, found[0] if found else None)
