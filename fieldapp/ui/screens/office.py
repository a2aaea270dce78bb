"""The office's devices: who is there, who is silent, who waits. For roles that enrol others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import flet as ft

from fieldapp.domain.offices import ADMIN
from fieldapp.services.views import DeviceRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.components.shell import column, tab_view
from fieldapp.ui.components.surfaces import banner, card, empty_state, loading, stack
from fieldapp.ui.components.ticks import chip
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import CONTENT_WIDTH, GAP, TWO_PANES_FROM

DEVICES_WIDTH = 1080


@ft.component
def OfficeScreen() -> ft.View:
    """Devices first: who is there, who is silent, who waits to be confirmed."""
    app = use_app()

    async def load() -> Sequence[DeviceRow] | None:
        return await app.look(app.services.organisation.devices)

    devices = use_loaded(load, [app.revision])
    controls: list[ft.Control] = [text.title(app.t("ui.tab.office"))] if app.wide else []
    controls += [_deeds(app), text.heading(app.t("ui.devices"))]
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
    controls.append(
        ft.ResponsiveRow(
            [
                ft.Container(DeviceCard(device), key=device.device, col={"xs": 12, "lg": 6})
                for device in devices or ()
            ],
            spacing=GAP,
            run_spacing=GAP,
        )
    )
    width = DEVICES_WIDTH if app.width >= TWO_PANES_FROM else CONTENT_WIDTH
    return tab_view(app, "/office", app.t("ui.tab.office"), column(app, controls, width=width))


def _deeds(app: AppState) -> ft.Control:
    """The two deeds of an office, beside each other where there is room."""
    deeds = [
        main_button(
            app.t("ui.invite.new"), lambda _: navigate("/office/invite"), icon=ft.Icons.PERSON_ADD
        )
    ]
    if app.officer is not None and app.officer.desk == ADMIN:
        units = app.t("ui.units")
        deeds.append(
            side_button(units, lambda _: navigate("/office/units"), icon=ft.Icons.LOCATION_CITY)
        )
    if app.wide:
        return ft.Row([ft.Container(deed, expand=True) for deed in deeds], spacing=GAP)
    return stack(deeds)


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
    if device.state == "contested":
        lines.append(banner(app.t("ui.device.contested_hint"), ft.Icons.PRIORITY_HIGH, tone="bad"))
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
            banner(app.t("ui.device.revoke_means"), ft.Icons.BLOCK, tone="care"),
            text_input(app.t("ui.device.revoke_reason"), reason, set_reason),
            ft.Row(
                [
                    quiet_button(app.t("ui.cancel"), lambda _: set_revoking(False)),
                    quiet_button(
                        app.t("ui.device.revoke_now"),
                        later(revoke),
                        danger=True,
                        disabled=not reason.strip(),
                    ),
                ],
                wrap=True,
            ),
        ]
    elif _may_shut_out(app, device):
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
                    text.strong(f"{_post(app, device)}, {device.unit_name}"),
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


def _post(app: AppState, device: DeviceRow) -> str:
    """The role, or the desk where the role alone does not say which."""
    if device.desk == ADMIN:
        return app.words.role(device.role)
    return app.words.desk(device.desk)


def _may_shut_out(app: AppState, device: DeviceRow) -> bool:
    """Another device of the officer's own desk; each desk looks after its own."""
    officer = app.officer
    if officer is None or device.state == "revoked" or device.device == officer.device:
        return False
    return device.desk == officer.desk
