"""What a record says, page by page: values, links by their titles, and what follows from them.

Laws:
  * A link shows the title of its record and leads to it; one that is not here says so.
  * What is computed stands in colour beside what was typed, and is never stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from fieldapp.domain.fields import Fields, FieldSpec, Kind
from fieldapp.domain.link_tiers import linked_keys, named_in
from fieldapp.domain.quorum import BodyRule, quorum
from fieldapp.domain.record_type import RecordType, Remark
from fieldapp.domain.record_types import find_record_type, record_type
from fieldapp.domain.rules import count
from fieldapp.services.views import RecordRow, RecordView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.quorum_line import quorum_line
from fieldapp.ui.components.record_link import record_link
from fieldapp.ui.components.surfaces import banner, card, stack
from fieldapp.ui.context import SETTLE_SECONDS, use_app, use_loaded
from fieldapp.ui.forms import EMPTY, FormState
from fieldapp.ui.shown_places import places_of
from fieldapp.ui.state import AppState
from fieldapp.ui.words import Words


@dataclass(frozen=True, slots=True)
class Around:
    """What is read beside a record to show it: names of places, linked rows, remarks."""

    places: Mapping[str, str] = field(default_factory=dict)
    linked: Mapping[str, RecordRow] = field(default_factory=dict)
    remarks: Sequence[Remark] = ()
    rule: BodyRule | None = None


async def read_around(app: AppState, record: RecordView) -> Around:
    """Read what a record is shown with: titles of linked records, names of places, remarks."""
    declared = find_record_type(record.type)
    if declared is None or not record.fields:
        return Around()
    records = app.services.records
    keys = tuple(dict.fromkeys(named_in(declared, record.fields)))
    rows = await app.look(records.named, keys) if keys else ()
    said = await app.look(records.remarks, record.type, record.unit, record.fields)
    ids = tuple(dict.fromkeys(places_of(declared, record)))
    names = await app.look(records.place_names, ids) if ids else {}
    rule = None
    if count(record.fields.get("members_present")) is not None:
        rule = await app.look(records.body_rule, record.fields.get("body"))
    return Around(names or {}, {row.id: row for row in rows or ()}, said or (), rule)


def value_at(
    words: Words, type_key: str, path: str, value: object, places: Mapping[str, str]
) -> str:
    """Write a value of one field as its declaration says it."""
    declared = find_record_type(type_key)
    spec = None if declared is None else declared.spec_at(path)
    if value in EMPTY:
        return words.t("ui.value.none")
    if spec is None or spec.kind is Kind.GROUP:
        return str(value)
    if spec.names_records:
        return words.t("ui.value.records", count=len(linked_keys(value)))
    return words.value(spec, value, places)


@guarded
def RecordValues(record: RecordView, around: Around) -> ft.Control:
    """The filled-in sections of a record."""
    app = use_app()
    declared = record_type(record.type)
    cards = list(_sections(app.words, declared, record.fields, around))
    if (steps := stage_steps(app, declared, record.fields)) is not None:
        cards.insert(0, card([steps]))
    return stack(cards)


def stage_steps(app: AppState, declared: RecordType, fields: Fields) -> ft.Control | None:
    """Return how far a long work has come, as bars and in words; None for other records."""
    spec = declared.field(declared.stage) if declared.stage else None
    stage = fields.get(spec.name) if spec else None
    if spec is None or stage not in spec.option_keys():
        return None
    reached = spec.option_keys().index(str(stage)) + 1
    bars: list[ft.Control] = [
        ft.Container(
            height=8,
            expand=True,
            border_radius=4,
            bgcolor=ft.Colors.PRIMARY if place < reached else ft.Colors.SURFACE_CONTAINER_HIGH,
        )
        for place in range(len(spec.options))
    ]
    option = spec.option(str(stage))
    said = app.t(
        "ui.record.stage",
        step=reached,
        steps=len(spec.options),
        name=app.words.text(option.label) if option else "",
    )
    return stack([text.strong(said), ft.Row(bars, spacing=4)], spacing=8)


def _sections(
    words: Words, declared: RecordType, fields: Fields, around: Around
) -> Iterator[ft.Control]:
    for section in declared.sections:
        lines: list[ft.Control] = []
        for name in section.names:
            spec = declared.field(name)
            if spec is not None and fields.get(name) not in EMPTY:
                is_titled = spec.label == section.label
                lines.extend(value_lines(words, spec, fields[name], around, is_titled=is_titled))
            lines.extend(remark_lines(words, around.remarks, name))
            if name == "members_present" and around.rule is not None:
                lines.append(quorum_line(quorum(fields, around.rule), words))
        if lines:
            yield card([text.heading(words.text(section.label)), *lines], spacing=12)


def remark_lines(words: Words, remarks: Sequence[Remark], name: str) -> list[ft.Control]:
    """Return what follows from the value of a field."""
    return [
        banner(
            words.text(remark.text),
            ft.Icons.INFO_OUTLINE if remark.is_care else ft.Icons.CALCULATE_OUTLINED,
            tone="care" if remark.is_care else "good",
        )
        for remark in remarks
        if remark.path.partition("/")[0] == name
    ]


@guarded
def FormRemarks(form: FormState, names: Sequence[str]) -> ft.Control:
    """What follows from what was typed on a page, once typing rests."""
    app = use_app()

    async def load() -> Sequence[Remark] | None:
        await asyncio.sleep(SETTLE_SECONDS)
        records = app.services.records
        return await app.look(records.remarks, form.record_type.key, form.unit, form.document())

    said = use_loaded(load, [form.record_id, form.revision]) or ()
    lines = [line for name in names for line in remark_lines(app.words, said, name)]
    return stack(lines, spacing=10) if lines else ft.Container()


def value_lines(
    words: Words,
    spec: FieldSpec,
    value: Any,  # noqa: ANN401  JSON of any kind
    around: Around,
    *,
    is_titled: bool = False,
) -> list[ft.Control]:
    """Return a field's name and value; a group is a block an item.

    One that ``is_titled`` bears the name of its page, which stands above it already.
    """
    if spec.kind is not Kind.GROUP:
        return [_value(words, spec, value, around, is_titled=is_titled)]
    return [_item(words, spec, number, item, around) for number, item in enumerate(value, start=1)]


def _item(
    words: Words, spec: FieldSpec, number: int, item: Mapping[str, Any], around: Around
) -> ft.Control:
    values = [
        _value(words, sub, item[sub.name], around)
        for sub in spec.subfields
        if item.get(sub.name) not in EMPTY
    ]
    heading = text.label(f"{words.text(spec.item_label())} {number}", ft.Colors.PRIMARY)
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border_radius=12,
        padding=14,
        content=stack([heading, *values], spacing=8),
    )


def _value(
    words: Words,
    spec: FieldSpec,
    value: Any,  # noqa: ANN401  JSON of any kind
    around: Around,
    *,
    is_titled: bool = False,
) -> ft.Control:
    name = [] if is_titled else [text.note(words.text(spec.label))]
    if not spec.names_records:
        shown = text.copyable(words.value(spec, value, around.places))
        return ft.Column([*name, shown], spacing=0, tight=True)
    links = [
        record_link(words, key, around.linked.get(key), says_kind=spec.is_about)
        for key in linked_keys(value)
    ]
    return stack([*name, *links], spacing=6)
