"""Whether a body could decide: the numbers, and by whose rule."""

from __future__ import annotations

import flet as ft

from fieldapp.domain.quorum import Quorum
from fieldapp.ui.components import text
from fieldapp.ui.words import Words

_KEYS = {None: "unknown", True: "yes", False: "no"}
_ICONS = {None: ft.Icons.HELP_OUTLINE, True: ft.Icons.HOW_TO_REG, False: ft.Icons.GROUP_REMOVE}


def quorum_line(met: Quorum, words: Words) -> ft.Control:
    """Return the numbers in words, with an icon and the rule that they follow."""
    color = ft.Colors.ERROR if met.is_met is False else ft.Colors.PRIMARY
    told = words.t(
        f"ui.meeting.quorum_{_KEYS[met.is_met]}",
        here=met.here or 0,
        total=met.members or 0,
        needed=met.needed,
    )
    lines: list[ft.Control] = [text.note(told, color)]
    if met.is_met is not None:
        lines.append(text.note(rule_words(met, words)))
    return ft.Semantics(
        live_region=True,
        content=ft.Row(
            [
                ft.Icon(_ICONS[met.is_met], color=color, size=24),
                ft.Column(lines, spacing=2, expand=True, tight=True),
            ],
            spacing=10,
        ),
    )


def rule_words(met: Quorum, words: Words) -> str:
    """Say by which rule, and whose it is."""
    rule = words.text(met.by.label)
    if met.by.is_own and met.by.body is not None:
        return words.t("ui.meeting.quorum_own", body=words.text(met.by.body), rule=rule)
    return words.t("ui.meeting.quorum_usual", rule=rule)
