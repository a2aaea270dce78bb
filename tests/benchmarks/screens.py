"""What an officer waits for on the screen: the PIN after a start, rows of a long list, a search.

Laws:
  * The page is the app's own, with a client that answers at once: what a phone paints is not in it.
  * A screen is there when its words are; the rest that typing needs before a search is part of it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import flet as ft

from fieldapp.services.facade import Services
from fieldapp.ui.app import make_main
from tests.benchmarks.daily import filled_home
from tests.benchmarks.homes import PIN
from tests.benchmarks.metrics import Report
from tests.benchmarks.servers import ROOT
from tests.benchmarks.timing import Scale
from tests.benchmarks.workload import organisation_of
from tests.support.fake_services import FakePlatform
from tests.support.headless import Headless

TICK_SECONDS = 0.002
WORD = "market"
START = """
import time; start = time.perf_counter()
import asyncio, sys
from pathlib import Path
from tests.support.headless import Headless
import flet as ft

async def show():
    page = Headless()
    begun = time.perf_counter()
    from fieldapp.bootstrap import build_services, read_settings
    from fieldapp.ui.app import make_main
    await page.start(make_main(build_services(read_settings(home=Path(sys.argv[1])))))
    while not page.all(ft.TextField):
        await asyncio.sleep(0.002)
    print(time.perf_counter() - begun)
    await page.close()

asyncio.run(show())
"""


def run(report: Report, scale: Scale) -> None:
    """Measure everything of this module."""
    organisation, (writer, *_) = organisation_of(1)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "home"
        records = scale.records // 2
        with filled_home(root, organisation, writer, records) as services:
            services.access.lock()
            rows, searches = asyncio.run(_list_times(services, scale.repeats))
        report.add("list_5000_first_rows_ms", 1000 * rows)
        report.add("list_5000_search_ms", 1000 * searches)
        starts = [_start(root) for _ in range(scale.repeats)]
    report.add("start_to_pin_ms", 1000 * median(starts))


async def _list_times(services: Services, repeats: int) -> tuple[float, float]:
    """Open the list and search it, as often as asked; return the medians of both."""
    page = Headless()
    await page.start(make_main(services, platform=FakePlatform))
    (field,) = page.all(ft.TextField)
    await page.type(str(field.label), PIN)
    await page.press(str(page.all(ft.FilledButton)[0].content))
    rows, searches = [], []
    for _ in range(repeats):
        page.page.navigate("/")
        await _until(lambda: not _rows(page))
        rows.append(await _timed(lambda: _go(page, "/records"), lambda: _rows(page) > 1))
        searches.append(await _search(page))
    await page.close()
    return median(rows), median(searches)


async def _search(page: Headless) -> float:
    """Type a word into the list's search and wait for its rows."""
    before = _rows(page)
    (box,) = page.all(ft.TextField)
    page.session.apply_patch(box._i, {"value": WORD})
    return await _timed(
        lambda: page.session.dispatch_event(box._i, "change", WORD),
        lambda: _rows(page) not in {0, before},
    )


async def _go(page: Headless, route: str) -> None:
    page.page.navigate(route)


def _rows(page: Headless) -> int:
    """Count the words of the list that is shown; none while another screen is."""
    lists = page.all(ft.ListView)
    return len(page.texts()) if lists and len(lists[0].controls) > 1 else 0


async def _timed(begin: Callable[[], Awaitable[object]], holds: Callable[[], object]) -> float:
    start = perf_counter()
    await begin()
    await _until(holds)
    return perf_counter() - start


async def _until(holds: Callable[[], object]) -> None:
    while not holds():
        await _tick()


async def _tick() -> None:
    """Give the page's own tasks their turn."""
    await asyncio.sleep(TICK_SECONDS)


def _start(root: Path) -> float:
    """Start the app in a fresh interpreter until it asks for the PIN; Flet is imported before."""
    done = subprocess.run(
        [sys.executable, "-c", START, str(root)],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        check=True,
        text=True,
    )
    return float(done.stdout)
