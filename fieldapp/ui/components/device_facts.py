"""What an office sees of a device: its post, its holder, its state and since when.

A state is an icon and a word, never a colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from fieldapp.domain.offices import ADMIN
from fieldapp.services.office_views import DeviceRow, InvitedRow
from fieldapp.ui.components import text
from fieldapp.ui.components.ticks import chip
from fieldapp.ui.words import Words

Look = tuple[ft.IconData, str, str]
QUIET: Look = (
    ft.Icons.BLOCK,
    ft.Colors.SURFACE_CONTAINER_HIGH,
    ft.Colors.ON_SURFACE_VARIANT,
)
WAITS: Look = (
    ft.Icons.HOURGLASS_TOP,
    ft.Colors.TERTIARY_CONTAINER,
    ft.Colors.ON_TERTIARY_CONTAINER,
)
LOOKS: Mapping[str, Look] = {
    "active": (ft.Icons.CHECK, ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER),
    "unconfirmed": WAITS,
    "contested": (
        ft.Icons.PRIORITY_HIGH,
        ft.Colors.ERROR_CONTAINER,
        ft.Colors.ON_ERROR_CONTAINER,
    ),
    "revoked": QUIET,
}


def device_facts(device: DeviceRow, words: Words) -> list[ft.Control]:
    """Return the lines of one device."""
    since = device.since_ms
    state = words.t(f"ui.device.{device.state}")
    lines: list[ft.Control] = [
        _head(post_words(device, words), chip(state, *LOOKS.get(device.state, WAITS)), words)
    ]
    if device.holder:
        lines.append(text.body(device.holder))
    seen = device.last_seen_at_ms
    facts = [
        words.t("ui.device.seen", when=words.instant(seen))
        if seen is not None
        else words.t("ui.device.never_seen")
    ]
    if device.state == "revoked" and since is not None:
        facts.append(words.t("ui.device.revoked_since", when=words.instant(since)))
    own = words.t("ui.device.own") if device.is_own else ""
    facts.append(" · ".join(part for part in (short_id(device, words), own) if part))
    lines.append(ft.Column([text.note(fact) for fact in facts], spacing=2, tight=True))
    return lines


def invited_facts(invite: InvitedRow, words: Words) -> list[ft.Control]:
    """Return the lines of an invite that nobody has used."""
    name = "over" if invite.is_over else "open"
    state = chip(words.t(f"ui.invited.{name}"), *(QUIET if invite.is_over else WAITS))
    until = words.t(f"ui.invited.{name}_when", when=words.instant(invite.expires_at_ms))
    return [_head(_post(invite, words), state, words), text.note(until)]


def post_words(device: DeviceRow, words: Words) -> str:
    """Return where a device serves, as "Chief, Mkomani"."""
    return _post(device, words)


def short_id(device: DeviceRow, words: Words) -> str:
    """Return how a device is told from another in the same post."""
    return words.t("ui.device.id", device=device.device[:8])


def _post(row: DeviceRow | InvitedRow, words: Words) -> str:
    """The role, or the desk where the role alone does not say which."""
    post = words.role(row.role) if row.desk == ADMIN else words.desk(row.desk)
    return f"{post}, {row.unit_name}"


def _head(name: str, state: ft.Control, words: Words) -> ft.Control:
    """The name with its state beside it, below it where the text is large."""
    if words.is_large:
        return ft.Column([text.strong(name), state], spacing=6, tight=True)
    return ft.Row(
        [ft.Container(text.strong(name), expand=True), state],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
