"""The theme keeps its promises: contrast in light and dark, sizes, touch."""

from __future__ import annotations

from itertools import product

import flet as ft
import pytest

from fieldapp.ui.components.device_facts import LOOKS as DEVICE_LOOKS
from fieldapp.ui.components.device_facts import QUIET, WAITS
from fieldapp.ui.components.surfaces import TONES
from fieldapp.ui.components.ticks import LOOKS
from fieldapp.ui.theme import DARK, LIGHT, TOUCH, TYPE, build_theme

INKS = ("on_surface", "on_surface_variant", "primary", "tertiary", "error")
GROUNDS = (
    *("surface", "surface_container_lowest", "surface_container_low", "surface_container"),
    *("surface_container_high", "primary_container"),
)
"""What words are written in, and what they may stand on: a chosen row is a ground like another."""
PAIRS = [
    *product(INKS, GROUNDS),
    ("on_primary", "primary"),
    ("on_error", "error"),
    ("on_surface_variant", "surface_container_highest"),
    ("on_inverse_surface", "inverse_surface"),
    ("inverse_primary", "inverse_surface"),
    *((ink, ground) for ground, ink in TONES.values()),
    *((look.ink, look.ground) for look in LOOKS.values()),
    *((ink, ground) for _, ground, ink in (*DEVICE_LOOKS.values(), QUIET, WAITS)),
]


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def role(colors: ft.ColorScheme, name: str) -> str:
    plain = name.value if isinstance(name, ft.Colors) else name
    parts = "".join(f"_{c}" if c.isdigit() else c for c in plain)
    words = {
        "onprimary": "on_primary",
        "primarycontainer": "primary_container",
        "onprimarycontainer": "on_primary_container",
        "secondarycontainer": "secondary_container",
        "onsecondarycontainer": "on_secondary_container",
        "tertiarycontainer": "tertiary_container",
        "ontertiarycontainer": "on_tertiary_container",
        "errorcontainer": "error_container",
        "onerrorcontainer": "on_error_container",
        "surfacecontainerhigh": "surface_container_high",
        "onsurfacevariant": "on_surface_variant",
    }
    return str(getattr(colors, words.get(parts, parts)))


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_is_readable_on_its_ground(colors: ft.ColorScheme, ink: str, ground: str) -> None:
    assert contrast(role(colors, ink), role(colors, ground)) >= 4.5


def test_the_base_size_is_eighteen_and_touch_is_large() -> None:
    assert TYPE["body_large"][0] == 18
    assert min(size for size, _, _ in TYPE.values()) >= 13
    assert TOUCH >= 48


def test_text_has_a_colour_of_its_own_in_the_dark() -> None:
    theme = build_theme(DARK, 1.0)
    assert theme.text_theme is not None
    assert theme.text_theme.headline_small is not None
    assert theme.text_theme.headline_small.color == DARK.on_surface
