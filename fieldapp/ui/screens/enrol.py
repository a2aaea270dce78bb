"""Enrolment: an invite, a name, a PIN twice, and the four words to compare by voice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import flet as ft

from fieldapp.services.views import Enrolled, InvitePreview
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, quiet_button, side_button
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
    phrase: str = ""
    name: str = ""
    pin: NewPin = NewPin()  # noqa: RUF009  frozen


class Joining(ft.Observable):
    """One try at joining: what was typed, and how far it got."""

    def __init__(self, app: AppState) -> None:
        self.typed = Typed()
        self.preview: InvitePreview | None = None
        self.needs_phrase = False
        self.enrolled: Enrolled | None = None
        self.is_busy = False
        self._app = app

    def take(self, typed: Typed) -> None:
        """Take what was typed."""
        self.typed = typed

    async def look(self) -> None:
        """Read the invite without using it."""
        access, invite = self._app.services.access, self.typed.invite.strip()
        self.needs_phrase = access.needs_phrase(invite)
        if not self.needs_phrase:
            self.is_busy = True
            self.preview = await self._app.attempt(access.preview_invite, invite)
            self.is_busy = False

    async def pick(self) -> None:
        """Let the officer choose the invite's file."""
        content = await self._app.platform.pick_text(self._app.t("ui.enrol.file"))
        if content is not None:
            self.typed = replace(self.typed, invite=content, from_file=True)
            await self.look()

    async def join(self) -> None:
        """Use the invite."""
        self.is_busy = True
        self.enrolled = await self._app.attempt(
            self._app.services.access.enrol,
            self.typed.invite.strip(),
            self.typed.name.strip(),
            self.typed.pin.first,
            self.typed.phrase.strip() or None,
        )
        if self.enrolled is not None and not self._app.services.access.language():
            # Whoever is added beside others was asked for no language: what was read is kept.
            await self._app.choose_language(self._app.language)
        self.is_busy = False


@ft.component
def EnrolScreen() -> ft.View:
    """The steps of joining an organisation."""
    app = use_app()
    step, _ = ft.use_state(Joining(app))
    if step.enrolled is not None:
        return gate_view(app, _words_to_compare(app, step.enrolled), route="/enrol")
    controls: list[ft.Control] = [brand(app.words), text.title(app.t("ui.enrol.heading"))]
    if step.preview is not None:
        controls += [_whose_invite(app, step.preview), *_who_step(app, step)]
    elif step.needs_phrase:
        controls += [_phrase_input(app, step), *_who_step(app, step)]
    else:
        controls += _invite_step(app, step)
    controls.append(
        quiet_button(app.t("ui.back"), lambda _: navigate("/"), icon=ft.Icons.ARROW_BACK)
    )
    return gate_view(app, controls, route="/enrol")


def _phrase_input(app: AppState, step: Joining) -> ft.Control:
    return text_input(
        app.t("ui.enrol.phrase"),
        step.typed.phrase,
        lambda words: step.take(replace(step.typed, phrase=words)),
        helper=app.t("ui.enrol.phrase_help"),
        grows=True,
        autocorrect=False,
    )


def _who_step(app: AppState, step: Joining) -> list[ft.Control]:
    typed = step.typed
    return [
        text_input(
            app.t("ui.enrol.name"),
            typed.name,
            lambda words: step.take(replace(step.typed, name=words)),
            helper=app.t("ui.enrol.name_help"),
            capitalization=ft.TextCapitalization.WORDS,
        ),
        *new_pin_inputs(app.words, typed.pin, lambda pin: step.take(replace(step.typed, pin=pin))),
        *_refused(app),
        main_button(
            app.t("ui.enrol.join"),
            later(step.join),
            disabled=not (typed.name.strip() and typed.pin.is_good),
            busy=step.is_busy,
        ),
    ]


def _invite_step(app: AppState, step: Joining) -> list[ft.Control]:
    typed = step.typed
    return [
        text.body(app.t("ui.enrol.intro"), ft.Colors.ON_SURFACE_VARIANT),
        text_input(
            app.t("ui.enrol.code"),
            "" if typed.from_file else typed.invite,
            lambda words: step.take(replace(step.typed, invite=words, from_file=False)),
            helper=app.t("ui.enrol.code_help"),
            multiline=True,
            min_lines=2,
            max_lines=5,
            capitalization=ft.TextCapitalization.CHARACTERS,
            autocorrect=False,
        ),
        *_refused(app),
        main_button(
            app.t("ui.continue"),
            later(step.look),
            disabled=not typed.invite.strip(),
            busy=step.is_busy,
        ),
        side_button(app.t("ui.enrol.file"), later(step.pick), icon=ft.Icons.FOLDER_OPEN),
    ]


def _refused(app: AppState) -> list[ft.Control]:
    """What went wrong, above the button: on a phone, what lies below it is not in sight."""
    failure = failure_banner(app)
    return [failure] if failure is not None else []


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
                        text.copyable(
                            word,
                            ft.TextThemeStyle.HEADLINE_SMALL,
                            ft.Colors.ON_PRIMARY_CONTAINER,
                        ),
                    ]
                )
                for number, word in enumerate(words.split(), start=1)
            ],
            spacing=6,
            tight=True,
        ),
    )
