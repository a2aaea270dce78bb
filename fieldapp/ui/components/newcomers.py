"""Old cases for the new officers of a desk: who cannot open a record, why it is given, and to whom.

Laws:
  * It is shown where the services name an office whose new devices lack the record, nowhere else.
  * It says who will read before anything is typed, and gives nothing without a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.domain.text import Text
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.published import Published
from fieldapp.ui.components.story import Writing, done
from fieldapp.ui.components.surfaces import banner, card, stack
from fieldapp.ui.context import use_app, use_loaded


@dataclass(frozen=True, slots=True)
class _Given:
    """The record that was given last, and to which offices."""

    record: str = ""
    offices: str = ""


@guarded
def Newcomers(record_id: str) -> ft.Control:
    """The offices whose new officers cannot open a record, and the field that gives it to them."""
    app = use_app()
    given, set_given = ft.use_state(_Given())

    async def load() -> Sequence[Text] | None:
        return await app.look(app.services.cases.lacking, record_id)

    found = use_loaded(load, [record_id, app.revision])
    offices = ", ".join(map(app.words.text, found or ()))

    async def give(reason: str) -> bool:
        is_given = await done(app, app.services.cases.share, record_id, reason)
        if is_given:
            set_given(_Given(record_id, offices))
        return is_given

    if given.record == record_id:
        told = app.t("ui.newcomers.given", offices=given.offices)
        good = banner(told, ft.Icons.CHECK_CIRCLE, tone="good", live=True)
        return stack([good, Published(app.syncing)])
    if not offices:
        return ft.Container()
    return card(
        [
            text.heading(app.t("ui.newcomers.heading")),
            text.body(app.t("ui.newcomers.who", offices=offices)),
            Writing("ui.newcomers.why", "ui.newcomers.give", "ui.newcomers.help", give),
        ],
        spacing=14,
    )
