"""A way on: a card that says where it leads and what is done there."""

from __future__ import annotations

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import OnClick
from fieldapp.ui.theme import RADIUS


def way_row(words: str, hint: str, icon: ft.IconData, on_click: OnClick) -> ft.Control:
    """Return one way on, as wide as its column."""
    lines: list[ft.Control] = [text.strong(words)]
    if hint:
        lines.append(text.note(hint))
    return ft.Semantics(
        label=f"{words}: {hint}" if hint else words,
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=on_click,
        content=ft.Container(
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
            border_radius=RADIUS,
            padding=ft.Padding.symmetric(vertical=14, horizontal=16),
            ink=True,
            on_click=on_click,
            data=words,
            content=ft.Row(
                [
                    ft.Icon(icon, color=ft.Colors.PRIMARY),
                    ft.Column(lines, spacing=2, expand=True, tight=True),
                    ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
                ],
                spacing=16,
            ),
        ),
    )
