"""A record as it is read: how far it got, what it says, who changed what, how to amend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flet as ft

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType, Tier
from fieldapp.domain.record_types import record_type
from fieldapp.domain.taxonomy import TIER_LABELS
from fieldapp.services.views import ConflictView, HistoryItem, RecordView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.story import Story
from fieldapp.ui.components.surfaces import banner, card, loading, stack
from fieldapp.ui.components.ticks import chip, tick_steps
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.forms import EMPTY
from fieldapp.ui.state import AppState
from fieldapp.ui.words import Words


@guarded
def RecordBody(record_id: str) -> ft.Control:
    """A record, wherever it is shown."""
    app = use_app()

    async def load() -> tuple[RecordView, Mapping[str, str]] | None:
        record = await app.attempt(app.services.records.show, record_id)
        return (record, await app.unit_names()) if record is not None else None

    found = use_loaded(load, [record_id, app.revision])
    if found is None:
        return failure_banner(app) or loading(app.t("ui.loading"))
    record, units = found
    declared = record_type(record.type)
    controls: list[ft.Control] = [_head(app, record, declared)]
    if record.needs_attention is not None:
        note = record.needs_attention
        controls.append(
            banner(
                app.words.error(note.code, note.params),
                ft.Icons.PRIORITY_HIGH,
                tone="bad",
                heading=app.t("ui.tick.needs_you"),
            )
        )
    controls += [_conflict(app, conflict) for conflict in record.conflicts]
    controls.append(
        card(
            [text.heading(app.t("ui.record.ticks")), tick_steps(record.ticks, app.words)],
            spacing=14,
        )
    )
    controls += _sections(app.words, declared, record.fields, units)
    if app.type_named(record.type) is not None:
        controls.append(_amend_button(app, record))
    controls.append(Story(record.id))
    controls.append(_history(app, record.history))
    return stack(controls)


def _head(app: AppState, record: RecordView, declared: RecordType) -> ft.Control:
    words = app.words
    restricted = record.tier != Tier.ORDINARY
    badges = [
        chip(
            words.text(declared.label),
            None,
            ft.Colors.SECONDARY_CONTAINER,
            ft.Colors.ON_SECONDARY_CONTAINER,
        ),
        chip(
            words.text(TIER_LABELS[Tier(record.tier)]),
            ft.Icons.LOCK_OUTLINE if restricted else ft.Icons.LOCK_OPEN,
            ft.Colors.TERTIARY_CONTAINER if restricted else ft.Colors.SURFACE_CONTAINER_HIGH,
            ft.Colors.ON_TERTIARY_CONTAINER if restricted else ft.Colors.ON_SURFACE_VARIANT,
        ),
    ]
    who = record.author if not record.mine else app.t("ui.record.by_me")
    return ft.Column(
        [
            text.title(words.text(declared.title(record.fields))),
            text.note(f"{record.unit_name} · {who} · {words.instant(record.updated_at_ms)}"),
            ft.Row(badges, wrap=True, spacing=8),
        ],
        spacing=8,
        tight=True,
    )


def _conflict(app: AppState, conflict: ConflictView) -> ft.Control:
    words = app.words
    return banner(
        app.t(
            "ui.conflict.text",
            field=words.text(conflict.label),
            kept=str(conflict.kept),
            lost=str(conflict.lost),
            author=conflict.lost_author,
            when=words.instant(conflict.at_ms),
        ),
        ft.Icons.CALL_SPLIT,
        tone="care",
        heading=app.t("ui.conflict"),
    )


def _sections(
    words: Words, declared: RecordType, fields: Mapping[str, Any], units: Mapping[str, str]
) -> list[ft.Control]:
    cards: list[ft.Control] = []
    for section in declared.sections:
        lines: list[ft.Control] = []
        for name in section.names:
            spec = declared.field(name)
            if spec is not None and fields.get(name) not in EMPTY:
                lines.extend(value_lines(words, spec, fields[name], units))
        if lines:
            cards.append(card([text.heading(words.text(section.label)), *lines], spacing=12))
    return cards


def value_lines(
    words: Words,
    spec: FieldSpec,
    value: Any,  # noqa: ANN401  JSON of any kind
    units: Mapping[str, str],
) -> list[ft.Control]:
    """Return a field's name and value; a group is a block an item."""
    if spec.kind is not Kind.GROUP:
        return [_pair(words.text(spec.label), words.value(spec, value, units))]
    blocks: list[ft.Control] = []
    for number, item in enumerate(value, start=1):
        pairs = [
            _pair(words.text(sub.label), words.value(sub, item[sub.name], units))
            for sub in spec.subfields
            if item.get(sub.name) not in EMPTY
        ]
        blocks.append(
            ft.Container(
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
                border_radius=12,
                padding=14,
                content=stack(
                    [text.label(f"{words.text(spec.label)} {number}", ft.Colors.PRIMARY), *pairs],
                    spacing=8,
                ),
            )
        )
    return blocks


def _pair(label: str, value: str) -> ft.Control:
    return ft.Column(
        [
            text.note(label),
            text.copyable(value),
        ],
        spacing=0,
        tight=True,
    )


def _amend_button(app: AppState, record: RecordView) -> ft.Control:
    async def amend() -> None:
        page = ft.context.page
        await app.open_amendment(record)
        page.navigate(f"/records/{record.id}/amend")

    return main_button(app.t("ui.record.amend"), later(amend), icon=ft.Icons.EDIT)


def _history(app: AppState, history: Sequence[HistoryItem]) -> ft.Control:
    words = app.words
    rows: list[ft.Control] = [text.heading(app.t("ui.record.history"))]
    for item in reversed(history):
        lines: list[ft.Control] = [
            text.strong(app.t(f"ui.history.{item.op}", author=item.author)),
            text.note(words.instant(item.at_ms)),
        ]
        if item.op == "changed":
            lines.extend(
                text.note(
                    app.t(
                        "ui.history.change",
                        field=words.text(change.label),
                        old=_short(change.old, words),
                        new=_short(change.new, words),
                    ),
                    ft.Colors.ON_SURFACE,
                )
                for change in item.changes
            )
        if item.reason:
            lines.append(text.note(app.t("ui.history.reason", reason=item.reason)))
        if item.clock_unsure:
            lines.append(text.note(app.t("ui.history.clock_unsure")))
        if item.is_unfinished:
            lines.append(text.note(app.t("ui.history.unfinished")))
        rows.append(
            ft.Row(
                [
                    ft.Icon(_HISTORY_ICONS[item.op], color=ft.Colors.ON_SURFACE_VARIANT),
                    ft.Column(lines, spacing=2, expand=True, tight=True),
                ],
                spacing=14,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )
    return card(rows, spacing=14)


_HISTORY_ICONS = {
    "created": ft.Icons.ADD_CIRCLE_OUTLINE,
    "changed": ft.Icons.EDIT_OUTLINED,
    "deleted": ft.Icons.REMOVE_CIRCLE_OUTLINE,
    "erased": ft.Icons.DELETE_FOREVER_OUTLINED,
}


def _short(value: object, words: Words) -> str:
    if value in EMPTY:
        return words.t("ui.value.none")
    if isinstance(value, bool):
        return words.t("ui.yes" if value else "ui.no")
    return words.day(str(value))
