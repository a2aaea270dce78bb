"""One question before a deed that cannot be taken back.

Laws:
  * The question names what is about to happen; its button says the deed, never just "OK".
  * Leaving it in any other way does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button
from fieldapp.ui.context import use_app
from fieldapp.ui.theme import DIALOG_INSET


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, what a yes means, and what it is called."""

    words: str
    meaning: str
    button: str
    is_dangerous: bool = False


@guarded
def Confirm(
    question: Question, run: Callable[..., Any], close: Callable[[], None], *, is_open: bool
) -> ft.Control:
    """The question, over any screen, while it is open."""
    app = use_app()

    def say_yes(event: object) -> None:
        close()
        run(event)

    ft.use_dialog(
        ft.AlertDialog(
            title=ft.Text(question.words),
            content=ft.Container(text.body(question.meaning), width=420),
            scrollable=True,
            inset_padding=DIALOG_INSET,
            actions=[
                quiet_button(app.t("ui.cancel"), lambda _: close()),
                quiet_button(question.button, say_yes, danger=question.is_dangerous),
            ],
            on_dismiss=lambda _: close(),
        )
        if is_open
        else None
    )
    return ft.Container()
