"""What a service hands to a screen or the command line: plain facts, no behaviour.

Laws:
  * A view is a frozen value: no key, no sealed bytes, no open file, no database row in it.
  * Instants are UTC milliseconds; days are ISO dates; ids are text.
  * A view says nothing in a human language: codes and parameters only. The one exception is
    text that an officer typed, which is passed on as typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from fieldapp.domain.text import Text

Params = Mapping[str, str | int]
TickStage = Literal["draft", "phone", "server", "sub_county", "hq", "needs_you"]
RecordStateName = Literal["draft", "sealed"]


class HomeState(Enum):
    """What lies in a home folder, seen without any key."""

    NEW = "new"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    WIPED = "wiped"


@dataclass(frozen=True, slots=True)
class Officer:
    """Whose vault this is: the holder, the office and the organisation."""

    name: str
    role: str
    unit: str
    unit_name: str
    device: str
    desk: str
    org: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something the person should know: a message code with its parameters."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvitePreview:
    """What an invite says before it is used; ``needs_network`` when it is a bare code."""

    org: str
    server_url: str
    expires_at_ms: int
    needs_network: bool


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The result of enrolment: ``words`` are the four to compare by voice."""

    device: str
    unit: str
    unit_name: str
    role: str
    words: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A record that is not sealed yet; ``fields`` is the nested document as typed.

    A draft over a sealed record ``amends`` it, for a ``reason``, and began from ``base``.
    ``kept_until_ms`` is when a draft of a restricted kind goes from this device; ``section`` the
    key of the page that was open last.
    """

    id: str
    type: str
    unit: str
    fields: Mapping[str, Any]
    updated_at_ms: int
    kept_until_ms: int | None = None
    amends: str | None = None
    reason: str = ""
    base: Mapping[str, Any] = field(default_factory=dict)
    section: str = ""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One line of a list.

    ``tick`` is the furthest stage that a verified signature proves; ``urgency`` is a key of the
    taxonomy or None; ``mine`` is true for records that this vault's officer wrote; ``overdue``
    when the time for a first action has passed; ``ended`` when it is over by itself; ``stage`` how
    far a long work has come.
    """

    id: str
    type: str
    unit: str
    unit_name: str
    title: str
    subtitle: str
    state: RecordStateName
    tick: TickStage
    updated_at_ms: int
    urgency: str | None
    mine: bool
    author: str
    conflicted: bool
    overdue: bool = False
    ended: bool = False
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """One stage of delivery; ``at_ms`` is None while not reached."""

    stage: Literal["server", "sub_county", "hq"]
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one change: its path, label, and the values before and after."""

    path: str
    label: Text
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One entry of a record, oldest first in a history.

    ``is_unfinished`` when it was sealed in the last second of its author's vault.
    """

    at_ms: int
    author: str
    op: Literal["created", "changed", "deleted", "erased"]
    changes: Sequence[FieldChange]
    reason: str | None
    clock_unsure: bool
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A field changed in two places: the value that stands, if any, and the one that lost."""

    path: str
    label: Text
    kept: Any
    lost: Any
    lost_author: str
    at_ms: int
    kept_author: str = ""


@dataclass(frozen=True, slots=True)
class RecordView:
    """A whole record as the officer may see it; ``fields`` is the nested document.

    ``continues`` names the record that this one goes on with, where a tier was raised.
    """

    id: str
    type: str
    unit: str
    unit_name: str
    tier: str
    state: RecordStateName
    fields: Mapping[str, Any]
    ticks: Sequence[Tick]
    history: Sequence[HistoryItem]
    conflicts: Sequence[ConflictView]
    author: str
    mine: bool
    updated_at_ms: int
    needs_attention: Note | None
    continues: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The counts of a home; instants are None when there was none.

    Attributes:
        waiting: changes that the server does not hold, those of no listed record included.
        sent: changes that it holds.
        records_waiting: how many rows the list of what waits has.
        records_sent: how many rows the list of what was sent has.
        received: how many rows the list of what came has.
    """

    drafts: int
    waiting: int
    sent: int
    received: int
    needs_attention: int
    last_delivered_at_ms: int | None
    oldest_waiting_at_ms: int | None
    handover_pending: bool
    notes: Sequence[Note]
    records_waiting: int
    records_sent: int


@dataclass(frozen=True, slots=True)
class QueryView:
    """A question about a record, and what its author answered.

    Attributes:
        record_title: what lists call the record; that it is elsewhere where it is not here.
        answer: None while there is none.
        status: open, answered or closed.
        to_me: whether this device is the one that was asked.
    """

    id: str
    record_id: str
    record_title: str
    question: str
    asked_by: Text
    asked_at_ms: int
    answer: str | None
    answered_at_ms: int | None
    status: str
    to_me: bool


@dataclass(frozen=True, slots=True)
class CaseStatusView:
    """What a desk said of a referred case: one word of a closed list, and its day."""

    id: str
    status: str
    day: str
    desk: Text
    at_ms: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """The call-back contact of a person who gave information, with its code."""

    code: str
    contact: str = field(repr=False)
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One number of a desk's tally; ``count`` is None below five, ``record`` until it is sealed."""

    unit: str
    group: str
    count: int | None
    record: str | None
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class TallyDraft:
    """What a desk's tally of a month, ``YYYY-MM``, would say."""

    month: str
    rows: Sequence[TallyRow]


@dataclass(frozen=True, slots=True)
class StoryView:
    """What was said about a record, and what this officer may add."""

    queries: Sequence[QueryView]
    statuses: Sequence[CaseStatusView]
    may_ask: bool
    may_tell_status: bool

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show and nothing to say."""
        said = bool(self.queries or self.statuses)
        return not (said or self.may_ask or self.may_tell_status)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice to all officers of a unit; ``until`` is the last day on which it is shown.

    ``is_sent`` when nothing of it waits on this device any more.
    """

    id: str
    title: str
    text: str
    from_office: Text
    at_ms: int
    until: str
    is_read: bool
    is_mine: bool = False
    is_sent: bool = True
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the page that is read before sealing."""

    label: Text
    value: str


@dataclass(frozen=True, slots=True)
class PendingSeal:
    """What sealing a draft would do: its summary, tier and the offices that could open it."""

    draft_id: str
    summary: Sequence[SummaryLine]
    tier: str
    readers: Sequence[Text]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit for a picker; ``parent_name`` because names repeat across the country."""

    id: str
    name: str
    level: str
    parent_name: str
    ward: str | None
