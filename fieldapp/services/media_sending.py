"""Pictures and sounds within a sync: after the text, within a budget, never a reason to fail.

Laws:
  * Nothing is sent unless the text of this sync was delivered.
  * What stops media is told beside the sync's own outcome.
  * A locked home, or a person who cancels, ends it at the next piece.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from fieldapp.protocol.media import MediaService as ServerPort
from fieldapp.services.media import MediaService
from fieldapp.services.workspace import Workspace
from fieldapp.sync.media import MediaProgress, MediaReport, MediaRun
from fieldapp.sync.report import Progress, SyncProgress, SyncReport


@dataclass(frozen=True, slots=True)
class MediaPlan:
    """How much media a sync may move: bytes, and whether it fetches what others recorded."""

    budget: int
    fetches: bool


def move_media(
    media: MediaService,
    work: Workspace,
    service: object,
    plan: MediaPlan,
    progress: Progress | None,
    cancelled: Callable[[], bool],
) -> MediaReport:
    """Send what waits, then fetch what this home asked for.

    Raises:
        StorageError: this device's disk refused.
    """
    if not isinstance(service, ServerPort) or not plan.budget:
        return MediaReport()

    def told(at: MediaProgress) -> None:
        if progress is not None:
            progress(SyncProgress("media", at.sent, at.total))

    report = media.send(work, service, MediaRun(plan.budget, told, cancelled))
    left = plan.budget - report.bytes_up
    if not plan.fetches or report.error is not None or left <= 0:
        return report
    fetched = media.fetch_all(work, service, MediaRun(left, told, cancelled))
    report.received, report.bytes_down = fetched.received, fetched.bytes_down
    report.error = fetched.error
    return report


def with_media(report: SyncReport, media: MediaReport) -> SyncReport:
    """Tell of pictures and sounds beside the sync's own outcome."""
    return replace(
        report,
        media_sent=media.sent,
        media_received=media.received,
        media_bytes=media.bytes_up + media.bytes_down,
        media_error=media.error,
    )
