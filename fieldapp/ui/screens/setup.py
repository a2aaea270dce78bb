"""Founding an organisation on a laptop: the server, the names, the PIN, and where keys go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import flet as ft

from fieldapp.services.office_views import Organisation
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, quiet_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.components.new_pin import NewPin, new_pin_inputs
from fieldapp.ui.components.shell import brand, gate_view
from fieldapp.ui.components.surfaces import banner, card
from fieldapp.ui.context import later, navigate, use_app
from fieldapp.ui.state import AppState

STEPS = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed so far."""

    server: str = "http://127.0.0.1:8400"
    claim: str = ""
    org: str = ""
    name: str = ""
    shares: str = ""
    pin: NewPin = NewPin()  # noqa: RUF009  frozen


@ft.component
def SetupScreen() -> ft.View:
    """The steps of a new organisation."""
    app = use_app()
    typed, set_typed = ft.use_state(Typed())
    step, set_step = ft.use_state(0)
    made, set_made = ft.use_state(_not_yet())
    is_busy, set_busy = ft.use_state(False)

    async def found() -> None:
        set_busy(True)
        set_made(
            await app.attempt(
                app.services.organisation.init,
                typed.server.strip(),
                typed.claim.strip(),
                typed.org.strip(),
                Path(typed.shares.strip()),
                typed.name.strip(),
                typed.pin.first,
            )
        )
        set_busy(False)

    if made is not None:
        return gate_view(app, _made(app, made), route="/setup")

    def take(**changed: str) -> None:
        set_typed(replace(typed, **changed))  # type: ignore[arg-type]  # names of text fields only

    is_last = step == STEPS - 1
    controls: list[ft.Control] = [
        brand(app.words),
        text.title(app.t("ui.setup.heading")),
        text.note(app.t("ui.form.step", number=step + 1, total=STEPS)),
        *_step(app, typed, step, take, lambda pin: set_typed(replace(typed, pin=pin))),
        main_button(
            app.t("ui.setup.found" if is_last else "ui.continue"),
            later(found) if is_last else lambda _: set_step(step + 1),
            disabled=not _is_full(typed, step),
            busy=is_busy,
        ),
    ]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    controls.append(
        quiet_button(
            app.t("ui.back"),
            (lambda _: set_step(step - 1)) if step else (lambda _: navigate("/")),
            icon=ft.Icons.ARROW_BACK,
        )
    )
    return gate_view(app, controls, route="/setup")


def _not_yet() -> Organisation | None:
    return None


def _is_full(typed: Typed, step: int) -> bool:
    needed = (
        (typed.server, typed.claim),
        (typed.org, typed.name, typed.pin.is_good),
        (typed.shares,),
    )[step]
    return all(value if isinstance(value, bool) else value.strip() for value in needed)


def _step(
    app: AppState,
    typed: Typed,
    step: int,
    take: Callable[..., None],
    take_pin: Callable[[NewPin], None],
) -> list[ft.Control]:
    def field(name: str) -> ft.Control:
        return text_input(
            app.t(f"ui.setup.{name}"),
            str(getattr(typed, name)),
            lambda words: take(**{name: words}),
            helper=app.t(f"ui.setup.{name}_help"),
        )

    if step == 0:
        return [field("server"), field("claim")]
    if step == 1:
        return [
            field("org"),
            field("name"),
            *new_pin_inputs(app.words, typed.pin, take_pin),
        ]
    return [
        banner(
            app.t("ui.setup.shares_text"),
            ft.Icons.KEY,
            tone="care",
            heading=app.t("ui.setup.shares_heading"),
        ),
        field("shares"),
    ]


def _made(app: AppState, made: Organisation) -> list[ft.Control]:
    phrases: list[ft.Control] = [text.heading(app.t("ui.setup.phrases"))]
    for desk, phrase in made.handover_phrases.items():
        phrases.append(
            ft.Column(
                [
                    text.label(app.words.desk(desk)),
                    text.copyable(phrase),
                ],
                spacing=0,
                tight=True,
            )
        )
    return [
        brand(app.words),
        banner(
            app.t("ui.setup.done_text", org=made.org),
            ft.Icons.CHECK_CIRCLE,
            tone="good",
            heading=app.t("ui.setup.done"),
        ),
        card([text.heading(app.t("ui.setup.files")), *(text.body(name) for name in made.shares)]),
        card(phrases, spacing=12),
        text.note(app.t("ui.setup.phrases_hint")),
        main_button(app.t("ui.enrol.start"), later(app.enter), icon=ft.Icons.ARROW_FORWARD),
    ]
