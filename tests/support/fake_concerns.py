"""The real deeds on concerns over records in memory, at a standing clock."""

from __future__ import annotations

from fieldapp.services.concerns import ConcernService, Records
from fieldapp.ui.chance import new_item_id
from tests.support.fake_world import World


class WorldTime:
    """The standing clock and the next id of an invented home."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now_ms(self) -> int:
        return self._world.now_ms

    def new_item_id(self) -> str:
        return new_item_id()


def fake_concerns(world: World, records: Records) -> ConcernService:
    """Return the deeds of an invented home."""
    return ConcernService(records, lambda: WorldTime(world), lambda: world.language)
