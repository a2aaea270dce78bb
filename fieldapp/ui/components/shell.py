"""The frames of screens: a tab with its bar or rail, a page with Back, and a gate without either.

Below 720 points the tabs lie at the bottom, above it they stand at the left. Content keeps to a
readable width whatever the window's is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.services.views import HomeState
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import OnClick, icon_button, side_button
from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.context import later
from fieldapp.ui.runs import Sealing
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import BOLD, BOLD_FAMILY, CONTENT_WIDTH, GAP, GAP_LARGE, READING_WIDTH
from fieldapp.ui.words import Words

RAIL_WIDTH = 112
INNER_WIDTH = CONTENT_WIDTH - 2 * GAP


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
    )


def column(
    app: AppState, controls: Sequence[ft.Control], *, width: int = CONTENT_WIDTH
) -> ft.Control:
    """Return a scrolling column of capped width."""
    inner = ft.Column(
        list(controls), spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )
    padding = ft.Padding.only(
        left=GAP, right=GAP, top=GAP_LARGE if app.wide else 4, bottom=GAP_LARGE * 2
    )
    framed = ft.Container(inner, padding=padding, width=width if app.wide else None)
    return ft.Column(
        [framed],
        expand=True,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER
        if app.wide
        else ft.CrossAxisAlignment.STRETCH,
        on_scroll=lambda _: app.touch(),
        scroll_interval=2000,
    )


def pinned(app: AppState, head: ft.Control, body: ft.Control) -> ft.Control:
    """Return a body that scrolls below a head that stays."""
    padding = ft.Padding.only(left=GAP, right=GAP, top=GAP if app.wide else 0)
    framed = ft.Container(head, padding=padding, width=CONTENT_WIDTH if app.wide else None)
    return ft.Column(
        [framed, ft.Container(body, expand=True)],
        expand=True,
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER
        if app.wide
        else ft.CrossAxisAlignment.STRETCH,
    )


def tab_view(app: AppState, route: str, title: str, body: ft.Control) -> ft.View:
    """Return a main screen with the tabs."""
    tabs = tabs_for(app)
    index = next((i for i, tab in enumerate(tabs) if tab.route == route), 0)

    def go(event: ft.Event[Any]) -> None:
        ft.context.page.navigate(tabs[int(event.control.selected_index)].route)

    content = _with_bars(app, body)
    if app.wide:
        content = ft.Row(
            [_rail(app, tabs, index, go), ft.Container(content, expand=True)],
            expand=True,
            spacing=0,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return ft.View(
        route="/",
        padding=0,
        appbar=None if app.wide else _bar(app, title),
        navigation_bar=None if app.wide else _bottom_bar(app, tabs, index, go),
        controls=[ft.SafeArea(content, expand=True)],
    )


def page_view(  # noqa: PLR0913  a frame is told everything it holds
    app: AppState,
    route: str,
    title: str,
    body: ft.Control,
    *,
    footer: ft.Control | None = None,
    actions: Sequence[ft.Control] = (),
    is_end: bool = False,
) -> ft.View:
    """Return a screen above another one, with Back; at an end there is only forward."""
    parts: list[ft.Control] = [ft.Container(_with_bars(app, body), expand=True)]
    if footer is not None:
        parts.append(
            ft.Container(
                bgcolor=ft.Colors.SURFACE_CONTAINER,
                padding=ft.Padding.symmetric(vertical=12, horizontal=GAP),
                alignment=ft.Alignment.CENTER,
                content=ft.Container(footer, width=INNER_WIDTH if app.wide else None),
            )
        )
    return ft.View(
        route=route,
        padding=0,
        appbar=ft.AppBar(
            title=ft.Text(title, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
            toolbar_height=80 if app.words.is_large else None,
            actions=[*actions, ft.Container(width=4)],
            center_title=False,
            automatically_imply_leading=not is_end,
        ),
        controls=[
            ft.SafeArea(
                ft.Column(
                    parts,
                    expand=True,
                    spacing=0,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                expand=True,
            )
        ],
    )


def gate_view(app: AppState, controls: Sequence[ft.Control], *, route: str = "/") -> ft.View:
    """Return a screen before the lock: centred, without tabs."""
    inner = ft.Column(
        list(controls), spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )
    framed = ft.Container(
        inner,
        padding=ft.Padding.symmetric(vertical=32, horizontal=GAP_LARGE),
        width=READING_WIDTH if app.wide else None,
    )
    main = ft.MainAxisAlignment.CENTER if app.wide else ft.MainAxisAlignment.START
    cross = ft.CrossAxisAlignment.CENTER if app.wide else ft.CrossAxisAlignment.STRETCH
    return ft.View(
        route=route,
        padding=0,
        controls=[
            ft.SafeArea(
                ft.Column(
                    [
                        ft.Column(
                            [framed],
                            expand=True,
                            scroll=ft.ScrollMode.AUTO,
                            alignment=main,
                            horizontal_alignment=cross,
                        )
                    ],
                    expand=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                expand=True,
            )
        ],
    )


def brand(words: Words, *, size: int = 64) -> ft.Control:
    """Return the mark of the app."""
    return ft.Row(
        [
            ft.Container(
                width=size,
                height=size,
                border_radius=size * 0.3,
                bgcolor=ft.Colors.PRIMARY,
                alignment=ft.Alignment.CENTER,
                content=ft.Icon(ft.Icons.FORUM, size=size * 0.52, color=ft.Colors.ON_PRIMARY),
            ),
            ft.Column(
                [
                    ft.Text("Baraza", theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM),
                    text.note(words.t("ui.tagline")),
                ],
                spacing=0,
                expand=True,
                tight=True,
            ),
        ],
        spacing=16,
    )


def _bar(app: AppState, title: str) -> ft.AppBar:
    return ft.AppBar(
        title=ft.Text(title),
        automatically_imply_leading=False,
        center_title=False,
        actions=[_lock_button(app), ft.Container(width=4)],
    )


def _lock_button(app: AppState) -> ft.Control:
    return icon_button(app.t("ui.lock"), ft.Icons.LOCK_OUTLINE, later(app.lock))


def _bottom_bar(app: AppState, tabs: Sequence[Tab], index: int, go: OnClick) -> ft.NavigationBar:
    return ft.NavigationBar(
        [
            ft.NavigationBarDestination(
                icon=tab.icon, selected_icon=tab.selected_icon, label=app.t(tab.key)
            )
            for tab in tabs
        ],
        selected_index=index,
        on_change=go,
    )


def _rail(app: AppState, tabs: Sequence[Tab], index: int, go: OnClick) -> ft.Control:
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
        selected_index=index,
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
        trailing=ft.Container(_lock_button(app), margin=ft.Margin.only(bottom=16)),
        pin_trailing_to_bottom=True,
        selected_label_text_style=ft.TextStyle(
            size=14, weight=BOLD, font_family=BOLD_FAMILY, color=ft.Colors.ON_SURFACE
        ),
        unselected_label_text_style=ft.TextStyle(size=14, color=ft.Colors.ON_SURFACE_VARIANT),
        on_change=go,
    )


def _with_bars(app: AppState, body: ft.Control) -> ft.Control:
    """Put what went wrong and the running wait before a seal above any screen."""
    bars: list[ft.Control] = [FaultBar(app)] if app.fault else []
    if app.sealing is not None and app.phase is HomeState.UNLOCKED:
        bars.append(SealingBar(app.sealing, app.words))
    if not bars:
        return body
    return ft.Column(
        [*bars, ft.Container(body, expand=True)],
        expand=True,
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@guarded
def FaultBar(app: AppState) -> ft.Control:
    """A fault of the app itself, calmly, until it was read."""

    def dismiss(_: object) -> None:
        app.fault = ""

    return ft.Container(
        padding=ft.Padding.symmetric(vertical=8, horizontal=GAP),
        content=banner(
            app.t("ui.fault.text", code=app.fault),
            ft.Icons.HEALTH_AND_SAFETY_OUTLINED,
            tone="care",
            heading=app.t("ui.fault.deed"),
            actions=[side_button(app.t("ui.fault.read"), dismiss)],
            live=True,
        ),
    )


@guarded
def SealingBar(sealing: Sealing, words: Words) -> ft.Control:
    """The seconds that are left to undo a seal."""
    ink = ft.Colors.ON_INVERSE_SURFACE
    return ft.Container(
        bgcolor=ft.Colors.INVERSE_SURFACE,
        padding=ft.Padding.symmetric(vertical=8, horizontal=GAP),
        content=ft.Row(
            [
                ft.Icon(ft.Icons.LOCK_CLOCK, color=ft.Colors.INVERSE_PRIMARY),
                ft.Container(
                    ft.Semantics(
                        live_region=True,
                        content=text.strong(
                            words.t("ui.seal.wait", seconds=sealing.seconds_left), ink
                        ),
                    ),
                    expand=True,
                ),
                ft.TextButton(
                    content=words.t("ui.undo"),
                    on_click=lambda _: sealing.undo(),
                    style=ft.ButtonStyle(color=ft.Colors.INVERSE_PRIMARY),
                ),
            ],
            spacing=12,
        ),
    )
