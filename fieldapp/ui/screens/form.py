"""The form of a record: short pages made from its declaration, saved while it is typed.

A page shows its first fields, the required ones and whatever holds a value; the rest is behind
one button. The strip at the top says where the officer is and which pages need another look.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.fields import FieldSpec, Kind, Section
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import icon_button, quiet_button, side_button
from fieldapp.ui.components.care import care_banners
from fieldapp.ui.components.concern_inputs import concern_input
from fieldapp.ui.components.failure import failure_banner, failure_line
from fieldapp.ui.components.field_editor import Slot, field_editor, unit_choices
from fieldapp.ui.components.groups import GroupEditor
from fieldapp.ui.components.matrix import CountMatrix
from fieldapp.ui.components.meeting_parts import after_field, own_input, page_notes
from fieldapp.ui.components.picker import Picker, PickerField
from fieldapp.ui.components.progress import progress_line, progress_strip
from fieldapp.ui.components.record_values import FormRemarks
from fieldapp.ui.components.shell import column, page_view, pinned
from fieldapp.ui.components.surfaces import keyed, loading
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.forms import EMPTY, FormState, Sources
from fieldapp.ui.runs import Failure
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import DIALOG_INSET

FIRST_FIELDS = 5
WORTH_HIDING = 3
TIGHT = ft.ButtonStyle(padding=ft.Padding.symmetric(vertical=18, horizontal=8))


@ft.component
def DraftScreen() -> ft.View:
    """The form of a draft."""
    app = use_app()
    draft_id = ft.use_route_params().get("did", "")

    async def open_it() -> None:
        page = ft.context.page
        await app.open_draft(draft_id)
        if app.form is not None and app.form.amends:
            page.navigate(f"/records/{app.form.record_id}/amend")

    ft.use_effect(open_it, dependencies=[draft_id])
    route = f"/draft/{draft_id}"
    form = app.form
    if form is None or form.record_id != draft_id or form.amends:
        return _not_open(app, route)
    return _form_view(app, form, route, f"{route}/review")


@ft.component
def AmendScreen() -> ft.View:
    """The form over a sealed record."""
    app = use_app()
    record_id = ft.use_route_params().get("rid", "")

    async def open_it() -> None:
        record = await app.look(app.services.records.show, record_id)
        if record is not None:
            await app.open_amendment(record)

    ft.use_effect(open_it, dependencies=[record_id])
    route = f"/records/{record_id}/amend"
    form = app.form
    if form is None or form.record_id != record_id or not form.amends:
        return _not_open(app, route)
    return _form_view(app, form, route, f"{route}/review")


def _not_open(app: AppState, route: str) -> ft.View:
    failure = failure_banner(app)
    body: list[ft.Control] = [loading(app.t("ui.loading"))]
    if failure is not None:
        home = side_button(app.t("ui.tab.home"), lambda _: navigate("/"), icon=ft.Icons.HOME)
        body = [failure, home]
    return page_view(app, route, app.t("ui.record"), column(app, body))


def _form_view(app: AppState, form: FormState, route: str, review: str) -> ft.View:
    name = app.t("ui.form.amend") if form.amends else app.words.text(form.record_type.begin_words)
    return page_view(
        app,
        route,
        name,
        FormBody(form),
        footer=FormFooter(form, review),
        actions=[DiscardButton(form)],
    )


@guarded
def DiscardButton(form: FormState) -> ft.Control:
    """Delete the draft, after one question; a sealed record under it stays as it is."""
    app = use_app()
    draft_id, kind = form.draft_id, "amendment" if form.amends else "draft"
    is_asking, set_asking = ft.use_state(False)

    async def discard() -> None:
        page = ft.context.page
        set_asking(False)
        page.navigate(f"/records/{form.record_id}" if form.amends else "/")
        await app.discard_draft(draft_id)

    ft.use_dialog(
        ft.AlertDialog(
            title=ft.Text(app.t("ui.form.discard_question")),
            content=text.body(app.t(f"ui.form.discard_{kind}")),
            inset_padding=DIALOG_INSET,
            actions=[
                quiet_button(app.t("ui.form.keep"), lambda _: set_asking(False)),
                quiet_button(app.t("ui.delete"), later(discard), danger=True),
            ],
            on_dismiss=lambda _: set_asking(False),
        )
        if is_asking
        else None
    )
    if not draft_id:
        return ft.Container()
    return icon_button(
        app.t("ui.form.discard"), ft.Icons.DELETE_OUTLINE, lambda _: set_asking(True)
    )


@guarded
def FormBody(form: FormState) -> ft.Control:
    """The page of the section where the officer is."""
    app = use_app()
    show_all, set_show_all = ft.use_state(-1)

    async def load() -> Sources | None:
        return await app.sources(form.unit)

    sources = use_loaded(load, [form.unit]) or Sources()
    sections = form.sections()
    index = min(form.section, len(sections) - 1)
    section = sections[index]
    specs = form.specs(section)
    first, rest = split(specs, form) if show_all != index else (specs, [])
    controls = _page_head(app, form, sections, index)
    controls += page_notes(form, section)
    if _asks_unit(form, section, sources):
        controls.append(_unit_picker(app, form, sources))
    for place, spec in enumerate(first):
        if index == 0 and place == 1:
            controls += care_banners(app, form)
        is_titled = spec.label == section.label
        if (found := _input(app, form, spec, sources, is_titled=is_titled)) is not None:
            controls.append(found)
        controls += after_field(form, spec, app.words)
    controls.append(keyed(f"remarks-{index}", FormRemarks(form, section.names)))
    if rest:
        controls.append(
            quiet_button(
                app.t("ui.form.more", count=len(rest)),
                lambda _: set_show_all(index),
                icon=ft.Icons.EXPAND_MORE,
            )
        )
    if index == len(sections) - 1:
        controls += _later_button(app, form)
    page = ft.Container(column(app, controls), key=f"section-{index}", expand=True)
    return pinned(app, progress_strip(app, form, sections, index), page)


def _page_head(
    app: AppState, form: FormState, sections: Sequence[Section], index: int
) -> list[ft.Control]:
    """Return what stands above the page's fields: its heading is pinned unless text is large."""
    section = sections[index]
    controls: list[ft.Control] = []
    if app.words.is_large:
        controls.append(progress_line(app, form, sections, index))
    if section.help is not None:
        controls.append(text.note(app.words.text(section.help)))
    if (problem := form.failure) is not None:
        controls.append(failure_line(Failure(problem.code, problem.params), app.words))
    return controls


