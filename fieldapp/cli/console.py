"""How the command line speaks: JSON for programs, sentences for people, exit codes for both.

Laws:
  * 0 done, 1 refused or not delivered, 2 wrong usage. No traceback ever reaches a person.
  * JSON goes to standard output when ``--json`` is given or the output is not a terminal;
    sentences made from codes go to standard error when something was refused.
  * The PIN comes from ``FIELDAPP_PIN`` or a hidden prompt, never from an argument.
  * No field value, name or key is written by this module on its own account.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Never

import typer

from fieldapp.bootstrap import build_services, read_settings
from fieldapp.errors import FieldAppError
from fieldapp.i18n import message
from fieldapp.services.facade import Services

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of the vault; else FIELDAPP_HOME, else the platform's."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON even on a terminal.")]

PIN_VARIABLE = "FIELDAPP_PIN"
PHRASE_VARIABLE = "FIELDAPP_PHRASE"


class Console:
    """One command's voice: knows the language and whether JSON is wanted."""

    def __init__(self, *, as_json: bool, language: str) -> None:
        self.as_json = as_json or not sys.stdout.isatty()
        self.language = language

    def show(self, facts: Mapping[str, Any], lines: Callable[[], Iterator[str]]) -> None:
        """Print facts as JSON, or the sentences that ``lines`` makes for people."""
        if self.as_json:
            typer.echo(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
            return
        for line in lines():
            typer.echo(line)

    def say(self, code: str, **params: str | int) -> None:
        """Tell the person something on standard error, in their language."""
        typer.echo(message(code, self.language, **params), err=True)

    def refuse(self, error: FieldAppError) -> Never:
        """Say what was refused and what to do next, then end with 1."""
        text = message(error.code, self.language, **error.params)
        if self.as_json:
            typer.echo(
                json.dumps(
                    {"error": {"code": error.code, "message": text, **_safe(error.params)}},
                    ensure_ascii=False,
                )
            )
        typer.echo(text, err=True)
        raise typer.Exit(1)


def _safe(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of an error under the names of the JSON contract."""
    renamed = {"retry_after_seconds": "retry_after"}
    return {renamed.get(name, name): value for name, value in params.items()}


@contextmanager
def opened(home: Path | None, *, as_json: bool) -> Iterator[tuple[Services, Console]]:
    """Build the services of a home; turn every refusal into words and exit code 1."""
    console = Console(as_json=as_json, language="en")
    try:
        settings = read_settings(home=home)
        console.language = settings.language or "en"
        services = build_services(settings)
        console.language = settings.language or services.access.language()
        with services:
            yield services, console
    except FieldAppError as error:
        console.refuse(error)


@contextmanager
def unlocked(home: Path | None, *, as_json: bool) -> Iterator[tuple[Services, Console]]:
    """As ``opened``, with the vault unlocked by the PIN for the length of the command."""
    with opened(home, as_json=as_json) as (services, console):
        services.access.require_vault()
        services.access.unlock(ask_pin(console))
        yield services, console


def ask_pin(console: Console) -> str:
    """The PIN from the environment or a hidden prompt."""
    given = os.environ.get(PIN_VARIABLE)
    if given is not None:
        return given
    return _prompt(message("cli.ask_pin", console.language), PIN_VARIABLE)


def ask_new_pin(console: Console) -> str:
    """A new PIN, typed twice at a prompt or taken from the environment."""
    given = os.environ.get(PIN_VARIABLE)
    if given is not None:
        return given
    while True:
        first = _prompt(message("cli.ask_new_pin", console.language), PIN_VARIABLE)
        again = _prompt(message("cli.ask_pin_again", console.language), PIN_VARIABLE)
        if first == again:
            return first
        console.say("cli.pins_differ")


def ask_phrase(console: Console) -> str:
    """The eight words of a hand-over file."""
    given = os.environ.get(PHRASE_VARIABLE)
    if given is not None:
        return given
    return _prompt(message("cli.ask_phrase", console.language), PHRASE_VARIABLE)


def _prompt(question: str, variable: str) -> str:
    if not sys.stdin.isatty():
        raise FieldAppError("secret_not_given", variable=variable)
    return getpass.getpass(question + " ")


def read_input(file: Path | None) -> str:
    """The text of a file, or of standard input for ``-`` or no file."""
    if file is None or str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise FieldAppError("file_unreadable", file=file.name) from problem
    except UnicodeDecodeError as problem:
        raise FieldAppError("file_not_text", file=file.name) from problem


def read_json(file: Path | None) -> object:
    """A JSON document from a file or standard input."""
    try:
        return json.loads(read_input(file))
    except ValueError as problem:
        raise FieldAppError("input_not_json") from problem
