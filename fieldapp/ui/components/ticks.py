"""How far a record has got: an icon and its word, never a colour alone.

The stages are the services' words; each was earned by a verified signature.
"""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldapp.services.views import RecordView
from fieldapp.ui.components import text
from fieldapp.ui.words import Words

RESTRICTED = "restricted"


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
    # Words that have too little room take a second line; nothing is cut off.
    parts.append(
        ft.Text(
            words,
            theme_style=ft.TextThemeStyle.LABEL_MEDIUM,
            color=ink,
            expand=True,
            expand_loose=True,
        )
    )
    return ft.Container(
        bgcolor=ground,
        border_radius=20,
        padding=ft.Padding.symmetric(vertical=5, horizontal=10),
        content=ft.Row(parts, spacing=6, tight=True),
    )


def holders(record: RecordView, words: Words) -> ft.Control:
    """Return who holds a record, stage below stage: since when, or what it waits for."""
    here = "phone" if record.mine else "phone_other"
    sealed = record.history[0].at_ms if record.history else record.updated_at_ms
    steps = [_step("phone", words.t(f"ui.hold.{here}"), _since(words, sealed), reached=True)]
    for tick in record.ticks:
        name = "desk" if tick.stage == "sub_county" and record.tier == RESTRICTED else tick.stage
        if tick.at_ms is None:
            steps.append(_step(tick.stage, words.t(f"ui.hold.waits_{name}"), "", reached=False))
        else:
            said = words.t(f"ui.hold.{name}")
            steps.append(_step(tick.stage, said, _since(words, tick.at_ms), reached=True))
    if record.needs_attention is not None and record.fields:
        steps.append(_step("needs_you", words.t("ui.hold.needs_you"), "", reached=True))
    return ft.Column(steps, spacing=12, tight=True)


def _since(words: Words, at_ms: int) -> str:
    return words.t("ui.hold.since", when=words.instant(at_ms))


def _step(stage: str, said: str, when: str, *, reached: bool) -> ft.Control:
    look = LOOKS[stage]
    ground: str = ft.Colors.PRIMARY_CONTAINER if reached else ft.Colors.SURFACE_CONTAINER_HIGH
    ink: str = ft.Colors.ON_PRIMARY_CONTAINER if reached else ft.Colors.ON_SURFACE_VARIANT
    if stage == "needs_you":
        ground, ink = look.ground, look.ink
    icon = ft.Icons.PHONE_ANDROID if stage == "phone" else look.icon
    lines: list[ft.Control] = [
        text.strong(said) if reached else text.body(said, ft.Colors.ON_SURFACE_VARIANT)
    ]
    if when:
        lines.append(text.note(when))
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
            ft.Column(lines, spacing=0, expand=True, tight=True),
        ],
    )
