"""What waits, when something last arrived and who opened it: one line, in words.

Laws:
  * Each part of the line is a fact: a count of the vault, a signed instant, a verified receipt.
  * Whether there is a network is said by icon and word, never by a colour alone.
"""

from __future__ import annotations

import flet as ft

from fieldapp.services.day import Day
from fieldapp.services.views import Status
from fieldapp.ui.components.ticks import chip
from fieldapp.ui.context import navigate
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import RADIUS


def waiting_line(app: AppState, status: Status) -> str:
    """Return in words what waits: as many as the list of it has, and what is in no list."""
    if status.records_waiting:
        return app.t("ui.home.waiting", count=status.records_waiting)
    return app.t("ui.home.only_details" if status.waiting else "ui.home.nothing_waits")


def delivered_line(app: AppState, status: Status, day: Day | None = None) -> str:
    """Return in words when something last arrived, and how far it came since."""
    at_ms = status.last_delivered_at_ms
    if at_ms is None:
        return app.t("ui.home.never_delivered")
    when = app.words.instant(at_ms) if day is None else app.words.moment(at_ms, day.today)
    said = app.t("ui.home.last_delivered", when=when)
    if day is None or day.reached is None:
        return said
    return f"{said} · {app.t(f'ui.home.reached_{day.reached}')}"


def network_chip(app: AppState) -> ft.Control:
    """Return whether there is a network, as far as the device says."""
    if app.is_online is None:
        return ft.Container()
    if app.is_online:
        return chip(
            app.t("ui.home.online"),
            ft.Icons.WIFI,
            ft.Colors.PRIMARY_CONTAINER,
            ft.Colors.ON_PRIMARY_CONTAINER,
        )
    return chip(
        app.t("ui.home.offline"),
        ft.Icons.WIFI_OFF,
        ft.Colors.SURFACE_CONTAINER_HIGH,
        ft.Colors.ON_SURFACE_VARIANT,
    )


def delivery_card(app: AppState, status: Status, day: Day | None) -> ft.Control:
    """Return the line of the home screen that leads to the exchange; red when it is urgent."""
    is_urgent = day is not None and day.is_urgent
    ground = ft.Colors.ERROR_CONTAINER if is_urgent else ft.Colors.SECONDARY_CONTAINER
    ink = ft.Colors.ON_ERROR_CONTAINER if is_urgent else ft.Colors.ON_SECONDARY_CONTAINER
    first, rest = waiting_line(app, status), [delivered_line(app, status, day)]
    if is_urgent:
        rest.insert(0, app.t("ui.home.urgent"))
    lines: list[ft.Control] = [
        ft.Text(first, theme_style=ft.TextThemeStyle.TITLE_SMALL, color=ink),
        *(ft.Text(one, theme_style=ft.TextThemeStyle.BODY_SMALL, color=ink) for one in rest),
    ]
    waits = ft.Icons.CLOUD_UPLOAD_OUTLINED if status.waiting else ft.Icons.CLOUD_DONE_OUTLINED
    icon = ft.Icons.PRIORITY_HIGH if is_urgent else waits
    return _tappable(app, ", ".join([first, *rest]), ground, ink, icon, lines)


def _tappable(
    app: AppState,
    words: str,
    ground: str,
    ink: str,
    icon: ft.IconData,
    lines: list[ft.Control],
) -> ft.Control:
    def go(_: object) -> None:
        navigate("/sync")

    return ft.Semantics(
        label=f"{app.t('ui.sync.short')}: {words}",
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=go,
        content=ft.Container(
            bgcolor=ground,
            border_radius=RADIUS,
            padding=ft.Padding.symmetric(vertical=12, horizontal=16),
            ink=True,
            on_click=go,
            data=app.t("ui.sync.short"),
            content=ft.Row(
                [
                    ft.Icon(icon, color=ink, size=28, visible=not app.words.is_large),
                    ft.Column(lines, spacing=0, expand=True, tight=True),
                    ft.Icon(ft.Icons.SYNC, color=ink),
                ],
                spacing=14,
            ),
        ),
    )
