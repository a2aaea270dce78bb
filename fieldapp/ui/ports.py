"""What the screens need from the services, as protocols.

Laws:
  * Each method is one use case; it blocks, so a screen calls it off the event loop.
  * Whatever goes wrong arrives as a ``FieldAppError`` with a code and parameters.
  * The services facade fulfils these; so does the fake that drives the headless tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from fieldapp.domain.carry_over import LastTime
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.quorum import BodyRule
from fieldapp.domain.record_type import RecordType, Remark
from fieldapp.services.raising import Edited
from fieldapp.services.views import (
    DraftView,
    Enrolled,
    HomeState,
    InvitePreview,
    Officer,
    PendingSeal,
    RecordRow,
    RecordView,
    Status,
    UnitRow,
)
from fieldapp.ui.daily_ports import (
    AnswersPort,
    CasesPort,
    ConflictsPort,
    ContactsPort,
    DayPort,
    FollowUpsPort,
    RetentionPort,
    ReturnsPort,
    SourcesPort,
    TalliesPort,
)
from fieldapp.ui.media_ports import MediaPort
from fieldapp.ui.office_ports import OrganisationPort
from fieldapp.ui.sync_ports import SyncProgress, SyncReport


class AccessPort(Protocol):
    """Enrolment, the lock, and the officer's own choices."""

    def state(self) -> HomeState:
        """What lies in the home."""

    def officer(self) -> Officer:
        """Whose vault this is."""

    def preview_invite(self, code_or_text: str) -> InvitePreview:
        """Read an invite without using it."""

    def needs_phrase(self, code_or_text: str) -> bool:
        """Tell whether it is a hand-over file, which opens by its eight words."""

    def enrol(
        self, code_or_text: str, officer_name: str, pin: str, phrase: str | None = None
    ) -> Enrolled:
        """Use an invite."""

    def unlock(self, pin: str) -> None:
        """Open the vault; also checks the PIN of an open one."""

    def lock(self) -> None:
        """Close the vault."""

    def check_pin(self, pin: str) -> None:
        """Ask anew who is there."""

    def change_pin(self, old: str, new: str) -> None:
        """Wrap the vault's key with another PIN."""

    def set_duress_pin(self, pin: str, second: str | None) -> None:
        """Choose the PIN that gives the vault up; None takes it away."""

    def quick_delete(self) -> None:
        """Give the vault up at once; its sealed outbox stays deliverable."""

    def sealed_waiting(self) -> int:
        """How many sealed batches of records a forgotten PIN would leave to be delivered."""

    def forget_pin(self) -> int:
        """Give up the vault for good; its sealed outbox stays deliverable."""

    def withdrawn(self) -> int | None:
        """How many changes a phone delivered that was then withdrawn; None for any other."""

    def language(self) -> str:
        """Return the language code."""

    def set_language(self, code: str) -> None:
        """Keep the language."""

    def theme(self) -> str:
        """Return light, dark or system."""

    def set_theme(self, name: str) -> None:
        """Keep the brightness."""

    def text_scale(self) -> float:
        """Return the officer's text size as a factor."""

    def set_text_scale(self, factor: float) -> None:
        """Keep the text size."""

    def autolock_seconds(self) -> int:
        """Return the idle time before the app locks itself; 0 is never."""

    def set_autolock_seconds(self, seconds: int) -> None:
        """Keep the idle time."""


