"""The filters above a list: how far records got, and which kind they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from fieldapp.domain.record_type import RecordType
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import side_button
from fieldapp.ui.components.picker import (
    FITS,
    Choice,
    PickerField,
    Search,
    choice_dialog,
    matching,
)
from fieldapp.ui.state import AppState
from fieldapp.ui.words import Words

STATES = ("all", "draft", "waiting", "sent", "received", "needs_you")
BRING_MS = 200


@guarded
def Filters(
    app: AppState, state: str, choose: Callable[[str], None], type_filter: ft.Control
) -> ft.Control:
    """The row of filters, one state chosen at a time; the chosen one is brought into sight.

    Large text would fill a page with them, so there the states are one list to open as well.
    """
    is_narrow = not app.wide and not app.words.is_large

    async def bring() -> None:
        if is_narrow and state != STATES[0]:
            await row.scroll_to(scroll_key=state, duration=BRING_MS)

    ft.use_effect(bring, dependencies=[state, is_narrow])
    row = _filter_row(app, state, choose, type_filter)
    return row


def _filter_row(
    app: AppState, state: str, choose: Callable[[str], None], type_filter: ft.Control
) -> ft.Row:
    if app.words.is_large:
        states = [Choice(key, app.t(f"ui.state.{key}")) for key in STATES]
        field = PickerField(app.t("ui.records.how_far"), states, (state,))
        state_filter = ListFilter(field, app.words, choose)
        return ft.Row([type_filter, state_filter], spacing=8, run_spacing=8, wrap=True)
    chips = [
        _chip(
            app.t(f"ui.state.{key}"),
            lambda _, key=key: choose(key),
            selected=key == state,
            # The decorator of this class hides its field from the type checker.
            key=ft.ScrollKey(key),  # type: ignore[call-arg]
        )
        for key in STATES
    ]
    return ft.Row(
        [type_filter, *chips],
        spacing=8,
        run_spacing=8,
        wrap=app.wide,
        scroll=None if app.wide else ft.ScrollMode.HIDDEN,
    )


@guarded
def TypeFilter(
    types: Sequence[RecordType], chosen: str, words: Words, choose: Callable[[str], None]
) -> ft.Control:
    """Which kind of record is listed; opens the list of kinds."""
    everything = Choice("", words.t("ui.records.every_kind"))
    choices = [everything, *(Choice(t.key, words.text(t.plural)) for t in types)]
    return ListFilter(PickerField(words.t("ui.records.kind"), choices, (chosen,)), words, choose)


@guarded
def ListFilter(field: PickerField, words: Words, choose: Callable[[str], None]) -> ft.Control:
    """A filter that says what is chosen and opens the list of its choices."""
    is_open, set_open = ft.use_state(False)
    search, set_search = ft.use_state("")

    def close(_: object = None) -> None:
        set_open(False)
        set_search("")

    def take(key: str) -> None:
        choose(key)
        close()

    ask = Search(search, set_search, is_needed=len(field.choices) > FITS)
    found = matching(field.choices, search)
    dialog = choice_dialog(field, words, ask, found, take, close)
    ft.use_dialog(dialog if is_open else None)
    (chosen,) = field.chosen
    said = next((one.words for one in field.choices if one.key == chosen), field.choices[0].words)
    if words.is_large:
        # A chip has one line, and cuts off what is longer; a button takes as many as it needs.
        return side_button(said, lambda _: set_open(True), icon=ft.Icons.FILTER_LIST)
    return _chip(
        said,
        lambda _: set_open(True),
        selected=chosen != field.choices[0].key,
        leading=ft.Icon(ft.Icons.FILTER_LIST, size=20),
    )


def _chip(
    words: str,
    on_select: Callable[..., None],
    *,
    selected: bool,
    leading: ft.Control | None = None,
    key: ft.ScrollKey | None = None,
) -> ft.Control:
    return ft.Chip(
        key=key,
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
