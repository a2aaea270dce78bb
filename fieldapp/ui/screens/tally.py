"""The monthly tally of a desk: the numbers are there; somebody reads them and seals them.

Laws:
  * What is shown is what is sealed: a number below five is not said here either.
  * Nothing on this page leads to a case.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.taxonomy import GROUPS
from fieldapp.services.views import TallyDraft, TallyRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import banner, card, empty_state
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.state import AppState


@ft.component
def TallyScreen() -> ft.View:
    """The tally that is due first."""
    app = use_app()
    return page_view(app, "/tally", app.t("ui.tally"), TallyBody())


@guarded
def TallyBody() -> ft.Control:
    """Its numbers, who learns them, and the seal."""
    app = use_app()
    sealed, set_sealed = ft.use_state("")
    is_busy, set_busy = ft.use_state(False)

    async def load() -> TallyDraft | None:
        return await app.look(app.services.tallies.ready)

    draft = use_loaded(load, [app.revision])

    async def seal(month: str) -> None:
        app.touch()
        set_busy(True)
        done = await app.attempt(app.services.tallies.seal, month)
        set_busy(False)
        if done is not None:
            set_sealed(month)
            await app.refresh()

    controls: list[ft.Control] = []
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    elif sealed:
        done = app.t("ui.tally.sealed", month=app.words.month(sealed))
        controls.append(banner(done, ft.Icons.CHECK_CIRCLE, tone="good", live=True))
    if draft is None:
        controls += _nothing(app, is_sealed=bool(sealed))
        return column(app, controls)
    month = app.words.month(draft.month)
    controls += [
        text.title(app.t("ui.tally.of", month=month)),
        text.body(app.t("ui.tally.all_they_learn"), ft.Colors.ON_SURFACE_VARIANT),
        _numbers(app, draft.rows),
        main_button(
            app.t("ui.review.seal"),
            later(seal, draft.month),
            icon=ft.Icons.LOCK,
            disabled=is_busy,
            busy=is_busy,
        ),
    ]
    return column(app, controls)


def _nothing(app: AppState, *, is_sealed: bool) -> list[ft.Control]:
    home = side_button(app.t("ui.tab.home"), lambda _: navigate("/"), icon=ft.Icons.HOME)
    if is_sealed:
        return [home]
    hint = app.t("ui.tally.none_hint")
    return [empty_state(app.t("ui.tally.none"), hint, ft.Icons.TAG, home)]


def _numbers(app: AppState, rows: Sequence[TallyRow]) -> ft.Control:
    names = {option.key: app.words.text(option.label) for option in GROUPS}
    lines: list[ft.Control] = []
    for row in rows:
        number = app.t("ui.tally.few") if row.count is None else str(row.count)
        name = names.get(row.group, row.group)
        lines.append(
            ft.Semantics(
                label=f"{row.unit_name}, {name}: {number}",
                container=True,
                exclude_semantics=True,
                content=ft.Row(
                    [
                        ft.Column(
                            [text.strong(name), text.note(row.unit_name)],
                            spacing=0,
                            expand=True,
                            tight=True,
                        ),
                        text.title(number) if row.count is not None else text.strong(number),
                    ],
                    spacing=14,
                ),
            )
        )
    return card(lines, spacing=14)
