"""Notices: what offices tell all officers of a place, and those that this office wrote."""

from __future__ import annotations

import flet as ft

from fieldapp.services.views import NoticeView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.notice_seen import NOTICE
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import card, empty_state, loading, stack
from fieldapp.ui.components.ticks import chip, tick_badge
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.starts import begin
from fieldapp.ui.state import AppState


@ft.component
def NoticesScreen() -> ft.View:
    """What the offices above tell all officers, and what this one told."""
    app = use_app()
    return page_view(app, "/notices", app.t("ui.notices"), NoticeList())


@guarded
def NoticeList() -> ft.Control:
    """The notices of today, those that were not read first."""
    app = use_app()

    async def load() -> list[NoticeView] | None:
        found = await app.look(app.services.answers.notices)
        return None if found is None else sorted(found, key=lambda one: one.is_read)

    found = use_loaded(load, [app.revision])
    may_write = app.type_named(NOTICE) is not None
    controls: list[ft.Control] = []
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    if found is None:
        return column(app, [*controls, loading(app.t("ui.loading"))])
    if not found:
        hint = app.t("ui.notice.none_hint_office" if may_write else "ui.notice.none_hint")
        controls.append(empty_state(app.t("ui.notice.none"), hint, ft.Icons.CAMPAIGN))
    controls += [_notice(app, one) for one in found]
    if may_write:
        # An office comes to write; whoever is out in the field comes to read.
        deed = main_button if app.is_admin else side_button
        write = deed(app.t("ui.notice.write"), begin(app, NOTICE), icon=ft.Icons.EDIT)
        controls.insert(0 if app.is_admin else len(controls), write)
    return column(app, controls)


def _notice(app: AppState, one: NoticeView) -> ft.Control:
    async def read() -> None:
        await app.attempt(app.services.answers.mark_read, one.id)
        await app.refresh()

    day = app.words.day(one.until)
    if one.is_mine:
        to = app.t("ui.notice.to", unit=one.unit_name, day=day)
        stage = tick_badge("server" if one.is_sent else "phone", app.words)
        head = [text.heading(one.title), text.body(one.text), text.note(to)]
        return card([*head, ft.Row([stage])])
    said = app.t("ui.notice.from", office=app.words.text(one.from_office), day=day)
    lines: list[ft.Control] = [_heading(app, one), text.body(one.text), text.note(said)]
    if not one.is_read:
        button = side_button(app.t("ui.notice.read"), later(read), icon=ft.Icons.CHECK)
        lines.append(ft.Row([button], wrap=True))
    return card(lines)


def _heading(app: AppState, one: NoticeView) -> ft.Control:
    """Return the title; one that was not read says that it is new."""
    title = text.heading(one.title)
    if one.is_read:
        return title
    ground, ink = ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER
    new = chip(app.t("ui.notice.new"), ft.Icons.CAMPAIGN, ground, ink)
    return stack([ft.Row([new]), title], spacing=6)
