"""What waits and when something last arrived, in words."""

from __future__ import annotations

from fieldapp.services.views import Status
from fieldapp.ui.state import AppState


def delivery_line(app: AppState, status: Status) -> str:
    """Return in words what waits and when something last arrived."""
    parts = [
        app.t("ui.home.waiting", count=status.waiting)
        if status.waiting
        else app.t("ui.home.nothing_waits")
    ]
    if status.last_delivered_at_ms is not None:
        when = app.words.instant(status.last_delivered_at_ms)
        parts.append(app.t("ui.home.last_delivered", when=when))
    else:
        parts.append(app.t("ui.home.never_delivered"))
    return " · ".join(parts)
