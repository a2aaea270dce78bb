"""The way to a record that another one names.

Laws:
  * It shows the record's title, day and place. One that is not here says so, with the few letters
    by which people call it, and leads nowhere.
"""

from __future__ import annotations

import flet as ft

from fieldapp.domain.record_types import find_record_type
from fieldapp.domain.values import short_number
from fieldapp.services.views import RecordRow
from fieldapp.ui.components import text
from fieldapp.ui.components.rows import type_icon
from fieldapp.ui.context import navigate
from fieldapp.ui.theme import RADIUS_FIELD
from fieldapp.ui.words import Words


def record_link(
    words: Words, record_id: str, row: RecordRow | None, *, says_kind: bool = False
) -> ft.Control:
    """Return the way to a record; ``row`` is what this device holds of it.

    What kind it is, is said where the field's name does not say it.
    """
    if row is None:
        said = words.t("ui.link.elsewhere", number=short_number(record_id))
        return text.body(said, ft.Colors.ON_SURFACE_VARIANT)

    def go(_: object) -> None:
        navigate(f"/records/{row.id}")

    said = words.line(row.subtitle, row.unit_name)
    declared = find_record_type(row.type)
    if says_kind and declared is not None:
        said = f"{words.text(declared.label)} · {said}"
    lines: list[ft.Control] = [text.strong(row.title), text.note(said)]
    return ft.Semantics(
        label=row.title,
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=go,
        content=ft.Container(
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
            border_radius=RADIUS_FIELD,
            padding=ft.Padding.symmetric(vertical=10, horizontal=12),
            ink=True,
            on_click=go,
            data=row.title,
            content=ft.Row(
                [
                    ft.Icon(type_icon(row.type), color=ft.Colors.PRIMARY),
                    ft.Column(lines, spacing=0, expand=True, tight=True),
                    ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
                ],
                spacing=12,
            ),
        ),
    )
