"""The units of the office's area, and a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from fieldapp.services.views import UnitRow
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.field_editor import unit_choices
from fieldapp.ui.components.inputs import one_of, search_input, text_input
from fieldapp.ui.components.picker import Picker, PickerField
from fieldapp.ui.components.published import Published
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import card, keyed, stack
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import CONTENT_WIDTH, GAP_LARGE, TWO_PANES_FROM

MOST_ROWS = 40
PANES_WIDTH = 1080
LEVELS = ("location", "sub_location", "village", "cluster")


@ft.component
def UnitsScreen() -> ft.View:
    """The units of the office's area, and a new one."""
    app = use_app()
    typed, set_typed = ft.use_state(("", "location", ""))
    is_busy, set_busy = ft.use_state(False)
    search, set_search = ft.use_state("")
    added, set_added = ft.use_state("")

    async def load() -> Sequence[UnitRow] | None:
        return await app.look(app.services.organisation.list_units)

    units = use_loaded(load, [app.revision])
    name, level, parent = typed

    async def add() -> None:
        set_busy(True)
        made = await app.attempt(
            app.services.organisation.add_unit, parent, level, name.strip(), None
        )
        set_busy(False)
        if made is not None:
            set_added(made)
            set_typed(("", level, parent))
            app.revision += 1

    add_button = main_button(
        app.t("ui.units.add"),
        later(add),
        icon=ft.Icons.ADD,
        busy=is_busy,
        disabled=not (name.strip() and parent),
    )
    asked = _asking(app, typed, units or (), set_typed)
    form: list[ft.Control] = [card([*asked, add_button], spacing=14)]
    if (failure := failure_banner(app)) is not None:
        form.append(failure)
    if added:
        form.append(keyed(added, Published(app.syncing)))
    listed = _listed(app, units or (), search, set_search)
    has_panes = app.width >= TWO_PANES_FROM
    body: list[ft.Control] = [*form, *listed]
    if has_panes:
        body = [
            ft.Row(
                [ft.Container(stack(part), expand=True) for part in (form, listed)],
                spacing=GAP_LARGE,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        ]
    width = PANES_WIDTH if has_panes else CONTENT_WIDTH
    return page_view(app, "/office/units", app.t("ui.units"), column(app, body, width=width))


def _listed(
    app: AppState, units: Sequence[UnitRow], search: str, take: Callable[[str], None]
) -> list[ft.Control]:
    """The units that match, as many as fit a page; a search finds the rest."""
    words = search.casefold().split()
    found = [
        unit
        for unit in units
        if all(word in f"{unit.name} {unit.parent_name}".casefold() for word in words)
    ]
    rows: list[ft.Control] = [text.heading(app.t("ui.units.all", count=len(units)))]
    if len(units) > MOST_ROWS:
        rows.append(search_input(app.t("ui.search"), search, take))
    if not found:
        rows.append(text.note(app.t("ui.picker.nothing")))
    rows += [_unit_line(app, unit) for unit in found[:MOST_ROWS]]
    if len(found) > MOST_ROWS:
        rows.append(text.note(app.t("ui.picker.more")))
    return rows


def _asking(
    app: AppState,
    typed: tuple[str, str, str],
    units: Sequence[UnitRow],
    take: Callable[[tuple[str, str, str]], None],
) -> list[ft.Control]:
    name, level, parent = typed
    above = PickerField(app.t("ui.units.parent"), unit_choices(units, app.words), (parent,))
    return [
        text.heading(app.t("ui.units.new")),
        text_input(app.t("ui.units.name"), name, lambda words: take((words, level, parent))),
        one_of(
            app.t("ui.units.level"),
            [(key, app.t(f"ui.level.{key}"), "") for key in LEVELS],
            level,
            lambda key: take((name, key, parent)),
        ),
        Picker(above, app.words, lambda keys: take((name, level, keys[0] if keys else ""))),
    ]


def _unit_line(app: AppState, unit: UnitRow) -> ft.Control:
    ward = app.t("ui.units.ward", ward=unit.ward) if unit.ward else ""
    parts = (app.t(f"ui.level.{unit.level}"), unit.parent_name, ward)
    return ft.Row(
        [
            ft.Icon(ft.Icons.LOCATION_ON_OUTLINED, color=ft.Colors.PRIMARY),
            ft.Column(
                [
                    text.body(unit.name),
                    text.note(" · ".join(part for part in parts if part)),
                ],
                spacing=0,
                expand=True,
                tight=True,
            ),
        ],
        spacing=12,
    )
