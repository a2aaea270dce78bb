"""What an office and an author said to each other about a record, and how either goes on.

Laws:
  * Nothing is shown where nothing was said and nothing may be said.
  * What was typed stays in its field until it is sealed.
  * A restricted record gets a state of a closed list, never words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

import flet as ft

from fieldapp.domain.record_types.case_status import CASE_STATES
from fieldapp.services.views import CaseStatusView, QueryView, StoryView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.failure import failure_line, failure_of
from fieldapp.ui.components.inputs import long_input, one_of
from fieldapp.ui.components.surfaces import card, stack
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.runs import Failure
from fieldapp.ui.state import AppState
from fieldapp.ui.words import Words


@guarded
def Story(record_id: str) -> ft.Control:
    """Questions, answers and states of one record."""
    app = use_app()
    asks, set_asks = ft.use_state(False)

    async def load() -> StoryView | None:
        return await app.look(app.services.answers.story, record_id)

    async def ask(words: str) -> bool:
        is_sealed = await done(app, app.services.answers.ask, record_id, words)
        set_asks(not is_sealed)
        return is_sealed

    async def tell(status: str) -> bool:
        return await done(app, app.services.answers.tell_status, record_id, status)

    story = use_loaded(load, [record_id, app.revision])
    if story is None or story.is_empty:
        return ft.Container()
    parts: list[ft.Control] = [text.heading(app.t("ui.story.heading"))]
    parts += [_status(app.words, one) for one in story.statuses]
    parts += [Question(query) for query in story.queries]
    if story.may_tell_status:
        parts.append(CaseStatus(tell))
    if story.may_ask and not asks:
        parts.append(
            side_button(
                app.t("ui.story.ask"), lambda _: set_asks(True), icon=ft.Icons.CONTACT_SUPPORT
            )
        )
    if story.may_ask and asks:
        parts.append(Writing("ui.story.question", "ui.story.send", "ui.story.question_help", ask))
    return card(parts, spacing=14)


@guarded
def Question(query: QueryView) -> ft.Control:
    """One question with its answer; with a field for the answer where this device was asked."""
    app = use_app()
    words = app.words

    async def answer(typed: str) -> bool:
        return await done(app, app.services.answers.answer, query.id, typed)

    async def settle() -> None:
        await done(app, app.services.answers.close, query.id)

    asked = app.t(
        "ui.story.asked", office=words.text(query.asked_by), when=words.instant(query.asked_at_ms)
    )
    lines: list[ft.Control] = [text.note(asked), text.strong(query.question)]
    if query.answer is not None:
        when = words.instant(query.answered_at_ms or query.asked_at_ms)
        lines += [text.note(app.t("ui.story.answered", when=when)), text.body(query.answer)]
        if query.status == "answered" and not query.to_me:
            settled = app.t("ui.story.settled")
            lines.append(ft.Row([side_button(settled, later(settle), icon=ft.Icons.CHECK)]))
            lines += failure_of(app, "close")
    elif query.status == "open" and query.to_me:
        lines.append(
            Writing("ui.story.answer", "ui.story.send_answer", "ui.story.answer_help", answer)
        )
    else:
        lines.append(text.note(app.t(f"ui.story.{query.status}")))
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border_radius=12,
        padding=14,
        content=stack(lines, spacing=6),
    )


@guarded
def Writing(
    label: str, button: str, helper: str, send: Callable[[str], Awaitable[bool]]
) -> ft.Control:
    """A field for a few sentences and the button that seals them."""
    app = use_app()
    typed, set_typed = ft.use_state("")
    is_busy, set_busy = ft.use_state(False)
    failure, set_failure = ft.use_state(cast("Failure | None", None))

    async def press() -> None:
        set_busy(True)
        is_sent = await send(typed)
        if is_sent:
            set_typed("")
        set_failure(lambda _: None if is_sent else app.failure)
        set_busy(False)

    parts: list[ft.Control] = [
        long_input(app.t(label), typed, set_typed, error=None, helper=app.t(helper)),
        main_button(
            app.t(button),
            later(press),
            icon=ft.Icons.LOCK,
            disabled=not typed.strip(),
            busy=is_busy,
        ),
    ]
    if failure is not None:
        parts.append(failure_line(failure, app.words))
    return stack(parts, spacing=10)


@guarded
def CaseStatus(tell: Callable[[str], Awaitable[bool]]) -> ft.Control:
    """The closed list of states, and the button that gives one to the author."""
    app = use_app()
    chosen, set_chosen = ft.use_state("")

    async def press() -> None:
        if await tell(chosen):
            set_chosen("")

    options = [(one.key, app.words.text(one.label), "") for one in CASE_STATES]
    return stack(
        [
            one_of(
                app.t("ui.story.status"),
                options,
                chosen,
                set_chosen,
                helper=app.t("ui.story.status_help"),
            ),
            main_button(
                app.t("ui.story.tell"), later(press), icon=ft.Icons.LOCK, disabled=not chosen
            ),
            *failure_of(app, "tell_status"),
        ],
        spacing=10,
    )


def _status(words: Words, said: CaseStatusView) -> ft.Control:
    found = next((one.label for one in CASE_STATES if one.key == said.status), None)
    return ft.Column(
        [
            text.note(f"{words.text(said.desk)} · {words.day(said.day)}"),
            text.strong(said.status if found is None else words.text(found)),
        ],
        spacing=0,
        tight=True,
    )


async def done(app: AppState, call: Callable[..., object], *args: str) -> bool:
    """Seal something and show it; a refusal is kept for the screen."""
    await app.attempt(call, *args)
    if app.failure is not None:
        return False
    await app.refresh()
    return True
