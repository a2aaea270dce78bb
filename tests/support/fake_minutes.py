"""Minutes of a fake home: what was asked for, in which form, after which PIN."""

from __future__ import annotations

from fieldapp.errors import WrongPinError
from tests.support.fake_world import World


class FakeMinutes:
    """Minutes that hold their language and nothing else."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.shared: list[tuple[str, str, str]] = []

    def share(self, record_id: str, language: str, file_format: str, *, pin: str) -> bytes:
        if pin != self._world.pin:
            raise WrongPinError
        self.shared.append((record_id, language, file_format))
        return f"{file_format} {language}".encode()
