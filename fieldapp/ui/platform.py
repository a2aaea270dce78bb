"""What only the device can do: files, the clipboard, a phone call, and a rough place.

A place leaves this module rounded to about one kilometre; the exact one is never handed on. The
screens see the protocol; tests hand in a fake that answers at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import flet as ft

from fieldapp.domain.values import COARSE_DECIMALS
from fieldapp.services.copies import drop_copy
from fieldapp.ui.lens import Lens, has_camera
from fieldapp.ui.microphone import Microphone
from fieldapp.ui.speaker import Speaker

if TYPE_CHECKING:
    from flet_geolocator import Geolocator

MOST_FILE_BYTES = 1_000_000
PLACE_PATIENCE_SECONDS = 15


class Platform(Protocol):
    """The device, as far as screens need it."""

    async def pick_text(self, title: str) -> str | None:
        """Let the person choose a text file; None when nothing was chosen."""

    async def pick_picture(self, title: str) -> bytes | None:
        """Let the person take or choose a picture; None when nothing was chosen."""

    @property
    def has_camera(self) -> bool:
        """Whether the app itself can show what a camera sees."""

    def new_camera(self) -> ft.Control:
        """Return what shows the camera's picture; nothing runs before it is opened."""

    async def open_camera(self) -> bool:
        """Start the camera that was made last; false when there is none or it is refused."""

    async def shoot(self) -> bytes | None:
        """Take one picture; None when the camera gives none."""

    @property
    def is_recording(self) -> bool:
        """Whether a voice note is being said."""

    async def start_sound(self) -> bool:
        """Begin to record; false when the device or the person refuses."""

    async def stop_sound(self) -> bytes:
        """End it; the samples, 8,000 a second, 16 bits each."""

    async def play(self, sound: bytes, ended: Callable[[], None]) -> bool:
        """Play a voice note from memory; false where this client cannot."""

    async def hush(self) -> None:
        """End the voice note that plays, if any."""

    async def save_text(self, name: str, content: str) -> bool:
        """Let the person save a text file; false when it was called off."""

    async def save_bytes(self, name: str, content: bytes) -> bool:
        """Let the person save any file; false when it was called off."""

    async def copy(self, content: str) -> None:
        """Put a text on the clipboard."""

    async def call(self, number: str) -> None:
        """Open the dialler with a number; the person presses call."""

    def watch_network(self, take: Callable[[bool], None]) -> None:
        """Say now and at each change whether the device has a network."""

    async def stay_awake(self, *, is_awake: bool) -> None:
        """Keep the screen on while something runs that must not be put to sleep."""

    async def place(self) -> tuple[float, float] | None:
        """Ask where the device is: latitude and longitude to about one kilometre, or None."""


