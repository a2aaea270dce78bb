"""What waits and when something last arrived, in words."""

from __future__ import annotations

from fieldapp.services.views import Status
from fieldapp.ui.state import AppState


def waiting_line(app: AppState, status: Status) -> str:
    """Return in words what waits."""
    if status.waiting:
        return app.t("ui.home.waiting", count=status.waiting)
    return app.t("ui.home.nothing_waits")


def delivered_line(app: AppState, status: Status) -> str:
    """Return in words when something last arrived."""
    if status.last_delivered_at_ms is None:
        return app.t("ui.home.never_delivered")
    return app.t("ui.home.last_delivered", when=app.words.instant(status.last_delivered_at_ms))
