"""What somebody promised to do, wherever it was written down, and whether it is still open.

Laws:
  * A group of items with a text and a due date is a list of promises, in whatever type it stands.
  * A day on which a record shall be looked at again is a promise of the record itself.
  * A resolution that a later meeting closed is closed; one that it carries on is listed once,
    where it was first made.
  * "Overdue" is computed from the due date, never stored. A tension alert that has ended by
    itself asks for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fieldapp.domain.fields import Fields, FieldSpec, Kind, Option
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.rules import day, items_of
from fieldapp.domain.text import Text, same

CLOSED: Final = frozenset({"done", "completed", "dropped"})
POSTPONED_DAYS: Final = 14
DAYS_A_WEEK: Final = 7
LONGEST_REASON: Final = 1_000
FOLLOW_UP: Final = Text("Follow-up", "Ufuatiliaji")
DAY_CHOICES: Final = (
    Option("carried_forward", Text("Look again in two weeks", "Angalia tena baada ya wiki mbili")),
    Option("done", Text("Completed", "Imekamilika")),
)
_WITH_PROMISE: Final = frozenset({"text", "due"})
_RESPONSIBLE: Final = ("responsible", "owner", "agency")
_CLOSING_DAYS: Final = ("closed_on", "done_on")
_DAYS: Final[Mapping[str, str]] = {
    "mediation": "follow_up_on",
    "problem": "next_review_on",
    "tension": "expires_on",
}
_ENDS_BY_ITSELF: Final = frozenset({"tension"})


@dataclass(frozen=True, slots=True)
class Matter:
    """One promise.

    Attributes:
        path: where it stands in its record.
        due: the day, None where none was agreed.
        status: a key of the item's own choices; "not_started" where none was given.
        origin: the meeting and the resolution that it carries on, None for a promise of its own.
    """

    path: str
    text: Text
    responsible: str
    due: date | None
    status: str
    origin: tuple[str, str] | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in CLOSED

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < today and not self.is_closed


def group_of(due: date | None, today: date) -> str:
    """Return when a promise is due, seen from a day: late, week, later or never."""
    if due is None:
        return "never"
    left = (due - today).days
    if left < 0:
        return "late"
    return "week" if left < DAYS_A_WEEK else "later"


@dataclass(frozen=True, slots=True)
class Noted:
    """What an officer says of a promise."""

    path: str
    status: str
    progress: str = ""
    evidence: str = ""


def promise_groups(declared: RecordType) -> tuple[FieldSpec, ...]:
    """Return the groups of a type whose items are promises."""
    return tuple(
        spec
        for spec in declared.fields
        if spec.kind is Kind.GROUP and {sub.name for sub in spec.subfields} >= _WITH_PROMISE
    )


def promise_marks(declared: RecordType) -> tuple[str, ...]:
    """Return how the paths begin under which a record of a type keeps its promises."""
    groups = tuple(f"{spec.name}/" for spec in promise_groups(declared))
    return (*groups, _DAYS[declared.key]) if declared.key in _DAYS else groups


def matters_of(declared: RecordType, fields: Fields) -> list[Matter]:
    """Return every promise of a document, closed ones included."""
    found = [
        _matter(spec, path, item)
        for spec in promise_groups(declared)
        for path, item in items_of(fields, spec.name)
        if _typed(item.get("text"))
    ]
    name = _DAYS.get(declared.key)
    look_again = day(fields.get(name)) if name is not None else None
    if name is not None and look_again is not None:
        words = declared.title(fields)
        found.append(Matter(name, words, "", look_again, "not_started"))
    return found


def still_open(
    by_record: Mapping[str, tuple[RecordType, Sequence[Matter]]], today: date
) -> Iterator[tuple[str, Matter]]:
    """Yield (record, promise) for everything that is left to do, each once."""
    settled = {
        matter.origin
        for _, matters in by_record.values()
        for matter in matters
        if matter.origin is not None and matter.is_closed
    }
    for record, (declared, matters) in by_record.items():
        for matter in matters:
            if matter.is_closed or _has_ended(declared, matter, today):
                continue
            is_settled = (record, matter.path.rpartition("/")[2]) in settled
            is_listed_elsewhere = matter.origin is not None and matter.origin[0] in by_record
            if not is_settled and not is_listed_elsewhere:
                yield record, matter


def choices_at(declared: RecordType, path: str) -> tuple[Option, ...]:
    """Return the states that a promise may be given; none where the type offers none."""
    if "/" not in path:
        return DAY_CHOICES if _DAYS.get(declared.key) == path else ()
    spec = declared.spec_at(f"{path}/status")
    return () if spec is None else spec.options


def progress_changes(
    declared: RecordType, fields: Fields, noted: Noted, today: date
) -> dict[str, Any]:
    """Return what a note on a promise changes in its record, as flat paths."""
    path, status = noted.path, noted.status
    if "/" not in path:
        return {path: _next_day(declared, status, day(fields.get(path)), today)}
    changes: dict[str, Any] = {f"{path}/status": status}
    kept = next((item for at, item in items_of(fields, path.partition("/")[0]) if at == path), {})
    if noted.progress and (spec := declared.spec_at(f"{path}/progress")) is not None:
        line = f"{today:%d/%m/%Y}: {noted.progress}"
        told = [part for part in (kept.get("progress"), line) if part]
        changes[f"{path}/progress"] = "\n".join(told)[-(spec.max_length or 1_000) :]
    if noted.evidence and declared.spec_at(f"{path}/evidence") is not None:
        changes[f"{path}/evidence"] = noted.evidence
    for name in _CLOSING_DAYS:
        if declared.spec_at(f"{path}/{name}") is not None:
            changes[f"{path}/{name}"] = today.isoformat() if status in CLOSED else None
    return changes


def reason_of(declared: RecordType, noted: Noted, language: str) -> str:
    """Return the reason of the amendment, made of the officer's own words."""
    found = next((o for o in choices_at(declared, noted.path) if o.key == noted.status), None)
    words = noted.status if found is None else found.label.in_language(language)
    parts = [f"{FOLLOW_UP.in_language(language)}: {words}", noted.progress, noted.evidence]
    return ". ".join(part for part in parts if part)[:LONGEST_REASON]


