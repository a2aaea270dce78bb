"""Follow-ups: what was promised, by due day, and what became of it in two taps.

Laws:
  * The first tap opens a line, the second says how it stands; words before it are optional.
  * What is overdue says so beside its colour, and stands first.
  * Rows come a page at a time and are built as they are scrolled to; a heading counts its whole
    group, and the groups add up to the number on the home screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import flet as ft

from fieldapp.services.follow_ups import FollowUp
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import long_input, search_input, text_input
from fieldapp.ui.components.rows import type_icon
from fieldapp.ui.components.shell import column, page_view, pinned, two_panes
from fieldapp.ui.components.surfaces import banner, card, empty_state, keyed, loading, stack
from fieldapp.ui.components.ticks import chip
from fieldapp.ui.context import later, navigate, use_app
from fieldapp.ui.paging import Found, Pages, Wanted, list_padding, long_list, use_pages
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP, GAP_SMALL, RADIUS, TWO_PANES_FROM
from fieldapp.ui.words import Words


@dataclass(frozen=True, slots=True)
class Note:
    """What is being typed on the open line."""

    key: str = ""
    progress: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """How a line behaves: what is typed, and what a tap on a state does."""

    note: Note
    change: Callable[[Note], None]
    save: Callable[..., object]


@ft.component
def FollowUpsScreen() -> ft.View:
    """The list of open promises."""
    app = use_app()
    return page_view(app, "/follow-ups", app.t("ui.follow"), FollowUpList())


@guarded
def FollowUpList() -> ft.Control:
    """Search, groups by due day, and the line that is open."""
    app = use_app()
    search, set_search = ft.use_state("")
    note, set_note = ft.use_state(Note())
    noted, set_noted = ft.use_state(0)
    pages = _use_lines(app, search)

    async def save(line: FollowUp, status: str) -> None:
        app.touch()
        service = app.services.follow_ups
        await app.attempt(
            service.note, line.record_id, line.path, status, note.progress, note.evidence
        )
        if app.failure is None:
            set_note(Note())
            set_noted(noted + 1)
            await app.refresh()

    def look(words: str) -> None:
        app.touch()
        set_search(words)

    head: list[ft.Control] = [search_input(app.t("ui.follow.search"), search, look)]
    if (failure := failure_banner(app)) is not None:
        head.append(failure)
    elif noted:
        done = app.t("ui.follow.noted")
        head.append(banner(done, ft.Icons.CHECK_CIRCLE, tone="good", live=True))
    behaviour = Line(note, set_note, save)
    if app.width >= TWO_PANES_FROM:
        return _abreast(app, head, pages, search, behaviour)
    listed = long_list(
        app, list(_rows(app, pages, search, behaviour)), pages.more, list_padding(app)
    )
    return pinned(app, stack(head, spacing=12), listed)


def _abreast(
    app: AppState,
    head: Sequence[ft.Control],
    pages: Pages[FollowUp],
    search: str,
    behaviour: Line,
) -> ft.Control:
    """Return the list with the chosen line beside it, where there is room for both."""
    around = ft.Padding.only(left=GAP, right=GAP, top=4, bottom=40)
    rows = list(_rows(app, pages, search, behaviour))
    listed = ft.Column(
        [
            ft.Container(stack(head, spacing=12), padding=ft.Padding.symmetric(horizontal=GAP)),
            long_list(app, rows, pages.more, around),
        ],
        expand=True,
        spacing=GAP_SMALL,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    known = pages.found.rows if pages.found is not None else ()
    chosen = next((one for one in known if _key(one) == behaviour.note.key), None)
    if not known:
        return two_panes(listed, ft.Container())
    if chosen is None:
        hint = app.t("ui.follow.choose_hint")
        return two_panes(listed, empty_state(app.t("ui.follow.choose"), hint, ft.Icons.TOUCH_APP))
    parts = [_promise(app.words, chosen, None), _editor(app, chosen, behaviour)]
    return two_panes(listed, column(app, [keyed(_key(chosen), card(parts, padding=4))]))


def _use_lines(app: AppState, search: str) -> Pages[FollowUp]:
    """Return the pages of a search."""

    async def ask(wanted: Wanted, offset: int, limit: int) -> Found[FollowUp] | None:
        find = app.services.follow_ups.find
        page = await app.look(find, wanted.search, offset, limit)
        if page is None:
            return None
        return Found(wanted, page.lines, page.total, page.by_group)

    return use_pages(Wanted(search), ask, _key, again=[app.revision])


def _key(line: FollowUp) -> str:
    return f"{line.record_id}/{line.path}"


def _rows(
    app: AppState, pages: Pages[FollowUp], search: str, behaviour: Line
) -> Iterator[ft.Control]:
    found = pages.found
    if found is None:
        yield loading(app.t("ui.loading"))
        return
    if not found.rows:
        kind = "no_match" if search else "none"
        heading = app.t("ui.records.no_match") if search else app.t("ui.follow.none")
        yield empty_state(heading, app.t(f"ui.follow.{kind}_hint"), ft.Icons.CHECKLIST)
        return
    for group, lines in groupby(found.rows, lambda one: one.group):
        yield keyed(group, _group_heading(app, group, found.beside[group]))
        yield from (_line(app, one, behaviour) for one in lines)
    if not found.is_whole:
        words = app.t("ui.records.more", shown=len(found.rows), total=found.total)
        yield side_button(words, pages.more, icon=ft.Icons.EXPAND_MORE)


def _group_heading(app: AppState, group: str, count: int) -> ft.Control:
    ink = ft.Colors.ERROR if group == "late" else ft.Colors.ON_SURFACE
    words = text.heading(f"{app.t(f'ui.follow.group_{group}')} · {count}", ink)
    return ft.Container(words, padding=ft.Padding.only(top=8, bottom=10))


def _line(app: AppState, line: FollowUp, behaviour: Line) -> ft.Control:
    key = _key(line)
    is_open = behaviour.note.key == key

    def toggle(_: object) -> None:
        app.touch()
        behaviour.change(Note() if is_open else Note(key))

    parts: list[ft.Control] = [_promise(app.words, line, toggle)]
    has_panes = app.width >= TWO_PANES_FROM
    if is_open and not has_panes:
        parts.append(_editor(app, line, behaviour))
    return keyed(
        key,
        ft.Container(
            bgcolor=ft.Colors.PRIMARY_CONTAINER
            if is_open and has_panes
            else ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(1, ft.Colors.PRIMARY if is_open else ft.Colors.OUTLINE_VARIANT),
            border_radius=RADIUS,
            margin=ft.Margin.only(bottom=10),
            content=stack(parts, spacing=0),
        ),
    )


def _promise(words: Words, line: FollowUp, on_tap: Callable[[object], None] | None) -> ft.Control:
    about = " · ".join(part for part in (line.title, line.unit_name) if part)
    lines: list[ft.Control] = [text.strong(line.text, max_lines=None if words.is_large else 4)]
    if line.responsible:
        lines.append(text.note(words.t("ui.follow.with", who=line.responsible)))
    lines.append(text.note(about))
    lines.append(ft.Row(_badges(words, line), wrap=True, spacing=6, run_spacing=6))
    return ft.Container(
        padding=14,
        border_radius=RADIUS,
        ink=on_tap is not None,
        on_click=on_tap,
        data=line.text,
        content=ft.Row(
            [
                ft.Icon(type_icon(line.type), color=ft.Colors.PRIMARY),
                ft.Column(lines, spacing=4, expand=True, tight=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )


def _badges(words: Words, line: FollowUp) -> list[ft.Control]:
    badges: list[ft.Control] = []
    if line.due is not None:
        ground = ft.Colors.ERROR_CONTAINER if line.overdue else ft.Colors.SURFACE_CONTAINER_HIGH
        ink = ft.Colors.ON_ERROR_CONTAINER if line.overdue else ft.Colors.ON_SURFACE_VARIANT
        said = words.t("ui.follow.due", day=words.day(line.due))
        if line.overdue:
            said = f"{words.t('ui.overdue')} · {words.day(line.due)}"
        badges.append(chip(said, ft.Icons.ALARM if line.overdue else ft.Icons.EVENT, ground, ink))
    known = {option.key: words.text(option.label) for option in line.choices}
    if line.status in known and "/" in line.path:
        badges.append(
            chip(
                known[line.status],
                ft.Icons.TIMELINE,
                ft.Colors.SECONDARY_CONTAINER,
                ft.Colors.ON_SECONDARY_CONTAINER,
            )
        )
    return badges


def _editor(app: AppState, line: FollowUp, behaviour: Line) -> ft.Control:
    note, words = behaviour.note, app.words
    controls: list[ft.Control] = []
    if line.may_note:
        controls.append(
            long_input(
                app.t("ui.follow.progress"),
                note.progress,
                lambda typed: behaviour.change(replace(note, progress=typed)),
                error=None,
                helper=None,
            )
        )
        controls.append(
            text_input(
                app.t("ui.follow.evidence"),
                note.evidence,
                lambda typed: behaviour.change(replace(note, evidence=typed)),
                grows=True,
            )
        )
        controls.append(text.note(app.t("ui.follow.then")))
        controls.append(
            _states({o.key: words.text(o.label) for o in line.choices}, line, behaviour)
        )
    else:
        controls.append(text.note(app.t("ui.follow.readonly")))
    controls.append(
        ft.Row(
            [
                quiet_button(
                    app.t("ui.follow.open_record"),
                    lambda _: navigate(f"/records/{line.record_id}"),
                    icon=ft.Icons.OPEN_IN_NEW,
                ),
                quiet_button(app.t("ui.follow.close"), lambda _: behaviour.change(Note())),
            ],
            wrap=True,
            spacing=8,
        )
    )
    return ft.Container(
        stack(controls, spacing=12), padding=ft.Padding.only(left=14, right=14, bottom=10)
    )


def _states(choices: Mapping[str, str], line: FollowUp, behaviour: Line) -> ft.Control:
    buttons: list[ft.Control] = [
        side_button(
            label,
            later(behaviour.save, line, key),  # type: ignore[arg-type]
            icon=ft.Icons.CHECK if key == line.status else None,
        )
        for key, label in choices.items()
    ]
    return ft.Row(buttons, wrap=True, spacing=8, run_spacing=8)
