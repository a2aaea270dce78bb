"""What a change does to a record, a line a field: in its history, and before it is sealed.

Decides only how a change reads. That the items of a group changed places is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import flet as ft

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_types import find_record_type
from fieldapp.services.views import FieldChange
from fieldapp.ui.components import text
from fieldapp.ui.components.record_values import value_at
from fieldapp.ui.words import Words


def change_lines(
    words: Words, type_key: str, changes: Iterable[FieldChange], places: Mapping[str, str]
) -> list[ft.Control]:
    """Return what changed in words, in the order given."""
    said = _said(words, type_key, changes, places)
    return [text.note(line, ft.Colors.ON_SURFACE) for line in said]


def _said(
    words: Words, type_key: str, changes: Iterable[FieldChange], places: Mapping[str, str]
) -> Iterator[str]:
    declared = find_record_type(type_key)
    for change in changes:
        spec = None if declared is None else declared.spec_at(change.path)
        if spec is not None and spec.kind is Kind.GROUP:
            yield from _of_item(words, spec, change)
            continue
        yield words.t(
            "ui.history.change",
            field=words.text(change.label),
            old=value_at(words, type_key, change.path, change.old, places),
            new=value_at(words, type_key, change.path, change.new, places),
        )


def _of_item(words: Words, spec: FieldSpec, change: FieldChange) -> Iterator[str]:
    """Say that one came or went; its own fields are told by themselves."""
    name = words.text(spec.one or spec.label)
    if change.new is None:
        yield words.t("ui.history.removed", item=name)
    elif change.old is None:
        yield words.t("ui.history.added", item=name)