def _later_button(app: AppState, form: FormState) -> list[ft.Control]:
    """Return the way to the pages that were left for later, named, or nothing."""
    left = form.later_sections()
    if not left:
        return []
    named = ", ".join(app.words.text(section.label) for section in left)
    words = app.t("ui.form.more_pages", pages=named)
    return [quiet_button(words, lambda _: form.show_later(), icon=ft.Icons.POST_ADD)]


def split(specs: Sequence[FieldSpec], form: FormState) -> tuple[list[FieldSpec], list[FieldSpec]]:
    """Part a page's fields into those shown at once and those behind "more"."""
    first, rest = [], []
    for place, spec in enumerate(specs):
        is_main = place < FIRST_FIELDS or spec.required or spec.kind is Kind.GROUP
        if is_main or form.value(spec.name) not in EMPTY or form.problem(spec.name):
            first.append(spec)
        else:
            rest.append(spec)
    return (first, rest) if len(rest) >= WORTH_HIDING else (list(specs), [])


def _input(
    app: AppState, form: FormState, spec: FieldSpec, sources: Sources, *, is_titled: bool
) -> ft.Control | None:
    own = own_input(form, spec, app.words, sources) or concern_input(app, form, spec)
    if own is not None:
        return own
    if spec.kind is Kind.GROUP:
        return keyed(spec.name, GroupEditor(spec, form, app.words, sources, is_titled=is_titled))
    if spec.kind is Kind.COUNT_MATRIX:
        return keyed(spec.name, CountMatrix(spec, form, app.words, spec.name, is_titled=is_titled))
    return field_editor(Slot(spec, spec.name, form, app.words, sources))


def _asks_unit(form: FormState, section: Section, sources: Sources) -> bool:
    """The record's own unit is asked where the day is, else on the first page."""
    if form.amends:
        return False
    places = [one for one in form.record_type.sections if one.key == "where"]
    if not places and len(sources.own) < 2:  # noqa: PLR2004  nothing to choose between
        return False
    return section == (places or form.sections())[0]


def _unit_picker(app: AppState, form: FormState, sources: Sources) -> ft.Control:
    problem = form.problem("unit")
    is_coarse = form.sealed_unit != form.unit
    field = PickerField(
        app.t("ui.form.unit"),
        unit_choices(sources.own, app.words),
        (form.unit,),
        error=app.words.problem(problem) if problem else None,
        helper=app.t("ui.form.unit_coarse") if is_coarse else None,
        required=True,
        icon=ft.Icons.LOCATION_ON_OUTLINED,
    )
    return Picker(field, app.words, lambda keys: form.set_unit(keys[0]) if keys else None)


@guarded
def FormFooter(form: FormState, review: str) -> ft.Control:
    """Back and next; after the last page comes the review."""
    app = use_app()
    last = form.section >= len(form.sections()) - 1

    async def go_on() -> None:
        page = ft.context.page
        app.touch()
        if not last:
            # Taken before the wait, so that a second tap does not skip a page.
            following = form.section + 1
            await app.check_form()
            form.go_to(following)
            return
        form.visit_all()
        if await app.check_form():
            page.navigate(review)
        elif (first := form.first_with_problem()) is not None:
            form.go_to(first)

    buttons: list[ft.Control] = [] if form.section == 0 else [_previous_button(app, form)]
    onward = ft.FilledButton(
        style=TIGHT,
        content=app.t("ui.form.review" if last else "ui.continue"),
        on_click=later(go_on),
        width=float("inf"),
    )
    buttons.append(ft.Container(onward, expand=3))
    rows = [*_problem_line(app, form), ft.Row(buttons, spacing=10)]
    return ft.Column(rows, spacing=8, tight=True)


def _previous_button(app: AppState, form: FormState) -> ft.Control:
    button = ft.OutlinedButton(
        style=TIGHT,
        content=app.t("ui.form.previous"),
        on_click=lambda _: form.go_to(form.section - 1),
        width=float("inf"),
    )
    return ft.Container(button, expand=2)


def _problem_line(app: AppState, form: FormState) -> list[ft.Control]:
    """Say how much is left to mend, once the officer has been everywhere."""
    problems = form.problem_count()
    if not problems or not all(form.is_visited(place) for place in range(len(form.sections()))):
        return []
    words = text.note(app.t("ui.form.problems", count=problems), ft.Colors.ERROR)
    return [
        ft.Row(
            [
                ft.Icon(ft.Icons.ERROR_OUTLINE, color=ft.Colors.ERROR),
                ft.Container(words, expand=True),
            ]
        )
    ]
