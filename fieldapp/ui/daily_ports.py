"""What the home screen and the follow-ups need from the services, as protocols.

The laws are those of ``ports``, which joins them with the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fieldapp.domain.local_contacts import LocalContact
from fieldapp.domain.text import Text
from fieldapp.services.case_sharing import Shared
from fieldapp.services.day import Day, Forecast
from fieldapp.services.follow_ups import FollowUpPage
from fieldapp.services.retention import KeptFor
from fieldapp.services.views import (
    DraftView,
    NoticeView,
    QueryView,
    SourceView,
    StoryView,
    TallyDraft,
    TallyRow,
)


class DayPort(Protocol):
    """The day at a glance."""

    def look(self) -> Day:
        """What there is to know now."""

    def forecast(self) -> Forecast:
        """What an exchange would send, and about how long that takes."""


class FollowUpsPort(Protocol):
    """What was promised and is not done."""

    def find(self, text: str = "", offset: int = 0, limit: int = 50) -> FollowUpPage:
        """A page of what is still to be done, the earliest day first and what has none last."""

    def note(
        self, record_id: str, path: str, status: str, progress: str = "", evidence: str = ""
    ) -> None:
        """Say what became of a promise; its record is amended."""


class ConflictsPort(Protocol):
    """The choice between two values."""

    def choose(self, record_id: str, path: str, *, keeps: bool) -> None:
        """Let the value that stands stand, or put the other one in its place."""


class RetentionPort(Protocol):
    """How long records stay on this device."""

    def lines(self) -> Sequence[KeptFor]:
        """How long records are kept here, in the order of the types."""


class ReturnsPort(Protocol):
    """The monthly return."""

    def prepare(self, *, is_nothing: bool = False) -> DraftView:
        """Fill in a draft for the month that is due."""


class ContactsPort(Protocol):
    """Numbers of offices nearby, kept on this device."""

    def all(self) -> Sequence[LocalContact]:
        """Every number, by office and name."""

    def keep(self, office: str, name: str, number: str) -> None:
        """Write a number down."""

    def forget(self, office: str, name: str) -> None:
        """Take a number out."""


class TalliesPort(Protocol):
    """The monthly tallies of a desk."""

    def ready(self) -> TallyDraft | None:
        """The draft of the tally that is due first; None where none is."""

    def seal(self, month: str) -> Sequence[TallyRow]:
        """Seal the tally of a month for the administrations."""


class SourcesPort(Protocol):
    """Call-back contacts of persons who gave information."""

    def holder(self, record_id: str) -> Text | None:
        """The one office that would read a contact; None where none may be given."""

    def give(self, record_id: str, contact: str) -> str:
        """Seal a contact for its one reader; returns the code that the concern shows."""

    def of_record(self, record_id: str) -> Sequence[SourceView]:
        """The contacts of a concern that this device can read, the oldest first."""


class CasesPort(Protocol):
    """Old cases of a desk, for its new officers."""

    def lacking(self, record_id: str) -> Sequence[Text]:
        """Name the offices to whose new devices this one may give a record that they lack."""

    def share(self, record_id: str, reason: str) -> Shared:
        """Give it to them, and say why."""


class AnswersPort(Protocol):
    """Questions back to authors, states of referred cases, and notices from the offices above."""

    def may_ask(self, record_id: str) -> bool:
        """Tell whether this officer may ask the author of a record back."""

    def ask(self, record_id: str, question: str) -> str:
        """Ask the author of a received record; returns the question's id."""

    def answer(self, query_id: str, text: str) -> None:
        """Answer a question that this device was asked."""

    def close(self, query_id: str) -> None:
        """Close a question that this office asked."""

    def open(self) -> Sequence[QueryView]:
        """The questions that wait for this device's answer, the oldest first."""

    def asked(self) -> Sequence[QueryView]:
        """The questions that our office asked and has not closed, the oldest first."""

    def of_record(self, record_id: str) -> Sequence[QueryView]:
        """Every question about a record that can be read here, the oldest first."""

    def story(self, record_id: str) -> StoryView:
        """All that was said about a record, and what may be said."""

    def tell_status(self, record_id: str, status: str) -> str:
        """Give the author of a restricted record its state."""

    def publish(self, unit: str, title: str, text: str, until: str) -> str:
        """Tell every officer of a unit something until a day."""

    def notices(self) -> Sequence[NoticeView]:
        """The notices that are to be shown today, the newest first."""

    def mark_read(self, notice_id: str) -> None:
        """Note that the officer has seen a notice."""
