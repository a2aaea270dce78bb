"""What a text may give away, said below the field while it is typed.

Laws:
  * It never blocks and never changes a word: the officer rewrites, raises the tier, or goes on.
  * It names the kind of words that were found, never the words.
  * Everything is looked at on the device; nothing is kept of the look.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.domain.fields import Kind
from fieldapp.domain.hints import hints, hints_in_text
from fieldapp.ui.components.buttons import quiet_button
from fieldapp.ui.components.surfaces import banner
from fieldapp.ui.forms import FormState
from fieldapp.ui.words import Words

RAISES = "confidential"
"""The yes-or-no field by which a record is read by fewer."""


def with_warning(
    shown: ft.Control, field: ft.TextField, path: str, form: FormState, words: Words
) -> ft.Control:
    """Return a text field, as it is shown with its name, with what it may give away below it.

    The two always stand in one column, so that a warning that comes never takes the focus away.
    """
    found = _found(path, form)
    rows: list[ft.Control] = [shown]
    if found:
        rows.append(_warning(field, found, form, words))
    return ft.Column(
        rows, spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def _found(path: str, form: FormState) -> tuple[str, ...]:
    group = form.record_type.field(path.partition("/")[0])
    may_name = group is not None and group.kind is Kind.GROUP and group.may_name
    value = form.value(path)
    if may_name or not form.record_type.is_listed or not isinstance(value, str):
        return ()
    return hints_in_text(value)


def _warning(
    field: ft.TextField, found: tuple[str, ...], form: FormState, words: Words
) -> ft.Control:
    async def rewrite(_: object) -> None:
        await field.focus()

    actions: list[ft.Control] = [
        quiet_button(words.t("ui.warning.rewrite"), rewrite, icon=ft.Icons.EDIT_OUTLINED)
    ]
    if _can_raise(form):
        actions.insert(
            0,
            quiet_button(words.t("ui.warning.raise"), _raise(form), icon=ft.Icons.LOCK_OUTLINE),
        )
    lines = [words.error(code, {}) for code in found]
    return banner(
        "\n".join(lines),
        ft.Icons.PERSON_OFF_OUTLINED,
        tone="care",
        heading=words.t("ui.warning.heading"),
        actions=actions,
        live=True,
    )


def last_warning(form: FormState, words: Words) -> list[ft.Control]:
    """Return, for the page before the seal, what should be read again and where."""
    declared = form.record_type
    lines = []
    for found in hints(declared.key, form.document()):
        name, _, rest = found.path.partition("/")
        spec = declared.spec_at(found.path) if rest else declared.field(name)
        label = f"{words.text(spec.label)}: " if spec is not None else ""
        lines.append(label + words.problem(found))
    if not lines:
        return []
    said = "\n".join(dict.fromkeys(lines))
    heading = words.t("ui.warning.heading")
    return [banner(said, ft.Icons.PERSON_OFF_OUTLINED, tone="care", heading=heading)]


def _can_raise(form: FormState) -> bool:
    raises = form.record_type.field(RAISES)
    if raises is None or not raises.is_visible(form.fields):
        return False
    return form.value(RAISES) is not True


def _raise(form: FormState) -> Callable[[object], None]:
    return lambda _: form.set(RAISES, True)
