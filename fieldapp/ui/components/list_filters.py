"""The filters above a list: how far records got, and which kind they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from fieldapp.domain.record_type import RecordType
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.picker import Choice, PickerField, Search, choice_dialog, matching
from fieldapp.ui.state import AppState
from fieldapp.ui.words import Words

STATES = ("all", "draft", "waiting", "sent", "received", "needs_you")


def filters(
    app: AppState, state: str, choose: Callable[[str], None], type_filter: ft.Control
) -> ft.Control:
    """Return the row of filters, one state chosen at a time."""
    chips = [
        _chip(app.t(f"ui.state.{key}"), lambda _, key=key: choose(key), selected=key == state)
        for key in STATES
    ]
    # Large text would push most of a single row out of sight.
    wraps = app.wide or app.words.is_large
    return ft.Row(
        [type_filter, *chips],
        spacing=8,
        run_spacing=8,
        wrap=wraps,
        scroll=None if wraps else ft.ScrollMode.HIDDEN,
    )


@guarded
def TypeFilter(
    types: Sequence[RecordType], chosen: str, words: Words, choose: Callable[[str], None]
) -> ft.Control:
    """Which kind of record is listed; opens the list of kinds."""
    is_open, set_open = ft.use_state(False)
    search, set_search = ft.use_state("")
    everything = Choice("", words.t("ui.records.every_kind"))
    choices = [everything, *(Choice(t.key, words.text(t.plural)) for t in types)]
    label = next((one.words for one in choices if one.key == chosen), everything.words)

    def close(_: object = None) -> None:
        set_open(False)
        set_search("")

    def take(key: str) -> None:
        choose(key)
        close()

    field = PickerField(words.t("ui.records.kind"), choices, (chosen,))
    found = matching(choices, search)
    dialog = choice_dialog(field, words, Search(search, set_search), found, take, close)
    ft.use_dialog(dialog if is_open else None)
    return _chip(
        label,
        lambda _: set_open(True),
        selected=bool(chosen),
        leading=ft.Icon(ft.Icons.FILTER_LIST, size=20),
    )


def _chip(
    words: str,
    on_select: Callable[..., None],
    *,
    selected: bool,
    leading: ft.Control | None = None,
) -> ft.Control:
    return ft.Chip(
        label=ft.Text(words),
        leading=leading,
        selected=selected,
        show_checkmark=False,
        on_select=on_select,
        data=words,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        selected_color=ft.Colors.PRIMARY_CONTAINER,
        padding=ft.Padding.symmetric(vertical=10, horizontal=6),
    )