class RecordsPort(Protocol):
    """Drafts and records."""

    def types(self) -> Sequence[RecordType]:
        """The types that the officer may write."""

    def new_draft(
        self, type_key: str, unit: str | None = None, fields: Mapping[str, Any] | None = None
    ) -> DraftView:
        """Begin a record, prefilled."""

    def last_time(self, unit: str, fields: Mapping[str, Any]) -> LastTime | None:
        """The last meeting of the body or kind that a new one names."""

    def save_draft(
        self,
        draft_id: str,
        fields: Mapping[str, Any],
        unit: str | None = None,
        section: str | None = None,
    ) -> DraftView:
        """Keep what was typed."""

    def save_amendment(
        self, record: RecordView, fields: Mapping[str, Any], reason: str
    ) -> DraftView:
        """Keep what was typed over a sealed record, which began as ``record`` shows it."""

    def amendment(self, record: RecordView) -> DraftView | None:
        """Return the draft over a sealed record, on top of what the record says by now."""

    def draft(self, draft_id: str) -> DraftView:
        """Return one draft."""

    def drafts(self) -> Sequence[DraftView]:
        """All drafts, newest first."""

    def discard_draft(self, draft_id: str) -> None:
        """Delete a draft."""

    def check(self, draft_id: str) -> Sequence[FieldProblem]:
        """Say what is still missing or wrong."""

    def review(self, draft_id: str) -> PendingSeal:
        """Say what sealing would do."""

    def seal(self, draft_id: str) -> str:
        """Seal a draft and queue it; returns the record's id."""

    def change(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        reason: str = "",
        *,
        whole: Mapping[str, Any] | None = None,
    ) -> Edited:
        """Amend a sealed record; ``whole`` is the document as it shall be."""

    def find(
        self,
        text: str = "",
        type_key: str | None = None,
        unit: str | None = None,
        state: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[Sequence[RecordRow], int]:
        """One page of a list with the number of all matches.

        ``state`` is draft, sealed, waiting, sent, received or needs_you.
        """

    def linkable(
        self,
        type_key: str,
        unit: str,
        fields: Mapping[str, Any],
        field: str,
        text: str = "",
        limit: int = 80,
    ) -> Sequence[RecordRow]:
        """The rows that a field of a document may link to, the newest first."""

    def named(self, record_ids: Sequence[str]) -> Sequence[RecordRow]:
        """The rows of records that others link to, as far as this device holds them."""

    def columns(self, record_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """What the list columns of some records hold, by record and field."""

    def often_reported(self) -> Sequence[str]:
        """The categories that this phone reports most, without restricted ones."""

    def remarks(self, type_key: str, unit: str, fields: Mapping[str, Any]) -> Sequence[Remark]:
        """What follows from a document today: a change computed, a term that ended."""

    def body_rule(self, body: object) -> BodyRule:
        """By which rule the body of a meeting decides."""

    def show(self, record_id: str) -> RecordView:
        """One record, whole."""

    def units_below(self) -> Sequence[UnitRow]:
        """The units an officer may choose from."""

    def place_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """What people call units and wards, each with the place around it."""

    def wards(self, unit: str) -> Sequence[UnitRow]:
        """The wards around a unit."""


class SyncingPort(Protocol):
    """The exchange with the server."""

    def sync(
        self,
        progress: Callable[[Any], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> SyncReport:
        """Exchange everything that waits, both ways."""

    def status(self) -> Status:
        """Counts and notes for the home screen."""


class ConcernsPort(Protocol):
    """What is done about a sealed concern with one tap."""

    def note_response(self, record_id: str, step: str, at: str | None = None) -> Edited:
        """Note a time of the police; now unless one is given."""

    def escalate(self, record_id: str, to_body: str, purpose: str, why: str = "") -> Edited:
        """Take a concern to a higher body, for action or for information."""


class MinutesPort(Protocol):
    """The minutes of open meetings."""

    def share(self, record_id: str, language: str, file_format: str, *, pin: str) -> bytes:
        """Hand the minutes out as pdf or text, after the PIN and after saying so upwards."""


class ServicesPort(Protocol):
    """All services of one home."""

    @property
    def access(self) -> AccessPort:
        """Enrolment and lock."""

    @property
    def records(self) -> RecordsPort:
        """Drafts and records."""

    @property
    def syncing(self) -> SyncingPort:
        """The exchange with the server."""

    @property
    def organisation(self) -> OrganisationPort:
        """Units, offices, invites, devices."""

    @property
    def minutes(self) -> MinutesPort:
        """The minutes of open meetings."""

    @property
    def day(self) -> DayPort:
        """The day at a glance."""

    @property
    def follow_ups(self) -> FollowUpsPort:
        """What was promised and is not done."""

    @property
    def conflicts(self) -> ConflictsPort:
        """The choice between two values."""

    @property
    def retention(self) -> RetentionPort:
        """How long records stay on this device."""

    @property
    def returns(self) -> ReturnsPort:
        """The monthly return."""

    @property
    def contacts(self) -> ContactsPort:
        """Numbers of offices nearby."""

    @property
    def tallies(self) -> TalliesPort:
        """The monthly tallies of a desk."""

    @property
    def concerns(self) -> ConcernsPort:
        """Deeds on sealed concerns."""

    @property
    def media(self) -> MediaPort:
        """Pictures and voice notes."""

    @property
    def sources(self) -> SourcesPort:
        """Call-back contacts of persons who gave information."""

    @property
    def cases(self) -> CasesPort:
        """Old cases of a desk, for its new officers."""

    @property
    def answers(self) -> AnswersPort:
        """Questions back to authors, and notices."""


Demo = Callable[[], ServicesPort]

__all__ = [
    "AccessPort",
    "Demo",
    "MinutesPort",
    "OrganisationPort",
    "RecordsPort",
    "ServicesPort",
    "SyncProgress",
    "SyncReport",
    "SyncingPort",
]
