"""Where a fault of our own ends: a calm screen, a short code, and a log line without content.

Laws:
  * A component that raises is replaced by calm words; everything else on the page lives on.
  * Words, values, names and messages of a fault never reach a log or a screen: only its kind and
    its place in the program do, and a code made of the two.
  * The same fault has the same code on every device, so that it can be read out and found.
  * What the framework would log of a fault, values and all, is reported like that and dropped.
"""

from __future__ import annotations

import logging
import sys
import traceback
import zlib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import flet as ft

from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.context import use_app
from fieldapp.ui.state import AppState

P = ParamSpec("P")
C = TypeVar("C")
LOGGER = logging.getLogger("fieldapp.ui")
PLACES = 3
FRAMEWORK = (
    "asyncio",
    "flet",
    "flet_components",
    "flet_controls",
    "flet_object_patch",
    "flet_transport",
    "flet_web",
    "flet_web.fastapi",
)
"""Loggers of others that see handlers, effects and tasks fail, values and all."""


def report(problem: BaseException) -> str:
    """Log a fault by its kind and place, and return its code."""
    frames = traceback.extract_tb(problem.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-PLACES:]]
    kind = type(problem).__name__
    number = f"{zlib.crc32(' '.join([kind, *places]).encode()):08X}"
    code = f"{number[:4]}-{number[4:]}"
    LOGGER.error("fault %s %s at %s", code, kind, " < ".join(reversed(places)))
    return code


class _WithoutWords(logging.Filter):
    """Lets nothing through; a fault in it is reported by its code."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Report and drop one record."""
        problem = record.exc_info[1] if record.exc_info else None
        if problem is not None:
            report(problem)
        return False


_WITHOUT_WORDS = _WithoutWords()


def quiet_the_framework() -> None:
    """Keep words and values of faults out of what the framework logs; asking again is no harm."""
    for name in FRAMEWORK:
        logging.getLogger(name).addFilter(_WITHOUT_WORDS)


def take_crashes(page: ft.Page, state: AppState) -> None:
    """Show what a handler or an effect raised as calm words instead of a dead page."""
    quiet_the_framework()

    def note(message: str) -> None:
        del message  # It holds the fault's own words.
        problem = sys.exception()
        state.fault = report(problem) if problem is not None else ""

    page.session.error = note  # type: ignore[method-assign]


def guarded(part: Callable[P, C]) -> Callable[P, C]:
    """Return a part of a screen that is replaced by calm words when it raises."""
    draw = getattr(part, "__component_impl__", part)

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> C:
        try:
            return cast("C", draw(*args, **kwargs))
        # As above: one broken part must not take the page with it.
        except Exception as problem:  # noqa: BLE001
            return cast("C", CalmPart(report(problem)))

    return ft.component(drawn)


@ft.component
def CalmPart(code: str) -> ft.Control:
    """What stands where a part of a screen broke."""
    return calm_banner(use_app(), code)


def calm_banner(app: AppState, code: str) -> ft.Control:
    """Return what a fault says: that all is safe, what to do, and its code."""
    return banner(
        app.t("ui.fault.text", code=code),
        ft.Icons.HEALTH_AND_SAFETY_OUTLINED,
        tone="care",
        heading=app.t("ui.fault.heading"),
        live=True,
    )
