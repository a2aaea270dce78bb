"""An invite for one device, handed over as a picture, a code, or a file."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.domain.offices import ADMIN
from fieldapp.domain.roles import roles_to_give
from fieldapp.services.office_views import InviteView
from fieldapp.services.views import Officer, UnitRow
from fieldapp.ui.components import text
from fieldapp.ui.components.buttons import main_button, quiet_button
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.field_editor import unit_choices
from fieldapp.ui.components.picker import Choice, Picker, PickerField
from fieldapp.ui.components.published import Published
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import banner, card, stack
from fieldapp.ui.context import later, use_app, use_loaded
from fieldapp.ui.offices import with_office
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP, GAP_LARGE, RADIUS

USUAL_ROLE = "chief"


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom an invite is to be made."""

    unit: str = ""
    role: str = ""


@ft.component
def InviteScreen() -> ft.View:
    """Make an invite and hand it over: as a picture, a code, or a file."""
    app = use_app()
    wish, set_wish = ft.use_state(Wish())
    invite, set_invite = ft.use_state(_no_invite())
    is_busy, set_busy = ft.use_state(False)
    desk = app.officer.desk if app.officer is not None else ADMIN
    roles = _roles(app.officer, wish.unit)
    role = next((role for role in (wish.role, USUAL_ROLE, *roles) if role in roles), "")

    async def load() -> Sequence[UnitRow] | None:
        return await app.look(app.services.records.units_below)

    async def make() -> None:
        set_busy(True)
        # A unit's first invite also makes its office.
        call = app.services.organisation.invite
        set_invite(await with_office(app, wish.unit, desk, call, wish.unit, role, desk))
        set_busy(False)

    units = use_loaded(load, [app.revision]) or ()
    if invite is not None:
        controls = _handing_over(app, invite)
    else:
        make_button = main_button(
            app.t("ui.invite.make"),
            later(make),
            icon=ft.Icons.QR_CODE_2,
            disabled=not (wish.unit and role),
            busy=is_busy,
        )
        controls = [*_asking(app, Wish(wish.unit, role), units, set_wish), make_button]
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    return page_view(app, "/office/invite", app.t("ui.invite.new"), column(app, controls))


def _asking(
    app: AppState, wish: Wish, units: Sequence[UnitRow], take: Callable[[Wish], None]
) -> list[ft.Control]:
    area = PickerField(
        app.t("ui.invite.unit"), unit_choices(units, app.words), (wish.unit,), required=True
    )
    role = PickerField(
        app.t("ui.invite.role"),
        [Choice(role, app.words.role(role)) for role in _roles(app.officer, wish.unit)],
        (wish.role,),
        required=True,
    )
    desk = app.officer.desk if app.officer is not None else ADMIN
    return [
        text.body(app.t("ui.invite.intro"), ft.Colors.ON_SURFACE_VARIANT),
        stack(
            [
                text.strong(app.t("ui.invite.desk", desk=app.words.desk(desk))),
                text.note(app.t("ui.invite.desk_hint")),
            ],
            spacing=2,
        ),
        Picker(area, app.words, lambda keys: take(Wish(keys[0] if keys else "", wish.role))),
        Picker(role, app.words, lambda keys: take(Wish(wish.unit, keys[0] if keys else wish.role))),
    ]


def _roles(officer: Officer | None, unit: str) -> tuple[str, ...]:
    return () if officer is None else roles_to_give(officer.role, officer.desk, unit)


def _no_invite() -> InviteView | None:
    return None


def _handing_over(app: AppState, invite: InviteView) -> list[ft.Control]:
    name = f"baraza-{invite.invite_id[:8]}.json"
    once = banner(
        app.t("ui.invite.once", when=app.words.instant(invite.expires_at_ms)),
        ft.Icons.TIMER_OUTLINED,
        tone="care",
    )
    rest = [
        card(
            [
                text.label(app.t("ui.invite.code")),
                text.copyable(invite.code, font_family="monospace"),
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
        banner(app.t("ui.invite.then"), ft.Icons.RECORD_VOICE_OVER),
    ]
    picture = ft.Container(_picture(app, invite.code), alignment=ft.Alignment.CENTER)
    told = Published(app.syncing)
    if not app.wide:
        return [once, picture, told, *rest]
    return [
        once,
        told,
        ft.Row(
            [picture, ft.Container(stack(rest), expand=True)],
            spacing=GAP_LARGE,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    ]


def _picture(app: AppState, code: str) -> ft.Control:
    """The code as a picture, dark on white whatever the theme."""
    return ft.Semantics(
        label=app.t("ui.invite.qr"),
        image=True,
        content=ft.Container(
            bgcolor="#FFFFFF",
            border_radius=RADIUS,
            padding=GAP,
            content=ft.Image(src=qr_png(code), width=260, height=260),
        ),
    )


def qr_png(code: str) -> bytes:
    """Return a code as a picture that a phone can read."""
    import segno  # noqa: PLC0415  only an office draws one; a phone need not have it

    picture = io.BytesIO()
    segno.make(code, error="m").save(picture, kind="png", scale=6, border=2)
    return picture.getvalue()
