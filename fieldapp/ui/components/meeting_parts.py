"""What only a meeting's form shows: last time, matters arising, the quorum, the next day.

Laws:
  * What was taken over from last time is said, and gives way when another kind or body is chosen;
    what somebody typed stays.
  * An outcome is one tap, in words; a matter keeps naming where it comes from.
  * Sums and quorums are computed while one types and never stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import flet as ft

from fieldapp.domain.carry_over import STAYS, LastTime, is_overdue
from fieldapp.domain.fields import FieldSpec, Section
from fieldapp.domain.quorum import BodyRule, quorum
from fieldapp.domain.rules import day
from fieldapp.ui.chance import new_item_id
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import OnClick, side_button
from fieldapp.ui.components.groups import GroupEditor
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.components.quorum_line import quorum_line
from fieldapp.ui.components.surfaces import banner, grid, keyed, stack
from fieldapp.ui.context import use_app, use_loaded
from fieldapp.ui.forms import EMPTY, FormState, Sources
from fieldapp.ui.theme import RADIUS, RADIUS_FIELD
from fieldapp.ui.words import Words

MEETING = "meeting"
MATTERS = "matters_arising"
OUTCOMES = ("done", "in_progress", "carried_forward", "dropped")
SERIES = ("meeting_type", "body", "body_name")
PRESET = (*SERIES, "classification")
NEXT_WEEKS = (("week", 1), ("month", 4), ("quarter", 13))


def page_notes(form: FormState, section: Section) -> list[ft.Control]:
    """Return what stands above the fields of a page."""
    if form.record_type.key != MEETING or form.amends or section.key != "where":
        return []
    return [keyed("last-time", FromLastTime(form))]


def own_input(
    form: FormState, spec: FieldSpec, words: Words, sources: Sources
) -> ft.Control | None:
    """Return the input of a field that a meeting asks in its own way, or None."""
    if form.record_type.key == MEETING and spec.name == MATTERS:
        return keyed(MATTERS, stack(_matters(form, spec, words, sources), spacing=12))
    return None


def after_field(form: FormState, spec: FieldSpec, words: Words) -> list[ft.Control]:
    """Return what follows from a field, right below it."""
    if form.record_type.key != MEETING:
        return []
    if spec.name == "members_present":
        return [FormQuorum(form)]
    if spec.name == "next_date":
        return _next_days(form, words)
    return []


# ------------------------------------------------------------------ last time


@dataclass(slots=True)
class _Followed:
    """What the form follows: the series it was asked for, and that series' last meeting."""

    series: tuple[object, ...] = ()
    last: LastTime | None = None


@guarded
def FromLastTime(form: FormState) -> ft.Control:
    """Say which meeting the form was filled in from, and follow another kind or body."""
    app = use_app()
    followed, _ = ft.use_state(_Followed())
    shown, set_shown = ft.use_state(0)
    series = (form.unit, *(form.value(name) for name in SERIES))

    async def look() -> None:
        held = followed.last
        wanted = {name: form.value(name) for name in SERIES if form.value(name)}
        if held is not None and wanted.get("meeting_type") != held.fields.get("meeting_type"):
            wanted = {
                name: value
                for name, value in wanted.items()
                if name == "meeting_type" or held.fields.get(name) != value
            }
        last = await app.look(app.services.records.last_time, form.unit, wanted)
        if followed.series and followed.series != series:
            take_over(form, held, last)
        followed.last, followed.series = last, series
        set_shown(lambda value: value + 1)

    ft.use_effect(look, dependencies=list(series))
    last = followed.last
    if not shown or last is None or not _is_taken(form, last):
        return ft.Container(height=0)
    words = app.words
    lines = [app.t("ui.meeting.from_last_text")]
    if matters := form.value(MATTERS):
        lines.append(app.t("ui.meeting.open_matters", count=len(matters)))
    heading = app.t("ui.meeting.from_last", day=words.day(last.day))
    return banner("\n".join(lines), ft.Icons.HISTORY, tone="plain", heading=heading)


def _is_taken(form: FormState, last: LastTime) -> bool:
    names = [name for name in STAYS if name not in PRESET and name in last.fields]
    is_kept = any(form.value(name) == last.fields[name] for name in names)
    return is_kept or bool(form.value(MATTERS))


def take_over(form: FormState, before: LastTime | None, last: LastTime | None) -> None:
    """Put the last meeting's facts where the form still holds an earlier one's, or nothing."""
    old = before.fields if before is not None else {}
    new = last.fields if last is not None else {}
    for name in STAYS:
        if name == "meeting_type":
            continue
        value = form.value(name)
        if value in EMPTY or value == old.get(name):
            form.set(name, new.get(name))
    typed = [item for item in form.value(MATTERS) or [] if not _is_untouched(item)]
    fresh = [{"id": new_item_id(), **item} for item in new.get(MATTERS, ())]
    known = {(item.get("meeting"), item.get("resolution"), item.get("text")) for item in typed}
    fresh = [i for i in fresh if (i.get("meeting"), i.get("resolution"), i["text"]) not in known]
    if typed or fresh or form.value(MATTERS):
        form.set(MATTERS, [*fresh, *typed])


