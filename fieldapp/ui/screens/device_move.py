"""Giving a device another post: an officer was transferred, promoted, or acts for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import flet as ft

from fieldapp.domain.roles import ENROLLING_ROLES, roles_to_give
from fieldapp.services.office_views import DeviceRow
from fieldapp.services.views import UnitRow
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.device_deed import (
    DeedForm,
    DeviceDeed,
    Why,
    deed_view,
    said,
)
from fieldapp.ui.components.device_facts import post_words
from fieldapp.ui.components.field_editor import unit_choices
from fieldapp.ui.components.picker import Choice, Picker, PickerField
from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.context import use_app, use_loaded
from fieldapp.ui.offices import with_office
from fieldapp.ui.state import AppState

CAUSES = ("moved", "replaced", "misuse", "other")


@dataclass(frozen=True, slots=True)
class Post:
    """Where the device shall serve."""

    unit: str
    role: str


@ft.component
def DeviceMoveScreen() -> ft.View:
    """The new post, the cause, what it means, and one question."""
    return deed_view("move", Moving)


@guarded
def Moving(device: DeviceRow) -> ft.Control:
    """The form of the deed."""
    app = use_app()
    post, set_post = ft.use_state(Post(device.unit, device.role))

    async def load() -> Sequence[UnitRow] | None:
        return await app.look(app.services.records.units_below)

    units = use_loaded(load, []) or ()
    is_other = (post.unit, post.role) != (device.unit, device.role)

    def means(_: str) -> list[str]:
        names = ["kept", "later", "keys", *(["words"] if post.role in ENROLLING_ROLES else [])]
        return [app.t(f"ui.move.{name}") for name in names]

    async def move(why: Why) -> Sequence[ft.Control] | None:
        call = app.services.organisation.change_device

        def change() -> DeviceRow:
            reason = why.words.strip()
            return call(device.device, post.role, post.unit, reason=reason, because=why.cause)

        done = await with_office(app, post.unit, device.desk, change)
        return None if done is None else _done(app, done)

    deed = DeviceDeed(
        button=app.t("ui.move.now"),
        question=app.t("ui.move.question", unit=_named(units, post.unit)),
        means=means,
        do=move,
        causes=CAUSES,
        usual=CAUSES[0],
        icon=ft.Icons.MOVE_UP,
        is_ready=is_other and post.role in _roles(app, device, post.unit),
    )
    return DeedForm(device, deed, _asking(app, device, post, units, set_post))


def _asking(
    app: AppState,
    device: DeviceRow,
    post: Post,
    units: Sequence[UnitRow],
    take: Callable[[Post], None],
) -> list[ft.Control]:
    area = PickerField(
        app.t("ui.move.unit"), unit_choices(units, app.words), (post.unit,), required=True
    )
    roles = _roles(app, device, post.unit)
    role = PickerField(
        app.t("ui.move.role"),
        [Choice(role, app.words.role(role)) for role in roles],
        (post.role,) if post.role in roles else (),
        required=True,
    )
    return [
        Picker(area, app.words, lambda keys: take(replace(post, unit=keys[0]))),
        Picker(role, app.words, lambda keys: take(replace(post, role=keys[0]))),
    ]


def _roles(app: AppState, device: DeviceRow, unit: str) -> tuple[str, ...]:
    officer = app.officer
    return () if officer is None else roles_to_give(officer.role, device.desk, unit)


def _named(units: Sequence[UnitRow], unit: str) -> str:
    return next((row.name for row in units if row.id == unit), "")


def _done(app: AppState, moved: DeviceRow) -> list[ft.Control]:
    """Where it serves now, and the words to compare where the new post asks for them."""
    parts = [said(app.t("ui.move.done"), post_words(moved, app.words))]
    if moved.words and moved.state != "active":
        words = app.t("ui.device.compare", words=moved.words)
        icon = ft.Icons.RECORD_VOICE_OVER
        parts.append(banner(words, icon, heading=app.t("ui.move.confirm")))
    return parts
