"""The office: its devices, its units, and invites for new devices. For roles that enrol others."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.services.views import DeviceRow, InviteView, UnitRow
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, quiet_button, side_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.field_editor import unit_choices
from fieldapp.ui.components.inputs import one_of, text_input
from fieldapp.ui.components.picker import Choice, Picker, PickerField
from fieldapp.ui.components.shell import column, page_view, tab_view
from fieldapp.ui.components.surfaces import banner, card, empty_state, keyed, loading
from fieldapp.ui.components.ticks import chip
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.state import AppState

ROLES = (
    "chief",
    "assistant_chief",
    "village_elder",
    "nk_coordinator",
    "acc",
    "dcc_admin",
    "county_desk",
    "referral_desk",
    "hq_analyst",
)
LEVELS = ("location", "sub_location", "village", "cluster")


@ft.component
def OfficeScreen() -> ft.View:
    """Devices first: who is there, who is silent, who waits to be confirmed."""
    app = use_app()

    async def load() -> Sequence[DeviceRow] | None:
        return await app.attempt(app.services.organisation.devices)

    devices = use_loaded(load, [app.revision])
    controls: list[ft.Control] = [text.title(app.t("ui.tab.office"))] if app.wide else []
    controls += [
        main_button(
            app.t("ui.invite.new"), lambda _: navigate("/office/invite"), icon=ft.Icons.PERSON_ADD
        ),
        side_button(
            app.t("ui.units"), lambda _: navigate("/office/units"), icon=ft.Icons.LOCATION_CITY
        ),
        text.heading(app.t("ui.devices")),
    ]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    if devices is None:
        controls.append(loading(app.t("ui.loading")))
    elif not devices:
        controls.append(
            empty_state(
                app.t("ui.devices.none"), app.t("ui.devices.none_hint"), ft.Icons.SMARTPHONE
            )
        )
    controls += [keyed(device.device, DeviceCard(device)) for device in devices or ()]
    return tab_view(app, "/office", app.t("ui.tab.office"), column(app, controls))


_STATE_LOOKS: Mapping[str, tuple[ft.IconData, str, str]] = {
    "active": (ft.Icons.CHECK, ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER),
    "unconfirmed": (
        ft.Icons.HOURGLASS_TOP,
        ft.Colors.TERTIARY_CONTAINER,
        ft.Colors.ON_TERTIARY_CONTAINER,
    ),
    "contested": (
        ft.Icons.PRIORITY_HIGH,
        ft.Colors.ERROR_CONTAINER,
        ft.Colors.ON_ERROR_CONTAINER,
    ),
    "revoked": (
        ft.Icons.BLOCK,
        ft.Colors.SURFACE_CONTAINER_HIGH,
        ft.Colors.ON_SURFACE_VARIANT,
    ),
}


@ft.component
def DeviceCard(device: DeviceRow) -> ft.Control:
    """One device: where it belongs, when it was last heard of, and what can be done."""
    app = use_app()
    is_revoking, set_revoking = ft.use_state(False)
    reason, set_reason = ft.use_state("")

    async def confirm() -> None:
        await app.attempt(app.services.organisation.confirm, device.device, device.words or "")
        app.revision += 1

    async def revoke() -> None:
        set_revoking(False)
        await app.attempt(app.services.organisation.revoke, device.device, reason.strip())
        app.revision += 1

    icon, ground, ink = _STATE_LOOKS.get(device.state, _STATE_LOOKS["unconfirmed"])
    seen = device.last_seen_at_ms
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(
                    text.strong(f"{app.words.role(device.role)}, {device.unit_name}"),
                    expand=True,
                ),
                chip(app.t(f"ui.device.{device.state}"), icon, ground, ink),
            ]
        ),
        text.note(
            app.t("ui.device.seen", when=app.words.instant(seen))
            if seen is not None
            else app.t("ui.device.never_seen")
        ),
        text.note(app.t("ui.device.id", device=device.device[:8])),
    ]
    if device.words:
        lines.append(
            banner(
                app.t("ui.device.compare", words=device.words),
                ft.Icons.RECORD_VOICE_OVER,
                actions=[side_button(app.t("ui.device.same"), later(confirm), icon=ft.Icons.CHECK)],
            )
        )
    if is_revoking:
        lines += [
            text_input(app.t("ui.device.revoke_reason"), reason, set_reason),
            ft.Row(
                [
                    quiet_button(app.t("ui.cancel"), lambda _: set_revoking(False)),
                    quiet_button(app.t("ui.device.revoke_now"), later(revoke), danger=True),
                ]
            ),
        ]
    elif device.state != "revoked" and not _is_own(app, device):
        lines.append(
            ft.Row(
                [quiet_button(app.t("ui.device.revoke"), lambda _: set_revoking(True), danger=True)]
            )
        )
    return card(lines)


def _is_own(app: AppState, device: DeviceRow) -> bool:
    return app.officer is not None and app.officer.device == device.device


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom an invite is to be made."""

    unit: str = ""
    role: str = "chief"