def _is_untouched(item: Mapping[str, Any]) -> bool:
    return bool(item.get("meeting")) and item.get("status") == "carried_forward"


# ------------------------------------------------------------------ matters arising


def _matters(
    form: FormState, spec: FieldSpec, words: Words, sources: Sources
) -> Sequence[ft.Control]:
    """One card a matter of last time with its outcome; others are typed as in any list."""
    carried = [item for item in form.value(spec.name) or [] if item.get("meeting")]
    if not carried:
        return [GroupEditor(spec, form, words, sources)]
    rows: list[ft.Control] = [
        text.heading(words.t("ui.meeting.matters")),
        text.note(words.t("ui.meeting.matters_text")),
    ]
    for number, item in enumerate(carried, start=1):
        rows.append(_matter(form, spec, words, item, number))
    left_out = frozenset(str(item["id"]) for item in carried)
    rows.append(GroupEditor(spec, form, words, sources, left_out=left_out))
    return rows


def _matter(
    form: FormState, spec: FieldSpec, words: Words, item: Mapping[str, Any], number: int
) -> ft.Control:
    path = f"{spec.name}/{item['id']}"
    rows: list[ft.Control] = [text.strong(str(item.get("text", "")))]
    if due := day(item.get("due")):
        is_late = is_overdue(item, day(form.value("date")) or due)
        key = "ui.meeting.overdue" if is_late else "ui.meeting.due"
        color = ft.Colors.ERROR if is_late else ft.Colors.ON_SURFACE_VARIANT
        rows.append(text.note(words.t(key, day=words.day(due.isoformat())), color))
    rows.append(_outcomes(form, spec, words, path, number))
    rows.append(
        text_input(
            words.t("ui.meeting.progress", number=number),
            str(item.get("progress") or ""),
            lambda typed: form.set(f"{path}/progress", typed or None),
            multiline=True,
            min_lines=1,
            max_lines=6,
            capitalization=ft.TextCapitalization.SENTENCES,
        )
    )
    return ft.Container(
        key=path,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        padding=14,
        content=stack(rows, spacing=10),
    )


def _outcomes(form: FormState, spec: FieldSpec, words: Words, path: str, number: int) -> ft.Control:
    """The four outcomes, two beside each other, below each other where words are large."""
    status = next(sub for sub in spec.subfields if sub.name == "status")
    chosen = form.value(f"{path}/status")
    tiles: list[ft.Control] = []
    for key in OUTCOMES:
        option = status.option(key)
        name = words.text(option.label) if option else key
        spoken = words.t("ui.meeting.outcome", outcome=name, number=number)

        def choose(_: object, key: str = key) -> None:
            form.set(f"{path}/status", key)

        tile = _outcome(name, spoken, choose, is_on=chosen == key)
        tiles.append(tile)
    return grid(tiles, 1 if words.is_large else 2, spacing=8, as_high=True)


def _outcome(name: str, spoken: str, choose: OnClick, *, is_on: bool) -> ft.Control:
    ground = ft.Colors.PRIMARY_CONTAINER if is_on else ft.Colors.SURFACE_CONTAINER_LOWEST
    ink = ft.Colors.ON_PRIMARY_CONTAINER if is_on else ft.Colors.ON_SURFACE
    icon = ft.Icons.RADIO_BUTTON_CHECKED if is_on else ft.Icons.RADIO_BUTTON_UNCHECKED
    return ft.Semantics(
        label=spoken,
        button=True,
        selected=is_on,
        container=True,
        exclude_semantics=True,
        on_tap=choose,
        content=ft.Container(
            bgcolor=ground,
            border=ft.Border.all(1, ft.Colors.PRIMARY if is_on else ft.Colors.OUTLINE_VARIANT),
            border_radius=RADIUS_FIELD,
            padding=ft.Padding.symmetric(vertical=14, horizontal=10),
            ink=True,
            data=spoken,
            on_click=choose,
            content=ft.Row(
                [
                    ft.Icon(icon, color=ink, size=22),
                    ft.Container(text.note(name, ink), expand=True),
                ],
                spacing=8,
            ),
        ),
    )


# ------------------------------------------------------------------ quorum and the next day


@guarded
def FormQuorum(form: FormState) -> ft.Control:
    """Whether a committee may decide by its own rule, said while its members are counted."""
    app = use_app()
    body = form.value("body")

    async def load() -> BodyRule | None:
        return await app.look(app.services.records.body_rule, body)

    rule = use_loaded(load, [body]) or BodyRule()
    return quorum_line(quorum(form.fields, rule), app.words)


def _next_days(form: FormState, words: Words) -> list[ft.Control]:
    """Offer the usual distances from this meeting, one tap each, while no day is chosen."""
    held = day(form.value("date"))
    if held is None or form.value("next_date"):
        return []
    buttons: list[ft.Control] = []
    for name, weeks in NEXT_WEEKS:
        following: date = held + timedelta(weeks=weeks)
        iso = following.isoformat()
        label = words.t(f"ui.meeting.next_{name}", day=words.day(iso))
        buttons.append(side_button(label, lambda _, iso=iso: form.set("next_date", iso)))
    return [ft.Column(buttons, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)]
