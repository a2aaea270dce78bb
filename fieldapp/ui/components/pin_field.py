"""A field for a PIN or a passphrase, with a named button that shows what is typed."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import OnClick, icon_button
from fieldapp.ui.components.inputs import text_input
from fieldapp.ui.words import Words


@guarded
def PinField(  # noqa: PLR0913  a field is told everything it shows
    label: str,
    value: str,
    on_change: Callable[[str], None],
    words: Words,
    *,
    error: str | None = None,
    helper: str | None = None,
    on_submit: OnClick | None = None,
) -> ft.Control:
    """One line that nobody reads over the shoulder unless its owner wants to."""
    is_shown, set_shown = ft.use_state(False)
    name = words.t("ui.pin.hide" if is_shown else "ui.pin.show")
    icon = ft.Icons.VISIBILITY_OFF if is_shown else ft.Icons.VISIBILITY
    return text_input(
        label,
        value,
        on_change,
        error=error,
        helper=helper,
        password=not is_shown,
        suffix_icon=icon_button(name, icon, lambda _: set_shown(not is_shown)),
        on_submit=on_submit,
        autocorrect=False,
        enable_suggestions=False,
        keyboard_type=ft.KeyboardType.VISIBLE_PASSWORD,
    )
