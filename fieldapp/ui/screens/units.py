"""The units of the office's area, and a new one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import flet as ft

from fieldapp.domain.offices import ADMIN
from fieldapp.services.views import UnitRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import OnClick, icon_button, main_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.field_editor import unit_choices
from fieldapp.ui.components.inputs import one_of, search_input, text_input
from fieldapp.ui.components.picker import Choice, Picker, PickerField
from fieldapp.ui.components.published import Published
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import card, keyed, stack
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import CONTENT_WIDTH, GAP_LARGE, TWO_PANES_FROM

MOST_ROWS = 40
PANES_WIDTH = 1080
EMPTY: Mapping[str, str] = MappingProxyType({})
LEVELS = ("location", "sub_location", "village", "cluster")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of a new unit."""

    name: str = ""
    level: str = LEVELS[0]
    parent: str = ""
    ward: str = ""


class _Found(NamedTuple):
    """The units, those that have an office of their own, and what wards are called."""

    units: Sequence[UnitRow] = ()
    with_office: frozenset[str] = frozenset()
    names: Mapping[str, str] = EMPTY


@ft.component
def UnitsScreen() -> ft.View:
    """The units of the office's area, and a new one."""
    app = use_app()
    width = PANES_WIDTH if app.width >= TWO_PANES_FROM else CONTENT_WIDTH
    return page_view(app, "/office/units", app.t("ui.units"), column(app, [Units()], width=width))


@guarded
def Units() -> ft.Control:
    """The form beside the list, above it where there is no room."""
    app = use_app()
    changed, set_changed = ft.use_state("")

    async def load() -> _Found | None:
        units = await app.look(app.services.organisation.list_units)
        offices = await app.look(app.services.organisation.offices) or ()
        parts = (one.office.rpartition("/") for one in offices)
        with_office = frozenset(unit for unit, _, desk in parts if desk == ADMIN)
        wards = sorted({unit.ward for unit in units or () if unit.ward})
        names = await app.look(app.services.records.place_names, wards) if wards else EMPTY
        return _Found(units or (), with_office, names or EMPTY)

    async def open_office(unit: str) -> None:
        await app.attempt(app.services.organisation.create_office, unit, ADMIN)
        if app.failure is None:
            set_changed(f"{unit}/{ADMIN}")
            app.revision += 1

    found = use_loaded(load, [app.revision]) or _Found()
    form = _form_part(app, NewUnit(found.units, set_changed), changed)
    return _beside(app, form, UnitList(found, open_office))


def _form_part(app: AppState, new_unit: ft.Control, changed: str) -> list[ft.Control]:
    """The form, what was refused, and how far the last change is published."""
    parts = [new_unit]
    if (failure := failure_banner(app)) is not None:
        parts.append(failure)
    if changed:
        parts.append(keyed(changed, Published(app.syncing)))
    return parts


