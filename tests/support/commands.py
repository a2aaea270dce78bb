"""The command line as a person or a script meets it: a process with arguments, input and output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.country import PIN

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120


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


@dataclass(slots=True)
class Commands:
    """``fieldapp`` with a home, in processes of its own; no traceback may ever be printed."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    def __call__(
        self,
        *words: str,
        given: str | bytes = "",
        environment: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
    ) -> Outcome:
        """Run a command to its end."""
        done = subprocess.run(
            [*prefix, sys.executable, "-m", "fieldapp.cli", *words],
            check=False,
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env=os.environ
            | {
                "FIELDAPP_PIN": PIN,
                "FIELDAPP_ALLOW_SHORT_PIN": "1",
                "FIELDAPP_HOME": str(self.home),
            }
            | self.environment
            | dict(environment or {}),
        )
        outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
        self.printed += [outcome.out, outcome.err]
        assert "Traceback" not in outcome.out + outcome.err, outcome.err
        return outcome

    def good(self, *words: str, given: str | bytes = "") -> Any:
        """Run a command that must succeed; return its JSON."""
        outcome = self(*words, given=given)
        assert outcome.code == 0, outcome.out + outcome.err
        return outcome.json
