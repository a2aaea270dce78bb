"""A document of any declared type with every field filled in that its own answers show."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.validation import check, drop_hidden, tidy
from fieldapp.protocol.ids import UnitId

TODAY = date(2023, 11, 14)
UNIT = "KE-005-S022"
CODE = "S-ABC123"
TEXT = 'Mango "tree", =1+1'
LINK = "0123456789abcdefghjkmnpqrs"


def _one_or_many(value: str) -> Callable[[FieldSpec], Any]:
    return lambda spec: [value] if spec.multiple else value


def _unit(spec: FieldSpec) -> Any:
    value = "KE-005" if "county" in spec.unit_levels else UNIT
    return [value] if spec.multiple else value


_VALUES: dict[Kind, Callable[[FieldSpec], Any]] = {
    Kind.TEXT: lambda spec: _patterned(spec) if spec.pattern else TEXT,
    Kind.LONG_TEXT: lambda _: "First line,\nsecond; line",
    Kind.INTEGER: lambda spec: max(spec.min_value, min(7, spec.max_value)),
    Kind.MONEY: lambda spec: max(spec.min_value, 1200),
    Kind.DATE: lambda spec: "2023-11-06" if spec.week else "2023-11-01",
    Kind.TIME: lambda _: "10:45",
    Kind.INSTANT: lambda _: "2023-11-01T10:45+03:00",
    Kind.CHOICE: lambda spec: spec.options[0].key,
    Kind.MULTI_CHOICE: lambda spec: [option.key for option in spec.options[:2]],
    Kind.COUNT_MATRIX: lambda spec: {option.key: 4 for option in spec.options[:1]},
    Kind.UNIT: _unit,
    Kind.WARD: lambda _: "KE-005-W0105",
    Kind.PLACE: lambda _: {"lat": -2.27, "lon": 40.9},
    Kind.LINK: _one_or_many(LINK),
    Kind.BOOLEAN: lambda _: False,
}


def _patterned(spec: FieldSpec) -> str:
    """Return a word that keeps to a field's pattern: an id, or a code."""
    words = (LINK, LINK[: spec.max_length or None], CODE)
    return next((word for word in words if re.fullmatch(spec.pattern or "", word)), LINK)


def whole_document(declared: RecordType) -> dict[str, Any]:
    """Fill in every field that is shown, leaving out what a rule then refuses."""
    fields = {spec.name: _value(spec) for spec in declared.fields if _is_known(spec)}
    while (fewer := drop_hidden(declared.key, fields)) != fields:
        fields = fewer
    fields = tidy(declared.key, UnitId(UNIT), fields)[1]
    for _ in range(len(fields)):
        problems = check(declared.key, UNIT, fields, today=TODAY)
        if not problems:
            return fields
        fields.pop(problems[0].path.partition("/")[0])
    raise AssertionError(declared.key)


def _is_known(spec: FieldSpec) -> bool:
    return spec.kind in _VALUES or spec.kind is Kind.GROUP


def _value(spec: FieldSpec) -> Any:
    if spec.kind is not Kind.GROUP:
        return _VALUES[spec.kind](spec)
    item = {sub.name: _VALUES[sub.kind](sub) for sub in spec.subfields if sub.kind in _VALUES}
    shown = {s.name: item[s.name] for s in spec.subfields if s.name in item and s.is_visible(item)}
    return [{"id": "ab12cd34", **shown}, {"id": "ab12cd35", **shown}]
