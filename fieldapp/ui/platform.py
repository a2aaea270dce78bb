"""What only the device can do: choose and save files, copy, and begin a phone call.

The screens see the protocol; tests hand in a fake that answers at once.
"""

from __future__ import annotations

from typing import Protocol

import flet as ft

MOST_FILE_BYTES = 1_000_000


class Platform(Protocol):
    """The device, as far as screens need it."""

    async def pick_text(self, title: str) -> str | None:
        """Let the person choose a text file; None when nothing was chosen."""

    async def save_text(self, name: str, content: str) -> bool:
        """Let the person save a text file; false when it was called off."""

    async def copy(self, content: str) -> None:
        """Put a text on the clipboard."""

    async def call(self, number: str) -> None:
        """Open the dialler with a number; the person presses call."""


class FletPlatform:
    """The device behind a page; its services are made once a page."""

    def __init__(self) -> None:
        self._files = ft.FilePicker()
        self._clipboard = ft.Clipboard()
        self._launcher = ft.UrlLauncher()

    async def pick_text(self, title: str) -> str | None:
        """Let the person choose a text file."""
        chosen = await self._files.pick_files(
            dialog_title=title, with_data=True, cancel_upload_on_window_blur=False
        )
        if not chosen or not chosen[0].bytes or len(chosen[0].bytes) > MOST_FILE_BYTES:
            return None
        return chosen[0].bytes.decode("utf-8", errors="replace")

    async def save_text(self, name: str, content: str) -> bool:
        """Let the person save a text file."""
        path = await self._files.save_file(file_name=name, src_bytes=content.encode())
        return path is not None

    async def copy(self, content: str) -> None:
        """Put a text on the clipboard."""
        await self._clipboard.set(content)

    async def call(self, number: str) -> None:
        """Open the dialler."""
        await self._launcher.launch_url(f"tel:{number}")
