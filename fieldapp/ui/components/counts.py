"""The numbers of the home screen: each a large figure with its name, one tap from its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.surfaces import stack
from fieldapp.ui.context import navigate
from fieldapp.ui.theme import GAP_SMALL, RADIUS

FOUR = 4
"""So many stand two and two: three and one would look like a mistake."""


@dataclass(frozen=True, slots=True)
class Count:
    """One number.

    Attributes:
        alarm: why it is urgent, in words; empty when it is not.
    """

    name: str
    count: int
    icon: ft.IconData
    route: str
    alarm: str = ""


def count_grid(counts: Sequence[Count], *, is_large: bool, is_wide: bool = False) -> ft.Control:
    """Return the numbers two abreast and of one height, three on a wide window.

    They stand below each other when text is large.
    """
    if is_large:
        return stack([_tile(one) for one in counts], spacing=12)
    across = 3 if is_wide and len(counts) != FOUR else 2
    pairs = [counts[at : at + across] for at in range(0, len(counts), across)]
    rows: list[ft.Control] = [
        ft.Row(
            [ft.Container(_tile(one), expand=True) for one in pair],
            spacing=12,
            intrinsic_height=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        for pair in pairs
    ]
    return stack(rows, spacing=12)


def _tile(one: Count) -> ft.Control:
    def show(_: object) -> None:
        navigate(one.route)

    quiet = ft.Colors.ON_SURFACE_VARIANT if one.count == 0 else ft.Colors.PRIMARY
    ink = ft.Colors.ON_ERROR_CONTAINER if one.alarm else ft.Colors.ON_SURFACE
    lines: list[ft.Control] = [
        ft.Row(
            [
                text.display(str(one.count), ink if one.alarm else quiet),
                ft.Icon(one.icon, color=ink if one.alarm else ft.Colors.ON_SURFACE_VARIANT),
            ],
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        text.note(one.name, ink),
    ]
    if one.alarm:
        lines.append(
            ft.Row(
                [
                    ft.Icon(ft.Icons.ALARM, color=ink, size=18),
                    ft.Container(text.label(one.alarm, ink), expand=True),
                ],
                spacing=6,
            )
        )
    return ft.Semantics(
        label=", ".join(part for part in (f"{one.name}: {one.count}", one.alarm) if part),
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=show,
        content=ft.Container(
            bgcolor=ft.Colors.ERROR_CONTAINER if one.alarm else ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
            border_radius=RADIUS,
            padding=14,
            ink=True,
            on_click=show,
            data=one.name,
            content=ft.Column(lines, spacing=GAP_SMALL, tight=True),
        ),
    )
