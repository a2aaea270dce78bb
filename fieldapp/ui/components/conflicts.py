"""A field that was changed in two places: both values with their names, and the choice."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from fieldapp.services.conflicts import may_choose
from fieldapp.services.views import ConflictView, RecordView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.failure import failure_of
from fieldapp.ui.components.record_values import value_at
from fieldapp.ui.components.surfaces import card, stack
from fieldapp.ui.context import later, use_app
from fieldapp.ui.editing import Outcome
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP, RADIUS


@guarded
def Conflicts(record: RecordView, names: Mapping[str, str]) -> ft.Control:
    """Every field of a record that was changed in two places; places by their names."""
    app = use_app()
    if not record.conflicts:
        return ft.Container()
    parts = [_conflict(app, record, one, names) for one in record.conflicts]
    return stack([*failure_of(app, "choose"), *parts])


def _conflict(
    app: AppState, record: RecordView, one: ConflictView, names: Mapping[str, str]
) -> ft.Control:
    words = app.words
    heading = f"{app.t('ui.conflict')}: {words.text(one.label)}"
    kept = app.t("ui.conflict.kept", author=one.kept_author or record.author)
    when = words.instant(one.at_ms)
    lost = app.t("ui.conflict.lost", author=one.lost_author, when=when)
    values = [(kept, one.kept, True), (lost, one.lost, False)]
    parts: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.CALL_SPLIT, color=ft.Colors.TERTIARY),
                ft.Container(text.heading(heading), expand=True),
            ],
            spacing=12,
        ),
        text.note(app.t("ui.conflict.hint")),
    ]
    for who, value, keeps in values:
        said = value_at(app.words, record.type, one.path, value, names)
        parts.append(_value(app, who, said, _choice(app, record, one, keeps=keeps)))
    return card(parts, spacing=12)


def _value(app: AppState, who: str, said: str, choice: ft.Control | None) -> ft.Control:
    lines: list[ft.Control] = [text.note(who), text.strong(said)]
    if choice is not None:
        lines.append(choice)
    del app
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border_radius=RADIUS,
        padding=GAP,
        content=stack(lines, spacing=6),
    )


def _choice(
    app: AppState, record: RecordView, one: ConflictView, *, keeps: bool
) -> ft.Control | None:
    if app.type_named(record.type) is None or not may_choose(one):
        return None

    async def choose() -> None:
        app.touch()
        await app.attempt(app.services.conflicts.choose, record.id, one.path, keeps=keeps)
        if app.failure is None:
            app.outcome = Outcome("ui.done.amended", {})
            await app.refresh()

    return side_button(app.t("ui.conflict.choose"), later(choose), icon=ft.Icons.CHECK)
