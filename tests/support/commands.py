"""The command line as a script meets it: words, input and environment in; output and a code out.

``Commands`` runs in this process, which is quick; ``processes`` starts an interpreter each time,
as a shell would. Neither lets a traceback pass.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from fieldapp.cli.commands import app
from tests.support.country import PIN

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300
Environment = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON on its one line of standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The code of its error."""
        return str(self.json["error"]["code"])


Run = Callable[[tuple[str, ...], bytes, Environment], Outcome]


def in_this_process(words: tuple[str, ...], given: bytes, environment: Environment) -> Outcome:
    """Run a command here; an exception that is no exit is the test's."""
    done = CliRunner().invoke(app, list(words), input=given, env=dict(environment))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Outcome(done.exit_code, done.stdout, done.stderr)


def in_its_own_process(words: tuple[str, ...], given: bytes, environment: Environment) -> Outcome:
    """Run a command as a shell does; a traceback fails the test."""
    whole = {**os.environ, **environment}
    done = subprocess.run(
        [sys.executable, "-m", "fieldapp.cli", *words],
        check=False,
        input=given,
        capture_output=True,
        timeout=SECONDS,
        cwd=ROOT,
        env={name: value for name, value in whole.items() if value is not None},
    )
    outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in outcome.out + outcome.err, outcome.err
    return outcome


@dataclass(slots=True)
class Commands:
    """``fieldapp`` with a home."""

    home: Path
    environment: dict[str, str | None] = field(default_factory=dict)
    run: Run = in_this_process
    printed: list[str] = field(default_factory=list)

    def __call__(
        self,
        *words: str,
        given: str | bytes = "",
        environment: Environment | None = None,
    ) -> Outcome:
        """Run a command to its end."""
        outcome = self.run(
            words,
            given.encode() if isinstance(given, str) else given,
            {
                "FIELDAPP_PIN": PIN,
                "FIELDAPP_ALLOW_SHORT_PIN": "1",
                "FIELDAPP_HOME": str(self.home),
                **self.environment,
                **(environment or {}),
            },
        )
        self.printed += [outcome.out, outcome.err]
        return outcome

    def good(self, *words: str, given: str | bytes = "") -> Any:
        """Run a command that must succeed; return its JSON."""
        outcome = self(*words, given=given)
        assert outcome.code == 0, outcome.out + outcome.err
        return outcome.json


def processes(home: Path) -> Commands:
    """``fieldapp`` with a home, in processes of its own."""
    return Commands(home, run=in_its_own_process)
