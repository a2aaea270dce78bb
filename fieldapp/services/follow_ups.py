"""Follow-ups: what was promised in the records of this vault, by due date, and what became of it.

Laws:
  * Nothing is stored: promises are read from the records themselves, and a record is read again
    only when it changed.
  * A note on a promise is an amendment of its record, with a reason made of the officer's words.
  * While the reading window is closed, only the officer's own records speak.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from fieldapp.domain.actions import Action
from fieldapp.domain.fields import FieldProblem, Option
from fieldapp.domain.follow_ups import (
    Matter,
    Noted,
    choices_at,
    group_of,
    progress_changes,
    reason_of,
    still_open,
)
from fieldapp.domain.record_types import record_type
from fieldapp.domain.rights import may
from fieldapp.services.access import AccessService
from fieldapp.services.problems import ProblemsError
from fieldapp.services.promises import Kept
from fieldapp.services.reading_window import is_closed
from fieldapp.services.records import RecordService
from fieldapp.storage.search import fold_words

PAGE: Final = 50
_NEVER: Final = date.max


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One promise that is still open.

    Attributes:
        path: where it stands in its record.
        text: what was promised, as typed.
        due: the day, None where none was agreed.
        title: the words that stand for the record.
        group: late, week, later or never, seen from today.
        may_note: whether this officer may say what became of it.
    """

    record_id: str
    type: str
    path: str
    text: str
    responsible: str
    due: str | None
    status: str
    overdue: bool
    unit_name: str
    title: str = ""
    group: str = "never"
    may_note: bool = True

    @property
    def choices(self) -> tuple[Option, ...]:
        """The states that it may be given."""
        return choices_at(record_type(self.type), self.path)


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """A page of the list: its lines, how many there are in all, and in each group."""

    lines: Sequence[FollowUp]
    total: int
    by_group: Mapping[str, int]


class Counts(NamedTuple):
    """How many promises there are."""

    open: int
    due: int
    overdue: int


class FollowUpService:
    """The open promises of an unlocked home."""

    def __init__(self, access: AccessService, records: RecordService) -> None:
        self._access = access
        self._records = records

    def find(self, text: str = "", offset: int = 0, limit: int = PAGE) -> FollowUpPage:
        """What is still to be done, the earliest day first and what has none last.

        Args:
            text: words that a line must hold.
            offset: how many lines to pass over.
            limit: how many at most.
        """
        found = self._found(text)
        today = self._access.workspace().today()
        groups = Counter(group_of(matter.due, today) for _, _, matter in found)
        lines = [self._line(*one) for one in found[offset : offset + limit]]
        return FollowUpPage(lines, len(found), groups)

    def open(self) -> Sequence[FollowUp]:
        """Everything that is still to be done."""
        return [self._line(*one) for one in self._found("")]

    def counts(self) -> Counts:
        """How many promises are open, due by today, and overdue."""
        today = self._access.workspace().today()
        found = [matter for _, _, matter in self._found("")]
        return Counts(
            open=len(found),
            due=sum(one.due is not None and one.due <= today for one in found),
            overdue=sum(one.is_overdue(today) for one in found),
        )

    def note(
        self, record_id: str, path: str, status: str, progress: str = "", evidence: str = ""
    ) -> None:
        """Say what became of a promise; its record is amended.

        Raises:
            ProblemsError: this promise cannot be in that state.
            NoRightError: this officer may not change the record.
            UnknownRecordError: nothing has this id.
        """
        work = self._access.workspace()
        record = self._records.show(record_id)
        declared = record_type(record.type)
        noted = Noted(path, status, progress.strip(), evidence.strip())
        if status not in {option.key for option in choices_at(declared, path)}:
            raise ProblemsError([FieldProblem(f"{path}/status", "not_a_choice")])
        changes = progress_changes(declared, record.fields, noted, work.today())
        language = self._access.language() or "en"
        self._records.change(record_id, changes, reason_of(declared, noted, language))

    def _found(self, text: str) -> list[tuple[str, Kept, Matter]]:
        work = self._access.workspace()
        work.catch_up()
        known = work.promises.catch_up(work.vault, work.index, work.best_time_ms())
        only_mine = is_closed(work)
        seen = {record: kept for record, kept in known.items() if kept.mine or not only_mine}
        pairs = {record: (kept.declared, kept.matters) for record, kept in seen.items()}
        rows = ((record, seen[record], m) for record, m in still_open(pairs, work.today()))
        wanted = fold_words(text).split()
        return sorted((row for row in rows if _matches(row[1], row[2], wanted)), key=_order)

    def _line(self, record: str, kept: Kept, matter: Matter) -> FollowUp:
        work = self._access.workspace()
        language = self._access.language() or "en"
        declared = kept.declared
        return FollowUp(
            record_id=record,
            type=declared.key,
            path=matter.path,
            text=matter.text.in_language(language),
            responsible=matter.responsible,
            due=None if matter.due is None else matter.due.isoformat(),
            status=matter.status,
            overdue=matter.is_overdue(work.today()),
            unit_name=work.places.name(kept.unit) if kept.unit else "",
            title=declared.label.in_language(language),
            group=group_of(matter.due, work.today()),
            may_note=may(work.role, declared.key, Action.EDIT),
        )


def _order(row: tuple[str, Kept, Matter]) -> tuple[date, str, str]:
    record, _, matter = row
    return matter.due or _NEVER, record, matter.path


def _matches(kept: Kept, matter: Matter, wanted: Iterable[str]) -> bool:
    """Whether every word asked for begins a word of the line."""
    parts = (matter.text.en, matter.text.sw, matter.responsible, kept.declared.label.en)
    held = fold_words(" ".join(parts))
    return all(f" {word}" in held for word in wanted)
