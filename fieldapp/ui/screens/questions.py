"""A question about a record: read and answered."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.services.views import QueryView, RecordRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import long_input
from fieldapp.ui.components.record_link import record_link
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import card, empty_state, loading
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.state import AppState


@ft.component
def QuestionScreen() -> ft.View:
    """One question that this officer was asked."""
    app = use_app()
    query_id = ft.use_route_params().get("qid", "")
    return page_view(app, f"/questions/{query_id}", app.t("ui.question"), QuestionBody(query_id))


@guarded
def QuestionBody(query_id: str) -> ft.Control:
    """The question, and the answer that is being typed."""
    app = use_app()
    typed, set_typed = ft.use_state("")
    is_sent, set_sent = ft.use_state(False)

    async def load() -> list[QueryView] | None:
        found = await app.look(app.services.answers.open)
        return None if found is None else [one for one in found if one.id == query_id]

    found = use_loaded(load, [query_id, app.revision])

    async def send() -> None:
        await app.attempt(app.services.answers.answer, query_id, typed.strip())
        if app.failure is None:
            set_sent(True)
            await app.refresh()

    if is_sent:
        return column(app, [_end(app, app.t("ui.question.sent"))])
    if found is None:
        return column(app, [failure_banner(app) or loading(app.t("ui.loading"))])
    if not found:
        return column(app, [_end(app, app.t("ui.question.gone"))])
    one = found[0]
    controls = [_asked(app, one)]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    controls.append(
        long_input(app.t("ui.question.answer"), typed, set_typed, error=None, helper=None)
    )
    controls.append(
        main_button(
            app.t("ui.question.send"), later(send), icon=ft.Icons.SEND, disabled=not typed.strip()
        )
    )
    return column(app, controls)


def _asked(app: AppState, one: QueryView) -> ft.Control:
    when = app.words.instant(one.asked_at_ms)
    return card(
        [
            text.note(app.t("ui.question.asked", office=app.words.text(one.asked_by), when=when)),
            text.title(one.question),
            About(one.record_id),
        ]
    )


def _end(app: AppState, words: str) -> ft.Control:
    home = side_button(app.t("ui.done.home"), lambda _: navigate("/"), icon=ft.Icons.HOME)
    return empty_state(words, app.t("ui.done.sealed_hint"), ft.Icons.MARK_EMAIL_READ_OUTLINED, home)


@guarded
def About(record_id: str) -> ft.Control:
    """The record that a question is about, as far as this device holds it."""
    app = use_app()

    async def load() -> Sequence[RecordRow] | None:
        return await app.look(app.services.records.named, (record_id,))

    held = use_loaded(load, [record_id, app.revision])
    if held is None:
        return ft.Container()
    return record_link(app.words, record_id, held[0] if held else None, says_kind=True)
