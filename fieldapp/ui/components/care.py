"""What matters more than the record: danger now, the right path, and who will be able to read."""

from __future__ import annotations

import flet as ft

from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import TIER_LABELS
from fieldapp.ui.components.hotlines import emergency_panel
from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.forms import FormState
from fieldapp.ui.state import AppState


def care_banners(app: AppState, form: FormState) -> list[ft.Control]:
    """Say first what matters more than the record: danger, and who will be able to read."""
    words = app.words
    document = form.document()
    controls: list[ft.Control] = []
    if document.get("danger_now") is True:
        controls.append(emergency_panel(app))
    until: list[str] = []
    if form.kept_until_ms is not None:
        until.append(app.t("ui.care.kept_until", when=words.instant(form.kept_until_ms)))
    if form.record_type.tier(document) is Tier.RESTRICTED:
        lines = [app.t("ui.care.restricted_text"), *until]
        controls.append(
            banner(
                "\n".join(lines),
                ft.Icons.SHIELD,
                tone="care",
                heading=words.text(TIER_LABELS[Tier.RESTRICTED]),
            )
        )
    elif until:
        controls.append(banner(until[0], ft.Icons.AUTO_DELETE_OUTLINED, tone="care"))
    return controls
