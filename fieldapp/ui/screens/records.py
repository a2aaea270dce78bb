"""The list of records: search, one filter at a time, fifty rows and more on demand.

On a wide window the chosen record stands beside the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import flet as ft

from fieldapp.services.views import RecordRow
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import OnClick, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.components.record_body import RecordBody
from fieldapp.ui.components.rows import record_row
from fieldapp.ui.components.shell import column, tab_view
from fieldapp.ui.components.surfaces import empty_state, keyed, loading
from fieldapp.ui.context import navigate, use_app, use_loaded
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP, TWO_PANES_FROM

PAGE = 50
STATES = ("all", "draft", "waiting", "sent", "received", "needs_you")
LIST_WIDTH = 430
LIST_ALONE_WIDTH = 600


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows."""

    search: str = ""
    state: str = "all"
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave."""

    rows: Sequence[RecordRow]
    total: int


@ft.component
def RecordsScreen() -> ft.View:
    """The list of everything this home may show."""
    app = use_app()
    asked = ft.use_route_params().get("state", "all")
    wanted, set_wanted = ft.use_state(Wanted(state=asked))
    ft.use_effect(lambda: set_wanted(Wanted(state=asked)), dependencies=[asked])
    selected, set_selected = ft.use_state("")
    has_panes = app.width >= TWO_PANES_FROM

    async def load() -> Found | None:
        state = None if wanted.state == "all" else wanted.state
        found = await app.attempt(
            app.services.records.find, wanted.search, None, None, state, 0, wanted.limit
        )
        return Found(*found) if found is not None else None

    found = use_loaded(load, [wanted, app.revision])

    def open_row(row: RecordRow) -> None:
        app.touch()
        if row.state == "draft":
            navigate(f"/draft/{row.id}")
        elif has_panes:
            set_selected(row.id)
        else:
            navigate(f"/records/{row.id}")

    def search(words: str) -> None:
        app.touch()
        set_wanted(replace(wanted, search=words, limit=PAGE))

    head = ft.Column(
        [
            text_input(app.t("ui.search"), wanted.search, search, prefix_icon=ft.Icons.SEARCH),
            _filters(app, wanted.state, lambda state: set_wanted(Wanted(wanted.search, state))),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )

    def more(_: object) -> None:
        set_wanted(replace(wanted, limit=wanted.limit + PAGE))

    rows = _rows(app, wanted, found, selected, open_row)
    rows += _more_button(app, found, more)
    body = _arranged(app, _list(head, rows), selected, has_panes=has_panes)
    return tab_view(app, "/records", app.t("ui.tab.records"), body)


def _more_button(app: AppState, found: Found | None, more: OnClick) -> list[ft.Control]:
    if found is None or len(found.rows) >= found.total:
        return []
    words = app.t("ui.records.more", shown=len(found.rows), total=found.total)
    return [side_button(words, more, icon=ft.Icons.EXPAND_MORE)]


def _arranged(app: AppState, listed: ft.Control, selected: str, *, has_panes: bool) -> ft.Control:
    """Put the list beside the chosen record, in the middle, or over the whole width."""
    if has_panes:
        return _panes(app, listed, selected)
    if not app.wide:
        return listed
    return ft.Row(
        [ft.Container(listed, width=LIST_ALONE_WIDTH)],
        alignment=ft.MainAxisAlignment.CENTER,
        expand=True,
    )


def _list(head: ft.Control, rows: Sequence[ft.Control]) -> ft.Control:
    return ft.Column(
        [
            ft.Container(head, padding=ft.Padding.only(left=GAP, right=GAP, top=8)),
            ft.ListView(
                list(rows),
                expand=True,
                padding=ft.Padding.only(left=GAP, right=GAP, top=4, bottom=40),
            ),
        ],
        expand=True,
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _panes(app: AppState, body: ft.Control, selected: str) -> ft.Control:
    detail: ft.Control = (
        column(app, [keyed(selected, RecordBody(selected))])
        if selected
        else empty_state(
            app.t("ui.records.choose"), app.t("ui.records.choose_hint"), ft.Icons.TOUCH_APP
        )
    )
    return ft.Row(
        [
            ft.Container(body, width=LIST_WIDTH, padding=ft.Padding.only(top=12)),
            ft.VerticalDivider(width=1),
            ft.Container(detail, expand=True, alignment=ft.Alignment.TOP_CENTER),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _filters(app: AppState, current: str, choose: Callable[[str], None]) -> ft.Control:
    return ft.Row(
        [
            ft.Chip(
                label=ft.Text(app.t(f"ui.state.{state}")),
                selected=state == current,
                show_checkmark=False,
                on_select=lambda _, state=state: choose(state),
                data=app.t(f"ui.state.{state}"),
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
                selected_color=ft.Colors.PRIMARY_CONTAINER,
                padding=ft.Padding.symmetric(vertical=10, horizontal=6),
            )
            for state in STATES
        ],
        spacing=8,
        run_spacing=8,
        wrap=app.wide,
        scroll=None if app.wide else ft.ScrollMode.HIDDEN,
    )


def _rows(
    app: AppState,
    wanted: Wanted,
    found: Found | None,
    selected: str,
    open_row: Callable[[RecordRow], None],
) -> list[ft.Control]:
    if (failure := failure_banner(app)) is not None:
        return [failure]
    if found is None:
        return [loading(app.t("ui.loading"))]
    if not found.rows:
        return [_nothing(app, wanted)]
    rows: list[ft.Control] = [
        ft.Container(
            text.note(app.t("ui.records.count", count=found.total)),
            padding=ft.Padding.only(left=4, bottom=8),
        )
    ]
    rows.extend(
        record_row(
            row,
            app.words,
            lambda row=row: open_row(row),  # type: ignore[misc]
            selected=row.id == selected,
        )
        for row in found.rows
    )
    return rows


def _nothing(app: AppState, wanted: Wanted) -> ft.Control:
    if wanted.search:
        return empty_state(
            app.t("ui.records.no_match"), app.t("ui.records.no_match_hint"), ft.Icons.SEARCH_OFF
        )
    state = wanted.state
    return empty_state(
        app.t(f"ui.records.none_{state}"),
        app.t(f"ui.records.none_{state}_hint"),
        ft.Icons.FOLDER_OPEN,
        side_button(app.t("ui.records.to_home"), lambda _: navigate("/"), icon=ft.Icons.HOME)
        if state in {"all", "draft"}
        else None,
    )
