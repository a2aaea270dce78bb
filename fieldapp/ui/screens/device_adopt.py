"""Taking over what a device sealed after it was shut out or moved."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.services.office_views import Adopted, DeviceRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.device_deed import (
    DeedForm,
    DeviceDeed,
    Why,
    deed_view,
    said,
)
from fieldapp.ui.context import use_app
from fieldapp.ui.state import AppState


@ft.component
def DeviceAdoptScreen() -> ft.View:
    """How much waits, what taking it over means, and one question."""
    return deed_view("adopt", Adopting)


@guarded
def Adopting(device: DeviceRow) -> ft.Control:
    """The form of the deed."""
    app = use_app()

    def means(_: str) -> list[str]:
        waits = app.t("ui.adopt.waits", count=device.adoptable)
        return [waits, *(app.t(f"ui.adopt.{name}") for name in ("counts", "only", "later"))]

    async def adopt(why: Why) -> Sequence[ft.Control] | None:
        done = await app.attempt(
            app.services.organisation.adopt, device.device, why.words.strip(), None, why.cause
        )
        return None if done is None else _done(app, done)

    deed = DeviceDeed(
        button=app.t("ui.adopt.now"),
        question=app.t("ui.adopt.question", count=device.adoptable),
        means=means,
        do=adopt,
        causes=("other",),
        usual="other",
        icon=ft.Icons.INVENTORY_2_OUTLINED,
    )
    return DeedForm(device, deed)


def _done(app: AppState, done: Adopted) -> list[ft.Control]:
    """What was taken over, and what still lies outside."""
    counted = app.t("ui.adopt.changes", count=done.changes)
    parts = [said(app.t("ui.adopt.done", count=done.batches), counted)]
    if done.left:
        parts.append(text.body(app.t("ui.adopt.left", count=done.left)))
    if done.statements_left:
        parts.append(text.body(app.t("ui.adopt.statements", count=len(done.statements_left))))
    return parts
