"""``fieldapp record ask`` and its kin: questions back to authors, answers, states, notices, cases.

Decides nothing: each command makes one service call and prints the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from fieldapp.cli.console import Console, HomeOption, JsonOption, instant, unlocked
from fieldapp.domain.text import Text
from fieldapp.services.views import NoticeView, QueryView

TextOption = Annotated[str, typer.Option("--text", help="The words, for their reader only.")]
RecordArgument = Annotated[str, typer.Argument(metavar="ID", help="The record's id.")]
QueryArgument = Annotated[str, typer.Argument(metavar="QUERY", help="The question's id.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands beside those of records."""
    app.command("ask")(ask)
    app.command("answer")(answer)
    app.command("close")(close)
    app.command("questions")(questions)
    app.command("status")(status)
    app.command("notices")(notices)
    app.command("share")(share)
    app.command("source")(source)
    app.command("tally")(tally)


def query_facts(query: QueryView) -> dict[str, Any]:
    """A question in the shape that ``record questions`` and ``record show`` print."""
    return {
        "id": query.id,
        "record": query.record_id,
        "question": query.question,
        "asked_by": query.asked_by.en,
        "asked_at": instant(query.asked_at_ms),
        "answer": query.answer,
        "answered_at": instant(query.answered_at_ms),
        "state": query.status,
        "to_me": query.to_me,
    }


def ask(
    record: RecordArgument,
    words: TextOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the author of a received record; the question goes to that device alone."""
    with unlocked(home, as_json=as_json) as (services, console):
        _sealed(console, services.answers.ask(record, words))


def answer(
    query: QueryArgument,
    words: TextOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question that this device was asked."""
    with unlocked(home, as_json=as_json) as (services, console):
        services.answers.answer(query, words)
        _sealed(console, query)


def close(query: QueryArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Close a question that this office asked."""
    with unlocked(home, as_json=as_json) as (services, console):
        services.answers.close(query)
        _sealed(console, query)


def questions(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the questions that wait for this device, and those that this office asked."""
    with unlocked(home, as_json=as_json) as (services, console):
        found = [*services.answers.open(), *services.answers.asked()]

        def lines() -> Iterator[str]:
            for one in found:
                office = one.asked_by.in_language(console.language)
                yield f"{one.id}  {office}: {one.question}"
                if one.answer is not None:
                    yield f"    {one.answer}"

        console.show({"questions": [query_facts(one) for one in found]}, lines)


def status(
    record: RecordArgument,
    state: Annotated[
        str, typer.Option("--state", help="received, in_hand, passed_on, call_desk or closed.")
    ],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the author of a restricted record its state: number, day and state, nothing else."""
    with unlocked(home, as_json=as_json) as (services, console):
        _sealed(console, services.answers.tell_status(record, state))


def share(
    record: RecordArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why, in words, for the desk only.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a desk's new devices one restricted record that was sealed before they came."""
    with unlocked(home, as_json=as_json) as (services, console):
        done = services.cases.share(record, reason)

        def lines() -> Iterator[str]:
            yield console.words(
                "cli.shared", record=done.record, offices=_joined(console, done.names)
            )
            if done.left:
                yield console.words("ui.newcomers.left", offices=_joined(console, done.left_names))

        console.show(
            {"id": done.record, "offices": list(done.offices), "left": list(done.left)}, lines
        )


def _joined(console: Console, names: Sequence[Text]) -> str:
    return ", ".join(name.in_language(console.language) for name in names)


def source(
    record: RecordArgument,
    words: Annotated[
        str, typer.Option("--text", help="How to call back; without it, what can be read is shown.")
    ] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give one office the call-back contact of a person, or show those that may be read here."""
    with unlocked(home, as_json=as_json) as (services, console):
        if words:
            code = services.sources.give(record, words)
            console.show({"record": record, "code": code}, lambda: iter([code]))
            return
        found = services.sources.of_record(record)
        console.show(
            {"sources": [{"code": one.code, "contact": one.contact} for one in found]},
            lambda: (f"{one.code}  {one.contact}" for one in found),
        )


def tally(
    month: Annotated[str, typer.Option("--month", help="A month that is over, as 2026-10.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Seal a desk's tally of a month: numbers by sub-county and group, "<5" below five."""
    with unlocked(home, as_json=as_json) as (services, console):
        rows = services.tallies.seal(month)
        facts = [
            {"id": row.record, "unit": row.unit, "group": row.group, "count": row.count}
            for row in rows
        ]
        console.show(
            {"tallies": facts},
            lambda: (f"{row.unit}  {row.group}  {row.count or '<5'}" for row in rows),
        )


def notices(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the notices to all officers that are shown today."""
    with unlocked(home, as_json=as_json) as (services, console):
        found = services.answers.notices()
        console.show(
            {"notices": [_notice_facts(one) for one in found]},
            lambda: (f"{one.id}  {one.title} ({one.until})" for one in found),
        )


def _notice_facts(notice: NoticeView) -> dict[str, Any]:
    return {
        "id": notice.id,
        "title": notice.title,
        "text": notice.text,
        "from": notice.from_office.en,
        "at": instant(notice.at_ms),
        "until": notice.until,
        "is_read": notice.is_read,
    }


def _sealed(console: Console, record: str) -> None:
    words = console.words("cli.sealed")
    console.show({"id": record, "state": "sealed"}, lambda: iter([f"{record}  {words}"]))
