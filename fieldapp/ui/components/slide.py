"""A thing to slide from one end to the other, for a deed that a stray tap must not begin.

Laws:
  * The thumb is where the finger is. Steps of a finger are dropped when they come too quickly, so
    it goes by where the finger stands and never by how far each step went.
  * Letting go before the end does nothing: the thumb goes back.
  * A finger that cannot slide, a keyboard and a screen reader have a button beside it, which asks
    once more; that button is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.surfaces import stack

THUMB = 56
EDGE = 4
ENOUGH = 0.85


class Slide(ft.Observable):
    """How far the thumb is."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._begun_at = 0.0

    def begin(self, at: float) -> None:
        """Remember where the finger took the thumb."""
        self._begun_at = at - self.offset

    def follow(self, at: float, room: float) -> None:
        """Go where the finger is, between the two ends."""
        self.offset = min(max(at - self._begun_at, 0.0), room)

    @property
    def reached(self) -> float:
        """Where the finger was when it was last seen."""
        return self._begun_at + self.offset

    def is_through(self, room: float) -> bool:
        """Tell whether the thumb is as good as at the end."""
        return self.offset >= ENOUGH * room

    def go_back(self) -> None:
        """Let the thumb spring back."""
        self.offset = 0.0


@guarded
def SlideToBegin(
    words: str, width: float, on_end: Callable[[], None], *, is_large: bool = False
) -> ft.Control:
    """The track and its thumb; ``on_end`` is called once the thumb was let go at the end.

    Large text stands above the track, where it has room.
    """
    slide, _ = ft.use_state(Slide())
    room = max(width - THUMB - 2 * EDGE, 1.0)

    def let_go(event: ft.DragEndEvent[ft.GestureDetector]) -> None:
        # The last step before it may have been dropped.
        slide.follow(max(event.global_position.x, slide.reached), room)
        if slide.is_through(room):
            on_end()
        slide.go_back()

    held = ft.GestureDetector(
        _thumb(),
        drag_interval=20,
        mouse_cursor=ft.MouseCursor.GRAB,
        on_horizontal_drag_start=lambda event: slide.begin(event.global_position.x),
        on_horizontal_drag_update=lambda event: slide.follow(event.global_position.x, room),
        on_horizontal_drag_end=let_go,
        left=EDGE + slide.offset,
        top=EDGE,
    )
    track = _track([held] if is_large else [_label(words), held], width)
    content = ft.Container(stack([text.strong(words), track]), width=width) if is_large else track
    return ft.Semantics(label=words, container=True, exclude_semantics=True, content=content)


def _thumb() -> ft.Control:
    """What the finger takes: a round thing whose arrows say where to."""
    return ft.Container(
        width=THUMB,
        height=THUMB,
        border_radius=THUMB / 2,
        bgcolor=ft.Colors.ERROR,
        alignment=ft.Alignment.CENTER,
        content=ft.Icon(ft.Icons.KEYBOARD_DOUBLE_ARROW_RIGHT, color=ft.Colors.ON_ERROR, size=30),
    )


def _label(words: str) -> ft.Control:
    """What is written on the track, in the room that the thumb leaves at its beginning."""
    return ft.Container(
        text.strong(words, ft.Colors.ON_ERROR_CONTAINER),
        alignment=ft.Alignment.CENTER,
        left=THUMB + 3 * EDGE,
        right=EDGE * 3,
        top=0,
        bottom=0,
    )


def _track(parts: list[ft.Control], width: float) -> ft.Control:
    """The way that the thumb goes, as high as the thumb and a rim."""
    height = THUMB + 2 * EDGE
    return ft.Container(
        ft.Stack(parts, width=width, height=height),
        width=width,
        height=height,
        border_radius=height / 2,
        bgcolor=ft.Colors.ERROR_CONTAINER,
    )