@ft.component
def InviteScreen() -> ft.View:
    """Make an invite and hand it over: as a picture, a code, or a file."""
    app = use_app()
    wish, set_wish = ft.use_state(Wish())
    invite, set_invite = ft.use_state(_no_invite())
    is_busy, set_busy = ft.use_state(False)

    async def load() -> Sequence[UnitRow] | None:
        return await app.attempt(app.services.records.units_below)

    async def make() -> None:
        set_busy(True)
        set_invite(await app.attempt(app.services.organisation.invite, wish.unit, wish.role))
        set_busy(False)

    units = use_loaded(load, [app.revision]) or ()
    if invite is not None:
        controls = _handing_over(app, invite)
    else:
        controls = [
            text.body(app.t("ui.invite.intro"), ft.Colors.ON_SURFACE_VARIANT),
            Picker(
                PickerField(
                    app.t("ui.invite.unit"),
                    unit_choices(units, app.words),
                    (wish.unit,),
                    required=True,
                ),
                app.words,
                lambda keys: set_wish(Wish(keys[0] if keys else "", wish.role)),
            ),
            Picker(
                PickerField(
                    app.t("ui.invite.role"),
                    [Choice(role, app.words.role(role)) for role in ROLES],
                    (wish.role,),
                    required=True,
                ),
                app.words,
                lambda keys: set_wish(Wish(wish.unit, keys[0] if keys else wish.role)),
            ),
            main_button(
                app.t("ui.invite.make"),
                later(make),
                icon=ft.Icons.QR_CODE_2,
                disabled=not wish.unit,
                busy=is_busy,
            ),
        ]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    return page_view(app, "/office/invite", app.t("ui.invite.new"), column(app, controls))


def _no_invite() -> InviteView | None:
    return None


def _handing_over(app: AppState, invite: InviteView) -> list[ft.Control]:
    name = f"baraza-{invite.invite_id[:8]}.json"
    return [
        banner(
            app.t("ui.invite.once", when=app.words.instant(invite.expires_at_ms)),
            ft.Icons.TIMER_OUTLINED,
            tone="care",
        ),
        ft.Container(
            alignment=ft.Alignment.CENTER,
            content=ft.Semantics(
                label=app.t("ui.invite.qr"),
                image=True,
                content=ft.Container(
                    bgcolor="#FFFFFF",
                    border_radius=16,
                    padding=16,
                    content=ft.Image(src=qr_png(invite.code), width=260, height=260),
                ),
            ),
        ),
        card(
            [
                text.label(app.t("ui.invite.code")),
                ft.Text(
                    invite.code,
                    theme_style=ft.TextThemeStyle.BODY_LARGE,
                    font_family="monospace",
                    selectable=True,
                ),
                quiet_button(
                    app.t("ui.copy"),
                    later(app.platform.copy, invite.code),
                    icon=ft.Icons.CONTENT_COPY,
                ),
            ]
        ),
        main_button(
            app.t("ui.invite.save"),
            later(app.platform.save_text, name, invite.packet_text),
            icon=ft.Icons.SAVE_ALT,
        ),
        text.note(app.t("ui.invite.save_hint")),
    ]


def qr_png(code: str) -> bytes:
    """Return a code as a picture that a phone can read."""
    import segno  # noqa: PLC0415  only an office draws one; a phone need not have it

    picture = io.BytesIO()
    segno.make(code, error="m").save(picture, kind="png", scale=6, border=2)
    return picture.getvalue()


@ft.component
def UnitsScreen() -> ft.View:
    """The units of the office's area, and a new one."""
    app = use_app()
    typed, set_typed = ft.use_state(("", "location", ""))
    is_busy, set_busy = ft.use_state(False)

    async def load() -> Sequence[UnitRow] | None:
        return await app.attempt(app.services.organisation.list_units)

    units = use_loaded(load, [app.revision])
    name, level, parent = typed

    async def add() -> None:
        set_busy(True)
        made = await app.attempt(
            app.services.organisation.add_unit, parent, level, name.strip(), None
        )
        set_busy(False)
        if made is not None:
            set_typed(("", level, parent))
            app.revision += 1

    controls: list[ft.Control] = [
        card(
            [
                text.heading(app.t("ui.units.new")),
                text_input(app.t("ui.units.name"), name, lambda w: set_typed((w, level, parent))),
                one_of(
                    app.t("ui.units.level"),
                    [(key, app.t(f"ui.level.{key}"), "") for key in LEVELS],
                    level,
                    lambda key: set_typed((name, key, parent)),
                ),
                Picker(
                    PickerField(
                        app.t("ui.units.parent"), unit_choices(units or (), app.words), (parent,)
                    ),
                    app.words,
                    lambda keys: set_typed((name, level, keys[0] if keys else "")),
                ),
                main_button(
                    app.t("ui.units.add"),
                    later(add),
                    icon=ft.Icons.ADD,
                    busy=is_busy,
                    disabled=not (name.strip() and parent),
                ),
            ],
            spacing=14,
        )
    ]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    controls.append(text.heading(app.t("ui.units.all", count=len(units or ()))))
    controls += [_unit_line(app, unit) for unit in units or ()]
    return page_view(app, "/office/units", app.t("ui.units"), column(app, controls))


def _unit_line(app: AppState, unit: UnitRow) -> ft.Control:
    ward = f" · {app.t('ui.units.ward', ward=unit.ward)}" if unit.ward else ""
    return ft.Row(
        [
            ft.Icon(ft.Icons.LOCATION_ON_OUTLINED, color=ft.Colors.PRIMARY),
            ft.Column(
                [
                    text.body(unit.name),
                    text.note(f"{app.t(f'ui.level.{unit.level}')} · {unit.parent_name}{ward}"),
                ],
                spacing=0,
                expand=True,
                tight=True,
            ),
        ],
        spacing=12,
    )
