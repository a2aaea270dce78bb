"""One declared field as an input, chosen by its kind.

A new kind of field is one function here and one row in ``EDITORS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.taxonomy import GROUPS
from fieldapp.services.views import UnitRow
from fieldapp.ui.components.inputs import (
    LONG,
    abreast_for,
    entry,
    error_line,
    named,
    number_input,
    one_of,
    yes_no,
)
from fieldapp.ui.components.link_field import Link, LinkField
from fieldapp.ui.components.matrix import CountMatrix
from fieldapp.ui.components.media_field import MediaField
from fieldapp.ui.components.moments import DayField, InstantField, Moment, TimeField
from fieldapp.ui.components.month_field import MonthField
from fieldapp.ui.components.picker import Choice, Picker, PickerField
from fieldapp.ui.components.place import PlaceField
from fieldapp.ui.components.text_warning import with_warning
from fieldapp.ui.forms import FormState, Sources
from fieldapp.ui.words import Words

FEW = 6
SHORT = 60
"""A text of so many letters at most, such as a number plate, needs no more than its line."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One field in one form: where its value lies and the words around it."""

    spec: FieldSpec
    path: str
    form: FormState
    words: Words
    sources: Sources

    @property
    def label(self) -> str:
        """The field's name."""
        return self.words.text(self.spec.label)

    @property
    def helper(self) -> str | None:
        """The field's help; nothing for most."""
        return self.words.text(self.spec.help) if self.spec.help else None

    @property
    def error(self) -> str | None:
        """What is wrong with the field, when that is to be shown."""
        found = self.form.problem(self.path)
        return self.words.problem(found) if found else None

    @property
    def typed(self) -> str:
        """The value as text."""
        value = self.form.value(self.path)
        return "" if value is None else str(value)

    def set(self, value: object) -> None:
        """Take a value; nothing typed is no value."""
        self.form.set(self.path, None if value in ("", (), []) else value)


def _text(slot: Slot) -> ft.Control:
    grows = slot.spec.length_limit() > SHORT
    return _typed(slot, {"capitalization": ft.TextCapitalization.SENTENCES, "grows": grows})


def _long_text(slot: Slot) -> ft.Control:
    return _typed(slot, LONG)


def _typed(slot: Slot, more: Mapping[str, Any]) -> ft.Control:
    field = entry(slot.label, slot.typed, slot.set, error=slot.error, **more)
    shown = named(slot.label, slot.helper, field)
    return with_warning(shown, field, slot.path, slot.form, slot.words)


def _number(slot: Slot) -> ft.Control:
    return number_input(
        slot.label,
        slot.form.number_text(slot.path),
        lambda typed: slot.form.set_number(slot.path, typed),
        error=slot.error,
        helper=slot.helper,
        prefix="KSh " if slot.spec.kind is Kind.MONEY else None,
    )


def _day(slot: Slot) -> ft.Control:
    if slot.spec.month:
        return MonthField(_moment(slot), slot.words, slot.set)
    return DayField(_moment(slot), slot.words, slot.set)


def _time(slot: Slot) -> ft.Control:
    return TimeField(_moment(slot), slot.words, slot.set)


def _instant(slot: Slot) -> ft.Control:
    return InstantField(_moment(slot), slot.words, slot.set)


def _moment(slot: Slot) -> Moment:
    return Moment(slot.label, slot.typed, slot.error, slot.helper, required=slot.spec.required)


def _choice(slot: Slot) -> ft.Control:
    words, spec = slot.words, slot.spec
    if len(spec.options) <= FEW:
        choices = [
            (o.key, words.text(o.label), words.text(o.help) if o.help else "") for o in spec.options
        ]
        return one_of(
            slot.label,
            choices,
            slot.typed,
            slot.set,
            error=slot.error,
            helper=slot.helper,
            abreast=1 if words.is_large else abreast_for(choices),
        )
    return _picker(slot, _option_choices(slot), many=False)


def _multi_choice(slot: Slot) -> ft.Control:
    return _picker(slot, _option_choices(slot), many=True)


def _option_choices(slot: Slot) -> list[Choice]:
    words = slot.words
    groups = {option.key: words.text(option.label) for option in GROUPS}
    return [
        Choice(o.key, words.text(o.label), "", groups.get(o.group or "", ""))
        for o in slot.spec.options
    ]


def _unit(slot: Slot) -> ft.Control:
    wanted = slot.spec.unit_levels
    rows = [row for row in slot.sources.units if not wanted or row.level in wanted]
    return _picker(slot, unit_choices(rows, slot.words), many=slot.spec.multiple)


def _ward(slot: Slot) -> ft.Control:
    choices = [Choice(row.id, row.name, row.parent_name) for row in slot.sources.wards]
    return _picker(slot, choices, many=slot.spec.multiple)


def _link(slot: Slot) -> ft.Control:
    held = slot.form.value(slot.path)
    chosen = (held,) if isinstance(held, str) else tuple(held or ())
    many = slot.spec.multiple
    link = Link(
        slot.label,
        slot.form,
        slot.path,
        chosen,
        many=many,
        required=slot.spec.required,
        error=slot.error,
        helper=slot.helper,
    )
    return LinkField(link, lambda keys: slot.set(list(keys) if many else "".join(keys)))


def unit_choices(rows: Sequence[UnitRow], words: Words) -> list[Choice]:
    """Return units as rows of a picker, with level and parent because names repeat."""
    return [
        Choice(row.id, row.name, f"{words.t(f'ui.level.{row.level}')} · {row.parent_name}")
        for row in rows
    ]


def _picker(slot: Slot, choices: list[Choice], *, many: bool) -> ft.Control:
    held = slot.form.value(slot.path)
    chosen = (held,) if isinstance(held, str) else tuple(held or ())
    field = PickerField(
        slot.label,
        choices,
        chosen,
        many=many,
        required=slot.spec.required,
        error=slot.error,
        helper=slot.helper,
    )

    def take(keys: tuple[str, ...]) -> None:
        slot.set(list(keys) if many else (keys[0] if keys else None))

    return Picker(field, slot.words, take)


def _boolean(slot: Slot) -> ft.Control:
    switch = yes_no(
        slot.label,
        value=slot.form.value(slot.path) is True,
        on_change=slot.set,
        helper=slot.helper,
    )
    if not slot.error:
        return switch
    return ft.Column([switch, error_line(slot.error)], spacing=4, tight=True)


def _matrix(slot: Slot) -> ft.Control:
    return CountMatrix(slot.spec, slot.form, slot.words, slot.path)


def _place(slot: Slot) -> ft.Control:
    return PlaceField(slot.spec, slot.path, slot.form, slot.words, slot.error)


def _media(slot: Slot) -> ft.Control:
    return MediaField(slot.spec, slot.path, slot.form, slot.words, slot.error)


EDITORS: dict[Kind, Callable[[Slot], ft.Control]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.INTEGER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _day,
    Kind.TIME: _time,
    Kind.INSTANT: _instant,
    Kind.CHOICE: _choice,
    Kind.MULTI_CHOICE: _multi_choice,
    Kind.COUNT_MATRIX: _matrix,
    Kind.UNIT: _unit,
    Kind.WARD: _ward,
    Kind.LINK: _link,
    Kind.PLACE: _place,
    Kind.BOOLEAN: _boolean,
    Kind.PHOTO: _media,
    Kind.AUDIO: _media,
}


def field_editor(slot: Slot) -> ft.Control | None:
    """Return the input for a field; None for kinds that have no input yet on this device."""
    editor = EDITORS.get(slot.spec.kind)
    return editor(slot) if editor else None
