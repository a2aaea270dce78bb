"""Home: begin a record, see what waits, and read in words whether it arrived."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.record_type import Menu, RecordType
from fieldapp.services.views import Note, RecordRow, Status
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import deed_card, quiet_button, side_button
from fieldapp.ui.components.delivery import delivered_line, waiting_line
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.rows import record_row, type_icon
from fieldapp.ui.components.shell import column, tab_view
from fieldapp.ui.components.surfaces import banner, loading, stack
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.state import AppState
from fieldapp.ui.theme import GAP_SMALL, RADIUS

LATEST = 4
STANDING = frozenset({"note.pin_only"})


@ft.component
def HomeScreen() -> ft.View:
    """The first screen after the lock."""
    app = use_app()
    status, officer = app.status, app.officer
    controls: list[ft.Control] = []
    if officer is not None:
        controls.append(_who(officer.name, app.words.role(officer.role), officer.unit_name))
    if app.is_invented:
        controls.append(banner(app.t("ui.home.invented"), ft.Icons.SCIENCE_OUTLINED))
    if status is None:
        controls.append(loading(app.t("ui.loading")))
    else:
        controls += [_delivery(app, status), *_notes(app, status)]
        if (failure := failure_banner(app)) is not None:
            controls.append(failure)
        controls += [*_deeds(app), _counts(app, status), *_standing(app, status), LatestRows()]
    return tab_view(app, "/", app.t("ui.tab.home"), column(app, controls))


def _who(name: str, role: str, unit: str) -> ft.Control:
    return ft.Column(
        [
            ft.Semantics(
                header=True, content=ft.Text(name, theme_style=ft.TextThemeStyle.HEADLINE_SMALL)
            ),
            text.note(f"{role} · {unit}"),
        ],
        spacing=2,
        tight=True,
    )


def _delivery(app: AppState, status: Status) -> ft.Control:
    waits = status.waiting > 0
    ink = ft.Colors.ON_SECONDARY_CONTAINER
    first, rest = waiting_line(app, status), delivered_line(app, status)

    def go(_: object) -> None:
        navigate("/sync")

    return ft.Semantics(
        label=f"{app.t('ui.sync.short')}: {first}, {rest}",
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=go,
        content=ft.Container(
            bgcolor=ft.Colors.SECONDARY_CONTAINER,
            border_radius=RADIUS,
            padding=ft.Padding.symmetric(vertical=12, horizontal=16),
            ink=True,
            on_click=go,
            data=app.t("ui.sync.short"),
            content=ft.Row(
                [
                    ft.Icon(
                        ft.Icons.CLOUD_UPLOAD_OUTLINED if waits else ft.Icons.CLOUD_DONE_OUTLINED,
                        color=ink,
                        size=28,
                        visible=not app.words.is_large,
                    ),
                    ft.Column(
                        [
                            ft.Text(first, theme_style=ft.TextThemeStyle.TITLE_SMALL, color=ink),
                            ft.Text(rest, theme_style=ft.TextThemeStyle.BODY_SMALL, color=ink),
                        ],
                        spacing=0,
                        expand=True,
                        tight=True,
                    ),
                    ft.Icon(ft.Icons.SYNC, color=ink),
                ],
                spacing=14,
            ),
        ),
    )


def _notes(app: AppState, status: Status) -> list[ft.Control]:
    controls: list[ft.Control] = []
    if status.needs_attention:
        controls.append(
            banner(
                app.t("ui.home.attention_hint"),
                ft.Icons.PRIORITY_HIGH,
                tone="bad",
                heading=app.t("ui.home.attention", count=status.needs_attention),
                actions=[
                    side_button(app.t("ui.show"), lambda _: navigate("/records/of/needs_you"))
                ],
            )
        )
    if status.handover_pending:
        controls.append(banner(app.t("ui.home.handover"), ft.Icons.KEY, tone="care"))
    controls.extend(_note(app, note) for note in status.notes if note.code not in STANDING)
    return controls


def _standing(app: AppState, status: Status) -> list[ft.Control]:
    """Return what is so every day, below what the day is for."""
    return [_note(app, note) for note in status.notes if note.code in STANDING]


def _note(app: AppState, note: Note) -> ft.Control:
    return banner(app.words.error(note.code, note.params), ft.Icons.INFO_OUTLINE, tone="care")


def _deeds(app: AppState) -> list[ft.Control]:
    offered = [declared for declared in app.types if declared.menu is Menu.FIRST]
    cards = [_deed(app, declared, warm=place > 0) for place, declared in enumerate(offered)]
    if app.wide and len(cards) > 1:
        row = ft.Row(
            [ft.Container(card, expand=True) for card in cards],
            spacing=16,
            intrinsic_height=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        return [row]
    return cards


def _deed(app: AppState, declared: RecordType, *, warm: bool) -> ft.Control:
    async def begin() -> None:
        page = ft.context.page
        draft = await app.new_record(declared.key)
        if draft is not None:
            page.navigate(f"/draft/{draft}")

    words = app.words
    return deed_card(
        words.text(declared.begin_words),
        words.text(declared.about) if declared.about else "",
        type_icon(declared.key),
        later(begin),
        warm=warm,
        is_large=words.is_large,
    )


def _counts(app: AppState, status: Status) -> ft.Control:
    tiles = [
        _count(app, "draft", status.drafts, ft.Icons.EDIT_NOTE),
        _count(app, "waiting", status.waiting, ft.Icons.SCHEDULE_SEND),
        _count(app, "sent", status.sent, ft.Icons.DONE_ALL),
        _count(app, "received", status.received, ft.Icons.MOVE_TO_INBOX),
    ]
    return ft.ResponsiveRow(
        [ft.Container(tile, col={"xs": 6, "md": 3}) for tile in tiles],
        spacing=12,
        run_spacing=12,
    )


@guarded
def LatestRows() -> ft.Control:
    """The newest records, each one tap away."""
    app = use_app()

    async def load() -> Sequence[RecordRow] | None:
        found = await app.attempt(app.services.records.find, "", None, None, None, 0, LATEST)
        return found[0] if found is not None else None

    rows = use_loaded(load, [app.revision])
    if not rows:
        return ft.Container()
    heading = ft.Row(
        [
            ft.Container(text.heading(app.t("ui.home.latest")), expand=True),
            quiet_button(app.t("ui.home.all"), lambda _: navigate("/records")),
        ]
    )
    return stack(
        [
            heading,
            *(
                record_row(row, app.words, lambda row=row: navigate(route_of(row)))  # type: ignore[misc]
                for row in rows
            ),
        ],
        spacing=4,
    )


def route_of(row: RecordRow) -> str:
    """Return where a row leads."""
    return f"/draft/{row.id}" if row.state == "draft" else f"/records/{row.id}"


def _count(app: AppState, state: str, count: int, icon: ft.IconData) -> ft.Control:
    name = app.t(f"ui.state.{state}")
    quiet = count == 0

    def show(_: object) -> None:
        navigate(f"/records/of/{state}")

    return ft.Semantics(
        label=f"{name}: {count}",
        button=True,
        container=True,
        exclude_semantics=True,
        on_tap=show,
        content=ft.Container(
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
            border_radius=RADIUS,
            padding=16,
            ink=True,
            on_click=show,
            data=name,
            content=ft.Column(
                [
                    ft.Row(
                        [
                            text.display(
                                str(count),
                                ft.Colors.ON_SURFACE_VARIANT if quiet else ft.Colors.PRIMARY,
                            ),
                            ft.Icon(icon, color=ft.Colors.ON_SURFACE_VARIANT),
                        ],
                        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                        vertical_alignment=ft.CrossAxisAlignment.START,
                    ),
                    text.note(name, ft.Colors.ON_SURFACE),
                ],
                spacing=GAP_SMALL,
                tight=True,
            ),
        ),
    )
