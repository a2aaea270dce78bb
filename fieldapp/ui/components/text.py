"""Text in the theme's sizes."""

from __future__ import annotations

import flet as ft

Style = ft.TextThemeStyle


def display(words: str, color: str = ft.Colors.ON_SURFACE) -> ft.Text:
    """Return a large figure."""
    return ft.Text(words, theme_style=Style.DISPLAY_SMALL, color=color)


def title(words: str) -> ft.Control:
    """Return the heading of a page."""
    return ft.Semantics(header=True, content=ft.Text(words, theme_style=Style.HEADLINE_SMALL))


def heading(words: str, color: str = ft.Colors.ON_SURFACE) -> ft.Control:
    """Return the heading of a part."""
    return ft.Semantics(
        header=True, content=ft.Text(words, theme_style=Style.TITLE_MEDIUM, color=color)
    )


def strong(words: str, color: str = ft.Colors.ON_SURFACE, max_lines: int | None = None) -> ft.Text:
    """Return words that carry the line."""
    return ft.Text(
        words,
        theme_style=Style.TITLE_MEDIUM,
        color=color,
        max_lines=max_lines,
        overflow=ft.TextOverflow.ELLIPSIS if max_lines else ft.TextOverflow.CLIP,
    )


def body(words: str, color: str = ft.Colors.ON_SURFACE) -> ft.Text:
    """Return plain words."""
    return ft.Text(words, theme_style=Style.BODY_LARGE, color=color)


def note(
    words: str, color: str = ft.Colors.ON_SURFACE_VARIANT, max_lines: int | None = None
) -> ft.Text:
    """Return quieter words beside something."""
    return ft.Text(
        words,
        theme_style=Style.BODY_MEDIUM,
        color=color,
        max_lines=max_lines,
        overflow=ft.TextOverflow.ELLIPSIS if max_lines else ft.TextOverflow.CLIP,
    )


def label(words: str, color: str = ft.Colors.ON_SURFACE_VARIANT) -> ft.Text:
    """Return the small name of a value."""
    return ft.Text(words, theme_style=Style.TITLE_SMALL, color=color)


def copyable(
    words: str,
    style: ft.TextThemeStyle = Style.BODY_LARGE,
    color: str | None = None,
    font_family: str | None = None,
) -> ft.Control:
    """Return words that can be marked and copied, and that a screen reader says.

    A selectable text alone is a nameless, disabled field to a screen reader.
    """
    return ft.Semantics(
        label=words,
        container=True,
        exclude_semantics=True,
        content=ft.Text(
            words, theme_style=style, color=color, font_family=font_family, selectable=True
        ),
    )
