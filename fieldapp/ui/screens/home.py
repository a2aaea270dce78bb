"""Home: begin a record, see what waits, and read in words whether it arrived."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.record_type import Menu, RecordType
from fieldapp.services.views import Note, RecordRow, Status
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import deed_card, quiet_button, side_button
from fieldapp.ui.components.counts import Count, count_grid
from fieldapp.ui.components.delivery import delivery_card, network_chip
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.rows import record_row, type_icon
from fieldapp.ui.components.shell import column, tab_view
from fieldapp.ui.components.surfaces import banner, loading, stack
from fieldapp.ui.components.today import Glance, today_card
from fieldapp.ui.context import navigate, use_app, use_loaded
from fieldapp.ui.starts import begin as begins
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP_LARGE, TWO_PANES_FROM

LATEST = 4
TWO_COLUMNS_WIDTH = 1160
STANDING = frozenset({"note.pin_only"})
SAID_TODAY = frozenset({"note.tally_due"})
"""What a line of the day's card says, with the way to it."""


@ft.component
def HomeScreen() -> ft.View:
    """The first screen after the lock."""
    app = use_app()
    return tab_view(app, "/", app.t("ui.tab.home"), HomeBody())


@guarded
def HomeBody() -> ft.Control:
    """The day: on a phone from top to bottom, on a wide window in two columns."""
    app = use_app()
    status = app.status

    async def load() -> Glance | None:
        if app.status is None:
            return None
        services = app.services
        day = await app.look(services.day.look)
        if day is None:
            return None
        questions = await app.look(services.answers.open)
        notices = await app.look(services.answers.notices)
        asked = await app.look(services.answers.asked) if app.is_admin else ()
        answered = [one for one in asked or () if one.answer is not None]
        tally = await app.look(services.tallies.ready)
        return Glance(day, questions or (), notices or (), answered, tally)

    glance = use_loaded(load, [app.revision, status is None])
    if status is None:
        return column(app, [*_head(app), loading(app.t("ui.loading"))])
    # Each part keeps its place, there or not: what is drawn below it is never begun anew.
    delivery = _told(app, delivery_card(app, status, glance.day if glance else None))
    deeds, counts = stack(_deeds(app)), _counts(app, status, glance)
    today = today_card(app, status, glance) if glance else ft.Container()
    notes = stack([*_notes(app, status), *_standing(app, status)])
    if app.width >= TWO_PANES_FROM:
        left, right = stack([deeds, counts, LatestRows()]), stack([delivery, today, notes])
        return column(app, [*_head(app), _abreast(left, right)], width=TWO_COLUMNS_WIDTH)
    return column(app, [*_head(app), delivery, deeds, today, counts, notes, LatestRows()])


def _told(app: AppState, delivery: ft.Control) -> ft.Control:
    """Return the delivery line with what went wrong last below it."""
    failure = failure_banner(app)
    return stack([delivery, failure or ft.Container()], spacing=12 if failure else 0)