def _matter(spec: FieldSpec, path: str, item: Fields) -> Matter:
    status = item.get("status")
    who = (item.get(name) for name in _RESPONSIBLE)
    meeting, resolution = item.get("meeting"), item.get("resolution")
    is_carried = isinstance(meeting, str) and isinstance(resolution, str)
    return Matter(
        path=path,
        text=same(_typed(item.get("text"))),
        responsible=next((_words(spec, name) for name in who if name), ""),
        due=day(item.get("due")),
        status=status if isinstance(status, str) and status else "not_started",
        origin=(str(meeting), str(resolution)) if is_carried else None,
    )


def _typed(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _words(spec: FieldSpec, value: object) -> str:
    """Return who is responsible as people read it; an agency by its label."""
    options = (option for sub in spec.subfields for option in sub.options if sub.name == "agency")
    found = next((option.label.en for option in options if option.key == value), None)
    return found or str(value)


def _has_ended(declared: RecordType, matter: Matter, today: date) -> bool:
    ends = declared.key in _ENDS_BY_ITSELF and matter.path == _DAYS[declared.key]
    return ends and matter.due is not None and matter.due <= today


def _next_day(declared: RecordType, status: str, known: date | None, today: date) -> str | None:
    """Return the new day of a record that shall be looked at again; None when that is over."""
    if status not in CLOSED:
        return (max(known or today, today) + timedelta(days=POSTPONED_DAYS)).isoformat()
    return today.isoformat() if declared.key in _ENDS_BY_ITSELF else None
