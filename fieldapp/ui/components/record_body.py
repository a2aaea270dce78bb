"""A record as it is read: how far it got, what it says, who changed what, how to amend it."""

from __future__ import annotations

import flet as ft

from fieldapp.domain.record_type import RecordType, Tier
from fieldapp.domain.record_types import find_record_type, record_type
from fieldapp.domain.taxonomy import TIER_LABELS
from fieldapp.domain.values import short_number
from fieldapp.services.views import RecordView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.call_back import CallBack
from fieldapp.ui.components.change_lines import change_lines
from fieldapp.ui.components.concern_deeds import concern_deeds
from fieldapp.ui.components.conflicts import Conflicts
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.media_shown import RecordMedia
from fieldapp.ui.components.meeting_share import share_minutes
from fieldapp.ui.components.newcomers import Newcomers
from fieldapp.ui.components.notice_seen import NOTICE, NoticeSeen
from fieldapp.ui.components.record_values import Around, RecordValues, read_around
from fieldapp.ui.components.rows import type_icon
from fieldapp.ui.components.story import Story
from fieldapp.ui.components.surfaces import banner, card, loading, stack
from fieldapp.ui.components.ticks import chip, holders
from fieldapp.ui.components.veil import Veil, is_kept_close
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.starts import begin, offers_from
from fieldapp.ui.state import AppState


@guarded
def RecordBody(record_id: str) -> ft.Control:
    """A record, wherever it is shown."""
    app = use_app()

    async def load() -> tuple[RecordView, Around] | None:
        found = await app.look(app.services.records.show, record_id)
        return None if found is None else (found, await read_around(app, found))

    read = use_loaded(load, [record_id, app.revision])
    is_unveiled, set_unveiled = ft.use_state(False)
    if read is None:
        return failure_banner(app) or loading(app.t("ui.loading"))
    record, around = read
    if is_kept_close(app, record) and not is_unveiled:
        return Veil(lambda: set_unveiled(True))
    if not record.fields:
        return _left_behind(app, record)
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
    controls.append(Conflicts(record, around.places))
    controls.append(_holders(app, record))
    controls += [RecordValues(record, around), RecordMedia(record.id), Story(record.id)]
    if app.type_named(record.type) is not None:
        controls.append(_amend_button(app, record))
    controls += concern_deeds(app, record)
    controls += share_minutes(record)
    controls += _go_on(app, record)
    if record.type == NOTICE and not record.mine:
        controls.append(NoticeSeen(record.id))
    controls += [CallBack(record.id), Newcomers(record.id), _history(app, record, around)]
    return stack(controls)


def _holders(app: AppState, record: RecordView) -> ft.Control:
    return card([text.heading(app.t("ui.record.ticks")), holders(record, app.words)], spacing=14)


def _left_behind(app: AppState, record: RecordView) -> ft.Control:
    """Return what is left of a record whose words are no longer here, and who has them."""
    declared, words = find_record_type(record.type), app.words
    label = words.text(declared.label) if declared else app.t("ui.record")
    title = f"{label} {short_number(record.id)}"
    controls = [text.title(title), text.note(words.instant(record.updated_at_ms))]
    if (note := record.needs_attention) is not None:
        controls.append(banner(words.error(note.code, note.params), ft.Icons.INVENTORY_2_OUTLINED))
    return stack([*controls, _holders(app, record), _history(app, record, Around())])


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


def _go_on(app: AppState, record: RecordView) -> list[ft.Control]:
    """Return what may be begun from this record."""
    found = offers_from(app, record) if record.state == "sealed" else []
    if not found:
        return []
    buttons = [
        side_button(
            app.words.text(offer.start.label),
            begin(app, offer.declared.key, filled),
            icon=type_icon(offer.declared.key),
        )
        for offer, filled in found
    ]
    row = ft.Row(buttons, wrap=True, spacing=8, run_spacing=8)
    return [card([text.heading(app.t("ui.record.go_on")), row])]


def _amend_button(app: AppState, record: RecordView) -> ft.Control:
    async def amend() -> None:
        page = ft.context.page
        await app.open_amendment(record)
        page.navigate(f"/records/{record.id}/amend")

    return main_button(app.t("ui.record.amend"), later(amend), icon=ft.Icons.EDIT)


def _history(app: AppState, record: RecordView, around: Around) -> ft.Control:
    words = app.words
    rows: list[ft.Control] = [text.heading(app.t("ui.record.history"))]
    for item in reversed(record.history):
        lines: list[ft.Control] = [
            text.strong(app.t(f"ui.history.{item.op}", author=item.author)),
            text.note(words.instant(item.at_ms)),
        ]
        if item.op == "changed":
            lines += change_lines(words, record.type, item.changes, around.places)
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
