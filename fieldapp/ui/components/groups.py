"""A repeat group: one card an item, one open at a time, add and remove.

Only what was typed into an item is lost by removing it, and only until the record is sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flet as ft

from fieldapp.domain.fields import FieldSpec
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import OnClick, icon_button, quiet_button, side_button
from fieldapp.ui.components.field_editor import Slot, field_editor
from fieldapp.ui.components.inputs import error_line
from fieldapp.ui.components.surfaces import keyed
from fieldapp.ui.forms import EMPTY, FormState, Sources
from fieldapp.ui.theme import RADIUS
from fieldapp.ui.words import Words

FIRST_FIELDS = 4
WORTH_HIDING = 3


@guarded
def GroupEditor(
    spec: FieldSpec,
    form: FormState,
    words: Words,
    sources: Sources,
    *,
    is_titled: bool = False,
    left_out: frozenset[str] = frozenset(),
) -> ft.Control:
    """The items of one repeat group; the page's own title may say its name already.

    Items that the page shows in another way are ``left_out``.
    """
    held: list[Mapping[str, Any]] = list(form.value(spec.name) or [])
    items = [item for item in held if item["id"] not in left_out]
    opened, set_opened = ft.use_state(items[0]["id"] if len(items) == 1 else "")
    name, one = words.text(spec.label), words.text(spec.item_label())

    def add(_: object) -> None:
        key = form.add_item(spec.name)
        number_item(spec, form, key)
        set_opened(key)

    is_bare = is_titled or bool(left_out and not items)
    rows: list[ft.Control] = [] if is_bare else [text.heading(name)]
    if spec.help:
        rows.append(text.note(words.text(spec.help)))
    for number, item in enumerate(items, start=1):
        key = str(item["id"])
        heading = f"{one} {number}"
        if key == opened:
            rows.append(keyed(key, OpenItem(spec, form, words, sources, item, heading)))
        else:
            rows.append(
                _closed_item(spec, form, words, item, heading, lambda _, k=key: set_opened(k))
            )
    if problem := form.problem(spec.name):
        rows.append(error_line(words.problem(problem)))
    if len(held) < spec.max_items:
        rows.append(side_button(f"{words.t('ui.add')}: {one}", add, icon=ft.Icons.ADD))
    return ft.Column(
        rows, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def summary_of(spec: FieldSpec, item: Mapping[str, Any], words: Words) -> str:
    """Return the first two values of an item as one line."""
    shown = [
        words.value(sub, item[sub.name], {})
        for sub in spec.subfields
        if item.get(sub.name) not in EMPTY
    ]
    return " · ".join(shown[:2]) or words.t("ui.group.empty_item")


def number_item(spec: FieldSpec, form: FormState, key: str) -> None:
    """Give a new item the next number, where items are numbered: nobody should have to count."""
    if any(sub.name == "number" for sub in spec.subfields):
        numbers = [item.get("number") for item in form.value(spec.name) or []]
        known = [number for number in numbers if isinstance(number, int)]
        form.set(f"{spec.name}/{key}/number", max([*known, len(numbers) - 1]) + 1)


def split(
    specs: Sequence[FieldSpec], item: Mapping[str, Any], *, amends: bool
) -> tuple[list[FieldSpec], list[FieldSpec]]:
    """Part an item's fields into those shown at once and those behind "more".

    A preset is not worth a line while an item is new; over a sealed record it is what changes.
    """
    first: list[FieldSpec] = []
    rest: list[FieldSpec] = []
    for place, spec in enumerate(specs):
        held = item.get(spec.name)
        is_given = held not in EMPTY and (amends or held != spec.default)
        is_main = place < FIRST_FIELDS or spec.required or is_given
        (first if is_main and spec.name != "number" else rest).append(spec)
    return (first, rest) if len(rest) >= WORTH_HIDING else (list(specs), [])


@guarded
def OpenItem(
    spec: FieldSpec,
    form: FormState,
    words: Words,
    sources: Sources,
    item: Mapping[str, Any],
    heading: str,
) -> ft.Control:
    """One item with its fields; the less usual ones stand behind one button."""
    shows_all, set_shows_all = ft.use_state(False)
    key = str(item["id"])
    visible = [sub for sub in spec.subfields if sub.is_visible(item)]
    first, rest = split(visible, item, amends=form.amends) if not shows_all else (visible, [])
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(text.heading(heading, ft.Colors.PRIMARY), expand=True),
                icon_button(
                    f"{words.t('ui.remove')}: {heading}",
                    ft.Icons.DELETE_OUTLINE,
                    lambda _: form.remove_item(spec.name, key),
                    color=ft.Colors.ERROR,
                ),
            ]
        )
    ]
    for sub in first:
        slot = Slot(sub, f"{spec.name}/{key}/{sub.name}", form, words, sources)
        if (editor := field_editor(slot)) is not None:
            rows.append(editor)
    if rest:
        more = words.t("ui.form.more", count=len(rest))
        rows.append(quiet_button(more, lambda _: set_shows_all(True), icon=ft.Icons.EXPAND_MORE))
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(1.5, ft.Colors.PRIMARY),
        border_radius=RADIUS,
        padding=14,
        content=ft.Column(
            rows, spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
        ),
    )


def _closed_item(
    spec: FieldSpec,
    form: FormState,
    words: Words,
    item: Mapping[str, Any],
    heading: str,
    open_it: OnClick,
) -> ft.Control:
    prefix = f"{spec.name}/{item['id']}"
    is_wrong = any(form.problem(f"{prefix}/{sub.name}") for sub in spec.subfields)
    summary = summary_of(spec, item, words)
    return ft.Semantics(
        label=f"{heading}: {summary}",
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=open_it,
        content=ft.Container(
            key=str(item["id"]),
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(1, ft.Colors.ERROR if is_wrong else ft.Colors.OUTLINE_VARIANT),
            border_radius=RADIUS,
            padding=ft.Padding.symmetric(vertical=12, horizontal=16),
            ink=True,
            data=heading,
            on_click=open_it,
            content=ft.Row(
                [
                    ft.Column(
                        [text.label(heading), text.note(summary, max_lines=2)],
                        spacing=2,
                        expand=True,
                        tight=True,
                    ),
                    ft.Icon(
                        ft.Icons.ERROR_OUTLINE if is_wrong else ft.Icons.EDIT_OUTLINED,
                        color=ft.Colors.ERROR if is_wrong else ft.Colors.ON_SURFACE_VARIANT,
                    ),
                ],
                spacing=12,
            ),
        ),
    )
