"""Offices that come with the first deed at a place: made when they are missing, without asking.

Decides nothing about rights: the service that makes an office refuses where it must not be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from fieldapp.ui.state import AppState

P = ParamSpec("P")
T = TypeVar("T")
MISSING = frozenset({"office_missing", "no_office_of_all"})


async def with_office(
    app: AppState,
    unit: str,
    desk: str,
    call: Callable[P, T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | None:
    """Call a service; where the unit has no such office yet, make it and call again."""
    made = await app.attempt(call, *args, **kwargs)
    if made is None and _refusal(app) in MISSING:
        await app.attempt(app.services.organisation.create_office, unit, desk)
        if not _refusal(app):
            made = await app.attempt(call, *args, **kwargs)
    return made


def _refusal(app: AppState) -> str:
    return "" if app.failure is None else app.failure.code
