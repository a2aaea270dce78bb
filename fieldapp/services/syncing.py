"""The exchange with the server, what waits, and the proof that nothing is missing.

Laws:
  * A sync never blocks capture: it lets go of the home while it waits for the network, and
    records may be sealed then. Locking the home ends it at its next step.
  * It ends in a report; only a failure of this device's own disk is raised.
  * Counts come from the vault itself, never from memory.
"""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from fieldapp import __version__
from fieldapp.errors import FieldAppError, InviteExpiredError
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.channels import RESTRICTED_DESKS
from fieldapp.protocol.ids import id_to_text
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import SyncService as ServerPort
from fieldapp.protocol.units import REPUBLIC
from fieldapp.services.access import AccessService
from fieldapp.services.answers import open_questions
from fieldapp.services.keeping import carry_out
from fieldapp.services.left_behind import deliver, deliver_neighbours, waiting_aside
from fieldapp.services.media import MediaService
from fieldapp.services.media_sending import MediaPlan, move_media, with_media
from fieldapp.services.opening import Environment
from fieldapp.services.patience import Yielding
from fieldapp.services.pending import (
    drop_pending_invite,
    pending_claim,
    pending_invites,
    settle_claim,
)
from fieldapp.services.reading_window import WINDOW_DAYS, is_closed
from fieldapp.services.record_rows import Rows, needing_you, own_lists
from fieldapp.services.sync_alarms import keep_alarms, kept_alarms
from fieldapp.services.tallies import month_due
from fieldapp.services.views import Note, Status
from fieldapp.services.withdrawal import is_due
from fieldapp.services.workspace import Workspace
from fieldapp.storage.database import engine_version
from fieldapp.storage.rows import SERVER, BatchState
from fieldapp.storage.search import Query
from fieldapp.storage.vault import Transaction
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.generations import was_copied
from fieldapp.sync.key_packets import noted_alarms
from fieldapp.sync.report import Progress, SyncReport
from fieldapp.sync.runner import Runner
from fieldapp.sync.server_history import recent_loss

SEND_STATES: tuple[BatchState, ...] = ("outbox",)
TROUBLE_STATES: tuple[BatchState, ...] = ("refused", "forked")


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One stream of the gap proof, in text."""

    device: str
    channel: str
    sealed: int
    received: int
    missing: tuple[int, ...]
    forked: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The gap proof, in text."""

    complete: bool
    streams: tuple[StreamLine, ...]


