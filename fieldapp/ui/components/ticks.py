"""How far a record has got: an icon and its word, never a colour alone.

The stages are the services' words; each was earned by a verified signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.services.views import Tick
from fieldapp.ui.components import text
from fieldapp.ui.words import Words


@dataclass(frozen=True, slots=True)
class Look:
    """How a stage looks."""

    icon: ft.IconData
    ground: str
    ink: str


LOOKS = {
    "draft": Look(
        ft.Icons.EDIT_NOTE, ft.Colors.SURFACE_CONTAINER_HIGH, ft.Colors.ON_SURFACE_VARIANT
    ),
    "phone": Look(
        ft.Icons.SCHEDULE, ft.Colors.SURFACE_CONTAINER_HIGH, ft.Colors.ON_SURFACE_VARIANT
    ),
    "server": Look(ft.Icons.DONE, ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER),
    "sub_county": Look(
        ft.Icons.DONE_ALL, ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER
    ),
    "hq": Look(ft.Icons.VERIFIED, ft.Colors.PRIMARY, ft.Colors.ON_PRIMARY),
    "needs_you": Look(
        ft.Icons.PRIORITY_HIGH, ft.Colors.ERROR_CONTAINER, ft.Colors.ON_ERROR_CONTAINER
    ),
}


def tick_badge(stage: str, words: Words) -> ft.Control:
    """Return the badge of a list row."""
    look = LOOKS[stage]
    return chip(words.t(f"ui.tick.{stage}"), look.icon, look.ground, look.ink)


def chip(words: str, icon: ft.IconData | None, ground: str, ink: str) -> ft.Control:
    """Return a small pill of icon and word."""
    parts: list[ft.Control] = [ft.Icon(icon, size=17, color=ink)] if icon is not None else []
    parts.append(ft.Text(words, theme_style=ft.TextThemeStyle.LABEL_MEDIUM, color=ink))
    return ft.Container(
        bgcolor=ground,
        border_radius=20,
        padding=ft.Padding.symmetric(vertical=5, horizontal=10),
        content=ft.Row(parts, spacing=6, tight=True),
    )


def tick_steps(ticks: Sequence[Tick], words: Words) -> ft.Control:
    """Return every stage below each other with its time, or that it is not reached yet."""
    rows = [_step("phone", words.t("ui.tick.safe_here"), words, reached=True)]
    rows.extend(
        _step(
            tick.stage,
            words.instant(tick.at_ms) if tick.at_ms is not None else words.t("ui.tick.not_yet"),
            words,
            reached=tick.at_ms is not None,
        )
        for tick in ticks
    )
    return ft.Column(rows, spacing=12, tight=True)


def _step(stage: str, when: str, words: Words, *, reached: bool) -> ft.Control:
    look = LOOKS[stage]
    ground = ft.Colors.PRIMARY_CONTAINER if reached else ft.Colors.SURFACE_CONTAINER_HIGH
    ink = ft.Colors.ON_PRIMARY_CONTAINER if reached else ft.Colors.ON_SURFACE_VARIANT
    icon = ft.Icons.PHONE_ANDROID if stage == "phone" else look.icon
    return ft.Row(
        spacing=14,
        controls=[
            ft.Container(
                width=40,
                height=40,
                border_radius=20,
                bgcolor=ground,
                alignment=ft.Alignment.CENTER,
                content=ft.Icon(icon if reached else ft.Icons.MORE_HORIZ, size=22, color=ink),
            ),
            ft.Column(
                [
                    text.strong(
                        words.t(f"ui.tick.{stage}"),
                        ft.Colors.ON_SURFACE if reached else ft.Colors.ON_SURFACE_VARIANT,
                    ),
                    text.note(when),
                ],
                spacing=0,
                expand=True,
                tight=True,
            ),
        ],
    )
