"""The exchange with the server: start it, watch it, stop it, read what it did."""

from __future__ import annotations

import flet as ft

from fieldapp.services.day import Forecast
from fieldapp.services.media_views import Waiting
from fieldapp.services.views import Status
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.delivery import delivered_line
from fieldapp.ui.components.failure import failure_line
from fieldapp.ui.components.media_tile import kilobytes
from fieldapp.ui.components.shell import column, tab_view
from fieldapp.ui.components.surfaces import banner, card
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.pace import LEAST_SECONDS
from fieldapp.ui.ports import SyncReport
from fieldapp.ui.runs import SyncState
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import RADIUS

STAGES = ("connecting", "sending", "receiving", "opening", "media")
KILOBYTE = 1_000
MEDIA_STAGE = "media"


@ft.component
def SyncScreen() -> ft.View:
    """The exchange, by hand."""
    app = use_app()
    return tab_view(app, "/sync", app.t("ui.tab.sync"), SyncBody(app.syncing))


@guarded
def SyncBody(run: SyncState) -> ft.Control:
    """What waits, the running exchange, and its outcome."""
    app = use_app()
    controls: list[ft.Control] = []
    if app.wide:
        controls.append(text.title(app.t("ui.tab.sync")))
    controls += [_state_card(app), Takes(), MediaWaits()]
    if run.is_running:
        controls += [_keep_open(app, run), _progress(app, run), _stop_button(app, run)]
    else:
        controls.append(main_button(app.t("ui.sync.now"), later(app.sync), icon=ft.Icons.SYNC))
    if not run.is_running:
        if run.failure is not None:
            controls.append(failure_line(run.failure, app.words))
        if run.report is not None:
            controls.append(_report(app, run.report, failed=run.failure is not None))
    controls.append(text.note(app.t("ui.sync.explain")))
    return column(app, controls)


@guarded
def Takes() -> ft.Control:
    """How much there is to send, and how long that takes by the last measured rate."""
    app = use_app()

    async def load() -> Forecast | None:
        return await app.look(app.services.day.forecast)

    found = use_loaded(load, [app.revision])
    if found is None or not found.text_bytes + found.media_bytes:
        return ft.Container()
    size = f"{max(1, round(found.text_bytes / KILOBYTE))}"
    words = [app.t("ui.sync.size", size=size)] if found.text_bytes else []
    words.append(app.t("ui.sync.takes", time=app.words.lasting(max(found.seconds, LEAST_SECONDS))))
    return card([_figure(" · ".join(words), ft.Icons.TIMER_OUTLINED)])


def _keep_open(app: AppState, run: SyncState) -> ft.Control:
    """Return how long the officer should keep the app in front."""
    words = app.t("ui.sync.keep_open", time=app.words.lasting(run.seconds_left))
    if run.is_stopping:
        words = app.t("ui.sync.stopping_safe")
    return banner(words, ft.Icons.HOURGLASS_BOTTOM, tone="good")


@guarded
def MediaWaits() -> ft.Control:
    """How many pictures and voice notes wait, how large they are and how long that takes."""
    app = use_app()

    async def load() -> Waiting | None:
        return await app.look(app.services.media.waiting)

    waits = use_loaded(load, [app.revision])
    if waits is None or not waits.count:
        return ft.Container()
    words = app.t(
        "ui.sync.media_waits",
        count=waits.count,
        sent=kilobytes(waits.total - waits.bytes),
        size=kilobytes(waits.total),
        time=app.words.lasting(max(waits.seconds, LEAST_SECONDS)),
    )
    return card([_figure(words, ft.Icons.PHOTO_LIBRARY_OUTLINED)])


def _state_card(app: AppState) -> ft.Control:
    status = app.status
    waits = status is not None and status.waiting > 0
    lines: list[ft.Control] = [
        ft.Text(
            app.t("ui.sync.state_waiting" if waits else "ui.sync.state_clear"),
            theme_style=ft.TextThemeStyle.TITLE_LARGE,
        )
    ]
    if status is not None:
        if waits:
            lines.append(text.note(_what_waits(app, status)))
        lines.append(text.note(delivered_line(app, status)))
        if status.oldest_waiting_at_ms is not None:
            when = app.words.instant(status.oldest_waiting_at_ms)
            lines.append(text.note(app.t("ui.sync.oldest", when=when)))
    return card(
        [
            ft.Row(
                [
                    ft.Container(
                        width=60,
                        height=60,
                        border_radius=30,
                        visible=not app.words.is_large,
                        alignment=ft.Alignment.CENTER,
                        bgcolor=ft.Colors.SECONDARY_CONTAINER
                        if waits
                        else ft.Colors.PRIMARY_CONTAINER,
                        content=ft.Icon(
                            ft.Icons.CLOUD_UPLOAD if waits else ft.Icons.CLOUD_DONE,
                            size=30,
                            color=ft.Colors.PRIMARY,
                        ),
                    ),
                    ft.Column(lines, spacing=2, expand=True, tight=True),
                ],
                spacing=16,
            )
        ]
    )


