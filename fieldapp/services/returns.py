"""The monthly return of this office: when it is due, and a draft filled in from the records.

Laws:
  * Nothing is sent by itself: what is filled in is a draft that the officer reads and seals.
  * A month is returned once its return was sealed here; until then it stays due.
  * A phone that has no record of the month before is never told that it is late.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from fieldapp.domain.actions import Action
from fieldapp.domain.clock import instant_millis, kenya_date
from fieldapp.domain.fold import from_json, view
from fieldapp.domain.monthly import (
    RETURN_DAY,
    Dated,
    Month,
    counted,
    month_before,
    month_of,
    nothing,
)
from fieldapp.domain.rights import may
from fieldapp.services.access import AccessService
from fieldapp.services.follow_ups import FollowUpService
from fieldapp.services.reading_window import is_closed
from fieldapp.services.records import RecordService
from fieldapp.services.views import DraftView
from fieldapp.services.workspace import Workspace
from fieldapp.storage.search import Query

RETURN: Final = "return"
_COUNTED: Final = ("meeting", "concern")
_EVERY: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class ReturnDue:
    """The return that is due next.

    Attributes:
        month: the first day of its month.
        due: the day by which it is expected.
        days_left: below zero when that day has passed.
        draft_id: the draft that was begun, if any.
    """

    month: str
    due: str
    days_left: int
    draft_id: str | None


class ReturnService:
    """Monthly returns of an unlocked home."""

    def __init__(
        self,
        access: AccessService,
        records: RecordService,
        follow_ups: FollowUpService,
        return_day: int = RETURN_DAY,
    ) -> None:
        self._access = access
        self._records = records
        self._follow_ups = follow_ups
        self._day = return_day

    def next_due(self) -> ReturnDue | None:
        """The return that is due next; None for a role that makes none."""
        work = self._access.workspace()
        if not may(work.role, RETURN, Action.CREATE):
            return None
        work.catch_up()
        month = self._month(work)
        return ReturnDue(
            month=month.first.isoformat(),
            due=month.due.isoformat(),
            days_left=month.days_left(work.today()),
            draft_id=self._draft(month),
        )

    def prepare(self, *, is_nothing: bool = False) -> DraftView:
        """Fill in a draft for the month that is due, or fill the one that was begun anew.

        Args:
            is_nothing: there is nothing to report.
        """
        work = self._access.workspace()
        work.catch_up()
        month = self._month(work)
        open_now = sum(line.type == "meeting" for line in self._follow_ups.open())
        fields = nothing(month) if is_nothing else counted(month, _dated(work, month), open_now)
        begun = self._draft(month)
        if begun is None:
            return self._records.new_draft(RETURN, None, fields)
        kept = self._records.draft(begun).fields
        remarks = {name: kept[name] for name in ("remarks",) if kept.get(name)}
        return self._records.save_draft(begun, {"status": "prepared", **remarks, **fields})

    def _month(self, work: Workspace) -> Month:
        """The month before while it is due, else the month that runs."""
        today = work.today()
        last = month_before(today, self._day)
        if _first_own_day(work) < today.replace(day=1) and not _is_returned(work, last):
            return last
        return month_of(today, self._day)

    def _draft(self, month: Month) -> str | None:
        wanted = month.first.isoformat()
        drafts = (one for one in self._records.drafts() if one.type == RETURN)
        return next((d.id for d in drafts if d.fields.get("month") == wanted), None)


def _first_own_day(work: Workspace) -> date:
    """The day of the oldest record that this officer wrote here; today where there is none."""
    page = work.index.search(Query(mine=True, state="sealed", without=("officer",)), limit=_EVERY)
    oldest = min((card.updated_ms for _, card in page.rows), default=None)
    return work.today() if oldest is None else kenya_date(oldest)


def _is_returned(work: Workspace, month: Month) -> bool:
    """Whether a return of the month was sealed here."""
    wanted = month.first.isoformat()
    query = Query(type=RETURN, mine=True, state="sealed")
    with work.lock, work.vault.reading() as tx:
        sealed = [record for record, _ in work.index.search(query, limit=_EVERY).rows]
        states = [row.state for row in tx.records.get_many(sealed).values()]
    best_ms = work.best_time_ms()
    shown = (view(from_json(state), best_ms) for state in states if state is not None)
    return any(one.fields.get("month") == wanted for one in shown)


def _dated(work: Workspace, month: Month) -> Iterator[Dated]:
    """The meetings and concerns of this office that were written since the month began."""
    since_ms = instant_millis(f"{month.first.isoformat()}T00:00+03:00")
    mine = True if is_closed(work) else None
    with work.lock, work.vault.reading() as tx:
        for key in _COUNTED:
            query = Query(type=key, unit=work.profile.unit, state="sealed", mine=mine)
            rows = work.index.search(query, limit=_EVERY).rows
            recent = [record for record, card in rows if card.updated_ms >= since_ms]
            kept = tx.records.get_many(recent)
            for row in kept.values():
                if row.state is not None:
                    shown = view(from_json(row.state), work.best_time_ms())
                    yield Dated(key, shown.fields, kenya_date(shown.created_at))
