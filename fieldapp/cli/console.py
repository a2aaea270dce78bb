"""How the command line speaks: JSON for programs, sentences for people, exit codes for both.

Laws:
  * 0 done, 1 refused or not delivered, 2 wrong usage. No traceback ever reaches a person.
  * Input is UTF-8 and strict JSON; output is UTF-8 wherever a program may read it.
  * JSON goes to standard output when ``--json`` is given or the output is not a terminal;
    sentences made from codes go to standard error when something was refused.
  * The PIN comes from ``FIELDAPP_PIN`` or a hidden prompt, never from an argument.
  * No field value, name or key is written by this module on its own account.
"""

from __future__ import annotations

import errno
import getpass
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, Final, Never, TextIO

import typer

from fieldapp.bootstrap import build_services, read_settings
from fieldapp.domain.clock import instant_text
from fieldapp.errors import FieldAppError, ProtocolError, StorageFailedError
from fieldapp.i18n import message
from fieldapp.protocol import strict_json
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from fieldapp.services.transfer_views import ImportProblem


def named_path(text: str) -> Path:
    """A file or folder as it was named; no name is refused, as Python takes it for "here"."""
    if not text.strip():
        raise typer.BadParameter("name a file or folder; this one has no name")
    return Path(text)


NAMED: Final[Any] = {"parser": named_path, "metavar": "PATH"}
"""What each option that names a file or folder hands to typer."""


def _home(context: typer.Context, given: Path | None) -> Path | None:
    """A home named before the command counts as one named after it."""
    return given or context.find_root().params.get("home")


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        callback=_home,
        **NAMED,
        help="Folder of the vault; else FIELDAPP_HOME, else the platform's.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON even on a terminal.")]

PIN_VARIABLE: Final = "FIELDAPP_PIN"
PHRASE_VARIABLE: Final = "FIELDAPP_PHRASE"
JSON_NAMES: Final = {"retry_after_seconds": "retry_after"}
"""Parameters of an error that the JSON contract names otherwise."""
NOTHING_SAVED: Final = dict.fromkeys(
    ("offline", "timeout", "connection_cut"), "cli.server_not_reached"
)
"""What is said of a server that does not answer while there is no vault."""
running: ContextVar[str] = ContextVar("running", default="")
"""The command or group that runs, as this program calls it."""


