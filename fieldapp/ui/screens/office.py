"""The office's devices: who is there, who is silent, who waits. For roles that enrol others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import flet as ft

from fieldapp.services.views import DeviceRow
from fieldapp.ui.boundary import guarded
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.components.shell import column, tab_view
from fieldapp.ui.components.surfaces import banner, card, empty_state, keyed, loading
from fieldapp.ui.components.ticks import chip
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.state import AppState


@ft.component
def OfficeScreen() -> ft.View:
    """Devices first: who is there, who is silent, who waits to be confirmed."""
    app = use_app()

    async def load() -> Sequence[DeviceRow] | None:
        return await app.attempt(app.services.organisation.devices)

    devices = use_loaded(load, [app.revision])
    controls: list[ft.Control] = [text.title(app.t("ui.tab.office"))] if app.wide else []
    controls += [
        main_button(
            app.t("ui.invite.new"), lambda _: navigate("/office/invite"), icon=ft.Icons.PERSON_ADD
        ),
        side_button(
            app.t("ui.units"), lambda _: navigate("/office/units"), icon=ft.Icons.LOCATION_CITY
        ),
        text.heading(app.t("ui.devices")),
    ]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    if devices is None:
        controls.append(loading(app.t("ui.loading")))
    elif not devices:
        controls.append(
            empty_state(
                app.t("ui.devices.none"), app.t("ui.devices.none_hint"), ft.Icons.SMARTPHONE
            )
        )
    controls += [keyed(device.device, DeviceCard(device)) for device in devices or ()]
    return tab_view(app, "/office", app.t("ui.tab.office"), column(app, controls))


_STATE_LOOKS: Mapping[str, tuple[ft.IconData, str, str]] = {
    "active": (ft.Icons.CHECK, ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER),
    "unconfirmed": (
        ft.Icons.HOURGLASS_TOP,
        ft.Colors.TERTIARY_CONTAINER,
        ft.Colors.ON_TERTIARY_CONTAINER,
    ),
    "contested": (
        ft.Icons.PRIORITY_HIGH,
        ft.Colors.ERROR_CONTAINER,
        ft.Colors.ON_ERROR_CONTAINER,
    ),
    "revoked": (
        ft.Icons.BLOCK,
        ft.Colors.SURFACE_CONTAINER_HIGH,
        ft.Colors.ON_SURFACE_VARIANT,
    ),
}


@guarded
def DeviceCard(device: DeviceRow) -> ft.Control:
    """One device: where it belongs, when it was last heard of, and what can be done."""
    app = use_app()
    is_revoking, set_revoking = ft.use_state(False)
    reason, set_reason = ft.use_state("")

    async def confirm() -> None:
        await app.attempt(app.services.organisation.confirm, device.device, device.words or "")
        app.revision += 1

    async def revoke() -> None:
        set_revoking(False)
        await app.attempt(app.services.organisation.revoke, device.device, reason.strip())
        app.revision += 1

    lines = _facts(app, device)
    if device.words:
        lines.append(
            banner(
                app.t("ui.device.compare", words=device.words),
                ft.Icons.RECORD_VOICE_OVER,
                actions=[side_button(app.t("ui.device.same"), later(confirm), icon=ft.Icons.CHECK)],
            )
        )
    if is_revoking:
        lines += [
            text_input(app.t("ui.device.revoke_reason"), reason, set_reason),
            ft.Row(
                [
                    quiet_button(app.t("ui.cancel"), lambda _: set_revoking(False)),
                    quiet_button(app.t("ui.device.revoke_now"), later(revoke), danger=True),
                ]
            ),
        ]
    elif device.state != "revoked" and not _is_own(app, device):
        lines.append(
            ft.Row(
                [quiet_button(app.t("ui.device.revoke"), lambda _: set_revoking(True), danger=True)]
            )
        )
    return card(lines)


def _facts(app: AppState, device: DeviceRow) -> list[ft.Control]:
    icon, ground, ink = _STATE_LOOKS.get(device.state, _STATE_LOOKS["unconfirmed"])
    seen = device.last_seen_at_ms
    return [
        ft.Row(
            [
                ft.Container(
                    text.strong(f"{app.words.role(device.role)}, {device.unit_name}"),
                    expand=True,
                ),
                chip(app.t(f"ui.device.{device.state}"), icon, ground, ink),
            ]
        ),
        text.note(
            app.t("ui.device.seen", when=app.words.instant(seen))
            if seen is not None
            else app.t("ui.device.never_seen")
        ),
        text.note(app.t("ui.device.id", device=device.device[:8])),
    ]


def _is_own(app: AppState, device: DeviceRow) -> bool:
    return app.officer is not None and app.officer.device == device.device
