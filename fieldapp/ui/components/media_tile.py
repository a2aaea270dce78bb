"""One picture or voice note as a line: its thumbnail, its size, and how far it got, in words."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.services.media_views import MediaView
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import icon_button
from fieldapp.ui.theme import RADIUS_FIELD
from fieldapp.ui.words import Words

THUMB = 72
OnClick = Callable[..., object]


def media_tile(
    view: MediaView,
    place: int,
    words: Words,
    *,
    remove: OnClick | None = None,
    show: OnClick | None = None,
) -> ft.Control:
    """Return a line for a picture or voice note.

    Args:
        view: what is known of it.
        place: its number among its neighbours.
        words: the language.
        remove: takes it out; left out where it cannot be.
        show: opens it; left out where it cannot be.
    """
    name = words.t(f"ui.media.{view.kind}", number=place)
    parts: list[ft.Control] = [
        _thumb(view, name),
        ft.Column(
            [text.strong(name), text.note(_size(view, words)), text.note(_state(view, words))],
            spacing=2,
            expand=True,
            tight=True,
        ),
    ]
    if show is not None:
        parts.append(icon_button(words.t("ui.media.open", name=name), ft.Icons.OPEN_IN_FULL, show))
    if remove is not None:
        label = words.t("ui.media.remove", name=name)
        parts.append(icon_button(label, ft.Icons.DELETE_OUTLINE, remove))
    return ft.Container(
        ft.Row(parts, spacing=14),
        padding=8,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS_FIELD,
    )


def _thumb(view: MediaView, name: str) -> ft.Control:
    if view.thumb is None:
        return ft.Container(
            ft.Icon(ft.Icons.MIC, color=ft.Colors.PRIMARY),
            width=THUMB,
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


def _size(view: MediaView, words: Words) -> str:
    size = words.t("ui.media.size", size=f"{max(1, round(view.bytes / 1000))}")
    if view.seconds is None:
        return size
    return f"{words.t('ui.media.seconds', count=view.seconds)} · {size}"


def _state(view: MediaView, words: Words) -> str:
    if view.state == "sending":
        share = 100 * view.sent_bytes // view.bytes
        return words.t("ui.media.state_sending", percent=share)
    return words.t(f"ui.media.state_{view.state}")
