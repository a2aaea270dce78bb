"""Ctrl-C while a program is still loading: no traceback, and the exit code of an interruption."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.commands import ROOT, SECONDS

PROGRAMS = ["fieldapp.cli", "sync_server.cli"]
PRESSED = """
import signal, sys
from importlib import import_module

program, at, how = sys.argv[1:]

class Pressing:
    def find_spec(self, name, path=None, target=None):
        if name == at:
            signal.raise_signal(signal.SIGINT)

ignored = how == "ignored"
signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.default_int_handler)
main = import_module(program).main
assert at not in sys.modules
sys.meta_path.insert(0, Pressing())
sys.argv = ["program", "--version"]
main()
"""


def pressed(program: str, at: str, how: str) -> subprocess.CompletedProcess[str]:
    """Start a program to which Ctrl-C happens when it begins to load a module."""
    return subprocess.run(
        [sys.executable, "-c", PRESSED, program, at, how],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        cwd=ROOT,
    )


@pytest.mark.parametrize("at", ["{program}.commands", "sqlalchemy"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_is_interrupted_while_it_loads_ends_without_a_word(
    program: str, at: str
) -> None:
    done = pressed(program, at.format(program=program), "heard")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_was_told_to_ignore_it_goes_on(program: str) -> None:
    done = pressed(program, "sqlalchemy", "ignored")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0.1.0" in done.stdout


@pytest.fixture
def hearing() -> Iterator[None]:
    """Let what is started hear Ctrl-C, even where these tests run in a background that does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hearing")
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_signal_to_the_process_of_a_person_leaves_no_traceback(program: str) -> None:
    """Python itself says what it has loaded, so that the signal comes in the middle of it."""
    started = subprocess.Popen(
        [sys.executable, "-v", "-m", program, "--version"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    )
    assert started.stderr is not None
    with started.stderr:
        next(line for line in started.stderr if line.startswith("import 'sqlalchemy"))
        started.send_signal(signal.SIGINT)
        said = started.stderr.read()
    assert started.wait(SECONDS) == 130
    assert "Traceback" not in said
