"""Buttons: one main deed a screen, quieter ones beside it, each with a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.theme import RADIUS

OnClick = Callable[..., Any]


def main_button(
    words: str,
    on_click: OnClick,
    *,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    busy: bool = False,
) -> ft.Control:
    """Return the main deed of a screen, as wide as its column."""
    return ft.FilledButton(
        content=words,
        icon=ft.ProgressRing(width=20, height=20, stroke_width=2.5) if busy else icon,
        on_click=on_click,
        disabled=disabled or busy,
        width=float("inf"),
    )


def side_button(
    words: str, on_click: OnClick, *, icon: ft.IconData | None = None, disabled: bool = False
) -> ft.Control:
    """Return a second deed."""
    return ft.OutlinedButton(content=words, icon=icon, on_click=on_click, disabled=disabled)


def quiet_button(
    words: str,
    on_click: OnClick,
    *,
    icon: ft.IconData | None = None,
    danger: bool = False,
    disabled: bool = False,
) -> ft.Control:
    """Return a deed that is seldom wanted."""
    color: str = ft.Colors.ERROR if danger else ft.Colors.PRIMARY
    if disabled:
        color = ft.Colors.with_opacity(0.38, ft.Colors.ON_SURFACE)
    return ft.TextButton(
        content=words,
        icon=icon,
        on_click=on_click,
        disabled=disabled,
        style=ft.ButtonStyle(
            color=color,
            icon_color=color,
            padding=ft.Padding.symmetric(vertical=14, horizontal=14),
        ),
    )


def icon_button(
    name: str, icon: ft.IconData, on_click: OnClick, *, color: str | None = None, key: str = ""
) -> ft.Control:
    """Return a button that shows only an icon and is called ``name``."""
    return ft.Semantics(
        label=name,
        identifier=key or None,
        container=True,
        button=True,
        exclude_semantics=True,
        on_tap=on_click,
        content=ft.IconButton(
            icon=icon,
            icon_color=color or ft.Colors.ON_SURFACE_VARIANT,
            tooltip=name,
            on_click=on_click,
            data=name,
            size_constraints=ft.BoxConstraints(min_width=48, min_height=48),
        ),
    )


def deed_card(
    words: str,
    hint: str,
    icon: ft.IconData,
    on_click: OnClick,
    *,
    warm: bool = False,
    is_large: bool = False,
) -> ft.Control:
    """Return a large coloured card that begins something; large text gets its whole width."""
    ground = ft.Colors.TERTIARY_CONTAINER if warm else ft.Colors.PRIMARY
    ink = ft.Colors.ON_TERTIARY_CONTAINER if warm else ft.Colors.ON_PRIMARY
    return ft.Semantics(
        label=words,
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=on_click,
        content=ft.Container(
            bgcolor=ground,
            border_radius=RADIUS + 4,
            padding=ft.Padding.symmetric(vertical=18, horizontal=18),
            ink=True,
            on_click=on_click,
            data=words,
            content=ft.Row(
                spacing=16,
                controls=[
                    ft.Container(
                        content=ft.Icon(icon, color=ink, size=30),
                        width=54,
                        height=54,
                        border_radius=27,
                        alignment=ft.Alignment.CENTER,
                        bgcolor=ft.Colors.with_opacity(0.14, ink),
                        visible=not is_large,
                    ),
                    ft.Column(
                        expand=True,
                        spacing=2,
                        tight=True,
                        controls=[text.strong(words, ink), text.note(hint, ink)],
                    ),
                    ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ink, visible=not is_large),
                ],
            ),
        ),
    )
