"""Categories as tiles: a picture over a word, two beside each other on a phone.

Laws:
  * The whole tile is one button, about a hundred points high, and is called what its word says.
  * Restricted categories stand on warm ground with a shield, so that care begins with the eye.
  * Large text gets the whole width; nothing is cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import Category
from fieldapp.ui.components import text
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import RADIUS

Choose = Callable[[Category], None]
GRID_GAP = 10


def category_icon(category: Category) -> ft.IconData:
    """Return the picture of a category."""
    found: ft.IconData = getattr(ft.Icons, category.icon.upper())
    return found


def columns_of(app: AppState) -> int:
    """Return how many tiles stand beside each other."""
    if app.words.is_large:
        return 2 if app.wide else 1
    return 4 if app.wide else 2


def tile_rows(app: AppState, shown: Sequence[Category], choose: Choose) -> list[ft.Control]:
    """Return the tiles as rows of equal width."""
    wide = columns_of(app)
    rows = [shown[at : at + wide] for at in range(0, len(shown), wide)]
    return [_row(app, row, wide, choose) for row in rows]


def _row(app: AppState, row: Sequence[Category], wide: int, choose: Choose) -> ft.Control:
    cells: list[ft.Control] = [
        ft.Container(tile(app, category, choose), expand=True, key=category.key) for category in row
    ]
    cells.extend(ft.Container(expand=True) for _ in range(wide - len(row)))
    return ft.Container(
        ft.Row(
            cells,
            spacing=GRID_GAP,
            intrinsic_height=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.only(bottom=GRID_GAP),
    )


def tile(app: AppState, category: Category, choose: Choose) -> ft.Control:
    """Return one category as a button."""
    words = app.words.text(category.label)
    is_restricted = category.tier is Tier.RESTRICTED
    ink = ft.Colors.ON_TERTIARY_CONTAINER if is_restricted else ft.Colors.ON_PRIMARY_CONTAINER
    ground = ft.Colors.TERTIARY_CONTAINER if is_restricted else ft.Colors.PRIMARY_CONTAINER

    def take(_: object) -> None:
        choose(category)

    picture: list[ft.Control] = [picture_of(category, ground, ink)]
    if is_restricted:
        picture.append(ft.Icon(ft.Icons.SHIELD_OUTLINED, size=20, color=ft.Colors.TERTIARY))
    inside: ft.Control = ft.Column(
        [
            ft.Row(picture, alignment=ft.MainAxisAlignment.SPACE_BETWEEN),
            text.label(words, ft.Colors.ON_SURFACE),
        ],
        spacing=8,
        tight=True,
    )
    if app.words.is_large:
        inside = ft.Row(
            [*picture, ft.Container(text.label(words, ft.Colors.ON_SURFACE), expand=True)],
            spacing=12,
        )
    return ft.Semantics(
        label=words,
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=take,
        content=ft.Container(
            inside,
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
            border_radius=RADIUS,
            padding=12,
            ink=True,
            on_click=take,
            data=words,
        ),
    )


def picture_of(category: Category, ground: str, ink: str) -> ft.Control:
    """Return the picture of a category on its round ground."""
    return ft.Container(
        ft.Icon(category_icon(category), size=26, color=ink),
        width=46,
        height=46,
        border_radius=23,
        bgcolor=ground,
        alignment=ft.Alignment.CENTER,
    )