def _beside(app: AppState, form: Sequence[ft.Control], listed: ft.Control) -> ft.Control:
    """The form and the list as the screen has room for them."""
    if app.width < TWO_PANES_FROM:
        return stack([*form, listed])
    return ft.Row(
        [ft.Container(part, expand=True) for part in (stack(form), listed)],
        spacing=GAP_LARGE,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@guarded
def NewUnit(units: Sequence[UnitRow], take_made: Callable[[str], None]) -> ft.Control:
    """The form of a new unit; a refusal keeps what was typed."""
    app = use_app()
    typed, set_typed = ft.use_state(Typed())
    is_busy, set_busy = ft.use_state(False)

    async def load() -> Sequence[UnitRow] | None:
        return await app.look(app.services.records.wards, typed.parent) if typed.parent else ()

    async def add() -> None:
        set_busy(True)
        call, ward = app.services.organisation.add_unit, typed.ward or None
        made = await app.attempt(call, typed.parent, typed.level, typed.name.strip(), ward)
        set_busy(False)
        if made is not None:
            take_made(made)
            set_typed(replace(typed, name=""))
            app.revision += 1

    wards = use_loaded(load, [typed.parent]) or ()
    button = main_button(
        app.t("ui.units.add"),
        later(add),
        icon=ft.Icons.ADD,
        busy=is_busy,
        disabled=not (typed.name.strip() and typed.parent),
    )
    return card(
        [*_asking(app, typed, units, set_typed), *_ward(app, typed, wards, set_typed), button],
        spacing=14,
    )


@guarded
def UnitList(found: _Found, open_office: Callable[[str], Awaitable[None]]) -> ft.Control:
    """The units that match, as many as fit a page; a search finds the rest."""
    app = use_app()
    search, set_search = ft.use_state("")
    words = search.casefold().split()
    units = [
        unit
        for unit in found.units
        if all(word in f"{unit.name} {unit.parent_name}".casefold() for word in words)
    ]
    rows: list[ft.Control] = [text.heading(app.t("ui.units.all", count=len(found.units)))]
    if len(found.units) > MOST_ROWS:
        rows.append(search_input(app.t("ui.search"), search, set_search))
    if not units:
        rows.append(text.note(app.t("ui.picker.nothing")))
    for unit in units[:MOST_ROWS]:
        deed = None if unit.id in found.with_office else later(open_office, unit.id)
        rows.append(_unit_line(app, unit, found.names, deed))
    if len(units) > MOST_ROWS:
        rows.append(text.note(app.t("ui.picker.more")))
    return stack(rows)


def _asking(
    app: AppState, typed: Typed, units: Sequence[UnitRow], take: Callable[[Typed], None]
) -> list[ft.Control]:
    above = PickerField(app.t("ui.units.parent"), unit_choices(units, app.words), (typed.parent,))
    return [
        text.heading(app.t("ui.units.new")),
        text_input(
            app.t("ui.units.name"), typed.name, lambda words: take(replace(typed, name=words))
        ),
        one_of(
            app.t("ui.units.level"),
            [(key, app.t(f"ui.level.{key}"), "") for key in LEVELS],
            typed.level,
            lambda key: take(replace(typed, level=key)),
        ),
        Picker(above, app.words, lambda keys: take(replace(typed, parent="".join(keys), ward=""))),
    ]


def _ward(
    app: AppState, typed: Typed, wards: Sequence[UnitRow], take: Callable[[Typed], None]
) -> list[ft.Control]:
    """The ward that it lies in, once it is known where; nobody has to say it."""
    if not wards:
        return []
    choices = [Choice(one.id, one.name, one.parent_name) for one in wards]
    chosen = (typed.ward,) if typed.ward else ()
    field = PickerField(app.t("ui.units.in_ward"), choices, chosen)
    return [Picker(field, app.words, lambda keys: take(replace(typed, ward="".join(keys))))]


def _unit_line(
    app: AppState, unit: UnitRow, names: Mapping[str, str], open_office: OnClick | None
) -> ft.Control:
    """One unit; where it has no office yet, with the deed that makes one."""
    called = names.get(unit.ward, unit.ward) if unit.ward else ""
    ward = app.t("ui.units.ward", ward=called) if called else ""
    has = "" if open_office else app.t("ui.units.has_office")
    parts = (app.t(f"ui.level.{unit.level}"), unit.parent_name, ward, has)
    line: list[ft.Control] = [
        ft.Icon(ft.Icons.LOCATION_ON_OUTLINED, color=ft.Colors.PRIMARY),
        ft.Column(
            [text.body(unit.name), text.note(" · ".join(part for part in parts if part))],
            spacing=0,
            expand=True,
            tight=True,
        ),
    ]
    if open_office is not None:
        name = f"{app.t('ui.units.open_office')}: {unit.name}"
        line.append(icon_button(name, ft.Icons.ADD_HOME_WORK_OUTLINED, open_office))
    return ft.Row(line, spacing=12)
