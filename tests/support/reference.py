"""The parts of the documents that are made from the code, so that they cannot drift from it.

A block lies between `<!-- NAME -->` and `<!-- /NAME -->`. `python -m tests.support.reference`
writes all blocks anew; a test compares them.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import typer.main

import fieldapp.config
import fieldapp.errors
import sync_server.config
from fieldapp.errors import FieldAppError
from fieldapp.protocol.error_codes import error_codes

ROOT = Path(__file__).resolve().parents[2]
HELP_WIDTH = "100"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [tuple(heads), *(tuple(row) for row in rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def settings(module: object) -> str:
    """Every field of a `Settings` class with its default and meaning."""
    rows = (
        (f"`{entry.name}`", f"`{entry.default!r}`", entry.metadata["meaning"])
        for entry in dataclasses.fields(module.Settings)  # type: ignore[attr-defined]
    )
    return table(("name", "default", "meaning"), rows)


def tree(base: type[FieldAppError]) -> Iterator[type[FieldAppError]]:
    """A class of error and all below it in the tree, in the order of declaration."""
    yield base
    for lower in base.__subclasses__():
        if lower.__module__.startswith(fieldapp.errors.__name__):
            yield from tree(lower)


def first_line(thing: object) -> str:
    """The first sentence of a docstring."""
    return (thing.__doc__ or "").strip().splitlines()[0]


def errors() -> str:
    """Every code with its class and what that class says of itself."""
    rows = (
        (f"`{code}`", f"`{kind.__name__}`", first_line(kind))
        for kind in tree(FieldAppError)
        for code in kind.codes
    )
    return table(("code", "class", "means"), rows)


def wire_codes() -> str:
    """Every code that crosses the wire, with its status."""
    rows = (
        (f"`{code.name}`", str(code.status), "yes" if code.is_retryable else "no", code.actor.value)
        for code in error_codes()
    )
    return table(("code", "status", "tried again by itself", "who acts"), rows)


def leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command below a group with its full name; typer keeps the classes of both to itself."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, lower in below.items():
        yield from leaves(lower, f"{path} {name}")


def usage(name: str, command: Any) -> str:
    """One command with its arguments and options, as a person types it."""
    words = [name]
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            words.append(parameter.metavar or parameter.name.upper())
        elif parameter.name != "help":
            option = parameter.opts[-1]
            words.append(option if parameter.required else f"[{option}]")
    return " ".join(words)


def commands() -> str:
    """Every command of `fieldapp` with what it does."""
    root = typer.main.get_command(import_module("fieldapp.cli.commands").app)
    rows = (
        (f"`{usage(name, command)}`".replace("|", "\\|"), (command.help or "").splitlines()[0])
        for name, command in leaves(root, "fieldapp")
    )
    return table(("command", "does"), rows)


def help_text(program: str, module: str) -> str:
    """What a program prints for `--help`, in a terminal of a fixed width without colour."""
    start = f"import sys; sys.argv[0] = {program!r}; from {module} import main; main()"
    printed = subprocess.run(
        [sys.executable, "-c", start, "--help"],
        cwd=ROOT,
        env=os.environ
        | {"COLUMNS": HELP_WIDTH, "TERM": "dumb", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        check=True,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    ).stdout
    lines = (line.rstrip() for line in printed.strip("\n").splitlines())
    return "```text\n" + "\n".join(lines) + "\n```"


BLOCKS: dict[tuple[str, str], Callable[[], str]] = {
    ("README.md", "help"): lambda: help_text("fieldapp", "fieldapp.cli"),
    ("docs/COMMANDS.md", "commands"): commands,
    ("docs/COMMANDS.md", "server-help"): lambda: help_text("sync-server", "sync_server.cli"),
    ("docs/ERRORS.md", "errors"): errors,
    ("docs/ERRORS.md", "wire-codes"): wire_codes,
    ("docs/SETTINGS.md", "app-settings"): lambda: settings(fieldapp.config),
    ("docs/SETTINGS.md", "server-settings"): lambda: settings(sync_server.config),
}


def pattern(name: str) -> re.Pattern[str]:
    """Where a block lies in its document."""
    return re.compile(f"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)


def written(document: str, name: str) -> str:
    """What a document says now; empty when it has no such block."""
    found = pattern(name).search((ROOT / document).read_text(encoding="utf-8"))
    return found.group().strip("\n") if found else ""


def rewrite() -> None:
    """Bring every block up to date."""
    for (document, name), build in BLOCKS.items():
        path = ROOT / document
        fresh = build() + "\n"
        text = path.read_text(encoding="utf-8")
        path.write_text(pattern(name).sub(lambda _, new=fresh: new, text), encoding="utf-8")  # type: ignore[misc]


if __name__ == "__main__":
    rewrite()
