"""The office's devices: who is there, who is silent, who waits. For roles that enrol others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import flet as ft

from fieldapp.domain.offices import ADMIN
from fieldapp.services.office_views import DeviceRow, InvitedRow
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.device_facts import device_facts, invited_facts, post_words, short_id
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import search_input
from fieldapp.ui.components.published import Published
from fieldapp.ui.components.shell import column, tab_view
from fieldapp.ui.components.surfaces import (
    banner,
    card,
    empty_state,
    grid,
    keyed,
    loading,
    stack,
)
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import CONTENT_WIDTH, GAP, TWO_PANES_FROM
from fieldapp.ui.words import Words

DEVICES_WIDTH = 1080
MOST_ROWS = 60
FITS = 8
"""As many devices as an eye takes in; more are searched."""
Confirms = Callable[[DeviceRow], Awaitable[None]]


class _Found(NamedTuple):
    """Who is there and who is expected."""

    devices: Sequence[DeviceRow]
    invited: Sequence[InvitedRow]


@ft.component
def OfficeScreen() -> ft.View:
    """Devices first: who is there, who is silent, who waits to be confirmed."""
    app = use_app()
    width = DEVICES_WIDTH if app.width >= TWO_PANES_FROM else CONTENT_WIDTH
    controls: list[ft.Control] = [text.title(app.t("ui.tab.office"))] if app.wide else []
    controls += [_deeds(app), Devices()]
    return tab_view(app, "/office", app.t("ui.tab.office"), column(app, controls, width=width))


def _deeds(app: AppState) -> ft.Control:
    """The deeds of an office, beside each other where there is room."""
    deeds = [
        main_button(
            app.t("ui.invite.new"), lambda _: navigate("/office/invite"), icon=ft.Icons.PERSON_ADD
        )
    ]
    if app.officer is not None and app.officer.desk == ADMIN:
        rest = [
            ("ui.notices", ft.Icons.CAMPAIGN, lambda _: navigate("/notices")),
            ("ui.units", ft.Icons.LOCATION_CITY, lambda _: navigate("/office/units")),
        ]
        deeds += [side_button(app.t(key), go, icon=icon) for key, icon, go in rest]
    if app.wide:
        return ft.Row([ft.Container(deed, expand=True) for deed in deeds], spacing=GAP)
    return stack(deeds)


@guarded
def Devices() -> ft.Control:
    """Every device of the subtree and every open invite, searched where there are many."""
    app = use_app()
    search, set_search = ft.use_state("")
    confirmed, set_confirmed = ft.use_state("")

    async def load() -> _Found | None:
        devices = await app.look(app.services.organisation.devices)
        invited = await app.look(app.services.organisation.invited) if devices else ()
        return None if devices is None else _Found(devices, invited or ())

    async def confirm(device: DeviceRow) -> None:
        call = app.services.organisation.confirm
        await app.attempt(call, device.device, device.words or "")
        if app.failure is None:
            set_confirmed(device.device)
            app.revision += 1

    found = use_loaded(load, [app.revision])
    parts: list[ft.Control] = []
    if (failure := failure_banner(app)) is not None:
        parts.append(failure)
    if confirmed:
        parts.append(keyed(confirmed, Published(app.syncing)))
    if found is None:
        return stack([*parts, text.heading(app.t("ui.devices")), loading(app.t("ui.loading"))])
    parts += [*_invited(app, found.invited), text.heading(app.t("ui.devices"))]
    if len(found.devices) > FITS:
        parts.append(search_input(app.t("ui.search"), search, set_search))
    return stack([*parts, *_listed(app, found.devices, search, confirm)])


def _invited(app: AppState, invites: Sequence[InvitedRow]) -> list[ft.Control]:
    if not invites:
        return []
    cards = [card(invited_facts(one, app.words)) for one in invites]
    return [text.heading(app.t("ui.invited.heading")), _abreast(app, cards)]


def _listed(
    app: AppState, devices: Sequence[DeviceRow], search: str, confirm: Confirms
) -> list[ft.Control]:
    """The devices that match, as many as fit a page; a search finds the rest."""
    if not devices:
        hint = app.t("ui.devices.none_hint")
        return [empty_state(app.t("ui.devices.none"), hint, ft.Icons.SMARTPHONE)]
    shown = [one for one in devices if _matches(one, search, app.words)]
    if not shown:
        return [text.note(app.t("ui.picker.nothing"))]
    cards = _abreast(app, [_card(app, one, confirm) for one in shown[:MOST_ROWS]])
    more = text.note(app.t("ui.picker.more"))
    return [cards, more] if len(shown) > MOST_ROWS else [cards]


def _abreast(app: AppState, cards: Sequence[ft.Control]) -> ft.Control:
    return grid(cards, 2 if app.width >= TWO_PANES_FROM else 1, spacing=GAP)


def _matches(device: DeviceRow, search: str, words: Words) -> bool:
    state = words.t(f"ui.device.{device.state}")
    said = f"{post_words(device, words)} {device.holder} {short_id(device, words)} {state}"
    return all(word in said.casefold() for word in search.casefold().split())


def _card(app: AppState, device: DeviceRow, confirm: Confirms) -> ft.Control:
    """One device: where it belongs, when it was last heard of, and what it waits for."""
    lines = device_facts(device, app.words)
    if device.state == "contested":
        lines.append(banner(app.t("ui.device.contested_hint"), ft.Icons.PRIORITY_HIGH, tone="bad"))
    if device.words and device.state != "revoked":
        same = side_button(
            app.t("ui.device.same"),
            later(confirm, device),
            icon=ft.Icons.CHECK,
        )
        asked = app.t("ui.device.compare", words=device.words)
        lines.append(banner(asked, ft.Icons.RECORD_VOICE_OVER))
        lines += [same] if device.may_act else []
    if device.adoptable:
        lines.append(
            banner(
                app.t("ui.device.kept_apart", count=device.adoptable),
                ft.Icons.INVENTORY_2_OUTLINED,
                tone="care",
            )
        )
    if device.may_act or device.adoptable:
        lines.append(ft.Row([_manage(app, device)]))
    return ft.Container(card(lines), key=device.device)


def _manage(app: AppState, device: DeviceRow) -> ft.Control:
    """The way to a device's deeds; spoken with its post, for there are many of them."""
    words = app.t("ui.device.manage")

    def go(_: object) -> None:
        navigate(f"/office/device/{device.device}")

    return ft.Semantics(
        label=f"{words}: {post_words(device, app.words)}",
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=go,
        content=side_button(words, go, icon=ft.Icons.MANAGE_ACCOUNTS),
    )
