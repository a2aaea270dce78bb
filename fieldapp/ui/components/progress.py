"""Where the officer is in a form: one bar a page, and whether the draft is saved."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.fields import Section
from fieldapp.ui.components import text
from fieldapp.ui.forms import FormState
from fieldapp.ui.state import AppState


def progress_strip(
    app: AppState, form: FormState, sections: Sequence[Section], index: int
) -> ft.Control:
    """Return one bar a page, and the line below unless text is so large that it must scroll.

    A page with problems is marked and says so.
    """
    bars = ft.Row(
        [_bar(app, form, section, place) for place, section in enumerate(sections)], spacing=5
    )
    parts: list[ft.Control] = [bars]
    if not app.words.is_large:
        parts.append(progress_line(app, form, sections, index))
    return ft.Column(
        parts, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def progress_line(
    app: AppState, form: FormState, sections: Sequence[Section], index: int
) -> ft.Control:
    """Return in words which page this is and whether the draft is saved."""
    saved = "ui.form.saved" if form.is_saved else "ui.form.saving"
    if not form.draft_id:
        saved = "ui.form.not_sealed"
    where = text.note(app.t("ui.form.step", number=index + 1, total=len(sections)))
    state = ft.Semantics(live_region=False, content=text.note(app.t(saved)))
    if app.words.is_large:
        return ft.Column([where, state], spacing=0, tight=True)
    return ft.Row([ft.Container(where, expand=True), state], spacing=8)


def _bar(app: AppState, form: FormState, section: Section, place: int) -> ft.Control:
    wrong = form.problems_in(place)
    is_here = place == form.section
    color = ft.Colors.OUTLINE_VARIANT
    if wrong:
        color = ft.Colors.ERROR
    elif place <= form.section or form.is_visited(place):
        color = ft.Colors.PRIMARY
    name = app.words.text(section.label)
    spoken = f"{place + 1}. {name}"
    if wrong:
        spoken = f"{spoken}: {app.t('ui.form.problems', count=wrong)}"

    def turn(_: object) -> None:
        form.go_to(place)

    return ft.Semantics(
        label=spoken,
        button=True,
        selected=is_here,
        container=True,
        exclude_semantics=True,
        on_tap=turn,
        expand=True,
        content=ft.Container(
            padding=ft.Padding.symmetric(vertical=18),
            on_click=turn,
            data=spoken,
            tooltip=name if app.wide else None,
            content=ft.Container(height=8 if is_here else 5, border_radius=4, bgcolor=color),
        ),
    )
