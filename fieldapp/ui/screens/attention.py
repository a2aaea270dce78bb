"""What needs a person, with what to do about each: nothing is only counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.services.views import QueryView, RecordRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.rows import type_icon
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import banner, empty_state, loading
from fieldapp.ui.context import navigate, use_app, use_loaded
from fieldapp.ui.paging import Wanted, list_padding, long_list, use_records
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP, RADIUS


@dataclass(frozen=True, slots=True)
class Matter:
    """One line: what it is, what to do, and where."""

    title: str
    about: str
    advice: str
    icon: ft.IconData
    route: str


@ft.component
def AttentionScreen() -> ft.View:
    """Everything that needs a person."""
    app = use_app()
    return page_view(app, "/attention", app.t("ui.attention"), AttentionList())


@guarded
def AttentionList() -> ft.Control:
    """A line for each, with what to do."""
    app = use_app()
    pages = use_records(app, Wanted(state="needs_you"), with_columns=False)

    async def load() -> Sequence[QueryView] | None:
        return await app.look(app.services.answers.open)

    questions = use_loaded(load, [app.revision])
    failure = failure_banner(app)
    found = pages.found
    if found is None or questions is None:
        return column(app, [failure or loading(app.t("ui.loading"))])
    controls = [] if failure is None else [failure]
    controls += [_card(one, is_large=app.words.is_large) for one in _asked(app, questions)]
    controls += [_card(_of(app, row), is_large=app.words.is_large) for row in found.rows]
    if not found.is_whole:
        more = app.t("ui.records.more", shown=len(found.rows), total=found.total)
        controls.append(side_button(more, pages.more, icon=ft.Icons.EXPAND_MORE))
    counted = app.status.needs_attention if app.status is not None else 0
    if (aside := counted - found.total - len(questions)) > 0:
        words = app.t("ui.attention.aside", count=aside)
        controls.append(banner(words, ft.Icons.REPORT_GMAILERRORRED, tone="care"))
    if not controls:
        controls = [
            empty_state(
                app.t("ui.attention.none"), app.t("ui.attention.none_hint"), ft.Icons.TASK_ALT
            )
        ]
    rows = [ft.Container(one, padding=ft.Padding.only(bottom=GAP)) for one in controls]
    return long_list(app, rows, pages.more, list_padding(app))


def _asked(app: AppState, questions: Sequence[QueryView]) -> list[Matter]:
    return [
        Matter(
            one.question,
            f"{app.words.text(one.asked_by)} · {one.record_title}",
            app.t("ui.attention.asked"),
            ft.Icons.QUESTION_ANSWER,
            f"/questions/{one.id}",
        )
        for one in questions
    ]


def _of(app: AppState, row: RecordRow) -> Matter:
    """Say what to do about a record, the most serious first."""
    if row.tick == "needs_you":
        advice = app.t("ui.attention.refused")
    elif row.conflicted:
        advice = app.t("ui.attention.conflict")
    else:
        advice = app.t("ui.attention.late")
    about = app.words.line(row.subtitle, row.unit_name)
    return Matter(row.title, about, advice, type_icon(row.type), f"/records/{row.id}")


def _card(one: Matter, *, is_large: bool) -> ft.Control:
    lines: list[ft.Control] = [
        text.strong(one.title, max_lines=None if is_large else 3),
        text.note(one.about),
    ]
    lines.append(
        ft.Row(
            [
                ft.Icon(ft.Icons.ARROW_CIRCLE_RIGHT, color=ft.Colors.ERROR, size=22),
                ft.Container(text.body(one.advice), expand=True),
            ],
            spacing=10,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )

    def go(_: object) -> None:
        navigate(one.route)

    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        padding=14,
        ink=True,
        on_click=go,
        data=one.title,
        content=ft.Row(
            [
                ft.Icon(one.icon, color=ft.Colors.PRIMARY),
                ft.Column(lines, spacing=6, expand=True, tight=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )
