"""The tabs: along the bottom of a phone, along the left of a wide window.

What an officer cannot use is not there; which tab a page belongs to follows from its address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.ui.components.buttons import icon_button
from fieldapp.ui.context import later, navigate
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import BOLD, BOLD_FAMILY

RAIL_WIDTH = 112


@dataclass(frozen=True, slots=True)
class Tab:
    """One destination of the bar."""

    route: str
    key: str
    icon: ft.IconData
    selected_icon: ft.IconData
    admin_only: bool = False
    wide_only: bool = False


TABS = (
    Tab("/", "ui.tab.home", ft.Icons.HOME_OUTLINED, ft.Icons.HOME),
    Tab("/records", "ui.tab.records", ft.Icons.FOLDER_OUTLINED, ft.Icons.FOLDER),
    Tab("/more", "ui.tab.more", ft.Icons.ADD_BOX_OUTLINED, ft.Icons.ADD_BOX, wide_only=True),
    Tab("/sync", "ui.tab.sync", ft.Icons.SYNC, ft.Icons.SYNC),
    Tab("/office", "ui.tab.office", ft.Icons.BADGE_OUTLINED, ft.Icons.BADGE, admin_only=True),
    Tab("/settings", "ui.tab.settings", ft.Icons.SETTINGS_OUTLINED, ft.Icons.SETTINGS),
)


def tabs_for(app: AppState) -> tuple[Tab, ...]:
    """Return the tabs that this officer has."""
    return tuple(
        tab
        for tab in TABS
        if (app.is_admin or not tab.admin_only) and (app.wide or not tab.wide_only)
        if app.has_more or tab.key != "ui.tab.more"
    )


def place_of(tabs: Sequence[Tab], route: str) -> int:
    """Return which tab is marked on a page; what belongs to no other belongs to the first."""
    found = (n for n, tab in enumerate(tabs) if tab.route != "/" and route.startswith(tab.route))
    return next(found, 0)


def lock_button(app: AppState) -> ft.Control:
    """Return the button that closes the vault."""
    return icon_button(app.t("ui.lock"), ft.Icons.LOCK_OUTLINE, later(app.lock))


def bottom_bar(app: AppState, route: str) -> ft.NavigationBar:
    """Return the tabs of a phone."""
    tabs = tabs_for(app)
    return ft.NavigationBar(
        [
            ft.NavigationBarDestination(
                icon=tab.icon, selected_icon=tab.selected_icon, label=app.t(tab.key)
            )
            for tab in tabs
        ],
        selected_index=place_of(tabs, route),
        on_change=_goer(tabs),
    )


def rail(app: AppState, route: str) -> ft.Control:
    """Return the tabs of a wide window."""
    tabs = tabs_for(app)
    return ft.NavigationRail(
        [
            ft.NavigationRailDestination(
                icon=tab.icon,
                selected_icon=tab.selected_icon,
                label=app.t(tab.key),
                padding=ft.Padding.symmetric(vertical=6),
            )
            for tab in tabs
        ],
        selected_index=place_of(tabs, route),
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=RAIL_WIDTH,
        leading=ft.Container(
            width=52,
            height=52,
            margin=ft.Margin.only(top=16, bottom=16),
            border_radius=16,
            bgcolor=ft.Colors.PRIMARY,
            alignment=ft.Alignment.CENTER,
            content=ft.Icon(ft.Icons.FORUM, size=28, color=ft.Colors.ON_PRIMARY),
        ),
        trailing=ft.Container(lock_button(app), margin=ft.Margin.only(bottom=16)),
        pin_trailing_to_bottom=True,
        selected_label_text_style=ft.TextStyle(
            size=14, weight=BOLD, font_family=BOLD_FAMILY, color=ft.Colors.ON_SURFACE
        ),
        unselected_label_text_style=ft.TextStyle(size=14, color=ft.Colors.ON_SURFACE_VARIANT),
        on_change=_goer(tabs),
    )


def _goer(tabs: Sequence[Tab]) -> Callable[[ft.Event[Any]], None]:
    def go(event: ft.Event[Any]) -> None:
        navigate(tabs[int(event.control.selected_index)].route)

    return go
