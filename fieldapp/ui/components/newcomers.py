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
from fieldapp.ui.components.story import Writing
from fieldapp.ui.components.surfaces import banner, card, stack
from fieldapp.ui.context import use_app, use_loaded
from fieldapp.ui.words import Words


@dataclass(frozen=True, slots=True)
class _Given:
    """The record that was given last, to which offices, and to which not yet."""

    record: str = ""
    offices: str = ""
    left: str = ""


@guarded
def Newcomers(record_id: str) -> ft.Control:
    """The offices whose new officers cannot open a record, and the field that gives it to them."""
    app = use_app()
    given, set_given = ft.use_state(_Given())

    async def load() -> Sequence[Text] | None:
        return await app.look(app.services.cases.lacking, record_id)

    found = use_loaded(load, [record_id, app.revision])
    offices = _joined(app.words, found or ())

    async def give(reason: str) -> bool:
        done = await app.attempt(app.services.cases.share, record_id, reason)
        if done is None:
            return False
        words = app.words
        set_given(_Given(record_id, _joined(words, done.names), _joined(words, done.left_names)))
        await app.refresh()
        return True

    if given.record == record_id:
        return stack([*_told(app.words, given), Published(app.syncing)])
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


def _joined(words: Words, names: Sequence[Text]) -> str:
    return ", ".join(map(words.text, names))


def _told(words: Words, given: _Given) -> list[ft.Control]:
    told = words.t("ui.newcomers.given", offices=given.offices)
    parts = [banner(told, ft.Icons.CHECK_CIRCLE, tone="good", live=True)]
    if given.left:
        left = words.t("ui.newcomers.left", offices=given.left)
        parts.append(banner(left, ft.Icons.SCHEDULE, tone="care"))
    return parts
