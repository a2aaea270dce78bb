"""The two fields of a concern that have an input of their own: what it is about, and how urgent.

Laws:
  * The category was chosen by its tile; here it says whom to tell, and one tap leads back.
  * The urgency follows from the category and takes one line; the four stand behind one tap.
  * A sealed record that is changed shows the plain inputs instead.
"""

from __future__ import annotations

import flet as ft

from fieldapp.domain.categories import category
from fieldapp.domain.fields import FieldSpec
from fieldapp.domain.first_steps import first_path
from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import URGENCIES, contact_label
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import icon_button, quiet_button
from fieldapp.ui.components.inputs import one_of
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.components.tiles import picture_of
from fieldapp.ui.context import navigate, use_app
from fieldapp.ui.forms import FormState
from fieldapp.ui.state import AppState


def concern_input(app: AppState, form: FormState, spec: FieldSpec) -> ft.Control | None:
    """Return the field's own input, or None where its kind decides."""
    if form.amends or form.record_type.key != "concern":
        return None
    if spec.name == "category":
        return _category_card(app, form)
    return UrgencyField(form) if spec.name == "urgency" else None


def _category_card(app: AppState, form: FormState) -> ft.Control | None:
    """What it is about, whom to tell and what to do; one tap leads back to the tiles."""
    chosen = category(form.value("category"))
    if chosen is None:
        return None
    words = app.words
    is_restricted = chosen.tier is Tier.RESTRICTED
    ink = ft.Colors.ON_TERTIARY_CONTAINER if is_restricted else ft.Colors.ON_PRIMARY_CONTAINER
    ground = ft.Colors.TERTIARY_CONTAINER if is_restricted else ft.Colors.PRIMARY_CONTAINER
    picture = picture_of(chosen, ground, ink)
    picture.visible = not words.is_large
    change = icon_button(
        app.t("ui.concern.change"),
        ft.Icons.EDIT_OUTLINED,
        lambda _: navigate(f"/draft/{form.record_id}/category"),
    )
    name = ft.Container(text.strong(words.text(chosen.label)), expand=True)
    lines: list[ft.Control] = [ft.Row([picture, name, change], spacing=14)]
    if chosen.tell:
        told = ", ".join(words.text(contact_label(key)) for key in chosen.tell)
        lines.append(text.body(app.t("ui.care.tell", contacts=told)))
    if chosen.note is not None:
        lines.append(text.note(words.text(chosen.note)))
    if first_path(chosen) is not None:
        lines.append(_path_button(app, form))
    return card(lines)


def _path_button(app: AppState, form: FormState) -> ft.Control:
    return quiet_button(
        app.t("ui.concern.path"),
        lambda _: navigate(f"/draft/{form.record_id}/first"),
        icon=ft.Icons.ALT_ROUTE,
    )


@guarded
def UrgencyField(form: FormState) -> ft.Control:
    """The urgency that follows from the category, and the four to choose from on demand."""
    app = use_app()
    words = app.words
    is_open, set_open = ft.use_state(False)
    held = next((option for option in URGENCIES if option.key == form.value("urgency")), None)
    spec = form.record_type.field("urgency")
    name = words.text(spec.label) if spec is not None else ""

    def take(key: str) -> None:
        form.set("urgency", key)
        set_open(False)

    if is_open or held is None:
        options = [
            (option.key, words.text(option.label), words.text(option.help) if option.help else "")
            for option in URGENCIES
        ]
        return one_of(name, options, held.key if held else None, take)
    lines: list[ft.Control] = [text.note(name), text.strong(words.text(held.label))]
    if held.help is not None:
        lines.append(text.note(words.text(held.help)))
    change = icon_button(
        app.t("ui.concern.urgency_change"), ft.Icons.EDIT_OUTLINED, lambda _: set_open(True)
    )
    return card([ft.Row([ft.Column(lines, spacing=2, expand=True, tight=True), change])])
