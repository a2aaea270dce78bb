"""``fieldapp record``: JSON in, JSON out.

Decides nothing: each command reads its input, makes one service call and prints the outcome.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from fieldapp.cli.asking import query_facts
from fieldapp.cli.attaching import PhotoOption, amend_with, make_with, media_facts, read_photos
from fieldapp.cli.console import (
    NAMED,
    Console,
    HomeOption,
    JsonOption,
    instant,
    interruptible,
    opened,
    read_json,
    unlocked,
)
from fieldapp.errors import FieldAppError, ProtocolError
from fieldapp.protocol import strict_json
from fieldapp.services.documents import unit_and_fields, unknown_name
from fieldapp.services.raising import Edited
from fieldapp.services.views import RecordView

app = typer.Typer(no_args_is_help=True, help="Make, change, show, list and import records.")

FileOption = Annotated[
    Path | None,
    typer.Option("--file", help="JSON file; - or nothing means standard input.", **NAMED),
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why a sealed record is amended.")]


def _document(raw: object) -> tuple[str | None, Mapping[str, Any]]:
    """Unit and fields of an input document, or a refusal that says its shape."""
    if (name := unknown_name(raw)) is not None:
        raise FieldAppError("input_name_unknown", name=name)
    if (found := unit_and_fields(raw)) is None:
        raise FieldAppError("input_not_document")
    return found


def _show_state(console: Console, record: str, state: str) -> None:
    words = console.words(f"cli.{state}")
    console.show({"id": record, "state": state}, lambda: iter([f"{record}  {words}"]))


@app.command("new")
def new(
    record_type: Annotated[str, typer.Argument(metavar="TYPE", help="meeting, concern, ...")],
    file: FileOption = None,
    draft: Annotated[bool, typer.Option("--draft", help="Keep as a draft, do not seal.")] = False,
    photo: PhotoOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a record from {"unit", "fields"}; sealed at once unless --draft."""
    with unlocked(home, as_json=as_json) as (services, console):
        unit, fields = _document(read_json(file))
        photos = read_photos(photo)
        if photos:
            record = make_with(services, (record_type, unit, fields), photos, draft=draft)
        else:
            record = services.records.create(record_type, unit, fields, draft=draft)
        _show_state(console, record, "draft" if draft else "sealed")


