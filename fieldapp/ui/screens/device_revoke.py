"""Shutting a device out: lost, stolen, or its officer left."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.services.office_views import DeviceRow
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.device_deed import (
    DeedForm,
    DeviceDeed,
    Why,
    deed_view,
    said,
)
from fieldapp.ui.context import use_app

CAUSES = ("lost", "stolen", "left_office", "replaced", "misuse", "other")
OUT_OF_HAND = ("lost", "stolen")


@ft.component
def DeviceRevokeScreen() -> ft.View:
    """The cause, what it means, and one question."""
    return deed_view("revoke", Revoking)


@guarded
def Revoking(device: DeviceRow) -> ft.Control:
    """The form of the deed."""
    app = use_app()

    def means(cause: str) -> list[str]:
        names = ["kept", "later", "keys", "phone"]
        names += ["pin"] if cause in OUT_OF_HAND else []
        return [app.t(f"ui.revoke.{name}") for name in [*names, "back"]]

    async def revoke(why: Why) -> Sequence[ft.Control] | None:
        call = app.services.organisation.revoke
        await app.attempt(call, device.device, why.words.strip(), why.cause)
        if app.failure is not None:
            return None
        return [said(app.t("ui.revoke.done"), app.t("ui.revoke.done_hint"))]

    deed = DeviceDeed(
        button=app.t("ui.device.revoke_now"),
        question=app.t("ui.revoke.question"),
        means=means,
        do=revoke,
        causes=CAUSES,
        icon=ft.Icons.BLOCK,
        is_dangerous=True,
    )
    return DeedForm(device, deed)
