"""Shells that close a stream, or whose disk takes no more: words and a code, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.i18n import message
from tests.support.commands import ROOT, Outcome

pytestmark = pytest.mark.slow


def shell(redirected: str, *words: str, home: Path) -> Outcome:
    """Run a command under a shell that redirects its streams."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {redirected}', "sh", sys.executable, "-m", "fieldapp.cli", *words],
        check=False,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "FIELDAPP_HOME": str(home)},
    )
    outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in outcome.err, outcome.err
    assert "Exception ignored" not in outcome.err, outcome.err
    return outcome


@pytest.mark.parametrize("words", [("record", "types"), ("status",), ("--version",)])
def test_an_answer_that_cannot_be_written_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    outcome = shell("> /dev/full", *words, home=tmp_path)
    assert (outcome.code, outcome.err) == (1, message("cli.output_lost") + "\n")


def test_a_closed_standard_output_stops_no_command(tmp_path: Path) -> None:
    assert shell(">&-", "record", "types", home=tmp_path).code == 0
    refused = shell(">&-", "status", home=tmp_path)
    assert (refused.code, refused.err) == (1, message("not_enrolled") + "\n")


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    outcome = shell("| head -c 1", "record", "schema", "concern", home=tmp_path)
    assert (outcome.code, outcome.out, outcome.err) == (0, "{", "")
