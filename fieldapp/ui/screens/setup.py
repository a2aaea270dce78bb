"""Founding an organisation on a laptop: the server, the names, the PIN, and where keys go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import flet as ft

from fieldapp.errors import (
    DatabaseFullError,
    StorageError,
    StorageFailedError,
    TransientSyncError,
    WeakPinError,
)
from fieldapp.services.office_views import Organisation
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, quiet_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.components.new_pin import NewPin, new_pin_inputs
from fieldapp.ui.components.shell import brand, gate_view
from fieldapp.ui.components.surfaces import banner, card, stack
from fieldapp.ui.context import later, navigate, use_app
from fieldapp.ui.state import AppState

PAGES = ("server", "names", "keys")
ABOUT_NAMES = frozenset({"org_name_missing", "invalid_record", *WeakPinError.codes})
ABOUT_KEYS = frozenset(
    {
        *("file_exists", "shares_inside_home", "folder_unwritable"),
        *(*StorageError.codes, *StorageFailedError.codes, *DatabaseFullError.codes),
    }
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed so far."""

    server: str = "http://127.0.0.1:8400"
    claim: str = ""
    org: str = ""
    name: str = ""
    shares: str = ""
    pin: NewPin = NewPin()  # noqa: RUF009  frozen

    def is_full(self, page: str) -> bool:
        """Tell whether all of a page was filled in."""
        needed = {
            "server": (self.server, self.claim),
            "names": (self.org, self.name),
            "keys": (self.shares,),
        }[page]
        return all(one.strip() for one in needed) and (page != "names" or self.pin.is_good)


@ft.component
def SetupScreen() -> ft.View:
    """A new organisation, page by page, and then what has to be kept of it."""
    app = use_app()
    made, set_made = ft.use_state(_not_yet())
    body = SetupForm(set_made) if made is None else stack(_made(app, made))
    return gate_view(app, [brand(app.words), body], route="/setup")


@guarded
def SetupForm(take_made: Callable[[Organisation], None]) -> ft.Control:
    """The pages; a refusal leads back to the one where it is put right."""
    app = use_app()
    typed, set_typed = ft.use_state(Typed())
    number, set_number = ft.use_state(0)
    is_busy, set_busy = ft.use_state(False)
    page, is_last = PAGES[number], number == len(PAGES) - 1

    async def found() -> None:
        set_busy(True)
        made = await _found(app, typed)
        set_busy(False)
        if made is not None:
            take_made(made)
        elif app.failure is not None:
            set_number(_page_of(app.failure.code))

    def turn(to: int) -> None:
        app.forget_failures()
        if to < 0:
            navigate("/")
        else:
            set_number(to)

    failure = _refused(app)
    return stack(
        [
            text.title(app.t("ui.setup.heading")),
            text.note(app.t("ui.form.step", number=number + 1, total=len(PAGES))),
            *([failure] if failure is not None else []),
            *_page(app, typed, page, set_typed),
            main_button(
                app.t("ui.setup.found" if is_last else "ui.continue"),
                later(found) if is_last else lambda _: turn(number + 1),
                disabled=not typed.is_full(page),
                busy=is_busy,
            ),
            quiet_button(app.t("ui.back"), lambda _: turn(number - 1), icon=ft.Icons.ARROW_BACK),
        ]
    )


async def _found(app: AppState, typed: Typed) -> Organisation | None:
    return await app.attempt(
        app.services.organisation.init,
        typed.server.strip(),
        typed.claim.strip(),
        typed.org.strip(),
        Path(typed.shares.strip()),
        typed.name.strip(),
        typed.pin.first,
    )


def _refused(app: AppState) -> ft.Control | None:
    """What went wrong; nothing is saved here yet that a sync would send later."""
    if app.failure is None or app.failure.code not in TransientSyncError.codes:
        return failure_banner(app)
    words = app.t("ui.setup.unreachable")
    return banner(words, ft.Icons.ERROR_OUTLINE, tone="bad", live=True)


def _page_of(code: str) -> int:
    """Return the page on which a refusal is put right; most are the server's."""
    if code in ABOUT_KEYS:
        return PAGES.index("keys")
    return PAGES.index("names" if code in ABOUT_NAMES else "server")


def _not_yet() -> Organisation | None:
    return None


def _page(
    app: AppState, typed: Typed, page: str, take: Callable[[Typed], None]
) -> list[ft.Control]:
    def field(name: str) -> ft.Control:
        return text_input(
            app.t(f"ui.setup.{name}"),
            str(getattr(typed, name)),
            lambda words: take(replace(typed, **{name: words})),  # type: ignore[arg-type]
            helper=app.t(f"ui.setup.{name}_help"),
        )

    if page == "server":
        return [field("server"), field("claim")]
    if page == "names":
        pins = new_pin_inputs(app.words, typed.pin, lambda pin: take(replace(typed, pin=pin)))
        return [field("org"), field("name"), *pins]
    keys = banner(
        app.t("ui.setup.shares_text"),
        ft.Icons.KEY,
        tone="care",
        heading=app.t("ui.setup.shares_heading"),
    )
    return [keys, field("shares")]


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
    waits = [] if made.is_claimed else [_claim_waits(app)]
    return [
        banner(
            app.t("ui.setup.done_text", org=made.org),
            ft.Icons.CHECK_CIRCLE,
            tone="good",
            heading=app.t("ui.setup.done"),
        ),
        *waits,
        card([text.heading(app.t("ui.setup.files")), *(text.body(name) for name in made.shares)]),
        card(phrases, spacing=12),
        text.note(app.t("ui.setup.phrases_hint")),
        main_button(app.t("ui.setup.kept"), later(app.enter), icon=ft.Icons.ARROW_FORWARD),
    ]


def _claim_waits(app: AppState) -> ft.Control:
    """The server's answer was lost: nothing may be thrown away, and the next sync asks again."""
    return banner(app.t("ui.setup.claim_waits"), ft.Icons.SCHEDULE_SEND, tone="care")
