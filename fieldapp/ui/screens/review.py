"""Before the seal: everything at a glance, who will be able to read it, and ten seconds to undo."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import TIER_LABELS
from fieldapp.services.raising import Edited
from fieldapp.services.views import PendingSeal
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import main_button, side_button
from fieldapp.ui.components.change_lines import change_lines
from fieldapp.ui.components.failure import failure_banner
from fieldapp.ui.components.inputs import long_input
from fieldapp.ui.components.missing_office import MissingOffice
from fieldapp.ui.components.shell import column, page_view
from fieldapp.ui.components.surfaces import banner, card, empty_state, loading
from fieldapp.ui.components.text_warning import last_warning
from fieldapp.ui.context import later, navigate, use_app, use_loaded
from fieldapp.ui.forms import FormState
from fieldapp.ui.shown_places import places_changed
from fieldapp.ui.state import AppState


@ft.component
def ReviewScreen() -> ft.View:
    """The last look at a draft."""
    app = use_app()
    draft_id = ft.use_route_params().get("did", "")
    route = f"/draft/{draft_id}/review"
    again, set_again = ft.use_state(0)
    is_waiting = app.sealing is not None and app.sealing.draft_id == draft_id

    async def load() -> PendingSeal | None:
        if app.form is None:
            return None
        return await app.look(app.services.records.review, draft_id)

    pending = use_loaded(load, [draft_id, app.form is None, again])
    if app.form is None and not is_waiting:
        body = column(app, [_sealed(app)])
        return page_view(app, route, app.t("ui.review.title"), body, is_end=True)
    if pending is None:
        unit = app.form.unit if app.form is not None else ""
        waiting: ft.Control = loading(app.t("ui.loading"))
        if app.told is not None:
            waiting = MissingOffice(unit, lambda: set_again(again + 1))
        return page_view(app, route, app.t("ui.review.title"), column(app, [waiting]))
    footer = None if is_waiting else _seal_button(app)
    return page_view(
        app, route, app.t("ui.review.title"), column(app, _review(app, pending)), footer=footer
    )


def _review(app: AppState, pending: PendingSeal) -> list[ft.Control]:
    words = app.words
    restricted = pending.tier != Tier.ORDINARY
    readers: list[ft.Control] = [
        text.heading(app.t("ui.review.readers")),
        text.note(words.text(TIER_LABELS[Tier(pending.tier)])),
    ]
    readers.extend(
        ft.Row(
            [
                ft.Icon(ft.Icons.ACCOUNT_BALANCE_OUTLINED, color=ft.Colors.PRIMARY),
                ft.Container(text.body(words.text(reader)), expand=True),
            ],
            spacing=12,
        )
        for reader in pending.readers
    )
    lines: list[ft.Control] = [text.heading(app.t("ui.review.summary"))]
    lines.extend(
        ft.Column(
            [
                text.note(words.text(line.label)),
                ft.Text(words.day(line.value), theme_style=ft.TextThemeStyle.BODY_LARGE),
            ],
            spacing=0,
            tight=True,
        )
        for line in pending.summary
    )
    controls: list[ft.Control] = [
        banner(
            app.t("ui.review.after"),
            ft.Icons.SHIELD if restricted else ft.Icons.LOCK_OUTLINE,
            tone="care" if restricted else "good",
            heading=app.t("ui.review.heading"),
        ),
        card(readers),
        card(lines, spacing=12),
    ]
    if app.form is not None:
        controls[1:1] = last_warning(app.form, words)
    if (failure := failure_banner(app)) is not None:
        controls.insert(0, failure)
    return controls


def _seal_button(app: AppState) -> ft.Control:
    return main_button(app.t("ui.review.seal"), lambda _: app.begin_seal(), icon=ft.Icons.LOCK)


def _sealed(app: AppState) -> ft.Control:
    return ft.Column(
        [
            empty_state(
                app.t("ui.done.sealed"),
                app.t("ui.done.sealed_hint"),
                ft.Icons.MARK_EMAIL_READ_OUTLINED,
            ),
            main_button(app.t("ui.done.home"), lambda _: navigate("/"), icon=ft.Icons.HOME),
            side_button(
                app.t("ui.done.list"), lambda _: navigate("/records"), icon=ft.Icons.FOLDER_OPEN
            ),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


@ft.component
def AmendReviewScreen() -> ft.View:
    """The reason for an amendment, then its seal."""
    app = use_app()
    record_id = ft.use_route_params().get("rid", "")
    route = f"/records/{record_id}/amend/review"
    form = app.form
    if form is None or not form.amends:
        body = column(app, [_amended(app, record_id)])
        return page_view(app, route, app.t("ui.form.amend"), body, is_end=True)
    return page_view(app, route, app.t("ui.form.amend"), AmendReason(form))


@guarded
def AmendReason(form: FormState) -> ft.Control:
    """Why a sealed record is changed; the first version stays readable."""
    app = use_app()
    is_busy, set_busy = ft.use_state(False)

    async def seal() -> None:
        set_busy(True)
        await app.amend()
        set_busy(False)

    controls: list[ft.Control] = [
        text.title(app.t("ui.amend.heading")),
        text.body(app.t("ui.amend.text"), ft.Colors.ON_SURFACE_VARIANT),
        long_input(
            app.t("ui.amend.reason"),
            form.reason,
            form.set_reason,
            error=None,
            helper=app.t("ui.amend.reason_help"),
        ),
        main_button(
            app.t("ui.amend.seal"),
            later(seal),
            icon=ft.Icons.LOCK,
            disabled=not form.reason.strip() or not form.is_changed,
            busy=is_busy,
        ),
    ]
    controls.insert(2, AmendedFields(form))
    if (failure := failure_banner(app)) is not None:
        controls.append(failure)
    return column(app, controls)


@guarded
def AmendedFields(form: FormState) -> ft.Control:
    """What the amendment changes, before it is sealed."""
    app = use_app()

    async def load() -> Mapping[str, str] | None:
        ids = tuple(dict.fromkeys(places_changed(form.record_type, form.changes())))
        return await app.look(app.services.records.place_names, ids) if ids else {}

    places = use_loaded(load, [form.record_id]) or {}
    lines = change_lines(app.words, form.record_type.key, form.changes(), places)
    return card(
        [
            text.heading(app.t("ui.amend.changes")),
            *(lines or [text.note(app.t("ui.amend.unchanged"))]),
        ]
    )


def _amended(app: AppState, record_id: str) -> ft.Control:
    edited = app.edited
    raised = edited if edited is not None and edited.raised_from == record_id else None
    target = raised.id if raised else record_id
    return ft.Column(
        [
            empty_state(app.t("ui.done.amended"), app.t("ui.done.sealed_hint"), ft.Icons.EDIT_NOTE),
            *([_raised(app, raised)] if raised else []),
            main_button(app.t("ui.done.record"), lambda _: navigate(f"/records/{target}")),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def _raised(app: AppState, edited: Edited) -> ft.Control:
    """Say that the record goes on for fewer readers, and who had opened it before."""
    read = ", ".join(app.words.text(office) for office in edited.had_read)
    lines = [app.t("ui.raised.text")]
    lines.append(app.t("ui.raised.had_read", offices=read) if read else app.t("ui.raised.nobody"))
    if edited.media_left:
        lines.append(app.t("ui.raised.media_left", count=edited.media_left))
    return banner(
        "\n".join(lines), ft.Icons.SHIELD, tone="care", heading=app.t("ui.raised.heading")
    )
