"""Where the officer is in a form: a numbered mark a page, its state in words, and the saving.

A mark shows a number, a tick or a warning; what it means is spoken and, on wide screens, written.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.fields import Section
from fieldapp.ui.components import text
from fieldapp.ui.forms import FormState
from fieldapp.ui.state import AppState

MARK = 32
TOUCH_HEIGHT = 52


def progress_strip(
    app: AppState, form: FormState, sections: Sequence[Section], index: int
) -> ft.Control:
    """Return a mark a page, and the line below unless text is so large that it must scroll."""
    marks = ft.Row(
        [_mark(app, form, section, place) for place, section in enumerate(sections)],
        spacing=2,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    # An open keyboard leaves room for the page's name and what is written, not for the marks;
    # one page alone has no others to go to.
    parts: list[ft.Control] = [] if app.is_low or len(sections) == 1 else [marks]
    if not app.words.is_large:
        parts.append(progress_line(app, form, sections, index))
    return ft.Column(
        parts,
        spacing=14 if app.wide else 0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def progress_line(
    app: AppState, form: FormState, sections: Sequence[Section], index: int
) -> ft.Control:
    """Return the page's heading: which page this is, and whether the draft is saved."""
    saved = "ui.form.saved" if form.is_saved else "ui.form.saving"
    if not form.draft_id:
        saved = "ui.form.not_sealed"
    name = app.words.text(sections[index].label)
    total = len(sections)
    step = app.t("ui.form.where", number=index + 1, total=total, name=name) if total > 1 else name
    where = text.heading(step)
    state = ft.Semantics(live_region=False, content=text.note(app.t(saved)))
    if app.words.is_large:
        return ft.Column([where, state], spacing=0, tight=True)
    return ft.Row([ft.Container(where, expand=True), state], spacing=8)


def _state(app: AppState, form: FormState, place: int) -> str:
    """Say how far a page is."""
    if wrong := form.problems_in(place):
        return app.t("ui.form.problems", count=wrong)
    if place == form.section:
        return app.t("ui.form.page_here")
    return app.t("ui.form.page_done" if form.is_visited(place) else "ui.form.page_new")


def _face(form: FormState, place: int) -> tuple[ft.Control, str, str]:
    """Return what stands in a mark, its ground and its border."""
    is_here, wrong = place == form.section, form.problems_in(place) > 0
    ink, ground, edge = ft.Colors.ON_SURFACE_VARIANT, ft.Colors.SURFACE, ft.Colors.OUTLINE
    if is_here:
        ink, ground, edge = ft.Colors.ON_PRIMARY, ft.Colors.PRIMARY, ft.Colors.PRIMARY
    elif wrong:
        ink, ground, edge = ft.Colors.ON_ERROR, ft.Colors.ERROR, ft.Colors.ERROR
    elif form.is_visited(place):
        ink, ground, edge = (
            ft.Colors.ON_PRIMARY_CONTAINER, ft.Colors.PRIMARY_CONTAINER, ft.Colors.PRIMARY,
        )  # fmt: skip
    if wrong:
        return ft.Icon(ft.Icons.PRIORITY_HIGH, color=ink, size=20), ground, ft.Colors.ERROR
    if form.is_visited(place) and not is_here:
        return ft.Icon(ft.Icons.CHECK, color=ink, size=20), ground, edge
    # The number is a mark, not a text: it keeps its size inside its circle.
    number = ft.Text(str(place + 1), size=16, color=ink, weight=ft.FontWeight.W_700, no_wrap=True)
    return number, ground, edge


def _mark(app: AppState, form: FormState, section: Section, place: int) -> ft.Control:
    name = app.words.text(section.label)
    spoken = f"{place + 1}. {name}: {_state(app, form, place)}"
    face, ground, edge = _face(form, place)

    def turn(_: object) -> None:
        form.go_to(place)

    circle = ft.Container(
        face,
        width=MARK,
        height=MARK,
        border_radius=MARK / 2,
        bgcolor=ground,
        border=ft.Border.all(2, edge),
        alignment=ft.Alignment.CENTER,
    )
    parts: list[ft.Control] = [
        ft.Container(circle, height=TOUCH_HEIGHT, alignment=ft.Alignment.CENTER)
    ]
    if app.wide and not app.words.is_large:
        is_here = place == form.section
        color = ft.Colors.PRIMARY if is_here else ft.Colors.ON_SURFACE_VARIANT
        caption = text.note(name, color)
        caption.text_align = ft.TextAlign.CENTER
        parts.append(caption)
    return ft.Semantics(
        label=spoken,
        button=True,
        selected=place == form.section,
        container=True,
        exclude_semantics=True,
        on_tap=turn,
        expand=True,
        content=ft.Container(
            on_click=turn,
            ink=True,
            border_radius=12,
            data=spoken,
            content=ft.Column(
                parts,
                spacing=0,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                tight=True,
            ),
        ),
    )
