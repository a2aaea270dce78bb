"""The monthly tally of a desk: all that an area learns of its restricted records.

Laws:
  * A desk counts the records of its own channel, so that none is counted by two desks.
  * A number below five is not said. Nothing names a record, a day, or a place below the sub-county.
  * That somebody complained of an official is not said at all below five: one would be enough for
    those whom it is about.
  * A month that was tallied is counted again only if the number changed, as an amendment.
  * A tally is due for each month that is over and was never tallied, the first of them first.
    Nothing is sealed by itself: somebody of the desk reads the numbers and seals them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from fieldapp.domain.categories import category
from fieldapp.domain.clock import kenya_date, month_of
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.fold import RecordView, from_json, view
from fieldapp.domain.record_types.tally import SMALLEST_SAID
from fieldapp.domain.rules import day
from fieldapp.errors import NoRightError
from fieldapp.protocol.channels import Channel, ChannelClass, Desk
from fieldapp.protocol.ids import UnitId, id_to_text
from fieldapp.protocol.units import Level, ancestors, level
from fieldapp.services.access import AccessService
from fieldapp.services.problems import ProblemsError
from fieldapp.services.record_history import channel_of
from fieldapp.services.sealing import Writer
from fieldapp.services.views import TallyDraft, TallyRow
from fieldapp.services.workspace import Workspace
from fieldapp.storage.search import Query

MOST: Final = 1_000_000
OFFICIALS: Final = "officials"


class _Cell(NamedTuple):
    """What is counted together: a sub-county and a group of categories."""

    unit: UnitId
    group: str


class TallyService:
    """Tallies of an unlocked home of a desk."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    def count(self, month: str) -> Sequence[TallyRow]:
        """What a tally of a month says, ``YYYY-MM``.

        Raises:
            NoRightError: this is no desk.
            ProblemsError: it is no month, or one that is not over.
        """
        work = self._desk()
        found = _counts(work, _month(work, month))
        return [
            TallyRow(
                cell.unit,
                cell.group,
                n if n >= SMALLEST_SAID else None,
                None,
                work.places.name(cell.unit),
            )
            for cell, n in sorted(found.items())
        ]

    def ready(self) -> TallyDraft | None:
        """The draft of the tally that is due first, counted anew; None where none is."""
        work = self._access.workspace()
        month = month_due(work)
        return None if month is None else TallyDraft(month, tuple(self.count(month)))

    def seal(self, month: str) -> Sequence[TallyRow]:
        """Seal the tally of a month for the administrations; what was sealed before is amended.

        Raises:
            NoRightError, ProblemsError, NoReaderError: as they say.
        """
        work = self._desk()
        first = f"{_month(work, month)}-01"
        writer = Writer(work)
        known = _sealed(work, first)
        sealed = []
        for row in self.count(month):
            fields = _fields(work, first, row)
            before = known.get(_Cell(UnitId(row.unit), row.group))
            if before is None:
                record = id_to_text(writer.seal(writer.prepare("tally", row.unit, fields)))
            else:
                record = before
                changes = {name: fields.get(name) for name in ("count", "fewer_than_five")}
                writer.amend(record, changes, "counted again")
            sealed.append(replace(row, record=record))
        return sealed

    def due(self) -> str | None:
        """The first month that is over, has records of this desk and no tally; else None."""
        return month_due(self._access.workspace())

    def _desk(self) -> Workspace:
        work = self._access.workspace()
        work.catch_up()
        if not _is_desk(work):
            raise NoRightError(reason="desk")
        return work


def month_due(work: Workspace) -> str | None:
    """The first month that is over, has records of this desk and no tally; else None."""
    if not _is_desk(work):
        return None
    this, said = month_of(work.today()), _sealed_months(work)
    open_months = (month for month, cells in _by_month(work).items() if cells and month < this)
    return min((month for month in open_months if month not in said), default=None)