class SyncService:
    """Sync, status and proof of an unlocked home."""

    def __init__(
        self, environment: Environment, access: AccessService, media: MediaService
    ) -> None:
        self._environment = environment
        self._access = access
        self._media = media
        self._one_at_a_time = threading.Lock()

    def sync(
        self,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> SyncReport:
        """Exchange everything that waits, both ways; a second call waits for the first.

        Raises:
            LockedError: the vault is locked.
            StorageError: this device's disk refused.
        """
        work = self._access.workspace()
        with self._one_at_a_time:
            try:
                report = self._run(work, progress, cancelled)
                if report.error is None:
                    report = self._with_media(work, report, progress, cancelled)
                self._withdraw(work, report)
                if not work.is_closing:
                    carry_out(work)
            finally:
                if work.is_closing:
                    work.vault.close()
        self._note(report)
        return report

    def _with_media(
        self,
        work: Workspace,
        report: SyncReport,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> SyncReport:
        """Move pictures and sounds now that the text is delivered; capture goes on meanwhile."""
        plan = MediaPlan(self._environment.media_bytes, self._environment.fetches_media)
        service = self._environment.connect(work.profile.server_url)
        over = partial(_is_over, work, cancelled)
        return with_media(report, move_media(self._media, work, service, plan, progress, over))

    def _withdraw(self, work: Workspace, report: SyncReport) -> None:
        """Give up the vault if this device was revoked and everything is delivered."""
        if not is_due(work, report):
            return
        with work.vault.reading() as tx:
            delivered = work.counts.total(tx, ("stored",))
        self._access.withdraw(delivered)

    def _note(self, report: SyncReport) -> None:
        """Leave the codes and counts of a sync in the log."""
        log = self._environment.log
        log.note(
            "sync",
            code="" if report.error is None else report.error.code,
            sent=report.sent,
            received=report.received,
            waiting=report.waiting,
            quarantined=report.quarantined,
            bytes_up=report.bytes_up,
            bytes_down=report.bytes_down,
            round_trips=report.round_trips,
        )
        for alarm in report.alarms:
            log.note("sync_alarm", code=alarm.code)

    def _run(
        self,
        work: Workspace,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> SyncReport:
        with work.lock:
            work.catch_up()
            service = Yielding(self._environment.connect(work.profile.server_url), work.lock)
            error = self._claim(work, service)
            if error is not None:
                return replace(self._counted(work, SyncReport()), error=error)
            runner = Runner(
                work.device,
                service,
                progress=progress,
                cancelled=partial(_is_over, work, cancelled),
            )
            report = runner.run()
            if report.round_trips:
                report = _with_left_behind(report, *deliver(work.home, service))
                deliver_neighbours(work.home, service, work.directory.server_key)
            if report.error is None:
                report = replace(report, error=self._hand_in_invites(work, service))
            work.note_own_statements()
            work.catch_up()
            return self._counted(work, report)

    def _counted(self, work: Workspace, report: SyncReport) -> SyncReport:
        with work.vault.transaction(durable=False) as tx:
            waiting = work.counts.total(tx, SEND_STATES)
            work.counts.total(tx, ("stored",))
            work.counts.save(tx)
            keep_alarms(tx, report.alarms)
            return replace(report, waiting=waiting, quarantined=tx.quarantine.count())

    def _claim(self, work: Workspace, service: ServerPort) -> SyncFailure | None:
        """Make again a claim whose answer was lost."""
        with work.vault.reading() as tx:
            claim = pending_claim(tx, work.keys.device)
        if claim is None:
            return None
        try:
            service.claim_server(claim.token, claim.root)
        except FieldAppError as problem:
            return SyncFailure(problem.code, dict(problem.params))
        settle_claim(work.vault)
        return None

    def _hand_in_invites(self, work: Workspace, service: ServerPort) -> SyncFailure | None:
        """Give the server the packets of fresh invites; what fails waits for the next sync."""
        with work.vault.reading() as tx:
            waiting = pending_invites(tx)
        for invite in waiting:
            try:
                service.put_invite(invite.invite, invite.token, invite.packet)
            except InviteExpiredError:
                pass  # Nobody can use it any more.
            except FieldAppError as problem:
                return SyncFailure(problem.code, dict(problem.params))
            with work.vault.transaction() as tx:
                drop_pending_invite(tx, invite)
        return None

    def status(self) -> Status:
        """Counts and notes for the home screen."""
        work = self._access.workspace()
        work.catch_up()
        totals = Rows(work, "en").totals()
        with work.lock, work.vault.reading() as tx:
            counts = tx.batches.counts()
            pressing = Query(state="sealed", without=own_lists(), among=needing_you(work, tx))
            trouble = work.index.search(pressing, limit=0).total + _unread_trouble(tx)
            waiting = work.counts.total(tx, SEND_STATES)
            return Status(
                drafts=totals.drafts,
                waiting=waiting,
                sent=work.counts.total(tx, ("stored",)),
                received=totals.received,
                needs_attention=tx.quarantine.count() + trouble + open_questions(work, tx),
                last_delivered_at_ms=tx.receipts.newest_ms(work.keys.device, SERVER),
                oldest_waiting_at_ms=counts["outbox"].oldest_ms if waiting else None,
                handover_pending=_handover_pending(work),
                notes=[*_notes(work, kept_alarms(tx)), *_loss_notes(work, tx), *_reader_notes(tx)],
                records_waiting=totals.waiting,
                records_sent=totals.sent,
            )

    def verify(self) -> Proof:
        """Prove from sequence numbers which sealed batches are missing here."""
        report = self._access.workspace().device.verify()
        lines = tuple(
            StreamLine(
                device=id_to_text(row.device),
                channel=row.channel.hex(),
                sealed=row.sealed,
                received=row.received,
                missing=row.missing,
                forked=row.forked,
            )
            for row in report.streams
        )
        return Proof(report.complete, lines)

    def diagnose(self) -> dict[str, Any]:
        """Versions, counts and states to share with whoever helps: no content, no name."""
        work = self._access.workspace()
        with work.vault.reading() as tx:
            counts = {state: row.count for state, row in tx.batches.counts().items()}
            return {
                "version": __version__,
                "python": platform.python_version(),
                "platform": platform.system(),
                "sqlite": engine_version(),
                "records": tx.records.count(),
                "drafts": tx.drafts.count(),
                "batches": counts,
                "quarantined": tx.quarantine.count(),
                "directory_version": work.directory.version,
                "clock_offset_ms": work.offset_ms,
                "log": self._environment.log.tail(),
            }


def _is_over(work: Workspace, cancelled: Callable[[], bool] | None) -> bool:
    """Whether a sync ends at its next step: the home locks, or the person cancelled."""
    return work.is_closing or (cancelled is not None and cancelled())


def _with_left_behind(report: SyncReport, sent: int, failure: SyncFailure | None) -> SyncReport:
    """Count what a forgotten vault delivered; what stopped it stops nothing else."""
    alarms = report.alarms if failure is None else (*report.alarms, failure)
    return replace(report, sent=report.sent + sent, alarms=alarms)


def _unread_trouble(tx: Transaction) -> int:
    """How many batches were refused that are about no record: statements, keys."""
    every, records = tx.batches.counts(), tx.batches.counts(Kind.ENTRIES)
    return sum(every[state].count for state in TROUBLE_STATES if state in every) - sum(
        records[state].count for state in TROUBLE_STATES if state in records
    )


def _handover_pending(work: Workspace) -> bool:
    """Whether a desk at headquarters still has no device of its own."""
    if work.role != Role.HQ_ADMIN.value:
        return False
    desks = (work.directory.office(REPUBLIC, desk.value) for desk in RESTRICTED_DESKS)
    return any(desk is not None and not work.directory.members(desk) for desk in desks)


def _loss_notes(work: Workspace, tx: Transaction) -> list[Note]:
    """Say why work goes out again: the server lost something, or this home was copied."""
    loss = recent_loss(tx, work.now_ms())
    notes = [] if loss is None else [Note(f"note.{loss.code}")]
    return [*notes, Note("note.home_copied")] if was_copied(tx, work.now_ms()) else notes


def _reader_notes(tx: Transaction) -> list[Note]:
    """Say what was found wrong with the readers of what we read."""
    return [Note(f"note.{code}") for code in sorted({code for code, _ in noted_alarms(tx)})]


def _notes(work: Workspace, alarms: Iterable[str]) -> list[Note]:
    """What the person should know beyond the counts."""
    notes = []
    cert = work.certificate()
    if cert is None or not cert.granted:
        notes.append(Note("note.not_confirmed_yet"))
    elif not cert.is_active:
        notes.append(Note("note.device_revoked"))
    if work.is_pin_only:
        notes.append(Note("note.pin_only"))
    if waits := waiting_aside(work.home):
        notes.append(Note("note.left_behind", {"count": waits}))
    if is_closed(work):
        notes.append(Note("note.reading_closed", {"days": WINDOW_DAYS}))
    if (month := month_due(work)) is not None:
        notes.append(Note("note.tally_due", {"month": month}))
    notes += [Note(code) for code in alarms]
    notes += [Note(f"note.{alarm.code.value}") for alarm in work.directory.alarms]
    return notes
