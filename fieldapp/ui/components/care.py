"""What matters more than the record: danger now, the right path, and who will be able to read."""

from __future__ import annotations

import flet as ft

from fieldapp.domain.categories import category
from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import TIER_LABELS, contact_label
from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.context import later
from fieldapp.ui.forms import FormState
from fieldapp.ui.state import AppState


def care_banners(app: AppState, form: FormState) -> list[ft.Control]:
    """Say first what matters more than the record: danger, and who will be able to read."""
    words = app.words
    document = form.document()
    controls: list[ft.Control] = []
    if document.get("danger_now") is True or document.get("urgency") == "U1":
        controls.append(
            banner(
                app.t("ui.care.emergency_text"),
                ft.Icons.PHONE_IN_TALK,
                tone="bad",
                heading=app.t("ui.care.emergency"),
                actions=[
                    ft.FilledButton(
                        content=app.t("ui.care.call", number=number),
                        on_click=later(app.platform.call, number),
                        style=ft.ButtonStyle(
                            bgcolor=ft.Colors.ERROR,
                            color=ft.Colors.ON_ERROR,
                            padding=ft.Padding.symmetric(vertical=14, horizontal=14),
                        ),
                    )
                    for number in ("999", "112")
                ],
            )
        )
    found = category(document.get("category"))
    if found is not None and (found.note is not None or found.tell):
        told = ", ".join(words.text(contact_label(key)) for key in found.tell)
        lines = [words.text(found.note)] if found.note else []
        if told:
            lines.append(app.t("ui.care.tell", contacts=told))
        controls.append(banner("\n".join(lines), ft.Icons.ALT_ROUTE, heading=app.t("ui.care.path")))
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
