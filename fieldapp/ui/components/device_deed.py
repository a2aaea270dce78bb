"""One deed on one device: what it means, why it is done, one question, and what became of it.

Laws:
  * Nothing is done before the officer has read what it means, said why, and answered once more.
  * The reason in words is sealed for the offices above; the cause is a word of a closed list that
    the server may read. The page says which is which.
  * After a refusal all that was chosen stays as it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import flet as ft

from fieldapp.domain.record_types.deed import CAUSES
from fieldapp.services.office_views import DeviceRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.confirm import Confirm, Question
from fieldapp.ui.components.device_facts import device_facts, post_words, short_id
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import one_of, text_input
from fieldapp.ui.components.published import Published
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import banner, card, empty_state, loading, stack
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import CONTENT_WIDTH, GAP_LARGE, TWO_PANES_FROM

LONGEST_REASON = 200
PANES_WIDTH = 1080
OfDevice = Callable[[DeviceRow], ft.Control]


@dataclass(frozen=True, slots=True)
class Why:
    """The cause that was chosen and the reason that was typed."""

    cause: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class DeviceDeed:
    """A deed in words, and how it is done.

    Attributes:
        means: what happens, a line each, for the cause that is chosen.
        do: does it and returns what to say then; None where it was refused.
        causes: the words of the closed list that fit; one alone is not asked for.
        usual: the one that is chosen from the beginning, if any.
        is_ready: whether all else that the deed needs was chosen.
    """

    button: str
    question: str
    means: Callable[[str], Sequence[str]]
    do: Callable[[Why], Awaitable[Sequence[ft.Control] | None]]
    causes: Sequence[str]
    icon: ft.IconData
    usual: str = ""
    is_ready: bool = True
    is_dangerous: bool = False


@guarded
def DeedForm(device: DeviceRow, deed: DeviceDeed, above: Sequence[ft.Control] = ()) -> ft.Control:
    """The page's content; ``above`` is what a deed asks for besides."""
    app = use_app()
    why, set_why = ft.use_state(Why(deed.usual))
    is_asking, set_asking = ft.use_state(False)
    is_busy, set_busy = ft.use_state(False)
    outcome, set_outcome = ft.use_state(_nothing())

    async def run() -> None:
        set_busy(True)
        set_outcome(await deed.do(why))
        set_busy(False)

    if outcome is not None:
        back = side_button(
            app.t("ui.device.back"), lambda _: navigate("/office"), icon=ft.Icons.BADGE_OUTLINED
        )
        return stack([*outcome, Published(app.syncing), ft.Row([back])])
    named = f"{post_words(device, app.words)} · {short_id(device, app.words)}"
    question = Question(deed.question, named, deed.button, is_dangerous=deed.is_dangerous)
    asked = [
        card(device_facts(device, app.words)),
        *above,
        *_why_inputs(app, deed, why, set_why),
    ]
    told: list[ft.Control] = [_meaning(app, deed.means(why.cause))]
    if (failure := failure_banner(app)) is not None:
        told.append(failure)
    told += [
        main_button(
            deed.button,
            lambda _: set_asking(True),
            icon=deed.icon,
            disabled=not (deed.is_ready and why.cause and why.words.strip()),
            busy=is_busy,
        ),
        Confirm(question, later(run), lambda: set_asking(False), is_open=is_asking),
    ]
    if app.width < TWO_PANES_FROM:
        return stack([*asked, *told])
    return ft.Row(
        [ft.Container(stack(part), expand=True) for part in (asked, told)],
        spacing=GAP_LARGE,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def deed_view(name: str, form: OfDevice) -> ft.View:
    """Return the page of a deed: what is asked and what it means beside each other on a laptop."""
    app = use_app()
    device_id = ft.use_route_params().get("did", "")
    width = PANES_WIDTH if app.width >= TWO_PANES_FROM else CONTENT_WIDTH
    route, title = f"/office/device/{device_id}/{name}", app.t(f"ui.deed.{name}")
    body = KnownDevice(device_id, form)
    return page_view(app, route, title, column(app, [body], width=width))


@guarded
def KnownDevice(device_id: str, shown: OfDevice) -> ft.Control:
    """What is shown of a device, or what stands in its place while it loads or is not there."""
    app = use_app()

    async def load() -> list[DeviceRow] | None:
        found = await app.look(app.services.organisation.devices)
        return None if found is None else [one for one in found if one.device == device_id]

    found = use_loaded(load, [device_id])
    if found is None:
        return failure_banner(app) or loading(app.t("ui.loading"))
    if not found:
        hint = app.t("ui.device.gone_hint")
        return empty_state(app.t("ui.device.gone"), hint, ft.Icons.SMARTPHONE)
    return shown(found[0])


def said(heading: str, words: str = "") -> ft.Control:
    """Return the good word after a deed."""
    return banner(words, ft.Icons.CHECK_CIRCLE, tone="good", heading=heading, live=True)


def _nothing() -> Sequence[ft.Control] | None:
    return None


def _why_inputs(
    app: AppState, deed: DeviceDeed, why: Why, take: Callable[[Why], None]
) -> list[ft.Control]:
    options = [(one.key, app.words.text(one.label), "") for one in CAUSES if one.key in deed.causes]
    parts: list[ft.Control] = []
    if len(options) > 1:
        cause = one_of(
            app.t("ui.deed.cause"),
            options,
            why.cause,
            lambda key: take(replace(why, cause=key)),
            helper=app.t("ui.deed.cause_help"),
        )
        parts.append(cause)
    parts.append(
        text_input(
            app.t("ui.deed.reason"),
            why.words,
            lambda words: take(replace(why, words=words)),
            helper=app.t("ui.deed.reason_help"),
            max_length=LONGEST_REASON,
            grows=True,
            capitalization=ft.TextCapitalization.SENTENCES,
        )
    )
    return parts


def _meaning(app: AppState, lines: Sequence[str]) -> ft.Control:
    """What happens, point by point, where it cannot be overlooked."""
    points: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(
                    ft.Icon(ft.Icons.CIRCLE, size=8, color=ft.Colors.ON_SURFACE_VARIANT),
                    padding=ft.Padding.only(top=9),
                ),
                ft.Container(text.body(line), expand=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for line in lines
    ]
    return card([text.heading(app.t("ui.deed.means")), *points])
