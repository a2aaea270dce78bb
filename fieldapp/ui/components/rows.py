"""One record in a list: what, when and where, how urgent, and how far it got."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.domain.record_type import Menu
from fieldapp.domain.record_types import find_record_type
from fieldapp.domain.taxonomy import URGENCIES
from fieldapp.services.views import RecordRow
from fieldapp.ui.components import text
from fieldapp.ui.components.ticks import chip, tick_badge
from fieldapp.ui.theme import RADIUS
from fieldapp.ui.words import Words

LOUD = {"U1", "U2"}


def type_icon(key: str) -> ft.IconData:
    """Return the icon that a type of record declares."""
    declared = find_record_type(key)
    icon: ft.IconData = getattr(ft.Icons, declared.icon.upper() if declared else "DESCRIPTION")
    return icon


def record_row(
    row: RecordRow, words: Words, on_open: Callable[[], None], *, selected: bool = False
) -> ft.Control:
    """Return the card of one record."""
    most = None if words.is_large else 2
    lines: list[ft.Control] = [text.strong(row.title, max_lines=most)]
    lines.append(text.note(words.line(row.subtitle, row.unit_name), max_lines=most))
    if kind := _kind(row, words):
        lines.append(text.note(kind, max_lines=most and 1))
    if not row.mine:
        lines.append(text.note(words.t("ui.row.from", author=row.author), max_lines=most and 1))
    lines.append(ft.Row(row_badges(row, words), wrap=True, spacing=6, run_spacing=6))

    def tap(_: object) -> None:
        on_open()

    return ft.Container(
        key=row.id,
        margin=ft.Margin.only(bottom=10),
        bgcolor=ft.Colors.PRIMARY_CONTAINER if selected else ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.PRIMARY if selected else ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        padding=14,
        ink=True,
        on_click=tap,
        data=row.title,
        content=ft.Row(
            [
                ft.Container(
                    width=44,
                    height=44,
                    border_radius=12,
                    bgcolor=ft.Colors.SURFACE_CONTAINER,
                    alignment=ft.Alignment.CENTER,
                    content=ft.Icon(type_icon(row.type), color=ft.Colors.PRIMARY),
                ),
                ft.Column(lines, spacing=4, expand=True, tight=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )


def row_badges(row: RecordRow, words: Words) -> list[ft.Control]:
    """Return what a row says in icons and words: how far it got, how urgent, what is wrong."""
    badges: list[ft.Control] = [tick_badge(row.tick, words)]
    if row.ended:
        badges.append(
            chip(
                words.t("ui.ended"),
                ft.Icons.EVENT_BUSY,
                ft.Colors.SURFACE_CONTAINER_HIGH,
                ft.Colors.ON_SURFACE_VARIANT,
            )
        )
    if stage := _stage(row, words):
        badges.append(
            chip(
                stage,
                ft.Icons.TIMELINE,
                ft.Colors.SECONDARY_CONTAINER,
                ft.Colors.ON_SECONDARY_CONTAINER,
            )
        )
    if row.urgency in LOUD:
        badges.append(urgency_chip(row.urgency or "", words))
    if row.overdue:
        badges.append(
            chip(
                words.t("ui.overdue"),
                ft.Icons.ALARM,
                ft.Colors.ERROR_CONTAINER,
                ft.Colors.ON_ERROR_CONTAINER,
            )
        )
    if row.conflicted:
        badges.append(
            chip(
                words.t("ui.conflicted"),
                ft.Icons.CALL_SPLIT,
                ft.Colors.TERTIARY_CONTAINER,
                ft.Colors.ON_TERTIARY_CONTAINER,
            )
        )
    return badges


def _kind(row: RecordRow, words: Words) -> str:
    """Name the kind of a record, but for the two that everybody knows by their icons."""
    declared = find_record_type(row.type)
    if declared is None or declared.menu is Menu.FIRST:
        return ""
    return words.text(declared.label)


def _stage(row: RecordRow, words: Words) -> str:
    """Say how far a long work has come."""
    declared = find_record_type(row.type)
    spec = declared.field(declared.stage) if declared and declared.stage else None
    option = spec.option(row.stage or "") if spec else None
    return words.text(option.label) if option else ""


def urgency_chip(urgency: str, words: Words) -> ft.Control:
    """Return how urgent something is, as icon and word."""
    option = next((found for found in URGENCIES if found.key == urgency), None)
    return chip(
        words.text(option.label) if option else urgency,
        ft.Icons.NOTIFICATION_IMPORTANT if urgency == "U1" else ft.Icons.BOLT,
        ft.Colors.TERTIARY_CONTAINER,
        ft.Colors.ON_TERTIARY_CONTAINER,
    )
