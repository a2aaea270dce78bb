"""The colours by which a shared phone's lock screen tells its officers apart.

Law: a colour never stands alone; the number and the colour's name stand beside it.
"""

from __future__ import annotations

import flet as ft

from fieldapp.services.phone_view import OfficerChoice
from fieldapp.ui.words import Words

MARKS: dict[str, tuple[str, str]] = {
    "green": (ft.Colors.GREEN_800, ft.Colors.WHITE),
    "blue": (ft.Colors.BLUE_800, ft.Colors.WHITE),
    "orange": (ft.Colors.DEEP_ORANGE_800, ft.Colors.WHITE),
    "purple": (ft.Colors.PURPLE_800, ft.Colors.WHITE),
    "brown": (ft.Colors.BROWN_700, ft.Colors.WHITE),
    "grey": (ft.Colors.BLUE_GREY_800, ft.Colors.WHITE),
}
DISC = 44


def mark_disc(choice: OfficerChoice) -> ft.Control:
    """Return the coloured disc with the officer's number."""
    ground, ink = MARKS.get(choice.mark, MARKS["grey"])
    return ft.Container(
        width=DISC,
        height=DISC,
        border_radius=DISC / 2,
        bgcolor=ground,
        alignment=ft.Alignment.CENTER,
        content=ft.Text(str(choice.number), theme_style=ft.TextThemeStyle.TITLE_MEDIUM, color=ink),
    )


def officer_words(choice: OfficerChoice, words: Words) -> str:
    """Name an officer by number and colour, which is all that the phone tells."""
    return words.t("ui.officers.one", number=choice.number, mark=mark_words(choice.mark, words))


def mark_words(mark: str, words: Words) -> str:
    """Return the name of a colour."""
    return words.t(f"ui.officers.{mark}")
