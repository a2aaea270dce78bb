"""The app: one state a page, one router over the table of screens.

Laws:
  * ``main`` may run again in the same process: nothing lives at module level.
  * A page that comes back after its socket was gone looks first whether the vault was closed.
  * A page that goes, by a closed tab or another app in front, has saved what was typed by then.
  * On a phone a curtain hides the page from the list of recent apps as soon as it leaves the front.
  * On a phone the app locks when it leaves the front, but for an errand of its own. A window of a
    computer does so only where its officer chose that.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.ui.components.boundary import take_crashes
from fieldapp.ui.context import AppContext
from fieldapp.ui.door import Doors
from fieldapp.ui.phone_port import PhonePort
from fieldapp.ui.platform import FletPlatform, Platform
from fieldapp.ui.ports import Demo, ServicesPort
from fieldapp.ui.routes import routes_for
from fieldapp.ui.sharing import look_at_first
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import LOW_BELOW, WIDE_FROM, apply_theme

GONE = (ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE)
GOING = (ft.AppLifecycleState.INACTIVE, *GONE)
PHONES = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
LOCALES = {"en": ft.Locale("en", "GB"), "sw": ft.Locale("sw")}


@ft.component
def App(state: AppState) -> object:
    """Everything inside one page."""
    return AppContext(
        state,
        lambda: ft.Router(routes_for(state.phase), manage_views=True),
    )


def make_main(
    services: ServicesPort,
    *,
    demo: Demo | None = None,
    phone: PhonePort | None = None,
    platform: Callable[[], Platform] = FletPlatform,
) -> Callable[[ft.Page], None]:
    """Return what Flet runs for each new page.

    Args:
        services: the services of the home.
        demo: makes a throw-away home with invented data; without it the choice is not offered.
        phone: the officers who share this device; without it there is the one home.
        platform: makes the device's side of a page.
    """
    doors = Doors()

    def main(page: ft.Page) -> None:
        state = AppState(services, doors=doors, platform=platform(), demo=demo, phone=phone)
        look_at_first(state)
        state.can_set_up = not is_phone(page)
        take_crashes(page, state)
        dress(page, state)
        watch(page, state)
        state.platform.watch_network(state.note_network)
        page.title = "Baraza"
        page.render_views(App, state)

    return main


def dress(page: ft.Page, state: AppState) -> None:
    """Give the page the officer's theme, language and size."""
    apply_theme(page, mode=state.theme, text_scale=state.text_scale)
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=list(LOCALES.values()),
        current_locale=LOCALES.get(state.language, LOCALES["en"]),
    )
    measure(page, state)


def measure(page: ft.Page, state: AppState) -> None:
    """Take the page's size, and how much of its height an open keyboard leaves."""
    state.width = int(page.width or 0)
    state.wide = state.width >= WIDE_FROM
    covered = page.media.view_insets.bottom
    state.is_low = 0 < (page.height or 0) - covered < LOW_BELOW


def watch(page: ft.Page, state: AppState) -> None:
    """Follow the page's size and comings and goings, and the officer's choices."""
    page.on_resize = lambda _: measure(page, state)
    page.on_media_change = lambda _: measure(page, state)
    page.on_connect = lambda _: state.notice_lock()
    page.on_close = lambda _: state.close()

    async def leave(_: object) -> None:
        # Awaited before the last page's vault is closed.
        await state.keep_everything()
        state.step_out()

    veil = curtain()
    page.overlay.append(veil)

    async def turn(event: ft.AppLifecycleStateChangeEvent) -> None:
        if is_phone(page):
            veil.visible = event.state in GOING
            page.update()
        await _came_or_went(event, state, is_phone=is_phone(page))

    page.on_disconnect = leave
    page.on_app_lifecycle_state_change = turn
    choices = {"theme", "text_scale", "language"}

    def redress(_: object, name: str | None) -> None:
        if name in choices:
            dress(page, state)
            page.update()

    # The state holds its listeners weakly; the page keeps this one alive.
    page.data = (redress, state.subscribe(redress))


def curtain() -> ft.Control:
    """What stands before the page while another app is in front: a ground and nothing on it."""
    return ft.Container(bgcolor=ft.Colors.SURFACE, expand=True, visible=False, data="curtain")


def is_phone(page: ft.Page) -> bool:
    """Tell whether the page is an app of its own on a phone."""
    return page.platform in PHONES and not page.web


async def _came_or_went(
    event: ft.AppLifecycleStateChangeEvent, state: AppState, *, is_phone: bool
) -> None:
    if event.state is ft.AppLifecycleState.RESUME:
        state.notice_lock()
    elif event.state in GOING:
        await state.save_form()
        locks = is_phone or not state.autolock_seconds
        if event.state in GONE and locks and not state.errands.running:
            await state.lock()
