"""Child processes that a test can kill at a line of their own choosing."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def child(source: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python source in a process of its own; whatever is left of it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", source, *arguments],
        cwd=ROOT,
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
