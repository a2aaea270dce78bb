"""The one theme: colours, type, shapes and measures of every screen.

Laws:
  * A screen names a role (``PRIMARY``, ``SURFACE``, ``TextSize``), never a colour or a size.
  * Text on its ground keeps a contrast of at least 4.5 to 1 in light and in dark.
  * 18 points is the base size; the officer's own factor scales all text and nothing else.
  * Everything that can be touched is at least 48 points high.
"""

from __future__ import annotations

import flet as ft

WIDE_FROM = 720
LOW_BELOW = 520
"""What a keyboard leaves of a phone: bars that can be missed give way to what is written."""
TWO_PANES_FROM = 1080
CONTENT_WIDTH = 720
READING_WIDTH = 560
TOUCH = 56
GAP_SMALL = 8
GAP = 16
GAP_LARGE = 24
RADIUS = 16
RADIUS_FIELD = 12
BOLD = ft.FontWeight.W_700
BOLD_FAMILY = "Baraza Bold"
FONTS = {BOLD_FAMILY: "fonts/Roboto-Bold.ttf"}
LARGE_FROM = 1.5
# A phone's width is worth more to large words than to the screen behind.
DIALOG_INSET = ft.Padding.symmetric(horizontal=16, vertical=24)
TEXT_SCALES = (1.0, 1.25, 1.5, 2.0)

LIGHT = ft.ColorScheme(
    primary="#0E5A4D",
    on_primary="#FFFFFF",
    primary_container="#D3EAE2",
    on_primary_container="#06342B",
    secondary="#4C5F59",
    on_secondary="#FFFFFF",
    secondary_container="#DFE9E2",
    on_secondary_container="#1C2B26",
    tertiary="#8F4312",
    on_tertiary="#FFFFFF",
    tertiary_container="#FCE3D2",
    on_tertiary_container="#4B2003",
    error="#A8261C",
    on_error="#FFFFFF",
    error_container="#FBE1DD",
    on_error_container="#5E120C",
    surface="#FAF7F2",
    on_surface="#201E1A",
    on_surface_variant="#57534B",
    surface_container_lowest="#FFFFFF",
    surface_container_low="#F6F2EB",
    surface_container="#F1ECE3",
    surface_container_high="#EAE5DB",
    surface_container_highest="#E3DDD1",
    outline="#837D72",
    outline_variant="#DDD6CA",
    inverse_surface="#33302B",
    on_inverse_surface="#F6F1E8",
    inverse_primary="#8CD3C0",
    surface_tint="#0E5A4D",
)
DARK = ft.ColorScheme(
    primary="#8FD5C3",
    on_primary="#00382E",
    primary_container="#164B41",
    on_primary_container="#C6EEE2",
    secondary="#B6CBC3",
    on_secondary="#22332E",
    secondary_container="#2D3B36",
    on_secondary_container="#D5E6DE",
    tertiary="#FFB78E",
    on_tertiary="#532203",
    tertiary_container="#5B2F10",
    on_tertiary_container="#FFDDC9",
    error="#F5B5AF",
    on_error="#62120D",
    error_container="#6B211B",
    on_error_container="#FCDCD8",
    surface="#151412",
    on_surface="#EDE8DF",
    on_surface_variant="#C6BFB3",
    surface_container_lowest="#1F1D1A",
    surface_container_low="#1B1A17",
    surface_container="#24221E",
    surface_container_high="#2D2A26",
    surface_container_highest="#37342F",
    outline="#958E82",
    outline_variant="#433F38",
    inverse_surface="#EDE8DF",
    on_inverse_surface="#2A2824",
    inverse_primary="#0E5A4D",
    surface_tint="#8FD5C3",
)


def _style(
    size: float,
    weight: ft.FontWeight = ft.FontWeight.W_400,
    height: float = 1.4,
    color: str | None = None,
) -> ft.TextStyle:
    # The client carries Roboto in one weight only; a bold of its own beats a smeared one.
    family = BOLD_FAMILY if weight is BOLD else None
    return ft.TextStyle(
        size=size, weight=weight, height=height, letter_spacing=0, font_family=family, color=color
    )


