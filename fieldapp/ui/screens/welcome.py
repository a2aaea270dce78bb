"""The first screen of a new home: the language, then how to begin."""

from __future__ import annotations

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import deed_card, main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.shell import brand, gate_view
from fieldapp.ui.components.surfaces import banner, gap
from fieldapp.ui.context import later, navigate, use_app
from fieldapp.ui.sharing import choose_officer, officers_of
from fieldapp.ui.state import AppState

NAMES = {"en": "English", "sw": "Kiswahili"}


@ft.component
def WelcomeScreen() -> ft.View:
    """Language first, then a code, a new organisation, or a look around."""
    app = use_app()
    is_chosen, set_chosen = ft.use_state(False)

    async def choose(code: str) -> None:
        await app.choose_language(code)
        set_chosen(True)

    controls: list[ft.Control] = [brand(app.words), gap(8), *_withdrawn(app)]
    others = officers_of(app)
    if not is_chosen and not others:
        controls += [
            ft.Text(
                "Choose your language\nChagua lugha yako",
                theme_style=ft.TextThemeStyle.HEADLINE_SMALL,
            ),
            *(main_button(name, later(choose, code)) for code, name in NAMES.items()),
            ft.Container(
                text.note("You can change it at any time. / Unaweza kuibadilisha wakati wowote."),
                padding=ft.Padding.only(top=4),
            ),
        ]
        return gate_view(app, controls)
    controls += [text.title(app.t("ui.welcome.heading")), *_beginnings(app)]
    if (failed := failure_banner(app)) is not None:
        controls.append(failed)
    controls.append(
        quiet_button(
            app.t("ui.officers.back"), lambda _: choose_officer(app, ""), icon=ft.Icons.ARROW_BACK
        )
        if others
        else side_button(
            app.t("ui.welcome.language"), lambda _: set_chosen(False), icon=ft.Icons.TRANSLATE
        )
    )
    return gate_view(app, controls)


def _withdrawn(app: AppState) -> list[ft.Control]:
    """Tell the holder of a revoked phone what became of it."""
    delivered = app.services.access.withdrawn()
    if delivered is None:
        return []
    words = app.t("ui.welcome.withdrawn_hint", count=delivered)
    heading = app.t("ui.welcome.withdrawn")
    return [banner(words, ft.Icons.PHONELINK_ERASE, tone="care", heading=heading)]


def _beginnings(app: AppState) -> list[ft.Control]:
    cards: list[ft.Control] = [
        deed_card(
            app.t("ui.welcome.code"),
            app.t("ui.welcome.code_hint"),
            ft.Icons.QR_CODE_2,
            lambda _: navigate("/enrol"),
        )
    ]
    if officers_of(app):
        return [text.body(app.t("ui.officers.newcomer")), *cards]
    if app.can_set_up:
        cards.append(
            deed_card(
                app.t("ui.welcome.setup"),
                app.t("ui.welcome.setup_hint"),
                ft.Icons.ACCOUNT_BALANCE,
                lambda _: navigate("/setup"),
                warm=True,
            )
        )
    if app.demo is not None:
        cards.append(
            side_button(
                app.t("ui.welcome.look"), later(app.look_around), icon=ft.Icons.VISIBILITY_OUTLINED
            )
        )
    return cards
