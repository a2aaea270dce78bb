"""``fieldapp record minutes``: the minutes of an open meeting as a file.

Decides nothing: one service call; what leaves protection is said before the PIN is asked.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fieldapp.cli.console import NAMED, HomeOption, JsonOption, ask_pin, unlocked


class MinutesFormat(StrEnum):
    """What a file of minutes may be."""

    PDF = "pdf"
    TEXT = "text"


class Language(StrEnum):
    """The languages in which minutes are worded."""

    EN = "en"
    SW = "sw"


def add_to(app: typer.Typer) -> None:
    """Put the command beside those of records."""
    app.command("minutes")(minutes)


def minutes(
    record: Annotated[str, typer.Argument(metavar="ID", help="The meeting's id.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.", **NAMED)],
    chosen: Annotated[
        MinutesFormat, typer.Option("--format", help="What the file is.")
    ] = MinutesFormat.PDF,
    language: Annotated[
        Language | None, typer.Option("--lang", help="Language; the officer's own otherwise.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the minutes of an open meeting, which then leave protection."""
    with unlocked(home, as_json=as_json) as (services, console):
        console.say("cli.export_leaves_protection")
        words = language.value if language is not None else console.language
        services.minutes.write(record, words, chosen.value, out, pin=ask_pin(console))
        console.show({"file": str(out)}, lambda: iter([str(out)]))
