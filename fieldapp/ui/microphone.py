"""The device's microphone: samples come in memory, piece by piece, and lie in no file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fieldapp.services.sounds import SAMPLE_RATE, at_our_rate

if TYPE_CHECKING:
    from flet_audio_recorder import AudioRecorder, AudioRecorderStreamEvent

MOST_BYTES = 61 * 192_000
"""A minute of the most that a browser sends."""


class Microphone:
    """One microphone; its service is made at the first press."""

    def __init__(self) -> None:
        self._recorder: AudioRecorder | None = None
        self._said = bytearray()
        self._began = self._last = 0.0
        self.is_on = False

    async def start(self) -> bool:
        """Ask for permission and begin; false when it is refused."""
        # Loaded on the first press: most openings of the app record no voice.
        from flet_audio_recorder import (  # noqa: PLC0415
            AudioEncoder,
            AudioRecorder,
            AudioRecorderConfiguration,
        )

        asked = AudioRecorderConfiguration(
            encoder=AudioEncoder.PCM16BITS, channels=1, sample_rate=SAMPLE_RATE
        )
        self._recorder = self._recorder or AudioRecorder(configuration=asked, on_stream=self._take)
        self._said.clear()
        try:
            if not await self._recorder.has_permission():
                return False
            self.is_on = bool(await self._recorder.start_recording(configuration=asked))
        # Whatever the device's service says when it will not record: there is no voice then.
        except (RuntimeError, TimeoutError):
            return False
        return self.is_on

    async def stop(self) -> bytes:
        """End, and hand over the samples."""
        if self._recorder is not None and self.is_on:
            self.is_on = False
            await self._recorder.stop_recording()
        said, seconds = bytes(self._said), self._last - self._began
        self._said.clear()
        return await asyncio.to_thread(at_our_rate, said, seconds)

    def _take(self, event: AudioRecorderStreamEvent) -> None:
        now = asyncio.get_running_loop().time()
        if not self._said:
            self._began = now
        if self.is_on and len(self._said) < MOST_BYTES:
            self._said += event.chunk
            self._last = now
