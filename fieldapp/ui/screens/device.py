"""One device of the office, and what may be done with it."""

from __future__ import annotations

import flet as ft

from fieldapp.services.office_views import DeviceRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.device_deed import KnownDevice
from fieldapp.ui.components.device_facts import device_facts
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import card, stack
from fieldapp.ui.components.ways import way_row
from fieldapp.ui.context import navigate, use_app
from fieldapp.ui.state import AppState

DEEDS = (
    ("move", ft.Icons.MOVE_UP),
    ("revoke", ft.Icons.BLOCK),
    ("adopt", ft.Icons.INVENTORY_2_OUTLINED),
)


@ft.component
def DeviceScreen() -> ft.View:
    """A device and its deeds."""
    app = use_app()
    device_id = ft.use_route_params().get("did", "")
    body = column(app, [KnownDevice(device_id, DevicePage)])
    return page_view(app, f"/office/device/{device_id}", app.t("ui.device.one"), body)


@guarded
def DevicePage(device: DeviceRow) -> ft.Control:
    """What is known of it, and the deeds that this office has the right to."""
    app = use_app()
    rows: list[ft.Control] = [
        way_row(
            app.t(f"ui.deed.{name}"),
            app.t(f"ui.deed.{name}_hint", count=device.adoptable),
            icon,
            lambda _, way=name: navigate(f"/office/device/{device.device}/{way}"),
        )
        for name, icon in DEEDS
        if _may(device, name)
    ]
    if not rows:
        rows.append(text.note(_why_not(app, device)))
    return stack([card(device_facts(device, app.words)), *rows])


def _may(device: DeviceRow, deed: str) -> bool:
    if deed == "adopt":
        return device.adoptable > 0
    return device.may_act and (deed == "revoke" or device.state == "active")


def _why_not(app: AppState, device: DeviceRow) -> str:
    """Say why there is nothing to do here."""
    if device.is_own:
        return app.t("ui.device.no_deed_own")
    return app.t("ui.device.no_deed_ended" if device.state == "revoked" else "ui.device.no_deed")
