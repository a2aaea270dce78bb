"""Writes the requirement files: one resolution, three selections, hashes and no index address.

Each file holds markers for Python 3.11 to 3.14 on Linux, Windows and macOS. The widest selection
is resolved first and constrains the others, so a package has one version in all of them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = "requirements-dev.lock"
SELECTIONS = {
    DEV: ("laptop", "server", "test", "dev"),
    "requirements-test.lock": ("laptop", "server", "test"),
    "requirements-demo.lock": ("laptop", "server"),
}
COMPILE = (
    *("uv", "pip", "compile", "pyproject.toml", "--quiet", "--upgrade"),
    *("--universal", "--python-version", "3.11", "--group", "build"),
    *(
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--no-annotate",
        "--no-header",
    ),
)


def lock(name: str, extras: tuple[str, ...]) -> None:
    """Resolve one selection into its file."""
    chosen = [argument for extra in extras for argument in ("--extra", extra)]
    bound = [] if name == DEV else ["--constraint", DEV]
    command = [sys.executable, "-m", *COMPILE, *chosen, *bound, "--output-file", name]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    print(f"wrote {name}")


def main() -> None:
    """Write every file, the widest selection first."""
    for name, extras in SELECTIONS.items():
        lock(name, extras)


if __name__ == "__main__":
    main()