def _what_waits(app: AppState, status: Status) -> str:
    """Say how many records wait; where none does, what else there is to send."""
    if status.records_waiting:
        return app.t("ui.records.count", count=status.records_waiting)
    return app.t("ui.home.only_details")


def _progress(app: AppState, run: SyncState) -> ft.Control:
    share = run.done / run.total if run.total else None
    rows: list[ft.Control] = []
    stages = (*STAGES, MEDIA_STAGE) if run.stage == MEDIA_STAGE else STAGES
    current = stages.index(run.stage) if run.stage in stages else len(stages)
    for place, stage in enumerate(stages):
        icon, color = ft.Icons.RADIO_BUTTON_UNCHECKED, ft.Colors.ON_SURFACE_VARIANT
        if place < current:
            icon, color = ft.Icons.CHECK_CIRCLE, ft.Colors.PRIMARY
        elif place == current:
            icon, color = ft.Icons.ARROW_CIRCLE_RIGHT, ft.Colors.PRIMARY
        name = app.t(f"ui.sync.stage_{stage}")
        if place == current and run.total:
            name = f"{name} · {_how_far(run)}"
        rows.append(
            ft.Row(
                [
                    ft.Icon(icon, color=color),
                    text.strong(name) if place == current else text.body(name, color),
                ],
                spacing=12,
            )
        )
    rows.append(
        ft.Semantics(
            label=app.t("ui.sync.progress"),
            content=ft.ProgressBar(value=share, bar_height=10, border_radius=RADIUS),
        )
    )
    return card(rows, spacing=12)


def _how_far(run: SyncState) -> str:
    """Say how far a step is: batches by number, pictures by their share."""
    if run.stage == MEDIA_STAGE:
        return f"{100 * run.done // run.total} %"
    return f"{run.done}/{run.total}"


def _stop_button(app: AppState, run: SyncState) -> ft.Control:
    return side_button(
        app.t("ui.sync.stopping" if run.is_stopping else "ui.sync.stop"),
        lambda _: run.cancel(),
        icon=ft.Icons.STOP_CIRCLE_OUTLINED,
        disabled=run.is_stopping,
    )


def _report(app: AppState, report: SyncReport, *, failed: bool) -> ft.Control:
    lines: list[ft.Control] = [
        text.heading(app.t("ui.sync.result_cut" if failed else "ui.sync.result")),
        _figure(app.t("ui.sync.sent", count=report.sent), ft.Icons.NORTH),
        _figure(app.t("ui.sync.received", count=report.received), ft.Icons.SOUTH),
        _figure(app.t("ui.sync.still_waiting", count=report.waiting), ft.Icons.SCHEDULE),
        text.note(
            app.t(
                "ui.sync.bytes",
                up=f"{report.bytes_up / 1000:.1f}",
                down=f"{report.bytes_down / 1000:.1f}",
            )
        ),
    ]
    if report.media_sent:
        sent = app.t("ui.sync.media_sent", count=report.media_sent)
        lines.insert(2, _figure(sent, ft.Icons.PHOTO_OUTLINED))
    if report.media_error is not None:
        code, params = report.media_error
        lines.append(banner(app.words.error(code, params), ft.Icons.PHOTO_OUTLINED, tone="care"))
    if report.quarantined:
        lines.append(
            banner(
                app.t("ui.sync.quarantined", count=report.quarantined),
                ft.Icons.REPORT_GMAILERRORRED,
                tone="care",
            )
        )
    return card(lines)


def _figure(words: str, icon: ft.IconData) -> ft.Control:
    return ft.Row(
        [ft.Icon(icon, color=ft.Colors.PRIMARY), ft.Container(text.body(words), expand=True)],
        spacing=12,
    )
