"""Numbers of offices nearby: shown before the country's, written down and taken out here.

Laws:
  * A button opens the dialler; the officer presses call.
  * Where nothing was written down, nothing is shown; only the page of numbers asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import flet as ft

from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.local_contacts import OFFICES, LocalContact, contact_problems, of_offices
from fieldapp.domain.taxonomy import contact_label
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import icon_button, main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_of
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.components.picker import Choice, Picker, PickerField
from fieldapp.ui.components.surfaces import card, keyed, stack
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP, GAP_SMALL


@dataclass(frozen=True, slots=True)
class Typed:
    """A number that is being written down."""

    office: str = ""
    name: str = ""
    number: str = ""
    problems: tuple[FieldProblem, ...] = ()

    def error(self, field: str, app: AppState) -> str | None:
        """Return what is wrong with a field, in words."""
        found = next((one for one in self.problems if one.path == field), None)
        return None if found is None else app.words.error(found.code, found.params)


@guarded
def LocalCalls(offices: Sequence[str]) -> ft.Control:
    """The numbers of some offices as buttons, the first to ring first; nothing without any."""
    app = use_app()
    found = of_offices(_use_contacts(app), offices)
    if not found:
        return ft.Container(height=0)
    return stack([_call(app, one) for one in found], spacing=10)


@guarded
def LocalNumbers() -> ft.Control:
    """Every number that was written down here, and the way to another one."""
    app = use_app()
    contacts = _use_contacts(app)
    typed, set_typed = ft.use_state(cast("Typed | None", None))

    async def forget(one: LocalContact) -> None:
        app.touch()
        await app.attempt(app.services.contacts.forget, one.office, one.name)
        await app.refresh()

    rows: list[ft.Control] = [
        text.heading(app.t("ui.local.heading")),
        text.note(app.t("ui.local.hint")),
    ]
    rows += [_line(app, one, later(forget, one)) for one in contacts]
    rows += failure_of(app, "forget")
    if typed is None:
        add = side_button(app.t("ui.local.add"), lambda _: set_typed(Typed()), icon=ft.Icons.ADD)
        return card([*rows, add], spacing=GAP)
    return card(
        [*rows, keyed("typed", stack(_form(app, typed, set_typed), spacing=14))], spacing=GAP
    )


def _use_contacts(app: AppState) -> Sequence[LocalContact]:
    async def load() -> Sequence[LocalContact] | None:
        return await app.look(app.services.contacts.all)

    return use_loaded(load, [app.revision]) or ()


def _call(app: AppState, one: LocalContact) -> ft.Control:
    words = f"{app.t('ui.care.call', number=one.number)}: {one.name}"
    return side_button(words, later(app.platform.call, one.dialled), icon=ft.Icons.CALL)


def _line(app: AppState, one: LocalContact, forget: Callable[..., None]) -> ft.Control:
    office = app.words.text(contact_label(one.office))
    noted = app.t("ui.local.noted", office=office, day=app.words.day(one.noted_on))
    told = stack([text.strong(one.number), text.body(one.name)], spacing=0)
    call = later(app.platform.call, one.dialled)
    name = f"{app.t('ui.care.call', number=one.number)}, {one.name}"
    button = ft.Semantics(
        label=name,
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=call,
        content=ft.FilledTonalButton(
            content=app.t("ui.hotline.call"), icon=ft.Icons.CALL, on_click=call, data=name
        ),
    )
    away = icon_button(f"{app.t('ui.local.remove')}: {one.name}", ft.Icons.CLOSE, forget)
    deeds = ft.Row([button, away], spacing=4, tight=True)
    if app.words.is_large:
        return keyed(name, stack([told, text.note(noted), deeds], spacing=GAP_SMALL))
    head = ft.Row([ft.Container(told, expand=True), deeds], spacing=12)
    return keyed(name, stack([head, text.note(noted)], spacing=2))


def _form(app: AppState, typed: Typed, take: Callable[[Typed | None], None]) -> list[ft.Control]:
    async def keep() -> None:
        app.touch()
        problems = tuple(contact_problems(typed.office, typed.name, typed.number))
        if problems:
            take(replace(typed, problems=problems))
            return
        asked = typed.office, typed.name, typed.number
        await app.attempt(app.services.contacts.keep, *asked)
        if app.failure is None:
            take(None)
            await app.refresh()

    office = PickerField(
        app.t("ui.local.office"),
        [Choice(option.key, app.words.text(option.label)) for option in OFFICES],
        (typed.office,),
        required=True,
        error=typed.error("office", app),
    )
    return [
        Picker(office, app.words, lambda keys: take(replace(typed, office="".join(keys)))),
        text_input(
            app.t("ui.local.name"),
            typed.name,
            lambda name: take(replace(typed, name=name)),
            error=typed.error("name", app),
            helper=app.t("ui.local.name_help"),
        ),
        text_input(
            app.t("ui.local.number"),
            typed.number,
            lambda number: take(replace(typed, number=number)),
            error=typed.error("number", app),
            keyboard_type=ft.KeyboardType.PHONE,
        ),
        *failure_of(app, "keep"),
        main_button(app.t("ui.local.keep"), later(keep), icon=ft.Icons.CHECK),
        quiet_button(app.t("ui.cancel"), lambda _: take(None)),
    ]
