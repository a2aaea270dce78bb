"""The device's speaker: a voice note is handed over in memory, played once, and let go.

Laws:
  * No sound is written to a file on the way. Where the client's own player would do that (the
    windows of macOS and Linux, iOS), nothing is played, and the screen says where it can be heard.
  * One sound plays at a time; whoever leaves the page, or locks it, ends it.
  * A new player is made for each hearing: the client forgets a sound with its player.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import flet as ft

if TYPE_CHECKING:
    from flet_audio import Audio, AudioStateChangeEvent

FROM_MEMORY = (ft.PagePlatform.ANDROID, ft.PagePlatform.WINDOWS)
"""Where a window's player takes bytes as they are; every browser does."""


class Speaker:
    """One speaker, used by one sound at a time."""

    def __init__(self) -> None:
        self._player: Audio | None = None
        self._ended: Callable[[], None] | None = None

    async def play(self, sound: bytes, ended: Callable[[], None]) -> bool:
        """Begin to play; false where this client cannot without writing the sound down.

        Args:
            sound: the file, as a player knows it.
            ended: told once, when it is over or something else took the speaker.
        """
        await self.hush()
        page = ft.context.page
        if not page.web and page.platform not in FROM_MEMORY:
            return False
        # Loaded on the first press: most openings of the app play no voice.
        from flet_audio import Audio  # noqa: PLC0415

        self._ended = ended
        self._player = Audio(src=sound, autoplay=True, on_state_change=self._follow)
        page.update()
        return True

    async def hush(self) -> None:
        """End what plays, if anything does."""
        player, self._player = self._player, None
        if player is None:
            return
        self._tell()
        try:
            await player.release()
        # A client that is gone, or never got the player, plays nothing either.
        except (RuntimeError, TimeoutError):
            return

    def _follow(self, event: AudioStateChangeEvent) -> None:
        from flet_audio import AudioState  # noqa: PLC0415  as above

        is_ours = self._player is not None and event.control is self._player
        if is_ours and event.state is AudioState.COMPLETED:
            self._player = None
            self._tell()

    def _tell(self) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            ended()
