"""Run every benchmark, print the table, write build/bench.json."""

from __future__ import annotations

import argparse
import math
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import daily, ingest, opening, pulling, screens
from tests.benchmarks.metrics import Report
from tests.benchmarks.timing import FULL, QUICK, Scale

PARTS: dict[str, Callable[[Report, Scale], None]] = {
    "opening": opening.run,
    "daily": daily.run,
    "screens": screens.run,
    "ingest": ingest.run,
    "pulling": pulling.run,
}
OUT = Path("build/bench.json")


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help=f"where to write; default {OUT}")
    parser.add_argument("--quick", action="store_true", help="small numbers, under a minute")
    parser.add_argument("--only", choices=PARTS, help="one part; nothing is written")
    return parser.parse_args(given)


def busy() -> str:
    """Say how many programs wanted a core in the last minute, and how many cores there are."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
    return f"load {load:.1f} on {os.cpu_count()} cores"


def main(given: list[str] | None = None) -> int:
    """Measure; return 1 if a metric is missing."""
    chosen = arguments(given)
    report, start = Report(), time.monotonic()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {busy()}")
    for name, part in PARTS.items():
        if chosen.only in (None, name):
            part(report, QUICK if chosen.quick else FULL)
    print(f"{time.monotonic() - start:.0f} s, {busy()}")
    if chosen.only is not None:
        return 0
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(report.to_json())
    return 1 if report.missing() else 0


if __name__ == "__main__":
    sys.exit(main())
