"""How long records stay on this device, a line per kind; what is not listed stays."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldapp.domain.categories import category
from fieldapp.domain.record_type import Tier
from fieldapp.domain.retention import Since
from fieldapp.domain.taxonomy import TIER_LABELS
from fieldapp.services.retention import KeptFor
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.surfaces import card
from fieldapp.ui.context import use_app, use_loaded
from fieldapp.ui.words import Words

MONTH_DAYS = 30.44
SHORT_DAYS = 60


@guarded
def KeptLines() -> ft.Control:
    """The lines by which records leave this device."""
    app = use_app()

    async def load() -> Sequence[KeptFor] | None:
        return await app.look(app.services.retention.lines)

    found = use_loaded(load, [])
    if not found:
        return ft.Container()
    lines: list[ft.Control] = [text.heading(app.t("ui.kept"))]
    lines += [_line(app.words, one) for one in found]
    lines.append(text.note(app.t("ui.kept.restricted")))
    lines.append(text.note(app.t("ui.kept.rest")))
    return card(lines)


def _line(words: Words, one: KeptFor) -> ft.Control:
    return ft.Column(
        [text.body(_what(words, one)), text.note(_how_long(words, one))], spacing=0, tight=True
    )


def _what(words: Words, one: KeptFor) -> str:
    """Name the kind, narrowed to its tier or category."""
    found = category(one.line.category) if one.line.category else None
    narrowed = words.text(found.label) if found else ""
    if one.line.tier and not narrowed:
        narrowed = words.text(TIER_LABELS[Tier(one.line.tier)])
    return " · ".join(part for part in (words.text(one.label), narrowed) if part)


def _how_long(words: Words, one: KeptFor) -> str:
    days = one.line.days
    since = "closed" if one.line.since is Since.CLOSED else "sealed"
    if days <= SHORT_DAYS:
        return words.t(f"ui.kept.days_{since}", count=days)
    return words.t(f"ui.kept.months_{since}", count=round(days / MONTH_DAYS))
