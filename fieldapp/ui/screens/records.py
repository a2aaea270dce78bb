"""The list of records: search, filters, fifty rows and more as they are scrolled to.

On a wide window the chosen record stands beside the list; one kind of record is a table there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import flet as ft

from fieldapp.domain.record_type import Menu, RecordType
from fieldapp.domain.record_types import find_record_type, record_types
from fieldapp.services.views import RecordRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import search_input
from fieldapp.ui.components.list_filters import Filters, TypeFilter
from fieldapp.ui.components.record_body import RecordBody
from fieldapp.ui.components.record_table import Columns, columns_of, table_head, table_row
from fieldapp.ui.components.rows import record_row
from fieldapp.ui.components.selection import SelectionBar, select_button
from fieldapp.ui.components.shell import column, tab_view, two_panes
from fieldapp.ui.components.surfaces import empty_state, keyed, loading
from fieldapp.ui.context import navigate, use_app
from fieldapp.ui.paging import Found, Pages, Wanted, long_list, use_records
from fieldapp.ui.starts import begin, offers
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP, TWO_PANES_FROM

LIST_ALONE_WIDTH = 600


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of a list behave: what is open, what is picked, what a tap does."""

    selected: str
    picked: frozenset[str] | None
    open: Callable[[RecordRow], None]

    def is_marked(self, row: RecordRow) -> bool:
        """Tell whether a row stands out."""
        return row.id == self.selected if self.picked is None else row.id in self.picked


@ft.component
def RecordsScreen() -> ft.View:
    """The list of everything this home may show."""
    app = use_app()
    params = ft.use_route_params()
    asked = Wanted(state=params.get("state", "all"), type=params.get("type", ""))
    return tab_view(app, "/records", app.t("ui.tab.records"), RecordList(asked))


@guarded
def RecordList(asked: Wanted) -> ft.Control:
    """Search, filters and rows; what the address asks for comes first."""
    app = use_app()
    wanted, set_wanted = ft.use_state(asked)
    ft.use_effect(lambda: set_wanted(asked), dependencies=[asked])
    selected, set_selected = ft.use_state("")
    picked, set_picked = ft.use_state(cast("frozenset[str] | None", None))
    has_panes = app.width >= TWO_PANES_FROM and not wanted.type
    is_table = app.width >= TWO_PANES_FROM and bool(wanted.type)
    pages = use_records(app, wanted, with_columns=is_table)

    def change(new: Wanted) -> None:
        app.touch()
        set_wanted(new)
        set_picked(None)

    def tap(row: RecordRow) -> None:
        app.touch()
        if picked is not None:
            set_picked(picked ^ {row.id} if row.state == "sealed" else picked)
        elif has_panes and row.state != "draft":
            set_selected(row.id)
        else:
            navigate(route_of(row))

    rows = Rows(selected, picked, tap)
    head = [_search_and_filters(app, wanted, change)]
    if wanted.type:
        head.append(_of_one_kind(app, wanted, rows, set_picked))
    listed = _list(app, head, _rows(app, wanted, pages, rows, is_table=is_table), pages)
    if picked is not None:
        bar = SelectionBar(wanted.type, tuple(sorted(picked)), lambda: set_picked(None))
        listed = ft.Column([ft.Container(listed, expand=True), bar], expand=True, spacing=0)
    if is_table:
        return ft.Container(listed, padding=ft.Padding.only(top=12), expand=True)
    return _arranged(app, listed, pages, selected, has_panes=has_panes)


def route_of(row: RecordRow) -> str:
    """Return where a row leads."""
    return f"/draft/{row.id}" if row.state == "draft" else f"/records/{row.id}"


