"""One picture or voice note as a line: its thumbnail, its size, and how far it got, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from fieldapp.services.media_views import MediaView
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import icon_button
from fieldapp.ui.theme import RADIUS_FIELD
from fieldapp.ui.words import Words

THUMB = 72
VOICE = 48
"""A voice has nothing to be looked at: its words get the room on a narrow phone."""
OnClick = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Press:
    """What the button of a line is called and does."""

    name: str
    icon: ft.IconData
    act: OnClick


def media_tile(
    view: MediaView,
    name: str,
    words: Words,
    *,
    press: Press | None = None,
    remove: OnClick | None = None,
) -> ft.Control:
    """Return a line for a picture or voice note.

    Args:
        view: what is known of it.
        name: what it is called here.
        words: the language.
        press: opens it; left out where it cannot be.
        remove: takes it out; left out where it cannot be.
    """
    parts: list[ft.Control] = [
        _thumb(view, name),
        ft.Column(
            [text.strong(name), text.note(_size(view, words)), text.note(_state(view, words))],
            spacing=2,
            expand=True,
            tight=True,
        ),
    ]
    if press is not None:
        parts.append(icon_button(press.name, press.icon, press.act, color=ft.Colors.PRIMARY))
    if remove is not None:
        label = words.t("ui.media.remove", name=name)
        parts.append(icon_button(label, ft.Icons.DELETE_OUTLINE, remove))
    return ft.Container(
        ft.Row(parts, spacing=10),
        padding=8,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS_FIELD,
    )


def _thumb(view: MediaView, name: str) -> ft.Control:
    if view.thumb is None:
        return ft.Container(
            ft.Icon(ft.Icons.MIC, color=ft.Colors.PRIMARY),
            width=VOICE,
            height=THUMB,
            alignment=ft.Alignment.CENTER,
            bgcolor=ft.Colors.SECONDARY_CONTAINER,
            border_radius=RADIUS_FIELD,
        )
    return ft.Image(
        src=view.thumb,
        width=THUMB,
        height=THUMB,
        fit=ft.BoxFit.COVER,
        border_radius=RADIUS_FIELD,
        semantics_label=name,
    )


def kilobytes(count: int) -> str:
    """Return a size in thousands of bytes; what is there is never said to be nothing."""
    return f"{max(min(count, 1), round(count / 1000))}"


def _size(view: MediaView, words: Words) -> str:
    size = words.t("ui.media.size", size=kilobytes(view.bytes))
    if view.seconds is None:
        return size
    return f"{words.t('ui.media.seconds', count=view.seconds)} · {size}"


def _state(view: MediaView, words: Words) -> str:
    sent, size = kilobytes(view.sent_bytes), kilobytes(view.bytes)
    said = words.t(f"ui.media.state_{view.state}", sent=sent, size=size)
    if not view.takes:
        return said
    way = "fetch" if view.state == "coming" else "send"
    return f"{said} · {words.t(f'ui.media.takes_{way}', time=words.lasting(view.takes))}"