class FletPlatform:
    """The device behind a page; its services are made once a page."""

    def __init__(self) -> None:
        self._files = ft.FilePicker()
        self._clipboard = ft.Clipboard()
        self._launcher = ft.UrlLauncher()
        self._wakelock = ft.Wakelock()
        self._network = ft.Connectivity()
        self._asking: asyncio.Task[None] | None = None
        self._locator: Geolocator | None = None
        self._microphone = Microphone()
        self._speaker = Speaker()
        self._lens: Lens | None = None

    async def pick_text(self, title: str) -> str | None:
        """Let the person choose a text file."""
        chosen = await self._files.pick_files(
            dialog_title=title, with_data=True, cancel_upload_on_window_blur=False
        )
        if chosen:
            await asyncio.to_thread(drop_copy, chosen[0].path)
        if not chosen or not chosen[0].bytes or len(chosen[0].bytes) > MOST_FILE_BYTES:
            return None
        return chosen[0].bytes.decode("utf-8", errors="replace")

    async def pick_picture(self, title: str) -> bytes | None:
        """Open the device's chooser of pictures; a phone's browser offers its camera there."""
        chosen = await self._files.pick_files(
            dialog_title=title,
            with_data=True,
            file_type=ft.FilePickerFileType.IMAGE,
            cancel_upload_on_window_blur=False,
        )
        if not chosen:
            return None
        await asyncio.to_thread(drop_copy, chosen[0].path)
        return chosen[0].bytes or None

    @property
    def has_camera(self) -> bool:
        """Whether this page's client shows a camera."""
        return has_camera(ft.context.page)

    def new_camera(self) -> ft.Control:
        """Return the control of a new lens."""
        self._lens = Lens()
        view: ft.Control = self._lens.view
        return view

    async def open_camera(self) -> bool:
        """Ask for the camera and begin to show it."""
        return self._lens is not None and await self._lens.open()

    async def shoot(self) -> bytes | None:
        """Take a picture with the lens that is open."""
        return None if self._lens is None else await self._lens.shoot()

    @property
    def is_recording(self) -> bool:
        """Whether a voice note is being said."""
        return self._microphone.is_on

    async def start_sound(self) -> bool:
        """Ask for the microphone and begin."""
        return await self._microphone.start()

    async def stop_sound(self) -> bytes:
        """End, and hand over what was said."""
        return await self._microphone.stop()

    async def play(self, sound: bytes, ended: Callable[[], None]) -> bool:
        """Hand a voice note to the client's player."""
        return await self._speaker.play(sound, ended)

    async def hush(self) -> None:
        """End what plays."""
        await self._speaker.hush()

    async def save_text(self, name: str, content: str) -> bool:
        """Let the person save a text file."""
        return await self.save_bytes(name, content.encode())

    async def save_bytes(self, name: str, content: bytes) -> bool:
        """Let the person save any file."""
        path = await self._files.save_file(file_name=name, src_bytes=content)
        return path is not None

    async def copy(self, content: str) -> None:
        """Put a text on the clipboard."""
        await self._clipboard.set(content)

    async def call(self, number: str) -> None:
        """Open the dialler."""
        await self._launcher.launch_url(f"tel:{number}")

    async def place(self) -> tuple[float, float] | None:
        """Ask the device for a rough place, within a few seconds."""
        # Loaded on the first press: most openings of the app never ask where it is.
        from flet_geolocator import (  # noqa: PLC0415
            Geolocator,
            GeolocatorConfiguration,
            GeolocatorPermissionStatus,
            GeolocatorPositionAccuracy,
        )

        allowed = (GeolocatorPermissionStatus.ALWAYS, GeolocatorPermissionStatus.WHILE_IN_USE)
        self._locator = self._locator or Geolocator()
        rough = GeolocatorConfiguration(
            accuracy=GeolocatorPositionAccuracy.LOW,
            time_limit=ft.Duration(seconds=PLACE_PATIENCE_SECONDS),
        )
        try:
            if await self._locator.request_permission() not in allowed:
                return None
            found = await self._locator.get_current_position(configuration=rough)
        # Whatever the device's service says when it will not tell: there is no place then.
        except (RuntimeError, TimeoutError):
            return None
        if found.latitude is None or found.longitude is None:
            return None
        return round(found.latitude, COARSE_DECIMALS), round(found.longitude, COARSE_DECIMALS)

    def watch_network(self, take: Callable[[bool], None]) -> None:
        """Follow the device's own word on its network."""

        async def ask() -> None:
            # A client that does not tell leaves the word unsaid.
            with suppress(RuntimeError, TimeoutError, TypeError):
                take(_is_network(await self._network.get_connectivity()))

        self._network.on_change = lambda event: take(_is_network(event.connectivity))
        self._asking = asyncio.get_running_loop().create_task(ask())

    async def stay_awake(self, *, is_awake: bool) -> None:
        """Hold the screen on, or let it go; nobody waits for the client's answer."""

        async def ask() -> None:
            # A browser may refuse; then the words on the screen are all there is.
            with suppress(RuntimeError, TimeoutError):
                await (self._wakelock.enable() if is_awake else self._wakelock.disable())

        self._waking = asyncio.get_running_loop().create_task(ask())


def _is_network(found: Sequence[ft.ConnectivityType]) -> bool:
    return any(kind is not ft.ConnectivityType.NONE for kind in found)
