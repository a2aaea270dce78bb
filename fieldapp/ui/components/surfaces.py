"""Grounds: cards, banners, columns of capped width, and what an empty list says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.theme import GAP, GAP_LARGE, GAP_SMALL, RADIUS

Tone = Literal["plain", "good", "care", "bad"]
TONES: dict[str, tuple[str, str]] = {
    "plain": (ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER),
    "good": (ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER),
    "care": (ft.Colors.TERTIARY_CONTAINER, ft.Colors.ON_TERTIARY_CONTAINER),
    "bad": (ft.Colors.ERROR_CONTAINER, ft.Colors.ON_ERROR_CONTAINER),
}


def card(
    controls: Sequence[ft.Control], *, padding: int = GAP + 2, spacing: int = GAP_SMALL + 2
) -> ft.Control:
    """Return a quiet raised ground for things that belong together."""
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        padding=padding,
        content=ft.Column(
            list(controls),
            spacing=spacing,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            tight=True,
        ),
    )


def banner(
    words: str,
    icon: ft.IconData,
    *,
    tone: Tone = "plain",
    heading: str = "",
    actions: Sequence[ft.Control] = (),
    live: bool = False,
) -> ft.Control:
    """Return a coloured message; its icon and words say what its colour says."""
    ground, ink = TONES[tone]
    lines: list[ft.Control] = []
    if heading:
        lines.append(text.strong(heading, ink))
    if words:
        lines.append(text.note(words, ink))
    if actions:
        lines.append(ft.Row(list(actions), wrap=True, spacing=GAP_SMALL))
    content = ft.Container(
        bgcolor=ground,
        border_radius=RADIUS,
        padding=GAP,
        content=ft.Row(
            vertical_alignment=ft.CrossAxisAlignment.START,
            spacing=14,
            controls=[
                ft.Icon(icon, color=ink, size=26),
                ft.Column(lines, spacing=4, expand=True, tight=True),
            ],
        ),
    )
    return ft.Semantics(live_region=True, content=content) if live else content


def empty_state(
    heading: str, hint: str, icon: ft.IconData, action: ft.Control | None = None
) -> ft.Control:
    """Return what an empty list says: what would be here and how to get there."""
    controls: list[ft.Control] = [
        ft.Container(
            width=88,
            height=88,
            border_radius=44,
            alignment=ft.Alignment.CENTER,
            bgcolor=ft.Colors.SECONDARY_CONTAINER,
            content=ft.Icon(icon, size=40, color=ft.Colors.ON_SECONDARY_CONTAINER),
        ),
        ft.Text(heading, theme_style=ft.TextThemeStyle.TITLE_LARGE, text_align=ft.TextAlign.CENTER),
        ft.Text(
            hint,
            theme_style=ft.TextThemeStyle.BODY_LARGE,
            color=ft.Colors.ON_SURFACE_VARIANT,
            text_align=ft.TextAlign.CENTER,
        ),
    ]
    if action is not None:
        controls.append(ft.Container(action, padding=ft.Padding.only(top=GAP_SMALL)))
    return ft.Container(
        padding=ft.Padding.symmetric(vertical=40, horizontal=GAP_LARGE),
        alignment=ft.Alignment.CENTER,
        content=ft.Column(
            controls,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=14,
            tight=True,
        ),
    )


def loading(words: str) -> ft.Control:
    """Return what stands where something will come."""
    return ft.Container(
        padding=GAP_LARGE * 2,
        alignment=ft.Alignment.CENTER,
        content=ft.Semantics(label=words, content=ft.ProgressRing(width=36, height=36)),
    )


def gap(height: int = GAP) -> ft.Control:
    """Return empty space."""
    return ft.Container(height=height)


def stack(controls: Sequence[ft.Control], spacing: int = GAP) -> ft.Column:
    """Return controls below each other, as wide as the column."""
    return ft.Column(
        list(controls),
        spacing=spacing,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def grid(
    cells: Sequence[ft.Control],
    across: int,
    *,
    spacing: int = 12,
    at_bottom: bool = False,
    as_high: bool = False,
) -> ft.Control:
    """Return cells of one width, so many a line, level at their tops or at their bottoms.

    Those of a line may be made ``as_high`` as the highest.

    A ``ResponsiveRow`` now and then draws nothing until its page is opened again.
    """
    align = ft.CrossAxisAlignment.END if at_bottom else ft.CrossAxisAlignment.START
    align = ft.CrossAxisAlignment.STRETCH if as_high else align
    rows: list[ft.Control] = []
    for at in range(0, len(cells), across):
        line: list[ft.Control] = [ft.Container(one, expand=True) for one in cells[at : at + across]]
        line += [ft.Container(expand=True) for _ in range(across - len(line))]
        rows.append(
            ft.Row(line, spacing=spacing, vertical_alignment=align, intrinsic_height=as_high)
        )
    return stack(rows, spacing)


def keyed(key: str, control: ft.Control) -> ft.Control:
    """Return a control that never takes over the state of another that stood in its place."""
    return ft.Container(control, key=key)
