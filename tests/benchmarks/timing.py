"""Clocks and medians: how a number becomes a measurement.

Laws:
  * A value is a median over repeats; it never is the best of them.
  * What is compared is measured in turns in one run, since a shared machine drifts by the minute.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from types import ModuleType
from unittest import mock


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured.

    Attributes:
        records: stands for 10,000 in a metric's name.
        many: stands for 100,000 in a metric's name.
        news: stands for 100 in a metric's name.
        pushed: records that each client pushes in one run.
        repeats: how often each thing is measured.
        saves: how often a draft is saved.
    """

    records: int = 10_000
    many: int = 100_000
    news: int = 100
    pushed: int = 4_000
    repeats: int = 5
    saves: int = 200


FULL = Scale()
QUICK = Scale(records=400, many=800, news=50, pushed=200, repeats=1, saves=20)


@contextmanager
def quiet() -> Iterator[None]:
    """Collect garbage before what is timed, so that nobody pays for the one before."""
    gc.collect()
    yield


def seconds(run: Callable[[], object]) -> float:
    """Return how long one run takes."""
    with quiet():
        start = time.perf_counter()
        run()
        return time.perf_counter() - start


@contextmanager
def timed(module: ModuleType, name: str) -> Iterator[list[float]]:
    """Note how long each call of a module's function takes where it is called."""
    function: Callable[..., object] = getattr(module, name)
    found: list[float] = []

    def call(*args: object, **named: object) -> object:
        start = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            found.append(time.perf_counter() - start)

    with mock.patch.object(module, name, call):
        yield found


def in_turns(repeats: int, *runs: Callable[[], float]) -> list[float]:
    """Measure several things alternately; return the median of each."""
    found = [[run() for run in runs] for _ in range(repeats)]
    return [median(values) for values in zip(*found, strict=True)]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that so many percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