def _search_and_filters(
    app: AppState, wanted: Wanted, change: Callable[[Wanted], None]
) -> ft.Control:
    kinds = [declared for declared in record_types() if declared.is_listed]
    type_filter = TypeFilter(
        kinds, wanted.type, app.words, lambda key: change(replace(wanted, type=key))
    )
    found = search_input(
        app.t("ui.search"), wanted.search, lambda words: change(replace(wanted, search=words))
    )
    return ft.Column(
        [
            # The name of the field rises onto its upper edge while it is typed into.
            ft.Container(found, padding=ft.Padding.only(top=8)),
            Filters(
                app, wanted.state, lambda state: change(replace(wanted, state=state)), type_filter
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def _of_one_kind(
    app: AppState,
    wanted: Wanted,
    rows: Rows,
    set_picked: Callable[[frozenset[str] | None], None],
) -> ft.Control:
    """Return what may be done with one kind: begin one, or choose several to begin another."""
    buttons: list[ft.Control] = []
    if (declared := _begun_here(app, wanted.type)) is not None and rows.picked is None:
        words = app.words.text(declared.begin_words)
        # The first two kinds are named by a deed, the others by what they are.
        said = words if declared.menu is Menu.FIRST else f"{app.t('ui.add')}: {words}"
        begin_one = side_button(said, begin(app, declared.key), icon=ft.Icons.ADD)
        buttons.append(begin_one)
    if any(offer.start.several for offer in offers(app, wanted.type)) and rows.picked is None:
        buttons.append(select_button(app, lambda _: set_picked(frozenset())))
    return ft.Row(buttons, wrap=True, spacing=8, run_spacing=8)


def _begun_here(app: AppState, type_key: str) -> RecordType | None:
    """Return the kind if this officer begins it by hand; some come from elsewhere alone."""
    declared = app.type_named(type_key)
    return None if declared is None or declared.menu is Menu.NOWHERE else declared


def _arranged(
    app: AppState, listed: ft.Control, pages: Pages[RecordRow], selected: str, *, has_panes: bool
) -> ft.Control:
    """Put the list beside the chosen record, in the middle, or over the whole width."""
    if has_panes:
        return two_panes(listed, _beside(app, pages, selected))
    if not app.wide:
        return listed
    return ft.Row(
        [ft.Container(listed, width=LIST_ALONE_WIDTH)],
        alignment=ft.MainAxisAlignment.CENTER,
        expand=True,
    )


def _list(
    app: AppState, head: Sequence[ft.Control], rows: Sequence[ft.Control], pages: Pages[RecordRow]
) -> ft.Control:
    around = ft.Padding.only(left=GAP, right=GAP, top=4, bottom=40)
    return ft.Column(
        [
            *(ft.Container(part, padding=ft.Padding.only(left=GAP, right=GAP)) for part in head),
            long_list(app, rows, pages.more, around),
        ],
        expand=True,
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _beside(app: AppState, pages: Pages[RecordRow], selected: str) -> ft.Control:
    """Return the chosen record, or the word to choose one where there are any."""
    if selected:
        return column(app, [keyed(selected, RecordBody(selected))])
    if pages.found is None or not pages.found.rows:
        return ft.Container()
    hint = app.t("ui.records.choose_hint")
    return empty_state(app.t("ui.records.choose"), hint, ft.Icons.TOUCH_APP)


def _rows(
    app: AppState, wanted: Wanted, pages: Pages[RecordRow], rows: Rows, *, is_table: bool
) -> list[ft.Control]:
    found, failure = pages.found, failure_banner(app)
    said = [] if failure is None else [failure]
    if found is None:
        return said or [loading(app.t("ui.loading"))]
    if not found.rows:
        return [*said, _nothing(app, wanted)]
    declared = find_record_type(found.wanted.type) if is_table else None
    columns = columns_of(declared, found.beside) if declared is not None else None
    head: list[ft.Control] = [
        ft.Container(
            text.note(app.t("ui.records.count", count=found.total)),
            padding=ft.Padding.only(left=4, bottom=8),
        )
    ]
    if columns is not None:
        head.append(table_head(columns, app.words))
    lines = [_line(app, found, row, rows, columns) for row in found.rows]
    return [*said, *head, *lines, *_more_button(app, pages, found)]


def _line(
    app: AppState, found: Found[RecordRow], row: RecordRow, rows: Rows, columns: Columns | None
) -> ft.Control:
    if columns is not None and rows.picked is None:
        return table_row(columns, row, found, app.words, lambda: rows.open(row))
    return record_row(row, app.words, lambda: rows.open(row), selected=rows.is_marked(row))


def _more_button(
    app: AppState, pages: Pages[RecordRow], found: Found[RecordRow]
) -> list[ft.Control]:
    if found.is_whole:
        return []
    words = app.t("ui.records.more", shown=len(found.rows), total=found.total)
    return [side_button(words, pages.more, icon=ft.Icons.EXPAND_MORE)]


def _nothing(app: AppState, wanted: Wanted) -> ft.Control:
    if wanted.search:
        return empty_state(
            app.t("ui.records.no_match"), app.t("ui.records.no_match_hint"), ft.Icons.SEARCH_OFF
        )
    if wanted.type:
        begun = _begun_here(app, wanted.type) is not None
        return empty_state(
            app.t("ui.records.none_of_kind"),
            app.t("ui.records.none_of_kind_hint" if begun else "ui.records.other_kind"),
            ft.Icons.FOLDER_OPEN,
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
