"""``hq``, ``unit``, ``office``, ``invite`` and ``enrol``: who belongs and how.

Decides nothing: reads arguments, makes one service call, prints the outcome. What changes the
organisation is saved locally first and published at once where there is a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from fieldapp.cli.console import (
    NAMED,
    Console,
    HomeOption,
    JsonOption,
    ask_new_pin,
    ask_phrase,
    instant,
    opened,
    read_input,
    unlocked,
)
from fieldapp.errors import FieldAppError
from fieldapp.services.facade import Services
from fieldapp.services.outgoing import require_file, write_file

hq = typer.Typer(no_args_is_help=True, help="Set up an organisation.")
unit = typer.Typer(no_args_is_help=True, help="Administrative units.")
office = typer.Typer(no_args_is_help=True, help="Offices: a unit and a desk with a key.")


def publish(services: Services, console: Console) -> None:
    """Try to publish at once; without a link say that it waits."""
    report = services.syncing.sync()
    if report.error is not None:
        console.say("cli.waiting_to_be_sent")


@hq.command("init")
def init(
    server: Annotated[str, typer.Option("--server", help="Address of the sync server.")],
    claim: Annotated[str, typer.Option("--claim", help="The claim token the server printed.")],
    org: Annotated[str, typer.Option("--org", help="Name of the organisation.")],
    shares: Annotated[
        Path,
        typer.Option("--shares", help="Empty folder for root keys and hand-over files.", **NAMED),
    ],
    officer: Annotated[str, typer.Option("--officer", help="Your name.")] = "HQ",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the organisation: root keys, headquarters, one hand-over file for each desk."""
    with opened(home, as_json=as_json) as (services, console):
        services.access.require_new()
        console.is_new = True
        made = services.organisation.init(
            server=server,
            claim=claim,
            org=org,
            shares_dir=shares,
            officer=officer,
            pin=ask_new_pin(console),
        )
        facts = {
            "org": made.org,
            "device": made.device,
            "shares": list(made.shares),
            "handover_phrases": dict(made.handover_phrases),
        }

        def lines() -> Iterator[str]:
            yield console.words("cli.hq_made", org=made.org, device=made.device)
            yield from made.shares
            for desk, phrase in made.handover_phrases.items():
                yield f"{desk}: {phrase}"

        console.show(facts, lines)
        console.say("cli.hq_ready")
        if not made.is_claimed:
            console.say("cli.claim_waiting")