# Size, weight and line height of each style at factor 1. Running text takes the whole factor;
# headings, large already, and small labels grow less, so that a long word still fits a line.
TYPE = {
    "display_small": (34, BOLD, 1.15),
    "headline_large": (32, BOLD, 1.2),
    "headline_medium": (27, BOLD, 1.2),
    "headline_small": (23, BOLD, 1.25),
    "title_large": (21, BOLD, 1.3),
    "title_medium": (18, BOLD, 1.35),
    "title_small": (16, BOLD, 1.35),
    "body_large": (18, ft.FontWeight.W_400, 1.4),
    "body_medium": (16, ft.FontWeight.W_400, 1.4),
    "body_small": (15, ft.FontWeight.W_400, 1.4),
    "label_large": (17, BOLD, 1.25),
    "label_medium": (14, ft.FontWeight.W_400, 1.2),
    "label_small": (13, ft.FontWeight.W_400, 1.2),
}
MOST_FACTOR = {
    "display_small": 1.5,
    "headline_large": 1.3,
    "headline_medium": 1.4,
    "headline_small": 1.6,
    "title_large": 1.7,
    "title_medium": 1.9,
    "label_medium": 1.5,
    "label_small": 1.3,
}


def _text_theme(scale: float, color: str | None) -> ft.TextTheme:
    return ft.TextTheme(
        **{
            name: _style(size * min(scale, MOST_FACTOR.get(name, scale)), weight, height, color)
            for name, (size, weight, height) in TYPE.items()
        }
    )


def _button_style(scale: float) -> ft.ButtonStyle:
    return ft.ButtonStyle(
        padding=ft.Padding.symmetric(vertical=18, horizontal=18),
        shape=ft.RoundedRectangleBorder(radius=14),
        text_style=_style(17 * scale, BOLD, 1.2),
        icon_size=24,
    )


def build_theme(colors: ft.ColorScheme, text_scale: float) -> ft.Theme:
    """Return the theme of one brightness at the officer's text size."""
    style = _button_style(text_scale)
    ground, shape = colors.surface_container_lowest, ft.RoundedRectangleBorder(radius=24)
    return ft.Theme(
        color_scheme=colors,
        text_theme=_text_theme(text_scale, str(colors.on_surface)),
        scaffold_bgcolor=colors.surface,
        visual_density=ft.VisualDensity.STANDARD,
        page_transitions=ft.PageTransitionsTheme(
            android=ft.PageTransitionTheme.FADE_FORWARDS,
            linux=ft.PageTransitionTheme.NONE,
            windows=ft.PageTransitionTheme.NONE,
            macos=ft.PageTransitionTheme.NONE,
        ),
        filled_button_theme=ft.FilledButtonTheme(style=style),
        outlined_button_theme=ft.OutlinedButtonTheme(style=style),
        text_button_theme=ft.TextButtonTheme(style=style),
        icon_theme=ft.IconTheme(color=colors.on_surface_variant, size=24),
        appbar_theme=ft.AppBarTheme(
            bgcolor=colors.surface,
            color=colors.on_surface,
            elevation=0,
            elevation_on_scroll=0,
            toolbar_height=60 if text_scale < LARGE_FROM else 80,
            title_text_style=ft.TextStyle(
                size=21 * min(text_scale, 1.15),
                weight=BOLD,
                font_family=BOLD_FAMILY,
                color=colors.on_surface,
            ),
        ),
        navigation_bar_theme=ft.NavigationBarTheme(
            bgcolor=colors.surface_container,
            indicator_color=colors.primary_container,
            elevation=0,
            height=76,
            label_text_style=ft.TextStyle(size=13, color=colors.on_surface),
        ),
        navigation_rail_theme=ft.NavigationRailTheme(
            bgcolor=colors.surface_container, indicator_color=colors.primary_container
        ),
        dialog_theme=ft.DialogTheme(bgcolor=ground, shape=shape),
        date_picker_theme=ft.DatePickerTheme(bgcolor=ground, shape=shape),
        time_picker_theme=ft.TimePickerTheme(bgcolor=ground, shape=shape),
        divider_theme=ft.DividerTheme(color=colors.outline_variant, thickness=1),
        snackbar_theme=ft.SnackBarTheme(behavior=ft.SnackBarBehavior.FLOATING),
    )


def apply_theme(page: ft.Page, *, mode: str, text_scale: float) -> None:
    """Give a page both brightnesses and the officer's choice between them."""
    page.fonts = dict(FONTS)
    page.theme = build_theme(LIGHT, text_scale)
    page.dark_theme = build_theme(DARK, text_scale)
    page.theme_mode = {"light": ft.ThemeMode.LIGHT, "dark": ft.ThemeMode.DARK}.get(
        mode, ft.ThemeMode.SYSTEM
    )