def _is_desk(work: Workspace) -> bool:
    return work.profile.desk not in {Desk.ADMIN, Desk.ALL}


def _month(work: Workspace, text: str) -> str:
    """Read a month that is over.

    Raises:
        ProblemsError: it is none.
    """
    try:
        first = date.fromisoformat(f"{text.strip()}-01")
    except ValueError as problem:
        raise ProblemsError([FieldProblem("month", "not_a_date")]) from problem
    if month_of(first) >= month_of(work.today()):
        raise ProblemsError([FieldProblem("month", "date_in_future")])
    return month_of(first)


def _counts(work: Workspace, month: str) -> Counter[_Cell]:
    """Count the records of a month."""
    return _by_month(work).get(month, Counter())


def _by_month(work: Workspace) -> dict[str, Counter[_Cell]]:
    """Count the records of this desk's own channel by month, sub-county and group."""
    own = Channel(UnitId(work.profile.unit), ChannelClass(work.profile.desk))
    found: defaultdict[str, Counter[_Cell]] = defaultdict(Counter)
    page = work.index.search(Query(type="concern", state="sealed"), limit=MOST)
    with work.lock, work.vault.reading() as tx:
        for record, card in page.rows:
            if channel_of(record, card.unit) != own:
                continue
            kept = tx.records.get(record)
            if kept is None or kept.state is None:
                continue
            state = from_json(kept.state)
            shown = view(state, work.best_time_ms())
            if not shown.deleted:
                cell = _Cell(_sub_county(state.unit), _group(own, shown.fields))
                found[_month_of(shown)][cell] += 1
    if own.cls is ChannelClass.OVERSIGHT:
        return {month: _said_of_officials(cells) for month, cells in found.items()}
    return dict(found)


def _said_of_officials(cells: Counter[_Cell]) -> Counter[_Cell]:
    return Counter({cell: n for cell, n in cells.items() if n >= SMALLEST_SAID})


def _month_of(shown: RecordView) -> str:
    told = day(shown.fields.get("date")) or day(shown.fields.get("week_of"))
    return month_of(told or kenya_date(shown.created_at))


def _sub_county(unit: UnitId) -> UnitId:
    return next((one for one in ancestors(unit) if level(one) is Level.SUB_COUNTY), unit)


def _group(channel: Channel, fields: Mapping[str, Any]) -> str:
    if channel.cls is ChannelClass.OVERSIGHT:
        return OFFICIALS
    found = category(fields.get("category"))
    return OFFICIALS if found is None else found.group


def _sealed(work: Workspace, first: str) -> dict[_Cell, str]:
    """The tallies of a month that this desk sealed before."""
    return {cell: record for month, cell, record in _tallies(work) if month == first}


def _sealed_months(work: Workspace) -> frozenset[str]:
    """The months that this desk tallied."""
    return frozenset(month[: len("2026-10")] for month, _, _ in _tallies(work))


def _tallies(work: Workspace) -> Iterator[tuple[str, _Cell, str]]:
    """Give the tallies that this desk sealed: the first day of their month, cell and record."""
    page = work.index.search(Query(type="tally", state="sealed", mine=True), limit=MOST)
    with work.lock, work.vault.reading() as tx:
        for record, _ in page.rows:
            kept = tx.records.get(record)
            if kept is None or kept.state is None:
                continue
            state = from_json(kept.state)
            fields = view(state, work.best_time_ms()).fields
            if fields.get("desk") == work.profile.desk:
                cell = _Cell(state.unit, str(fields.get("group")))
                yield str(fields.get("month")), cell, id_to_text(record)


def _fields(work: Workspace, first: str, row: TallyRow) -> dict[str, Any]:
    """The document of one number."""
    said: dict[str, Any] = {"fewer_than_five": True} if row.count is None else {"count": row.count}
    return {
        "month": first,
        "desk": work.profile.desk,
        "group": row.group,
        **said,
    }