@unit.command("add")
def add_unit(
    parent: Annotated[str, typer.Option("--parent", help="Id of the unit above.")],
    level: Annotated[
        str, typer.Option("--level", help="location, sub_location, village or cluster.")
    ],
    name: Annotated[str, typer.Option("--name", help="Name as people say it.")],
    ward: Annotated[str | None, typer.Option("--ward", help="Id of the ward it lies in.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a unit below a unit that you administer."""
    with unlocked(home, as_json=as_json) as (services, console):
        made = services.organisation.add_unit(parent, level, name, ward=ward)
        console.show({"id": made}, lambda: iter([made]))
        publish(services, console)


@unit.command("list")
def list_units(
    under: Annotated[str | None, typer.Option("--under", help="At or below this unit.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the units that this device knows."""
    with unlocked(home, as_json=as_json) as (services, console):
        rows = services.organisation.list_units(under)
        facts = [
            {"id": row.id, "name": row.name, "level": row.level, "ward": row.ward} for row in rows
        ]
        console.show(
            {"units": facts},
            lambda: (f"{row.id}  {row.name}, {row.parent_name} ({row.level})" for row in rows),
        )


@unit.command("import")
def import_units(
    file: Annotated[Path, typer.Option("--file", help="CSV: parent,level,name,ward.", **NAMED)],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import units from CSV; bad rows are reported one by one."""
    with unlocked(home, as_json=as_json) as (services, console):
        report = services.organisation.import_units(read_input(file))
        errors = console.rows(iter(report.problems))

        def lines() -> Iterator[str]:
            yield console.words("cli.imported", count=len(report.created), refused=len(errors))
            yield from map(console.row_words, errors)

        console.show({"created": list(report.created), "errors": errors}, lines)
        publish(services, console)
        if errors:
            raise typer.Exit(1)


@office.command("create")
def create_office(
    unit_id: Annotated[str, typer.Argument(metavar="UNIT", help="Id of the unit.")],
    desk: Annotated[str, typer.Option("--desk", help="admin, gender, children, ...")] = "admin",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a unit an office with a key of its own."""
    with unlocked(home, as_json=as_json) as (services, console):
        name, epoch = services.organisation.create_office(unit_id, desk)
        console.show({"office": name, "epoch": epoch}, lambda: iter([f"{name}  {epoch}"]))
        publish(services, console)


@office.command("list")
def list_offices(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the offices that the directory shows."""
    with unlocked(home, as_json=as_json) as (services, console):
        rows = services.organisation.offices()
        facts = [{"office": row.office, "epoch": row.epoch, "members": row.members} for row in rows]
        console.show(
            {"offices": facts},
            lambda: (
                f"{row.office}  {console.words('cli.office', epoch=row.epoch, count=row.members)}"
                for row in rows
            ),
        )


def invite(
    unit_id: Annotated[str, typer.Option("--unit", help="Unit of the new device's office.")],
    role: Annotated[str, typer.Option("--role", help="chief, assistant_chief, dcc_admin, ...")],
    desk: Annotated[str, typer.Option("--desk", help="Desk of the office.")] = "admin",
    expires_hours: Annotated[
        int, typer.Option("--expires-hours", min=1, max=8_760, help="Life of the invite.")
    ] = 24,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File with the whole packet: needs no network.", **NAMED),
    ] = None,
    qr: Annotated[
        Path | None, typer.Option("--qr", help="PNG with the code to scan.", **NAMED)
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Invite one device into an office."""
    with unlocked(home, as_json=as_json) as (services, console):
        for path in (out, qr):
            if path is not None:
                require_file(path)
        made = services.organisation.invite(unit_id, role, desk=desk, expires_hours=expires_hours)
        if out is not None:
            write_file(out, [made.packet_text.encode()])
        if qr is not None:
            _write_qr(qr, made.code)
        console.show(
            {
                "code": made.code,
                "invite_id": made.invite_id,
                "expires_at": instant(made.expires_at_ms),
            },
            lambda: iter([made.code, str(instant(made.expires_at_ms))]),
        )
        publish(services, console)


def _write_qr(path: Path, code: str) -> None:
    import segno

    picture = io.BytesIO()
    segno.make(code, micro=False, error="m").save(picture, kind="png", scale=8, border=4)
    write_file(path, [picture.getvalue()])


def enrol(
    code_or_file: Annotated[
        str, typer.Argument(metavar="CODE-OR-FILE", help="The code, or a file with the packet.")
    ],
    officer: Annotated[str, typer.Option("--officer", help="Name of this device's holder.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enrol this device; a file needs no network, a bare code needs the server once."""
    with opened(home, as_json=as_json) as (services, console):
        given = code_or_file
        path = Path(code_or_file)
        if _is_file(path):
            given = read_input(path)
        elif "/" in code_or_file or "\\" in code_or_file or path.suffix:
            raise FieldAppError("file_unreadable", file=path.name)
        phrase = ask_phrase(console) if services.access.needs_phrase(given) else None
        services.access.require_new()
        console.is_new = True
        if kept := services.access.sealed_waiting():
            console.say("cli.kept_sealed", count=kept)
        made = services.access.enrol(given, officer, ask_new_pin(console), phrase=phrase)
        console.show(
            {
                "device": made.device,
                "unit": made.unit,
                "role": made.role,
                "words": made.words,
            },
            lambda: iter([f"{made.unit_name}: {made.role}", made.words]),
        )


def _is_file(path: Path) -> bool:
    """Whether a path names a file; a code that is no legal file name is none."""
    try:
        return path.is_file()
    except OSError:
        return False
