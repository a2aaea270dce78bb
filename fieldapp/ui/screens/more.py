"""More records: whatever else this officer may begin, by group, each with a line of help.

What stands here, where and in which words follows from the declarations of the types.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.record_type import Menu, RecordType
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import icon_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.rows import type_icon
from fieldapp.ui.components.shell import column, page_view, tab_view
from fieldapp.ui.components.surfaces import empty_state, grid, stack
from fieldapp.ui.context import navigate, use_app
from fieldapp.ui.starts import begin
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import RADIUS, TWO_PANES_FROM

TWO_COLUMNS_WIDTH = 1040
GROUPS = (Menu.FIELD, Menu.PLANS, Menu.PARTNERS)


@ft.component
def MoreScreen() -> ft.View:
    """What else may be begun."""
    app = use_app()
    controls: list[ft.Control] = [text.title(app.t("ui.tab.more"))] if app.wide else []
    controls.append(text.body(app.t("ui.more.hint"), ft.Colors.ON_SURFACE_VARIANT))
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    if not app.has_more:
        nothing = app.t("ui.more.none"), app.t("ui.more.none_hint")
        controls = [empty_state(*nothing, ft.Icons.ADD_BOX_OUTLINED)]
    for menu in GROUPS:
        offered = [declared for declared in app.types if declared.menu is menu]
        if offered:
            controls.append(_group(app, menu, offered))
    body = column(app, controls, width=TWO_COLUMNS_WIDTH)
    if app.wide:
        return tab_view(app, "/more", app.t("ui.tab.more"), body)
    return page_view(app, "/more", app.t("ui.tab.more"), body)


def _group(app: AppState, menu: Menu, offered: Sequence[RecordType]) -> ft.Control:
    laid = grid([_card(app, one) for one in offered], 2 if app.width >= TWO_PANES_FROM else 1)
    return stack([text.heading(app.t(f"ui.more.{menu}")), laid], spacing=10)


def _card(app: AppState, declared: RecordType) -> ft.Control:
    words = app.words
    name = words.text(declared.begin_words)
    about = words.text(declared.about) if declared.about else ""
    start = begin(app, declared.key)
    face = ft.Semantics(
        label=f"{name}: {about}" if about else name,
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=start,
        content=ft.Container(
            padding=ft.Padding.symmetric(vertical=14, horizontal=14),
            ink=True,
            border_radius=RADIUS,
            on_click=start,
            data=name,
            content=ft.Row(
                [
                    ft.Icon(
                        type_icon(declared.key),
                        color=ft.Colors.PRIMARY,
                        size=28,
                        visible=not words.is_large,
                    ),
                    ft.Column(
                        [text.strong(name), *([text.note(about)] if about else [])],
                        spacing=2,
                        expand=True,
                        tight=True,
                    ),
                ],
                spacing=14,
            ),
        ),
    )
    listed = icon_button(
        f"{app.t('ui.more.list')}: {words.text(declared.plural)}",
        ft.Icons.FOLDER_OUTLINED,
        lambda _: navigate(f"/records/kind/{declared.key}"),
    )
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        content=ft.Row([ft.Container(face, expand=True), listed], spacing=0),
    )
