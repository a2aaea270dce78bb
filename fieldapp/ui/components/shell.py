"""The frames of screens: a tab with its bar or rail, a page with Back, and a gate without either.

Below 720 points the tabs lie at the bottom, above it they stand at the left. Content keeps to a
readable width whatever the window's is.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.services.views import HomeState
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button, side_button
from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.components.tabs import bottom_bar, lock_button, rail
from fieldapp.ui.context import navigate
from fieldapp.ui.runs import Sealing
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import CONTENT_WIDTH, GAP, GAP_LARGE, GAP_SMALL, READING_WIDTH
from fieldapp.ui.words import Words

INNER_WIDTH = CONTENT_WIDTH - 2 * GAP
LIST_WIDTH = 430


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
    padding = ft.Padding.only(left=GAP, right=GAP, top=GAP if app.wide else 0, bottom=GAP_SMALL)
    framed = ft.Container(head, padding=padding, width=CONTENT_WIDTH if app.wide else None)
    return ft.Column(
        [framed, ft.Container(body, expand=True)],
        expand=True,
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER
        if app.wide
        else ft.CrossAxisAlignment.STRETCH,
    )


def two_panes(listed: ft.Control, detail: ft.Control) -> ft.Control:
    """Return a list with what was chosen from it beside it."""
    return ft.Row(
        [
            ft.Container(listed, width=LIST_WIDTH, padding=ft.Padding.only(top=12)),
            ft.VerticalDivider(width=1),
            ft.Container(detail, expand=True, alignment=ft.Alignment.TOP_CENTER),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def tab_view(app: AppState, route: str, title: str, body: ft.Control) -> ft.View:
    """Return a main screen with the tabs."""
    content = _with_bars(app, body)
    if app.wide:
        content = _beside_rail(app, route, content)
    return ft.View(
        route="/",
        padding=0,
        appbar=None if app.wide else _bar(app, title),
        navigation_bar=None if app.wide else bottom_bar(app, route),
        controls=[ft.SafeArea(content, expand=True)],
    )


def _beside_rail(app: AppState, route: str, content: ft.Control) -> ft.Control:
    return ft.Row(
        [rail(app, route), ft.Container(content, expand=True)],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
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
    """Return a screen above another one, with Back; at an end there is only forward.

    A wide window keeps the tabs beside it, but for what is done step by step with a footer.
    """
    bar = ft.AppBar(
        title=ft.Text(title, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        toolbar_height=80 if app.words.is_large else None,
        actions=[*actions, ft.Container(width=4)],
        center_title=False,
        automatically_imply_leading=not is_end,
    )
    parts: list[ft.Control] = [ft.Container(_with_bars(app, body), expand=True)]
    if footer is not None:
        parts.append(_footed(app, footer))
    is_open = app.phase is HomeState.UNLOCKED and not is_end
    has_rail = app.wide and is_open and footer is None and not _is_step(route)
    if has_rail:
        parts.insert(0, bar)
    content: ft.Control = ft.Column(
        parts, expand=True, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    if has_rail:
        content = _beside_rail(app, route, content)
    return ft.View(
        route=route,
        padding=0,
        appbar=None if has_rail else bar,
        controls=[ft.SafeArea(content, expand=True)],
    )


def _is_step(route: str) -> bool:
    """Tell whether a page belongs to a form, whatever it shows just now."""
    return route.startswith("/draft/") or "/amend" in route


def _footed(app: AppState, footer: ft.Control) -> ft.Control:
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        padding=ft.Padding.symmetric(vertical=4 if app.is_low else 12, horizontal=GAP),
        alignment=ft.Alignment.CENTER,
        content=ft.Container(footer, width=INNER_WIDTH if app.wide else None),
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
        actions=[lock_button(app), ft.Container(width=4)],
    )


def _with_bars(app: AppState, body: ft.Control) -> ft.Control:
    """Put what went wrong and the running wait before a seal above any screen."""
    bars: list[ft.Control] = [FaultBar(app)] if app.fault else []
    if app.reminder and app.phase is HomeState.UNLOCKED:
        bars.append(ReminderBar(app))
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
def ReminderBar(app: AppState) -> ft.Control:
    """How many promises are due, until it was read."""

    def show(_: object) -> None:
        app.reminder = 0
        navigate("/follow-ups")

    def leave(_: object) -> None:
        app.touch()
        app.reminder = 0

    return ft.Container(
        padding=ft.Padding.symmetric(vertical=8, horizontal=GAP),
        content=banner(
            app.t("ui.follow.due_now", count=app.reminder),
            ft.Icons.ALARM,
            actions=[
                side_button(app.t("ui.follow.show"), show),
                quiet_button(app.t("ui.follow.later"), leave),
            ],
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
