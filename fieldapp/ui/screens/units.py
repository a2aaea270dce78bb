"""The units of the office's area, and a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from fieldapp.services.views import UnitRow
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.field_editor import unit_choices
from fieldapp.ui.components.inputs import one_of, text_input
from fieldapp.ui.components.picker import Picker, PickerField
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.state import AppState

LEVELS = ("location", "sub_location", "village", "cluster")


@ft.component
def UnitsScreen() -> ft.View:
    """The units of the office's area, and a new one."""
    app = use_app()
    typed, set_typed = ft.use_state(("", "location", ""))
    is_busy, set_busy = ft.use_state(False)

    async def load() -> Sequence[UnitRow] | None:
        return await app.attempt(app.services.organisation.list_units)

    units = use_loaded(load, [app.revision])
    name, level, parent = typed

    async def add() -> None:
        set_busy(True)
        made = await app.attempt(
            app.services.organisation.add_unit, parent, level, name.strip(), None
        )
        set_busy(False)
        if made is not None:
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
    controls: list[ft.Control] = [card([*asked, add_button], spacing=14)]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    controls.append(text.heading(app.t("ui.units.all", count=len(units or ()))))
    controls += [_unit_line(app, unit) for unit in units or ()]
    return page_view(app, "/office/units", app.t("ui.units"), column(app, controls))


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
    ward = f" · {app.t('ui.units.ward', ward=unit.ward)}" if unit.ward else ""
    return ft.Row(
        [
            ft.Icon(ft.Icons.LOCATION_ON_OUTLINED, color=ft.Colors.PRIMARY),
            ft.Column(
                [
                    text.body(unit.name),
                    text.note(f"{app.t(f'ui.level.{unit.level}')} · {unit.parent_name}{ward}"),
                ],
                spacing=0,
                expand=True,
                tight=True,
            ),
        ],
        spacing=12,
    )
