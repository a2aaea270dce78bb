"""All services of one home, wired to each other and to nothing outside.

Decides nothing but the order in which they are made.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from fieldapp.domain.monthly import RETURN_DAY
from fieldapp.services.access import AccessService
from fieldapp.services.answers import AnswerService
from fieldapp.services.case_sharing import CaseSharing
from fieldapp.services.claims import introduction
from fieldapp.services.concerns import ConcernService
from fieldapp.services.conflicts import ConflictService
from fieldapp.services.contacts import ContactService
from fieldapp.services.day import DayService
from fieldapp.services.follow_ups import FollowUpService
from fieldapp.services.media import MediaService
from fieldapp.services.minutes import MinutesService
from fieldapp.services.opening import Environment
from fieldapp.services.organisation import OrganisationService
from fieldapp.services.preferences import PreferenceFile
from fieldapp.services.records import RecordService
from fieldapp.services.retention import RetentionService
from fieldapp.services.returns import ReturnService
from fieldapp.services.sources import SourceService
from fieldapp.services.syncing import SyncService
from fieldapp.services.tallies import TallyService
from fieldapp.services.transfer import TransferService
from fieldapp.services.unfinished import seal_what_waits
from fieldapp.services.workspace import Workspace


class Services:
    """What screens and commands call."""

    def __init__(
        self,
        environment: Environment,
        preferences: PreferenceFile,
        *,
        return_day: int = RETURN_DAY,
    ) -> None:
        self.log = environment.log
        self.access = AccessService(environment, preferences)
        self.records = RecordService(self.access)
        self.answers = AnswerService(self.access)
        self.sources = SourceService(self.access)
        self.cases = CaseSharing(self.access)
        self.tallies = TallyService(self.access)
        self.contacts = ContactService(self.access)
        self.concerns = ConcernService(
            self.records, self.access.workspace, lambda: self.access.language() or "en"
        )
        self.organisation = OrganisationService(environment, self.access, self.records)
        self.conflicts = ConflictService(self.access, self.records)
        self.follow_ups = FollowUpService(self.access, self.records)
        self.returns = ReturnService(self.access, self.records, self.follow_ups, return_day)
        self.media = MediaService(environment, self.access)
        self.day = DayService(self.access, self.follow_ups, self.returns, self.media)
        self.syncing = SyncService(environment, self.access, self.media)
        self.transfer = TransferService(self.access, self.records, self.media)
        self.retention = RetentionService(self.access)
        self.minutes = MinutesService(self.access, self.records)
        self.access.introduce = self._introduce
        self.access.seal_what_waits = self._seal_what_waits

    def _introduce(self, work: Workspace) -> None:
        """Seal the officer's name upwards, so that readers see who wrote a record."""
        self.records.create("officer", work.profile.unit, introduction(work.profile))

    def _seal_what_waits(self, work: Workspace) -> None:
        """Seal what was typed, before the vault goes."""
        seal_what_waits(work, self.records.seal)

    def close(self) -> None:
        """Lock the vault and let everything go."""
        self.access.lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