class Console:
    """One command's voice: knows the language and whether JSON is wanted.

    Attributes:
        is_new: there is no vault yet, so that nothing is saved and nothing will be sent later.
    """

    is_new = False

    def __init__(self, *, as_json: bool, language: str) -> None:
        self.as_json = as_json or not is_terminal(sys.stdout)
        self.language = language

    def show(self, facts: Mapping[str, Any], lines: Callable[[], Iterator[str]]) -> None:
        """Print facts as JSON, or the sentences that ``lines`` makes for people."""
        if self.as_json:
            typer.echo(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
            return
        for line in lines():
            typer.echo(line)

    def words(self, code: str, **params: object) -> str:
        """A text for people, in their language."""
        return message(code, self.language, **params)

    def say(self, code: str, **params: object) -> None:
        """Tell the person something on standard error, in their language."""
        typer.echo(self.words(code, **params), err=True)

    def refuse(self, error: FieldAppError) -> Never:
        """Say what was refused and what to do next, then end with 1."""
        if isinstance(error, ProblemsError):
            self._refuse_fields(error)
        told = NOTHING_SAVED.get(error.code, error.code) if self.is_new else error.code
        text = self.words(told, **error.params)
        if self.as_json:
            params = {JSON_NAMES.get(name, name): value for name, value in error.params.items()}
            facts = {"error": {"code": error.code, "message": text, **params}}
            typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
        typer.echo(text, err=True)
        raise typer.Exit(1)

    def _refuse_fields(self, error: ProblemsError) -> Never:
        """Name every field that is wrong, and why."""
        rows = [
            {
                "field": problem.path,
                "code": problem.code,
                "message": self.words(problem.code, **problem.params),
            }
            for problem in error.problems
        ]
        if self.as_json:
            typer.echo(json.dumps({"errors": rows}, ensure_ascii=False))
        for row in rows:
            typer.echo(
                f"{row['field']}: {row['message']}" if row["field"] else row["message"], err=True
            )
        raise typer.Exit(1)

    def rows(self, problems: Iterator[ImportProblem]) -> list[dict[str, Any]]:
        """The refused rows of an import, in the shape of the JSON contract."""
        return [
            {
                "row": problem.row,
                "field": problem.path,
                "code": problem.code,
                "message": self.words(problem.code, **problem.params),
            }
            for problem in problems
        ]

    def row_words(self, row: Mapping[str, Any]) -> str:
        """One refused row of an import as people read it."""
        return self.words("cli.row", row=row["row"], field=row["field"], message=row["message"])


def instant(at_ms: int | None) -> str | None:
    """An instant as JSON shows it, in East Africa Time."""
    return None if at_ms is None else instant_text(at_ms)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is at a stream; one that the shell closed has nobody."""
    return stream is not None and stream.isatty()


def say_output_is_lost() -> Never:
    """End with 1 when the answer cannot be written; what the command did is done."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    typer.echo(message("cli.output_lost"), err=True)
    raise SystemExit(1)


def speak_utf8() -> None:
    """Write UTF-8 to programs; on a terminal of another encoding, what it cannot show as "?"."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if not stream.isatty():
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="replace")


@contextmanager
def opened(home: Path | None, *, as_json: bool) -> Iterator[tuple[Services, Console]]:
    """Build the services of a home; turn every refusal into words and exit code 1."""
    console = Console(as_json=as_json, language="en")
    try:
        settings = read_settings(home=home)
        console.language = settings.language or "en"
        with build_services(settings) as services, _noted(services):
            console.language = services.access.language() or "en"
            yield services, console
    except FieldAppError as error:
        console.refuse(error)
    except OSError as problem:
        if problem.errno == errno.EPIPE:
            raise
        console.refuse(StorageFailedError())


@contextmanager
def _noted(services: Services) -> Iterator[None]:
    """Note in the home's log which command ran and how it ended."""
    code, refused = "", 1
    try:
        yield
        refused = 0
    except FieldAppError as error:
        code = error.code
        raise
    except typer.Exit as leaving:
        refused = leaving.exit_code
        raise
    except OSError:
        code = "storage_failed"
        raise
    finally:
        services.log.note("command", code=code, command=running.get(), exit=refused)


@contextmanager
def unlocked(home: Path | None, *, as_json: bool) -> Iterator[tuple[Services, Console]]:
    """As ``opened``, with the vault unlocked by the PIN for the length of the command.

    On a full disk a command that only reads goes on, and one that must save is refused.
    """
    with opened(home, as_json=as_json) as (services, console):
        services.access.require_vault()
        services.access.unlock(ask_pin(console), may_freeze=True)
        yield services, console


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C into a question that work asks between two steps, so that it can still report."""
    asked = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


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
    if not is_terminal(sys.stdin):
        raise FieldAppError("secret_not_given", variable=variable)
    return getpass.getpass(question + " ")


def _given() -> bytes:
    """Everything on standard input; a shell may have closed it."""
    given: TextIO | None = sys.stdin
    if given is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return given.buffer.read()


def read_input(file: Path | None) -> str:
    """The text of a file, or of standard input for ``-`` or no file; UTF-8 either way."""
    name = "-" if file is None else file.name
    try:
        raw = _given() if file is None or str(file) == "-" else file.read_bytes()
    except OSError as problem:
        raise FieldAppError("file_unreadable", file=name) from problem
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise FieldAppError("file_not_text", file=name) from problem


def read_json(file: Path | None) -> object:
    """A strict JSON document from a file or standard input."""
    try:
        return strict_json.loads(read_input(file).encode())
    except ProtocolError as problem:
        raise FieldAppError("input_not_json") from problem
