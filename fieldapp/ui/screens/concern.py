"""Report a concern: what it is about by picture and word, the right path first, then the form.

Laws:
  * One tap chooses and goes on; nothing is kept before it.
  * What is an emergency or restricted shows its path before the form; the rest opens the form.
  * Search understands both languages at once; what it does not know becomes "other" in the words
    that were typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from fieldapp.domain.categories import category
from fieldapp.domain.categories.search import find_categories
from fieldapp.domain.first_steps import FirstPath, first_path
from fieldapp.domain.hotlines import EMERGENCY, HOTLINES, hotline, hotlines_of
from fieldapp.domain.local_contacts import EMERGENCY_OFFICES, offices_of
from fieldapp.domain.taxonomy import GROUPS, Category, contact_label
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, quiet_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.hotlines import emergency_panel, first_calls, hotline_card
from fieldapp.ui.components.inputs import search_input
from fieldapp.ui.components.local_numbers import LocalCalls, LocalNumbers
from fieldapp.ui.components.shell import column, page_view, pinned
from fieldapp.ui.components.surfaces import card, loading
from fieldapp.ui.components.tiles import Choose, tile_rows
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.forms import FormState
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import CONTENT_WIDTH, GAP

OTHER = "other"


@ft.component
def ConcernScreen() -> ft.View:
    """What it is about: the first page of a new concern."""
    app = use_app()
    search, set_search = ft.use_state("")

    def choose(chosen: Category) -> None:
        page = ft.context.page

        async def begin() -> None:
            typed = search.strip() if not find_categories(search) else ""
            draft = await begin_concern(app, chosen, typed)
            if draft is not None:
                page.navigate(_onward(draft, chosen))

        later(begin)()

    body = _tiles(app, search, set_search, choose, _often(app))
    return page_view(app, "/concern", app.t("ui.concern.title"), body)


@ft.component
def CategoryScreen() -> ft.View:
    """Another category for a draft."""
    app = use_app()
    draft_id = ft.use_route_params().get("did", "")
    search, set_search = ft.use_state("")
    form = app.form

    def choose(chosen: Category) -> None:
        if form is not None:
            change_category(form, chosen)
            navigate(_onward(draft_id, chosen))

    body: ft.Control = loading(app.t("ui.loading"))
    if form is not None and form.record_id == draft_id:
        body = _tiles(app, search, set_search, choose, _often(app))
    return page_view(app, f"/draft/{draft_id}/category", app.t("ui.concern.title"), body)


def _often(app: AppState) -> Sequence[Category]:
    """What this phone reports most."""

    async def load() -> Sequence[str] | None:
        return await app.look(app.services.records.often_reported)

    keys = use_loaded(load, [app.revision]) or ()
    return [found for key in keys if (found := category(key)) is not None]


async def begin_concern(app: AppState, chosen: Category, typed: str = "") -> str | None:
    """Begin a draft about a category; words that fit none become its description."""
    fields: dict[str, object] = {"category": chosen.key}
    if chosen.key == OTHER and typed:
        fields["other_text"] = typed
    draft = await app.new_record("concern", fields)
    if app.form is not None and app.form.record_id == draft:
        # Presets follow from the choice, and the draft keeps nothing that the category hides.
        app.form.set("category", chosen.key)
        await app.form.save()
    return draft


def change_category(form: FormState, chosen: Category) -> None:
    """Take another category; what followed from the former one follows from this one."""
    before = category(form.fields.get("category"))
    form.set("category", chosen.key)
    for name in form.record_type.presets({"category": before.key}) if before else ():
        form.set(name, None)


def _onward(draft_id: str, chosen: Category) -> str:
    return f"/draft/{draft_id}/first" if first_path(chosen) else f"/draft/{draft_id}"


def _tiles(
    app: AppState,
    search: str,
    set_search: Callable[[str], None],
    choose: Choose,
    often: Sequence[Category],
) -> ft.Control:
    def look(words: str) -> None:
        app.touch()
        set_search(words)

    field = search_input(app.t("ui.concern.search"), search, look)
    head = ft.Container(field, padding=ft.Padding.only(top=8))
    rows: list[ft.Control] = []
    if search.strip():
        rows += _found(app, search, choose)
    else:
        short = emergency_panel(app, is_short=True)
        rows.append(ft.Container(short, padding=ft.Padding.only(bottom=8)))
        if often:
            rows += [_heading(app.t("ui.concern.often")), *tile_rows(app, often, choose)]
        for group in GROUPS:
            members = [row for row in find_categories("") if row.group == group.key]
            rows += [_heading(app.words.text(group.label)), *tile_rows(app, members, choose)]
        numbers = quiet_button(
            app.t("ui.hotline.all"), lambda _: navigate("/concern/numbers"), icon=ft.Icons.CALL
        )
        rows.append(numbers)
    listed = ft.ListView(
        rows, expand=True, padding=ft.Padding.only(left=GAP, right=GAP, top=8, bottom=40)
    )
    framed = ft.Container(listed, width=CONTENT_WIDTH if app.wide else None, expand=not app.wide)
    if app.wide:
        centred = ft.Row([framed], alignment=ft.MainAxisAlignment.CENTER, expand=True)
        return pinned(app, head, centred)
    return pinned(app, head, framed)


def _found(app: AppState, search: str, choose: Choose) -> list[ft.Control]:
    found = find_categories(search)
    if found:
        return tile_rows(app, found, choose)
    other = category(OTHER)
    rows = tile_rows(app, [other], choose) if other is not None else []
    return [ft.Container(text.body(app.t("ui.concern.nothing")), padding=4), *rows]


def _heading(words: str) -> ft.Control:
    return ft.Container(text.heading(words), padding=ft.Padding.only(top=10, bottom=8))


@ft.component
def FirstPathScreen() -> ft.View:
    """What to do before anything is written."""
    app = use_app()
    draft_id = ft.use_route_params().get("did", "")
    route = f"/draft/{draft_id}/first"

    async def open_it() -> None:
        page = ft.context.page
        await app.open_draft(draft_id)
        if app.form is not None and _chosen(app, draft_id) is None:
            # Nothing comes before this one: an address that was kept leads on to the form.
            page.navigate(f"/draft/{draft_id}")

    ft.use_effect(open_it, dependencies=[draft_id])
    chosen = _chosen(app, draft_id)
    path = first_path(chosen) if chosen is not None else None
    if chosen is None or path is None:
        waiting = failure_banner(app) or loading(app.t("ui.loading"))
        return page_view(app, route, app.t("ui.concern.title"), column(app, [waiting]))
    footer = main_button(
        app.t("ui.concern.record"),
        lambda _: navigate(f"/draft/{draft_id}"),
        icon=ft.Icons.EDIT_NOTE,
    )
    body = column(app, _path(app, chosen, path))
    return page_view(app, route, app.words.text(chosen.label), body, footer=footer)


def _chosen(app: AppState, draft_id: str) -> Category | None:
    """Return the category of the open draft, if something comes before it is written."""
    if app.form is None or app.form.record_id != draft_id:
        return None
    chosen = category(app.form.fields.get("category"))
    return chosen if chosen is not None and first_path(chosen) is not None else None


def _path(app: AppState, chosen: Category, path: FirstPath) -> list[ft.Control]:
    words = app.words
    lines = hotlines_of(chosen)
    emergency = tuple(hotline(key) for key in EMERGENCY)
    is_rung_first = lines[: len(emergency)] == emergency
    controls: list[ft.Control] = []
    if is_rung_first:
        controls.append(emergency_panel(app))
        near = [office for office in offices_of(chosen) if office not in EMERGENCY_OFFICES]
        controls.append(LocalCalls(tuple(near)))
    else:
        controls.append(LocalCalls(offices_of(chosen)))
        controls += first_calls(app, lines)
    steps: list[ft.Control] = [text.title(words.text(path.heading))]
    steps += [_step(app, place, words.text(step)) for place, step in enumerate(path.steps, 1)]
    controls.append(card(steps, spacing=14))
    rest = [line for line in lines if line not in emergency] if is_rung_first else list(lines)
    if rest:
        controls.append(hotline_card(app, app.t("ui.hotline.heading"), rest))
    controls.append(tell_card(app, chosen))
    return controls


def _step(app: AppState, place: int, words: str) -> ft.Control:
    number = ft.Container(
        ft.Text(
            str(place),
            theme_style=ft.TextThemeStyle.LABEL_LARGE,
            color=ft.Colors.ON_PRIMARY_CONTAINER,
        ),
        width=34,
        height=34,
        border_radius=17,
        bgcolor=ft.Colors.PRIMARY_CONTAINER,
        alignment=ft.Alignment.CENTER,
        visible=not app.words.is_large,
    )
    return ft.Row(
        [number, ft.Container(text.body(words), expand=True)],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def tell_card(app: AppState, chosen: Category) -> ft.Control:
    """Return whom to tell first and what to do."""
    words = app.words
    rows: list[ft.Control] = [text.heading(app.t("ui.concern.tell"))]
    rows += [
        ft.Row(
            [
                ft.Icon(ft.Icons.CAMPAIGN_OUTLINED, color=ft.Colors.PRIMARY),
                ft.Container(text.body(words.text(contact_label(key))), expand=True),
            ],
            spacing=12,
        )
        for key in chosen.tell
    ]
    if chosen.note is not None:
        rows.append(text.note(words.text(chosen.note)))
    return card(rows)


@ft.component
def NumbersScreen() -> ft.View:
    """The numbers of offices nearby, then every number that ships with the app."""
    app = use_app()
    known = [line for line in HOTLINES if line.number]
    missing = [line for line in HOTLINES if not line.number]
    controls = [
        text.body(app.t("ui.hotline.intro"), ft.Colors.ON_SURFACE_VARIANT),
        LocalNumbers(),
        hotline_card(app, "", known),
        hotline_card(app, app.t("ui.hotline.missing"), missing),
    ]
    body = column(app, controls)
    return page_view(app, "/concern/numbers", app.t("ui.hotline.all"), body)
