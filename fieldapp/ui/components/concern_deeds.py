"""What is done about a sealed concern from its page: the times of the police, and a higher body.

Laws:
  * One tap notes "now"; another time is set beside it. Each is an amendment that is kept.
  * Only the times that may come next are offered, so that they cannot get out of order.
  * An escalation always says whether it is for action or for information.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import cast

import flet as ft

from fieldapp.domain.choices import BODIES, REPORT_PURPOSE
from fieldapp.domain.clock import instant_millis
from fieldapp.domain.record_types import record_type
from fieldapp.domain.response_log import GROUP, STEPS, open_steps, running
from fieldapp.services.concerns import ESCALATIONS
from fieldapp.services.views import RecordView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import icon_button, main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_of
from fieldapp.ui.components.inputs import one_of, text_input
from fieldapp.ui.components.moments import InstantField, Moment
from fieldapp.ui.components.picker import Choice, Picker, PickerField
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import later, use_app
from fieldapp.ui.state import AppState


def concern_deeds(app: AppState, record: RecordView) -> list[ft.Control]:
    """Return the deeds that a record's page offers; none for other types or a mere reader."""
    declared = record_type(record.type)
    if declared.key != "concern" or record.state != "sealed" or app.type_named("concern") is None:
        return []
    parts = ((GROUP, ResponseTimes), (ESCALATIONS, Escalation))
    shown = [(declared.field(name), part) for name, part in parts]
    return [
        part(record) for spec, part in shown if spec is not None and spec.is_visible(record.fields)
    ]


@guarded
def ResponseTimes(record: RecordView) -> ft.Control:
    """The times of the running response, and one tap for the next."""
    app = use_app()
    words = app.words
    setting, set_setting = ft.use_state("")
    chosen, set_chosen = ft.use_state("")
    item = running(record.fields)
    spec = record_type("concern").field(GROUP)
    labels = {sub.name: words.text(sub.label) for sub in (spec.subfields if spec else ())}

    async def note(step: str, at: str | None = None) -> None:
        set_setting("")
        set_chosen("")
        app.touch()
        done = await app.attempt(app.services.concerns.note_response, record.id, step, at)
        if done is not None:
            await app.refresh()

    rows: list[ft.Control] = [text.heading(words.text(spec.label) if spec else "")]
    if item is not None:
        rows += [
            _noted(labels[step], words.instant(instant_millis(item[step])))
            for step in STEPS
            if item.get(step)
        ]
    for place, step in enumerate(open_steps(item)):
        rows.append(_stamp(app, labels[step], step, note, set_setting, is_next=place == 0))
        if setting == step:
            rows.append(
                InstantField(
                    Moment(labels[step], chosen), words, lambda at: set_chosen(str(at or ""))
                )
            )
            rows.append(
                side_button(
                    app.t("ui.response.keep"),
                    later(note, step, chosen),
                    icon=ft.Icons.CHECK,
                    disabled=not chosen,
                )
            )
    rows += failure_of(app, "note_response")
    return card(rows, spacing=12)


def _noted(label: str, when: str) -> ft.Control:
    return ft.Row(
        [
            ft.Icon(ft.Icons.CHECK_CIRCLE, color=ft.Colors.PRIMARY),
            ft.Container(text.body(f"{label}: {when}"), expand=True),
        ],
        spacing=12,
    )


def _stamp(
    app: AppState,
    label: str,
    step: str,
    note: Callable[[str], Awaitable[None]],
    set_setting: Callable[[str], None],
    *,
    is_next: bool,
) -> ft.Control:
    words = app.t(f"ui.response.{step}")
    press = later(note, step)
    now = (
        main_button(words, press, icon=ft.Icons.SCHEDULE)
        if is_next
        else side_button(words, press, icon=ft.Icons.SCHEDULE)
    )
    other = icon_button(
        app.t("ui.response.other", step=label),
        ft.Icons.EDIT_CALENDAR,
        lambda _: set_setting(step),
    )
    return ft.Row([ft.Container(now, expand=True), other], spacing=6)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An escalation as it is filled in."""

    to_body: str = ""
    purpose: str = ""
    why: str = ""


@guarded
def Escalation(record: RecordView) -> ft.Control:
    """Take the concern to a higher body, with a purpose."""
    app = use_app()
    wanted, set_wanted = ft.use_state(cast("Wanted | None", None))

    async def send() -> None:
        app.touch()
        if wanted is None:
            return
        deed = app.services.concerns.escalate
        done = await app.attempt(deed, record.id, wanted.to_body, wanted.purpose, wanted.why)
        if done is not None:
            set_wanted(None)
            await app.refresh()

    rows: list[ft.Control] = [text.heading(app.t("ui.escalate"))]
    if wanted is None:
        rows.append(text.note(app.t("ui.escalate.hint")))
        rows.append(
            side_button(
                app.t("ui.escalate.begin"),
                lambda _: set_wanted(Wanted()),
                icon=ft.Icons.NORTH_EAST,
            )
        )
        return card(rows)
    rows += _asked(app, wanted, set_wanted)
    is_whole = bool(wanted.to_body and wanted.purpose)
    rows.append(
        main_button(app.t("ui.review.seal"), later(send), icon=ft.Icons.LOCK, disabled=not is_whole)
    )
    rows.append(quiet_button(app.t("ui.cancel"), lambda _: set_wanted(None)))
    rows += failure_of(app, "escalate")
    return card(rows, spacing=12)


def _asked(
    app: AppState, wanted: Wanted, take: Callable[[Wanted | None], None]
) -> list[ft.Control]:
    """Return what an escalation asks: to which body, for what, and why."""
    words = app.words
    field = PickerField(
        app.t("ui.escalate.to"),
        [Choice(option.key, words.text(option.label)) for option in BODIES],
        (wanted.to_body,),
        required=True,
    )
    return [
        Picker(field, words, lambda keys: take(replace(wanted, to_body="".join(keys)))),
        one_of(
            app.t("ui.escalate.purpose"),
            [(option.key, words.text(option.label), "") for option in REPORT_PURPOSE],
            wanted.purpose or None,
            lambda key: take(replace(wanted, purpose=key)),
        ),
        text_input(
            app.t("ui.escalate.why"),
            wanted.why,
            lambda why: take(replace(wanted, why=why)),
            helper=app.t("ui.escalate.why_help"),
            grows=True,
        ),
    ]