def _abreast(left: ft.Control, right: ft.Control) -> ft.Control:
    return ft.Row(
        [ft.Container(left, expand=3), ft.Container(right, expand=2)],
        spacing=GAP_LARGE,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _head(app: AppState) -> list[ft.Control]:
    """Return who this is, and whether what is shown is real."""
    controls: list[ft.Control] = []
    if (officer := app.officer) is not None:
        controls.append(_who(app, officer.name, app.words.role(officer.role), officer.unit_name))
    if app.is_invented:
        controls.append(banner(app.t("ui.home.invented"), ft.Icons.SCIENCE_OUTLINED))
    return controls


def _who(app: AppState, name: str, role: str, unit: str) -> ft.Control:
    post = text.note(f"{role} · {unit}")
    if app.words.is_large:
        who = ft.Column([text.title(name), post], spacing=2, tight=True)
        return ft.Column([who, network_chip(app)], spacing=8, tight=True)
    named = ft.Row([ft.Container(text.title(name), expand=True), network_chip(app)])
    return ft.Column([named, post], spacing=2, tight=True)


def _notes(app: AppState, status: Status) -> list[ft.Control]:
    controls: list[ft.Control] = []
    if status.handover_pending:
        controls.append(banner(app.t("ui.home.handover"), ft.Icons.KEY, tone="care"))
    elsewhere = STANDING | SAID_TODAY
    controls.extend(_note(app, note) for note in status.notes if note.code not in elsewhere)
    return controls


def _standing(app: AppState, status: Status) -> list[ft.Control]:
    """Return what is so every day, below what the day is for."""
    return [_note(app, note) for note in status.notes if note.code in STANDING]


def _note(app: AppState, note: Note) -> ft.Control:
    return banner(app.words.error(note.code, note.params), ft.Icons.INFO_OUTLINE, tone="care")


def _deeds(app: AppState) -> list[ft.Control]:
    offered = [declared for declared in app.types if declared.menu is Menu.FIRST]
    cards = [_deed(app, declared, warm=place > 0) for place, declared in enumerate(offered)]
    if app.wide and len(cards) > 1:
        row = ft.Row(
            [ft.Container(card, expand=True) for card in cards],
            spacing=16,
            intrinsic_height=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        return [row]
    more = side_button(
        app.t("ui.tab.more"), lambda _: navigate("/more"), icon=ft.Icons.ADD_BOX_OUTLINED
    )
    return cards if app.wide or not app.has_more else [*cards, more]


def _deed(app: AppState, declared: RecordType, *, warm: bool) -> ft.Control:
    words = app.words
    return deed_card(
        words.text(declared.begin_words),
        words.text(declared.about) if declared.about else "",
        type_icon(declared.key),
        begins(app, declared.key),
        warm=warm,
        is_large=words.is_large,
    )


def _counts(app: AppState, status: Status, glance: Glance | None) -> ft.Control:
    day = glance.day if glance else None
    is_urgent = day is not None and day.is_urgent
    overdue = day.overdue_follow_ups if day else 0
    counts = [
        Count(app.t("ui.state.draft"), status.drafts, ft.Icons.EDIT_NOTE, "/records/of/draft"),
        Count(
            app.t("ui.home.waiting_to_send"),
            status.records_waiting,
            ft.Icons.SCHEDULE_SEND,
            "/records/of/waiting",
            app.t("ui.home.three_days") if is_urgent else "",
        ),
        Count(app.t("ui.home.sent"), status.records_sent, ft.Icons.DONE_ALL, "/records/of/sent"),
        Count(
            app.t("ui.home.follow_ups"),
            day.open_follow_ups if day else 0,
            ft.Icons.CHECKLIST,
            "/follow-ups",
            app.t("ui.follow.late", count=overdue) if overdue else "",
        ),
    ]
    if app.is_admin or status.received:
        received = app.t("ui.state.received")
        counts.append(
            Count(received, status.received, ft.Icons.MOVE_TO_INBOX, "/records/of/received")
        )
    is_wide = app.width >= TWO_PANES_FROM
    return count_grid(counts, is_large=app.words.is_large, is_wide=is_wide)


@guarded
def LatestRows() -> ft.Control:
    """The newest records, each one tap away."""
    app = use_app()

    async def load() -> Sequence[RecordRow] | None:
        found = await app.look(app.services.records.find, "", None, None, None, 0, LATEST)
        return found[0] if found is not None else None

    rows = use_loaded(load, [app.revision])
    if not rows:
        return ft.Container()
    heading = ft.Row(
        [
            ft.Container(text.heading(app.t("ui.home.latest")), expand=True),
            quiet_button(app.t("ui.home.all"), lambda _: navigate("/records")),
        ]
    )
    return stack(
        [
            heading,
            *(
                record_row(row, app.words, lambda row=row: navigate(route_of(row)))  # type: ignore[misc]
                for row in rows
            ),
        ],
        spacing=4,
    )


def route_of(row: RecordRow) -> str:
    """Return where a row leads."""
    return f"/draft/{row.id}" if row.state == "draft" else f"/records/{row.id}"
