"""Child processes that a test can kill at a line of their own choosing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def unmeasured() -> dict[str, str]:
    """The environment without coverage: who has little room, or is killed, keeps no notes."""
    return {name: value for name, value in os.environ.items() if name[:9] != "COVERAGE_"}


@contextmanager
def child(source: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python source in a process of its own; whatever is left of it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", source, *arguments],
        cwd=ROOT,
        env=unmeasured(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
            process.kill()
    finally:
        process.kill()


def next_line(process: subprocess.Popen[str]) -> str:
    """Return the next line that the child prints, "" when it ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
