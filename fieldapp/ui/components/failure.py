"""What a failure says: what happened, that the record is safe, what to do next."""

from __future__ import annotations

import flet as ft

from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.runs import Failure
from fieldapp.ui.state import AppState
from fieldapp.ui.words import Words


def failure_line(failure: Failure, words: Words) -> ft.Control:
    """Return one failure as a banner that a screen reader announces."""
    return banner(
        words.error(failure.code, failure.params), ft.Icons.ERROR_OUTLINE, tone="bad", live=True
    )


def failure_banner(app: AppState) -> ft.Control | None:
    """Return the page's last failure, or None."""
    return failure_line(app.told, app.words) if app.told is not None else None


def failure_of(app: AppState, *deeds: str) -> list[ft.Control]:
    """Return what one of some deeds met with, for a part of a page that tells no others'."""
    failure = app.failure
    return (
        [] if failure is None or failure.deed not in deeds else [failure_line(failure, app.words)]
    )
