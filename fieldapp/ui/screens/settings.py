"""Settings: language, brightness, text size, the lock, the PIN, and what this app is."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import flet as ft

import fieldapp
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.confirm_pin import ConfirmByPin, Deed
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import one_of
from fieldapp.ui.components.kept import KeptLines
from fieldapp.ui.components.marks import MARKS, mark_words
from fieldapp.ui.components.new_pin import NewPin, new_pin_inputs
from fieldapp.ui.components.pin_field import PinField
from fieldapp.ui.components.shell import column, page_view, tab_view
from fieldapp.ui.components.surfaces import banner, card
from fieldapp.ui.context import later, navigate, use_app
from fieldapp.ui.sharing import chosen_of, officers_of
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import TEXT_SCALES

THEMES = ("system", "light", "dark")
MORE_THAN_ONE = 2
IDLE_SECONDS = (0, 60, 300, 1_800, 3_600)


@ft.component
def SettingsScreen() -> ft.View:
    """The officer's own choices."""
    app = use_app()
    longer, set_longer = ft.use_state(0)
    controls: list[ft.Control] = [text.title(app.t("ui.tab.settings"))] if app.wide else []

    def choose_idle(seconds: str) -> None:
        # Who finds an open phone must not be able to keep it open.
        if int(seconds) > app.autolock_seconds:
            app.failure = None
            set_longer(int(seconds))
        else:
            later(app.choose_autolock, int(seconds))()

    controls += [
        _who(app),
        *_choices(app, choose_idle),
        *_deeds(app),
        KeptLines(),
        _about(app),
    ]
    if longer:
        controls.append(ConfirmByPin(_longer(app, longer), lambda: set_longer(0)))
    return tab_view(app, "/settings", app.t("ui.tab.settings"), column(app, controls))


def _choices(app: AppState, choose_idle: Callable[[str], None]) -> list[ft.Control]:
    """What the officer chooses by a tap, short choices beside each other."""
    abreast = 1 if app.words.is_large else 4 if app.wide else 2
    return [
        one_of(
            app.t("ui.settings.language"),
            [("en", "English", ""), ("sw", "Kiswahili", "")],
            app.language,
            lambda code: later(app.choose_language, code)(),
            abreast=abreast,
        ),
        one_of(
            app.t("ui.settings.theme"),
            [(name, app.t(f"ui.settings.theme_{name}"), "") for name in THEMES],
            app.theme,
            lambda name: later(app.choose_theme, name)(),
            abreast=abreast,
        ),
        one_of(
            app.t("ui.settings.text_size"),
            [(str(scale), f"{round(scale * 100)} %", "") for scale in TEXT_SCALES],
            str(app.text_scale),
            lambda scale: later(app.choose_text_scale, float(scale))(),
            abreast=abreast,
        ),
        *_colour(app),
        one_of(
            app.t("ui.settings.autolock"),
            [(str(idle), _idle_words(app, idle), "") for idle in _idle_choices(app)],
            str(app.autolock_seconds),
            choose_idle,
            abreast=abreast,
        ),
    ]


def _deeds(app: AppState) -> list[ft.Control]:
    """What protects the vault, and what gives it up."""
    return [
        side_button(
            app.t("ui.settings.pin"), lambda _: navigate("/settings/pin"), icon=ft.Icons.PASSWORD
        ),
        side_button(
            app.t("ui.emergency.heading"),
            lambda _: navigate("/settings/emergency"),
            icon=ft.Icons.EMERGENCY_OUTLINED,
        ),
        side_button(app.t("ui.lock"), later(app.lock), icon=ft.Icons.LOCK_OUTLINE),
        side_button(
            app.t("ui.delete.heading"),
            lambda _: navigate("/settings/delete"),
            icon=ft.Icons.DELETE_FOREVER_OUTLINED,
        ),
    ]


def _longer(app: AppState, seconds: int) -> Deed:
    async def choose() -> None:
        await app.choose_autolock(seconds)

    return Deed(
        app.t("ui.settings.longer_question"),
        app.t("ui.settings.longer_text", time=_idle_words(app, seconds)),
        app.t("ui.settings.longer_yes"),
        choose,
    )


def _idle_choices(app: AppState) -> list[int]:
    """The usual times, and the one in force if a settings file named another."""
    return sorted({*IDLE_SECONDS, app.autolock_seconds})


def _idle_words(app: AppState, seconds: int) -> str:
    if not seconds:
        return app.t("ui.settings.at_once")
    return app.t("ui.settings.minutes", count=max(1, seconds // 60))


def _colour(app: AppState) -> list[ft.Control]:
    """On a shared phone, the colour by which the lock screen tells this officer."""
    phone, officers = app.phone, officers_of(app)
    own = chosen_of(app, officers)
    if phone is None or own is None or len(officers) < MORE_THAN_ONE:
        return []

    async def choose(mark: str) -> None:
        await app.attempt(phone.choose_mark, own.key, mark)
        app.revision += 1

    return [
        one_of(
            app.t("ui.officers.colour"),
            [(mark, mark_words(mark, app.words), "") for mark in MARKS],
            own.mark,
            lambda mark: later(choose, mark)(),
        )
    ]


def _who(app: AppState) -> ft.Control:
    officer = app.officer
    if officer is None:
        return ft.Container()
    return card(
        [
            ft.Row(
                [
                    ft.Icon(ft.Icons.ACCOUNT_CIRCLE, size=44, color=ft.Colors.PRIMARY),
                    ft.Column(
                        [
                            text.strong(officer.name),
                            text.note(f"{app.words.role(officer.role)} · {officer.unit_name}"),
                            text.note(officer.org),
                        ],
                        spacing=0,
                        expand=True,
                        tight=True,
                    ),
                ],
                spacing=14,
            )
        ]
    )


def installed_version() -> str:
    """Return the version that was installed, which is the project's own number."""
    try:
        return version("baraza")
    except PackageNotFoundError:
        return fieldapp.__version__


def _about(app: AppState) -> ft.Control:
    device = app.officer.device if app.officer else ""
    return card(
        [
            text.heading(app.t("ui.about.heading")),
            text.body(app.t("ui.about.text")),
            text.note(app.t("ui.about.version", version=installed_version())),
            text.copyable(
                app.t("ui.about.device", device=device),
                ft.TextThemeStyle.BODY_MEDIUM,
                ft.Colors.ON_SURFACE_VARIANT,
            ),
        ]
    )


@ft.component
def ChangePinScreen() -> ft.View:
    """Another PIN for the same vault."""
    app = use_app()
    old, set_old = ft.use_state("")
    pin, set_pin = ft.use_state(NewPin())
    is_done, set_done = ft.use_state(False)
    is_busy, set_busy = ft.use_state(False)

    async def change() -> None:
        set_busy(True)
        await app.attempt(app.services.access.change_pin, old, pin.first)
        is_changed = app.failure is None
        app.notice_lock()
        set_busy(False)
        set_old("")
        set_pin(NewPin())
        set_done(is_changed)

    controls: list[ft.Control] = [
        PinField(app.t("ui.pin.old"), old, set_old, app.words),
        *new_pin_inputs(app.words, pin, set_pin),
        main_button(
            app.t("ui.settings.pin"),
            later(change),
            disabled=not (old and pin.is_good),
            busy=is_busy,
        ),
    ]
    if is_done:
        controls.append(
            banner(app.t("ui.pin.changed"), ft.Icons.CHECK_CIRCLE, tone="good", live=True)
        )
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    return page_view(app, "/settings/pin", app.t("ui.settings.pin"), column(app, controls))
