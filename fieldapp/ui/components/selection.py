"""Choosing several records of a list, and beginning another one from them."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import OnClick, main_button, quiet_button, side_button
from fieldapp.ui.components.rows import type_icon
from fieldapp.ui.context import later, use_app
from fieldapp.ui.starts import Offer, filled_from, offers
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP


def select_button(app: AppState, on_click: OnClick) -> ft.Control:
    """Return the way into choosing several."""
    return side_button(app.t("ui.select"), on_click, icon=ft.Icons.CHECKLIST)


@guarded
def SelectionBar(type_key: str, picked: tuple[str, ...], leave: Callable[[], None]) -> ft.Control:
    """What may be begun from the chosen records; refusals are said here."""
    app = use_app()
    is_refused, set_refused = ft.use_state(False)

    def take(offer: Offer) -> Callable[..., None]:
        async def run() -> None:
            page = ft.context.page
            filled = await filled_from(app, offer, picked)
            if filled is None:
                set_refused(True)
                return
            draft = await app.new_record(offer.declared.key, filled)
            if draft is not None:
                leave()
                page.navigate(f"/draft/{draft}")

        return later(run)

    rows: list[ft.Control] = [text.strong(app.t("ui.select.count", count=len(picked)))]
    if is_refused:
        rows.append(text.note(app.t("ui.select.refused"), ft.Colors.ERROR))
    rows += [
        main_button(
            app.words.text(offer.start.label),
            take(offer),
            icon=type_icon(offer.declared.key),
            disabled=not picked,
        )
        for offer in offers(app, type_key)
        if offer.start.several
    ]
    rows.append(quiet_button(app.t("ui.select.leave"), lambda _: leave()))
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        padding=ft.Padding.symmetric(vertical=12, horizontal=GAP),
        content=ft.Column(
            rows, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
    )
