"""Enrolment: an invite, a name, a PIN twice, and the four words to compare by voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import flet as ft

from fieldapp.services.views import Enrolled, InvitePreview
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import OnClick, main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.components.new_pin import NewPin, new_pin_inputs
from fieldapp.ui.components.shell import brand, gate_view
from fieldapp.ui.components.surfaces import banner, card
from fieldapp.ui.context import later, navigate, use_app
from fieldapp.ui.state import AppState


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed so far."""

    invite: str = ""
    from_file: bool = False
    name: str = ""
    pin: NewPin = NewPin()  # noqa: RUF009  frozen


@ft.component
def EnrolScreen() -> ft.View:
    """The steps of joining an organisation."""
    app = use_app()
    typed, set_typed = ft.use_state(Typed())
    preview, set_preview = ft.use_state(_nothing())
    enrolled, set_enrolled = ft.use_state(_nobody())
    is_busy, set_busy = ft.use_state(False)

    async def look(invite: str) -> None:
        set_busy(True)
        set_preview(await app.attempt(app.services.access.preview_invite, invite.strip()))
        set_busy(False)

    async def pick() -> None:
        content = await app.platform.pick_text(app.t("ui.enrol.file"))
        if content is not None:
            set_typed(replace(typed, invite=content, from_file=True))
            await look(content)

    async def join() -> None:
        set_busy(True)
        done = await app.attempt(
            app.services.access.enrol, typed.invite.strip(), typed.name.strip(), typed.pin.first
        )
        set_enrolled(done)
        set_busy(False)

    if enrolled is not None:
        return gate_view(app, _words_to_compare(app, enrolled), route="/enrol")
    controls: list[ft.Control] = [brand(app.words), text.title(app.t("ui.enrol.heading"))]
    if preview is None:
        controls += _invite_step(
            app,
            typed,
            lambda words: set_typed(replace(typed, invite=words)),
            later(look, typed.invite),
            later(pick),
            is_busy=is_busy,
        )
    else:
        controls += [
            _whose_invite(app, preview),
            text_input(
                app.t("ui.enrol.name"),
                typed.name,
                lambda words: set_typed(replace(typed, name=words)),
                helper=app.t("ui.enrol.name_help"),
                capitalization=ft.TextCapitalization.WORDS,
            ),
            *new_pin_inputs(app.words, typed.pin, lambda pin: set_typed(replace(typed, pin=pin))),
            main_button(
                app.t("ui.enrol.join"),
                later(join),
                disabled=not (typed.name.strip() and typed.pin.is_good),
                busy=is_busy,
            ),
        ]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    controls.append(
        quiet_button(app.t("ui.back"), lambda _: navigate("/"), icon=ft.Icons.ARROW_BACK)
    )
    return gate_view(app, controls, route="/enrol")


def _nothing() -> InvitePreview | None:
    return None


def _nobody() -> Enrolled | None:
    return None


def _invite_step(
    app: AppState,
    typed: Typed,
    on_change: Callable[[str], None],
    on_look: OnClick,
    on_pick: OnClick,
    *,
    is_busy: bool,
) -> list[ft.Control]:
    return [
        text.body(app.t("ui.enrol.intro"), ft.Colors.ON_SURFACE_VARIANT),
        text_input(
            app.t("ui.enrol.code"),
            "" if typed.from_file else typed.invite,
            on_change,
            helper=app.t("ui.enrol.code_help"),
            multiline=True,
            min_lines=2,
            max_lines=5,
            capitalization=ft.TextCapitalization.CHARACTERS,
            autocorrect=False,
        ),
        main_button(
            app.t("ui.continue"),
            on_look,
            disabled=not typed.invite.strip(),
            busy=is_busy,
        ),
        side_button(
            app.t("ui.enrol.file"),
            on_pick,
            icon=ft.Icons.FOLDER_OPEN,
        ),
    ]


def _whose_invite(app: AppState, preview: InvitePreview) -> ft.Control:
    lines: list[ft.Control] = [
        text.label(app.t("ui.enrol.org")),
        text.strong(preview.org or preview.server_url),
        text.note(app.t("ui.enrol.until", when=app.words.instant(preview.expires_at_ms))),
    ]
    if preview.needs_network:
        lines.append(banner(app.t("ui.enrol.needs_network"), ft.Icons.WIFI, tone="plain"))
    return card(lines, spacing=4)


def _words_to_compare(app: AppState, enrolled: Enrolled) -> list[ft.Control]:
    return [
        brand(app.words),
        banner(
            app.t("ui.enrol.done_as", role=app.words.role(enrolled.role), unit=enrolled.unit_name),
            ft.Icons.CHECK_CIRCLE,
            tone="good",
            heading=app.t("ui.enrol.done"),
        ),
        text.title(app.t("ui.enrol.words_heading")),
        text.body(app.t("ui.enrol.words_intro")),
        words_card(enrolled.words),
        text.note(app.t("ui.enrol.words_later")),
        main_button(app.t("ui.enrol.start"), later(app.enter), icon=ft.Icons.ARROW_FORWARD),
    ]


def words_card(words: str) -> ft.Control:
    """Return the four words, each large and numbered."""
    return ft.Container(
        bgcolor=ft.Colors.PRIMARY_CONTAINER,
        border_radius=16,
        padding=20,
        content=ft.Column(
            [
                ft.Row(
                    [
                        ft.Text(
                            str(number),
                            theme_style=ft.TextThemeStyle.BODY_MEDIUM,
                            color=ft.Colors.ON_PRIMARY_CONTAINER,
                            width=24,
                        ),
                        ft.Text(
                            word,
                            theme_style=ft.TextThemeStyle.HEADLINE_SMALL,
                            color=ft.Colors.ON_PRIMARY_CONTAINER,
                            selectable=True,
                        ),
                    ]
                )
                for number, word in enumerate(words.split(), start=1)
            ],
            spacing=6,
            tight=True,
        ),
    )
