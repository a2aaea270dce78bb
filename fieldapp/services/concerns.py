"""What is done about a sealed concern with one tap: a time of the police, and a higher body.

Laws:
  * Both are amendments with a reason, like any other change; nothing is overwritten.
  * "Now" is our time in Kenya, to the minute. A time that is given instead is checked the same.
  * Only what the category shows may be noted: a survivor's record has no such parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fieldapp.domain.clock import instant_text, kenya_date
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.record_types import record_type
from fieldapp.domain.response_log import GROUP, STEPS, noted
from fieldapp.services.problems import ProblemsError
from fieldapp.services.raising import Edited
from fieldapp.services.views import RecordView

ESCALATIONS = "escalations"
_MINUTE_MS = 60_000


class Records(Protocol):
    """The records as far as they are needed here."""

    def show(self, record_id: str) -> RecordView:
        """One record, whole."""

    def change(self, record_id: str, changes: Mapping[str, Any], reason: str = "") -> Edited:
        """Amend a sealed record."""


class Moments(Protocol):
    """The time, fresh ids and the officer's language."""

    def now_ms(self) -> int:
        """Our time."""

    def new_item_id(self) -> str:
        """An id for an item of a group."""


class ConcernService:
    """Deeds on sealed concerns.

    Args:
        records: where they are read and amended.
        moments: gives the open home's time and ids.
        language: gives the officer's language, in which the reason is written.
    """

    def __init__(
        self, records: Records, moments: Callable[[], Moments], language: Callable[[], str]
    ) -> None:
        self._records = records
        self._moments = moments
        self._language = language

    def note_response(self, record_id: str, step: str, at: str | None = None) -> Edited:
        """Note when the police were told, set out, came or had done; now unless a time is given.

        Raises:
            ProblemsError: the record has no such part, or the time does not follow the others.
        """
        fields = self._fields_with(record_id, GROUP)
        if step not in STEPS:
            raise ProblemsError([FieldProblem(GROUP, "unknown_field")])
        moments = self._moments()
        now = moments.now_ms()
        when = at or instant_text(now - now % _MINUTE_MS)
        log = noted(fields, step, when, moments.new_item_id)
        return self._records.change(record_id, {GROUP: log}, self._reason(GROUP, step))

    def escalate(self, record_id: str, to_body: str, purpose: str, why: str = "") -> Edited:
        """Take a concern to a higher body, for action or for information, from today.

        Raises:
            ProblemsError: the record has no such part, or body or purpose is none.
        """
        fields = self._fields_with(record_id, ESCALATIONS)
        moments = self._moments()
        row = {
            "id": moments.new_item_id(),
            "to_body": to_body,
            "report_purpose": purpose,
            "sent_on": kenya_date(moments.now_ms()).isoformat(),
        }
        if why.strip():
            row["reason"] = why.strip()
        rows = [*(fields.get(ESCALATIONS) or ()), row]
        return self._records.change(record_id, {ESCALATIONS: rows}, self._reason(ESCALATIONS))

    def _fields_with(self, record_id: str, group: str) -> Mapping[str, Any]:
        """Return a concern's document, if it may hold the group.

        Raises:
            ProblemsError: it may not.
        """
        record = self._records.show(record_id)
        spec = record_type(record.type).field(group)
        if spec is None or not spec.is_visible(record.fields):
            raise ProblemsError([FieldProblem(group, "field_not_allowed_here")])
        return record.fields

    def _reason(self, group: str, name: str = "") -> str:
        """Write why the record is amended, in the officer's language, from the labels."""
        declared = record_type("concern")
        specs = (declared.field(group), declared.spec_at(f"{group}/x/{name}") if name else None)
        language = self._language()
        return ": ".join(spec.label.in_language(language) for spec in specs if spec is not None)