@app.command("seal")
def seal(
    record: Annotated[str, typer.Argument(metavar="ID", help="The draft's id.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Seal a draft and put it in the outbox."""
    with unlocked(home, as_json=as_json) as (services, console):
        sealed = services.records.seal(record)
        _show_state(console, sealed, "sealed")


def _assignments(values: Sequence[str]) -> dict[str, Any]:
    """``PATH=VALUE`` pairs; a value that reads as JSON is JSON, else it is text."""
    changed: dict[str, Any] = {}
    for value in values:
        path, found, text = value.partition("=")
        if not found or not path:
            raise typer.BadParameter(value, param_hint="--set PATH=VALUE")
        try:
            changed[path] = strict_json.loads(text.encode())
        except (ProtocolError, UnicodeEncodeError):
            changed[path] = text
    return changed


@app.command("edit")
def edit(
    record: Annotated[str, typer.Argument(metavar="ID", help="The record's id.")],
    reason: ReasonOption = "",
    file: FileOption = None,
    assign: Annotated[
        list[str] | None, typer.Option("--set", help="PATH=VALUE, as often as needed.")
    ] = None,
    photo: PhotoOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a draft, or amend a sealed record with a reason."""
    with unlocked(home, as_json=as_json) as (services, console):
        if photos := read_photos(photo):
            changes: Mapping[str, Any] = {
                **_assignments(assign or ()),
                **amend_with(services, record, photos),
            }
            whole: Mapping[str, Any] | None = None
        elif assign:
            changes = _assignments(assign)
            whole = None
        else:
            _, whole = _document(read_json(file))
            changes = {}
        edited = services.records.change(record, changes, whole=whole, reason=reason)
        _show_edited(console, edited)


def _show_edited(console: Console, edited: Edited) -> None:
    """The record as it goes on; where its tier rose, what was left behind and who had read it."""
    if edited.raised_from is None:
        _show_state(console, edited.id, edited.state)
        return
    had_read = [office.in_language(console.language) for office in edited.had_read]
    facts = {
        "id": edited.id,
        "state": edited.state,
        "raised_from": edited.raised_from,
        "had_read": had_read,
        "media_left": edited.media_left,
    }
    readers = ", ".join(had_read) or console.words("cli.nobody")
    told = console.words("cli.raised", old=edited.raised_from, readers=readers)
    if edited.media_left:
        told = f"{told}. {console.words('ui.raised.media_left', count=edited.media_left)}"
    console.show(facts, lambda: iter([f"{edited.id}  {told}"]))


def _history(view: RecordView) -> list[dict[str, Any]]:
    return [
        {
            "at": instant(item.at_ms),
            "author": item.author,
            "op": item.op,
            "reason": item.reason,
            "clock_unsure": item.clock_unsure,
            "unfinished": item.is_unfinished,
            "changes": [
                {"field": change.path, "old": change.old, "new": change.new}
                for change in item.changes
            ],
        }
        for item in view.history
    ]


def record_facts(view: RecordView) -> dict[str, Any]:
    """A record in the stable JSON shape of ``record show``."""
    return {
        "id": view.id,
        "type": view.type,
        "unit": view.unit,
        "tier": view.tier,
        "state": view.state,
        "fields": view.fields,
        "ticks": {tick.stage: instant(tick.at_ms) for tick in view.ticks},
        "history": _history(view),
        "conflicts": [
            {
                "field": clash.path,
                "kept": clash.kept,
                "lost": clash.lost,
                "lost_author": clash.lost_author,
                "at": instant(clash.at_ms),
            }
            for clash in view.conflicts
        ],
        "author": view.author,
        "continues": view.continues,
        "updated_at": instant(view.updated_at_ms),
    }


@app.command("show")
def show(
    record: Annotated[str, typer.Argument(metavar="ID", help="The record's id.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a record with its ticks, history and conflicts."""
    with unlocked(home, as_json=as_json) as (services, console):
        facts = record_facts(services.records.show(record))
        facts["media"] = media_facts(services.media.of_record(record))
        facts["questions"] = [query_facts(one) for one in services.answers.of_record(record)]
        facts["statuses"] = [
            {"state": one.status, "day": one.day} for one in services.answers.statuses(record)
        ]
        console.show(facts, lambda: iter([json.dumps(facts, ensure_ascii=False, indent=2)]))


@app.command("list")
def list_records(
    record_type: Annotated[str, typer.Argument(metavar="TYPE", help="meeting, concern, ...")],
    unit: Annotated[str | None, typer.Option("--unit", help="At or below this unit.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="draft or sealed.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the records of a type."""
    if state not in {None, "draft", "sealed"}:
        raise typer.BadParameter("draft, sealed", param_hint="--state")
    with unlocked(home, as_json=as_json) as (services, console):
        rows, _ = services.records.find(type_key=record_type, unit=unit, state=state, limit=None)
        facts = [
            {
                "id": row.id,
                "type": row.type,
                "unit": row.unit,
                "title": row.title,
                "state": row.state,
                "updated_at": instant(row.updated_at_ms),
                "tick": row.tick,
                "author": row.author,
            }
            for row in rows
        ]
        console.show(
            {"records": facts},
            lambda: (
                f"{row.id}  {console.words(f'cli.{row.state}')}  {row.unit_name}: {row.title}"
                for row in rows
            ),
        )


@app.command("import")
def import_records(
    record_type: Annotated[str, typer.Argument(metavar="TYPE", help="meeting, concern, ...")],
    file: Annotated[Path, typer.Option("--file", help="A CSV or JSONL file.", **NAMED)],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import rows; good rows are sealed, bad rows are reported one by one."""
    with unlocked(home, as_json=as_json) as (services, console):
        with interruptible() as stopped:
            report = services.transfer.import_file(record_type, file, stopped)
        errors = console.rows(iter(report.problems))

        def lines() -> Iterator[str]:
            yield console.words("cli.imported", count=len(report.created), refused=len(errors))
            yield from map(console.row_words, errors)

        console.show({"created": list(report.created), "errors": errors}, lines)
        if errors:
            raise typer.Exit(1)


@app.command("types")
def types(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the declared record types."""
    with opened(home, as_json=as_json) as (services, console):
        kinds = services.records.all_types()
        facts = [
            {
                "type": kind.key,
                "version": kind.version,
                "label": {"en": kind.label.en, "sw": kind.label.sw},
            }
            for kind in kinds
        ]
        console.show(
            {"types": facts},
            lambda: (f"{kind.key}  {kind.label.in_language(console.language)}" for kind in kinds),
        )


@app.command("schema")
def schema(
    record_type: Annotated[str, typer.Argument(metavar="TYPE", help="meeting, concern, ...")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a type as JSON Schema (draft 2020-12)."""
    with opened(home, as_json=as_json) as (services, console):
        document = services.records.schema(record_type)
        console.show(document, lambda: iter([json.dumps(document, ensure_ascii=False, indent=2)]))
