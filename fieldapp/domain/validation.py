"""Checking a whole document, and tidying it before it is checked.

Laws:
  * ``check`` finds every problem at once, each with its path; it never raises on bad input and
    never changes anything.
  * A field that is hidden must be empty, so that a survivor's record cannot carry a narrative
    that was typed before the category was chosen.
  * A field that is not declared is refused, unless the record already carried it: another
    version's fields travel along.
  * ``tidy`` presets, rounds and strips; it never makes a day or place more exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fieldapp.domain.fields import FieldProblem, Fields, FieldSpec, Kind
from fieldapp.domain.paths import is_item_id
from fieldapp.domain.record_type import Facts, RecordType
from fieldapp.domain.record_types import record_type
from fieldapp.domain.text import Text
from fieldapp.domain.values import COARSE_DECIMALS, check_value, is_empty, whole
from fieldapp.errors import InvalidUnitError
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.units import parse_unit

REASON = FieldSpec(
    "reason", Kind.LONG_TEXT, Text("Reason", "Sababu"), required=True, max_length=1_000
)
"""Why a sealed record is amended; it stands in the history, not in the document."""


def check(
    type_key: str,
    unit: str,
    fields: Fields,
    *,
    today: date,
    carried: Fields | None = None,
) -> list[FieldProblem]:
    """Find everything that is wrong with a document.

    Args:
        type_key: the record type's key.
        unit: the unit it is recorded for.
        fields: the nested document.
        today: the day in Kenya.
        carried: the document as it stood, whose undeclared fields may stay as they are.

    Raises:
        UnknownRecordTypeError: no type has this key.
    """
    declared = record_type(type_key)
    problems = _check_unit(unit)
    problems += _check_fields(declared.fields, fields, today, "")
    problems += _check_unknown(declared, fields, carried or {})
    facts = Facts(fields, unit, today)
    if not any(problem.path == "unit" for problem in problems):
        for rule in declared.rules:
            problems += rule.find(facts)
    return problems


def _check_unit(unit: str) -> list[FieldProblem]:
    try:
        parse_unit(unit)
    except InvalidUnitError:
        return [FieldProblem("unit", "not_a_unit")]
    return []


def _check_unknown(declared: RecordType, fields: Fields, carried: Fields) -> list[FieldProblem]:
    known = {spec.name for spec in declared.fields}
    return [
        FieldProblem(name, "field_unknown")
        for name, value in fields.items()
        if name not in known and (name not in carried or carried[name] != value)
    ]


def _check_fields(
    specs: tuple[FieldSpec, ...], fields: Fields, today: date, prefix: str
) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    for spec in specs:
        path, value = prefix + spec.name, fields.get(spec.name)
        if not spec.is_visible(fields):
            if not is_empty(value):
                problems.append(FieldProblem(path, "field_not_allowed_here"))
        elif is_empty(value):
            if spec.required:
                problems.append(FieldProblem(path, "required"))
        elif spec.kind is Kind.GROUP:
            problems += _check_group(spec, value, today, path)
        elif (wrong := check_value(spec, value, today)) is not None:
            problems.append(FieldProblem(path, *wrong))
    return problems


def _check_group(spec: FieldSpec, value: object, today: date, path: str) -> list[FieldProblem]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return [FieldProblem(path, "not_a_list")]
    if len(value) > spec.max_items:
        return [FieldProblem(path, "too_many_items", {"limit": spec.max_items})]
    problems: list[FieldProblem] = []
    seen: set[object] = set()
    for place, item in enumerate(value):
        key = item.get("id")
        here = f"{path}/{key if is_item_id(key) else place}"
        if "id" in item and not is_item_id(key):
            problems.append(FieldProblem(f"{here}/id", "not_an_item_id"))
        elif key in seen:
            problems.append(FieldProblem(f"{here}/id", "item_id_twice"))
        seen |= {key} if is_item_id(key) else set()
        known = {"id", *(sub.name for sub in spec.subfields)}
        problems += [FieldProblem(f"{here}/{n}", "field_unknown") for n in item if n not in known]
        problems += _check_fields(spec.subfields, item, today, here + "/")
    return problems


def check_reason(reason: str) -> list[FieldProblem]:
    """Find what is wrong with the reason of an amendment."""
    return _check_fields((REASON,), {REASON.name: reason.strip()}, date.min, "")


def tidy(type_key: str, unit: UnitId, fields: Fields) -> tuple[UnitId, dict[str, Any]]:
    """Prepare a document for checking and sealing: presets in, empties out, days and places coarse.

    Hidden fields stay, so that ``check`` refuses them; ``drop_hidden`` takes them out.

    Returns:
        The unit to seal under and the document; neither says more than what was given.

    Raises:
        UnknownRecordTypeError: no type has this key.
    """
    declared = record_type(type_key)
    filled = {name: value for name, value in fields.items() if not is_empty(value)}
    filled = {**filled, **declared.presets(filled)}
    for spec in declared.fields:
        if spec.name in filled:
            filled[spec.name] = _tidy_value(spec, filled[spec.name])
    return UnitId(declared.sealed_unit(unit, filled)), filled


def drop_hidden(type_key: str, fields: Fields) -> dict[str, Any]:
    """Return a document without the fields that its own answers hide.

    Raises:
        UnknownRecordTypeError: no type has this key.
    """
    hidden = {s.name for s in record_type(type_key).fields if not s.is_visible(fields)}
    return {name: value for name, value in fields.items() if name not in hidden}


def _tidy_value(spec: FieldSpec, value: Any) -> Any:  # noqa: ANN401 - values are JSON of any kind
    if isinstance(value, str):
        return _monday(value) if spec.week else _stripped(spec, value)
    if isinstance(value, dict):
        return {key: _tidy_cell(spec, cell) for key, cell in value.items() if cell is not None}
    if spec.kind is Kind.GROUP and isinstance(value, list):
        return [_tidy_item(spec, item) if isinstance(item, dict) else item for item in value]
    return _tidy_cell(spec, value)


def _stripped(spec: FieldSpec, value: str) -> str:
    is_text = spec.kind in {Kind.TEXT, Kind.LONG_TEXT}
    return (value.strip() or value) if is_text else value


def _tidy_cell(spec: FieldSpec, value: Any) -> Any:  # noqa: ANN401 - values are JSON of any kind
    """Round a coordinate, and make a whole number of 8.0."""
    if spec.kind is Kind.PLACE and spec.coarse and isinstance(value, float):
        return round(value, COARSE_DECIMALS)
    is_count = spec.kind in {Kind.INTEGER, Kind.MONEY, Kind.COUNT_MATRIX}
    number = whole(value) if is_count else None
    return value if number is None else number


def _tidy_item(spec: FieldSpec, item: Mapping[str, Any]) -> dict[str, Any]:
    by_name = {sub.name: sub for sub in spec.subfields}
    return {
        name: _tidy_value(by_name[name], value) if name in by_name else value
        for name, value in item.items()
        if not is_empty(value)
    }


def _monday(text: str) -> str:
    """Round a date down to the Monday of its week; what is no date stays."""
    try:
        day = date.fromisoformat(text)
        return (day - timedelta(days=day.weekday())).isoformat()
    except (ValueError, OverflowError):
        return text


def defaults(type_key: str, today: date) -> dict[str, Any]:
    """Return the values that a new, blank form starts with."""
    specs = [spec for spec in record_type(type_key).fields if spec.default is not None]
    blank = {
        spec.name: today.isoformat() if spec.default == "today" else spec.default for spec in specs
    }
    return {spec.name: blank[spec.name] for spec in specs if spec.is_visible(blank)}
