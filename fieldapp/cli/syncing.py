"""``sync``, ``status``, ``verify``, ``export`` and ``diagnose``.

Decides nothing: one service call each. A sync that could not deliver ends with 1 and its JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from fieldapp.cli.console import NAMED, Console, HomeOption, JsonOption, ask_pin, instant, unlocked
from fieldapp.services.facade import Services
from fieldapp.services.views import Note, Status
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.report import SyncProgress, SyncReport

STATUS_LINES = (
    "drafts",
    "records_waiting",
    "waiting",
    "records_sent",
    "sent",
    "received",
    "needs_attention",
    "last_delivered_at",
    "oldest_waiting_at",
)


class ExportFormat(Enum):
    """The formats that exist."""

    CSV = "csv"
    JSONL = "jsonl"


def is_watched() -> bool:
    """Whether a person sees standard error."""
    return sys.stderr.isatty()


def _run_with_progress(services: Services) -> SyncReport:
    """Sync with a bar on standard error where a person watches."""
    if not is_watched():
        return services.syncing.sync()
    from rich.console import Console as Terminal
    from rich.progress import Progress

    with Progress(console=Terminal(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def step(progress: SyncProgress) -> None:
            bar.update(
                task,
                description=progress.stage,
                completed=progress.done,
                total=progress.total or None,
            )

        return services.syncing.sync(progress=step)


def sync_facts(report: SyncReport, console: Console) -> dict[str, Any]:
    """A sync in the stable JSON shape."""

    def told(failure: SyncFailure) -> dict[str, str]:
        return {"code": failure.code, "message": console.words(failure.code, **failure.params)}

    return {
        "sent": report.sent,
        "received": report.received,
        "waiting": report.waiting,
        "quarantined": report.quarantined,
        "bytes_up": report.bytes_up,
        "bytes_down": report.bytes_down,
        "round_trips": report.round_trips,
        "error": None if report.error is None else told(report.error),
        "alarms": [told(alarm) for alarm in report.alarms],
        "media": {
            "sent": report.media_sent,
            "received": report.media_received,
            "bytes": report.media_bytes,
            "error": None if report.media_error is None else told(report.media_error),
        },
    }


def sync(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Send what is waiting and receive what is new."""
    with unlocked(home, as_json=as_json) as (services, console):
        report = _run_with_progress(services)
        facts = {**sync_facts(report, console), "withdrawn": services.access.withdrawn()}

        def lines() -> Iterator[str]:
            yield console.words(
                "cli.synced", sent=report.sent, received=report.received, waiting=report.waiting
            )
            yield from (told["message"] for told in (facts["error"], *facts["alarms"]) if told)
            if facts["withdrawn"] is not None:
                yield console.words("device_withdrawn", count=facts["withdrawn"])

        console.show(facts, lines)
        if report.error is not None:
            raise typer.Exit(1)


def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say what waits, what arrived and what needs attention."""
    with unlocked(home, as_json=as_json) as (services, console):
        now = services.syncing.status()
        facts: dict[str, Any] = {
            "drafts": now.drafts,
            "waiting": now.waiting,
            "needs_attention": now.needs_attention,
            "last_delivered_at": instant(now.last_delivered_at_ms),
            "oldest_waiting_at": instant(now.oldest_waiting_at_ms),
            "received": now.received,
            "sent": now.sent,
            "records_waiting": now.records_waiting,
            "records_sent": now.records_sent,
            "handover_pending": now.handover_pending,
            "notes": [
                {"code": note.code, "message": console.words(note.code, **note.params)}
                for note in _notes(now)
            ],
        }

        def lines() -> Iterator[str]:
            for name in STATUS_LINES:
                value = facts[name]
                yield f"{console.words(f'cli.status.{name}')}: {'-' if value is None else value}"
            yield from (note["message"] for note in facts["notes"])

        console.show(facts, lines)


def _notes(now: Status) -> Iterator[Note]:
    """Everything the person should know, a hand-over that nobody used yet included."""
    if now.handover_pending:
        yield Note("note.handover_pending")
    yield from now.notes


def verify(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Prove from sequence numbers that nothing is missing in between."""
    with unlocked(home, as_json=as_json) as (services, console):
        report = services.syncing.verify()
        streams = [
            {
                "device": row.device,
                "channel": row.channel,
                "sealed": row.sealed,
                "received": row.received,
                "missing": list(row.missing),
                "forked": row.forked,
            }
            for row in report.streams
        ]
        console.show(
            {"complete": report.complete, "streams": streams},
            lambda: (
                f"{row.device} {row.channel}: "
                + console.words("cli.stream", received=row.received, sealed=row.sealed)
                for row in report.streams
            ),
        )
        if not report.complete:
            raise typer.Exit(1)


def export(
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.", **NAMED)],
    chosen: Annotated[
        ExportFormat, typer.Option("--format", help="Format of the files.")
    ] = ExportFormat.CSV,
    identities: Annotated[
        bool,
        typer.Option("--identities", help="Names instead of codes; needs the right."),
    ] = False,
    with_text: Annotated[
        bool,
        typer.Option("--with-text", help="Restricted records as they are; for their desk."),
    ] = False,
    media: Annotated[
        bool,
        typer.Option("--media", help="Pictures and voice notes too, in a folder beside the files."),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Export the records that this office may read; what is exported leaves protection."""
    with unlocked(home, as_json=as_json) as (services, console):
        console.say("cli.export_leaves_protection")
        report = services.transfer.export(
            out,
            chosen.value,
            pin=ask_pin(console),
            identities=identities,
            with_text=with_text,
            media=media,
        )
        console.show(
            {"files": dict(report.files)},
            lambda: (
                f"{name}: {console.words('cli.rows', count=count)}"
                for name, count in report.files.items()
            ),
        )


def diagnose(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Print a report to share: versions, counts and states, never content."""
    with unlocked(home, as_json=as_json) as (services, console):
        facts = services.syncing.diagnose()
        console.show(facts, lambda: (f"{name}: {value}" for name, value in facts.items()))
