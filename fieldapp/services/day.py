"""The officer's day at a glance: how far the last records came, what is due, how much room is left.

Laws:
  * The stage is a verified receipt for the newest batch that the server holds; never a guess.
  * Free room is said only where it is low; a disk that tells nothing says nothing.
  * What waits for more than three days is urgent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fieldapp.protocol.batch import Kind
from fieldapp.services.access import AccessService
from fieldapp.services.follow_ups import FollowUpService
from fieldapp.services.media import MediaService
from fieldapp.services.media_reading import rate
from fieldapp.services.record_history import ticks
from fieldapp.services.returns import ReturnDue, ReturnService
from fieldapp.services.room import low_room
from fieldapp.services.views import TickStage
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction
from fieldapp.sync.acknowledged import channel_of_batch

URGENT_MS: Final = 3 * 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Day:
    """What the home screen shows beside the counts.

    Attributes:
        reached: how far the newest delivered record came; None before the first.
        is_urgent: something waits for more than three days.
        low_bytes: the room that is left where it is low, else None.
        due: the monthly return that is due next; None for a role that makes none.
        open_follow_ups: promises that are still open.
        due_follow_ups: those whose day is today or has passed.
        overdue_follow_ups: those whose day has passed.
    """

    today: str
    reached: TickStage | None
    is_urgent: bool
    low_bytes: int | None
    due: ReturnDue | None
    open_follow_ups: int
    due_follow_ups: int
    overdue_follow_ups: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an exchange would send, and about how long that takes at the last measured rate."""

    text_bytes: int
    media_bytes: int
    media_count: int
    seconds: int


class DayService:
    """The day of an unlocked home."""

    def __init__(
        self,
        access: AccessService,
        follow_ups: FollowUpService,
        returns: ReturnService,
        media: MediaService,
    ) -> None:
        self._access = access
        self._media = media
        self._follow_ups = follow_ups
        self._returns = returns

    def look(self) -> Day:
        """What there is to know now."""
        work = self._access.workspace()
        with work.lock, work.vault.reading() as tx:
            reached = _last_stage(work, tx)
            waiting = tx.batches.counts(Kind.ENTRIES).get("outbox")
        counts = self._follow_ups.counts()
        return Day(
            today=work.today().isoformat(),
            reached=reached,
            is_urgent=waiting is not None and work.now_ms() - waiting.oldest_ms > URGENT_MS,
            low_bytes=low_room(work),
            due=self._returns.next_due(),
            open_follow_ups=counts.open,
            due_follow_ups=counts.due,
            overdue_follow_ups=counts.overdue,
        )

    def forecast(self) -> Forecast:
        """What waits to be sent, pictures and sounds apart."""
        work = self._access.workspace()
        media = self._media.waiting()
        with work.lock, work.vault.reading() as tx:
            waiting = tx.batches.counts().get("outbox")
            speed = rate(tx)
        text = 0 if waiting is None else waiting.size
        return Forecast(text, media.bytes, media.count, -(-(text + media.bytes) // speed))


def _last_stage(work: Workspace, tx: Transaction) -> TickStage | None:
    row = tx.batches.newest("stored", Kind.ENTRIES)
    if row is None:
        return None
    reached: TickStage = "server"
    for tick in ticks(work, tx, channel_of_batch(tx, row), [row]):
        if tick.at_ms is not None:
            reached = tick.stage
    return reached
