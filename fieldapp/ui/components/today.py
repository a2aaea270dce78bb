"""What the day asks for, in one calm card: questions, notices, what is due, the monthly return.

Laws:
  * A line says what it is about and leads to where it is done; nothing is done here by itself,
    but the monthly return, which fills in a draft that the officer still reads and seals.
  * What is late says so in words beside its colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.services.day import Day
from fieldapp.services.returns import ReturnDue
from fieldapp.services.views import NoticeView, QueryView, Status, TallyDraft
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import later, navigate
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import RADIUS_FIELD

LATELY = 7
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Glance:
    """What the home screen asked for at once."""

    day: Day
    questions: Sequence[QueryView]
    notices: Sequence[NoticeView]
    answered: Sequence[QueryView] = ()
    tally: TallyDraft | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the card."""

    words: str
    icon: ft.IconData
    go: Callable[[], None] | None = None
    note: str = ""
    is_loud: bool = False


def today_card(app: AppState, status: Status, glance: Glance) -> ft.Control:
    """Return the card; it is there every day, because a return is always ahead."""
    lines = [*_asked(app, status, glance), *_tally(app, glance), *_due(app, glance.day)]
    controls: list[ft.Control] = [text.heading(app.t("ui.home.today"))]
    controls += [_row(line) for line in lines]
    if glance.day.due is not None:
        controls += _return(app, glance.day.due)
    if glance.day.low_bytes is not None:
        room = app.t("ui.home.room", megabytes=glance.day.low_bytes // MEGABYTE)
        controls.append(_row(Line(room, ft.Icons.SD_CARD_ALERT, is_loud=True)))
    return card(controls, spacing=6) if len(controls) > 1 else ft.Container()


def _asked(app: AppState, status: Status, glance: Glance) -> list[Line]:
    lines = []
    if status.needs_attention:
        lines.append(
            Line(
                app.t("ui.home.attention", count=status.needs_attention),
                ft.Icons.PRIORITY_HIGH,
                lambda: navigate("/attention"),
                app.t("ui.home.attention_show"),
                is_loud=True,
            )
        )
    for one in glance.questions:
        office = app.words.text(one.asked_by)
        lines.append(
            Line(
                app.t("ui.home.asks", question=one.question),
                ft.Icons.QUESTION_ANSWER,
                lambda query=one.id: navigate(f"/questions/{query}"),  # type: ignore[misc]
                f"{office} · {one.record_title}",
            )
        )
    lines += [
        Line(
            app.t("ui.home.answered", question=one.question),
            ft.Icons.MARK_CHAT_READ_OUTLINED,
            lambda record=one.record_id: navigate(f"/records/{record}"),  # type: ignore[misc]
            one.record_title,
        )
        for one in glance.answered
    ]
    lines.extend(
        Line(
            app.t("ui.home.notice", title=one.title),
            ft.Icons.CAMPAIGN,
            lambda: navigate("/notices"),
            app.words.text(one.from_office),
        )
        for one in glance.notices
        if not one.is_read
    )
    return lines


def _tally(app: AppState, glance: Glance) -> list[Line]:
    """Return the desk's draft of a month that is over."""
    if glance.tally is None:
        return []
    return [
        Line(
            app.t("ui.tally.ready", month=app.words.month(glance.tally.month)),
            ft.Icons.TAG,
            lambda: navigate("/tally"),
            app.t("ui.tally.read_and_seal"),
            is_loud=True,
        )
    ]


def _due(app: AppState, day: Day) -> list[Line]:
    """Return the reminder of what is due while the app is open."""
    if not day.due_follow_ups:
        return []
    return [
        Line(
            app.t("ui.follow.due_now", count=day.due_follow_ups),
            ft.Icons.ALARM,
            lambda: navigate("/follow-ups"),
            is_loud=day.overdue_follow_ups > 0,
        )
    ]


def _return(app: AppState, due: ReturnDue) -> list[ft.Control]:
    """Return the countdown to the monthly return, and the two taps that begin it."""
    month = app.words.month(due.month)
    line = Line(
        app.t("ui.return", month=month),
        ft.Icons.CALENDAR_MONTH,
        note=countdown(app, due),
        is_loud=due.days_left < 0,
    )
    buttons = ft.Row(
        [
            side_button(app.t("ui.return.fill"), _begin(app, is_nothing=False)),
            side_button(app.t("ui.return.nothing"), _begin(app, is_nothing=True)),
        ],
        wrap=True,
        spacing=8,
        run_spacing=8,
        visible=due.days_left <= LATELY,
    )
    return [_row(line, _begin(app, is_nothing=False)), buttons]


def countdown(app: AppState, due: ReturnDue) -> str:
    """Return in words how long there is."""
    day = app.words.day(due.due)
    if due.days_left == 0:
        return app.t("ui.return.today")
    if due.days_left < 0:
        return f"{app.t('ui.return.late', count=-due.days_left)} · {day}"
    return f"{app.t('ui.return.left', count=due.days_left)} · {day}"


def _begin(app: AppState, *, is_nothing: bool) -> Callable[..., None]:
    async def begin() -> None:
        page = ft.context.page
        draft = await app.begin_return(is_nothing=is_nothing)
        if draft is not None:
            page.navigate(f"/draft/{draft}/review")

    return later(begin)


def _row(line: Line, on_tap: Callable[..., None] | None = None) -> ft.Control:
    go = line.go

    def tap(_: object) -> None:
        if go is not None:
            go()

    act = on_tap or (tap if go is not None else None)
    ink = ft.Colors.ERROR if line.is_loud else ft.Colors.PRIMARY
    words: list[ft.Control] = [text.body(line.words)]
    if line.note:
        words.append(text.note(line.note, ink if line.is_loud else ft.Colors.ON_SURFACE_VARIANT))
    content = ft.Container(
        padding=ft.Padding.symmetric(vertical=8, horizontal=4),
        border_radius=RADIUS_FIELD,
        ink=act is not None,
        on_click=act,
        data=line.words,
        content=ft.Row(
            [
                ft.Icon(line.icon, color=ink),
                ft.Column(words, spacing=0, expand=True, tight=True),
                ft.Icon(
                    ft.Icons.CHEVRON_RIGHT,
                    color=ft.Colors.ON_SURFACE_VARIANT,
                    visible=act is not None,
                ),
            ],
            spacing=14,
        ),
    )
    if act is None:
        return content
    return ft.Semantics(
        label=", ".join(part for part in (line.words, line.note) if part),
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=act,
        content=content,
    )
