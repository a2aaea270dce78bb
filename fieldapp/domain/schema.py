"""A record type as JSON Schema, draft 2020-12: what ``record new`` reads.

Laws:
  * A document that the schema accepts is accepted by ``check``, or refused only with a code that
    the schema names under ``x-rules``.
  * Words stand beside what they name: ``x-labels`` in every language.
  * Nothing is written by hand here for one type: all of it follows from the declaration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldapp.domain.fields import FieldSpec, Kind, When
from fieldapp.domain.link_tiers import LINK_RULES, link_fields
from fieldapp.domain.media import MAX_BYTES, MAX_SECONDS
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.text import Text
from fieldapp.domain.values import (
    DATE_PATTERN,
    INSTANT_PATTERN,
    LATITUDES,
    LINK_PATTERN,
    LONG_TEXT_PATTERN,
    LONGITUDES,
    TEXT_PATTERN,
    TIME_PATTERN,
    WARD_PATTERN,
)

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
UNIT_PATTERN = (
    "^KE(-[0-9]{3}(-S[0-9]{3}(-L[0-9A-Z]{4}(-B[0-9A-Z]{4})?(-V[0-9A-Z]{4})?(-C[0-9A-Z]{4})?)?)?)?$"
)
ITEM_ID_PATTERN = "^[0-9a-hjkmnp-tv-z]{8}$"

_GENERAL_RULES = {
    "date_in_future": Text(
        "A day that has happened is today or earlier, in Kenya.",
        "Siku iliyopita ni leo au kabla, nchini Kenya.",
    ),
    "not_a_monday": Text("A week is named by its Monday.", "Wiki hutajwa kwa Jumatatu yake."),
    "place_too_exact": Text(
        "A place has two decimals, about one kilometre.",
        "Mahali pana desimali mbili, takriban kilomita moja.",
    ),
    "item_id_twice": Text(
        "Items of one list have different ids.", "Vipengee vya orodha moja vina nambari tofauti."
    ),
    "limit_exceeded": Text(
        "A whole record has at most 64 KiB; several long texts together may be more.",
        "Rekodi nzima ina KiB 64 pekee; maandishi marefu kadhaa kwa pamoja yanaweza kuzidi.",
    ),
    "no_right": Text(
        "The officer's role and unit allow it.", "Wadhifa na eneo la afisa vinaruhusu."
    ),
    "no_reader": Text("Some office may read it.", "Kuna ofisi inayoweza kuisoma."),
    "unknown_unit": Text("The unit exists.", "Eneo lipo."),
    "unknown_record": Text("A linked record exists.", "Rekodi iliyounganishwa ipo."),
    "media_not_here": Text(
        "A picture or sound was added on this device.",
        "Picha au sauti iliongezwa kwenye kifaa hiki.",
    ),
    "not_media": Text(
        "A picture or sound is named as it was added.", "Picha au sauti hutajwa kama ilivyoongezwa."
    ),
    "listed_twice": Text("Nothing is listed twice.", "Hakuna kilichoorodheshwa mara mbili."),
}

_BROADCAST_RULES = {
    "notice_too_high": Text(
        "The unit is a sub-county or lies below one.", "Eneo ni kaunti ndogo au liko chini yake."
    ),
    "no_office_of_all": Text(
        "The unit has an office of all officers.", "Eneo lina ofisi ya maafisa wote."
    ),
}
_BROADCAST = "broadcast"


def schema(declared: RecordType) -> Schema:
    """Return the schema of ``{"unit", "fields"}`` for a type."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:baraza:{declared.key}:{declared.version}",
        "title": declared.label.en,
        "x-labels": declared.label.as_dict(),
        "x-version": declared.version,
        "x-rules": rules(declared),
        "type": "object",
        "required": ["unit", "fields"],
        "additionalProperties": False,
        "properties": {
            "unit": {"type": "string", "pattern": UNIT_PATTERN},
            "fields": _object(declared.fields),
        },
    }


def rules(declared: RecordType) -> dict[str, dict[str, str]]:
    """Return the codes that may refuse a document which the schema accepts, with their words."""
    links = any(True for _ in link_fields(declared))
    words = _GENERAL_RULES | (LINK_RULES if links else {}) | declared.rule_words
    if declared.route_class({}) == _BROADCAST:
        words |= _BROADCAST_RULES
    return {name: text.as_dict() for name, text in words.items()}


def _object(specs: tuple[FieldSpec, ...]) -> Schema:
    """Return the schema of a document, or of one item of a group."""
    always = [spec.name for spec in specs if spec.required and not spec.visible_when]
    found: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {spec.name: _field(spec) for spec in specs},
    }
    if always:
        found["required"] = always
    if conditions := [_condition(spec) for spec in specs if spec.visible_when]:
        found["allOf"] = conditions
    return found


def _condition(spec: FieldSpec) -> Schema:
    """Return "shown only when", and "required when shown"."""
    rule: Schema = {
        "if": {"allOf": [_holds(condition) for condition in spec.visible_when]},
        "else": {"properties": {spec.name: False}},
    }
    if spec.required:
        rule["then"] = {"required": [spec.name]}
    return rule


def _holds(condition: When) -> Schema:
    """Return the schema of a document for which a condition holds."""
    values = sorted((v for v in condition.values if v is not None), key=str)
    has: Schema = {
        "required": [condition.name],
        "properties": {condition.name: {"enum": values}},
    }
    if None in condition.values:
        has = {"anyOf": [has, {"not": {"required": [condition.name]}}]}
    return {"not": has} if condition.negated else has


def _field(spec: FieldSpec) -> Schema:
    """Return the schema of one field with its words."""
    found = _SHAPES[spec.kind](spec)
    found["title"] = spec.label.en
    found["x-labels"] = spec.label.as_dict()
    found["x-kind"] = spec.kind.value
    if spec.help is not None:
        found["description"] = spec.help.en
        found["x-help"] = spec.help.as_dict()
    return found


def _text(spec: FieldSpec) -> Schema:
    long = spec.kind is Kind.LONG_TEXT
    found: Schema = {
        "type": "string",
        "minLength": 1,
        "maxLength": spec.length_limit(),
        "pattern": LONG_TEXT_PATTERN if long else TEXT_PATTERN,
    }
    if spec.pattern is not None:
        found["pattern"] = f"^({spec.pattern})$"
    return found


def _number(spec: FieldSpec) -> Schema:
    return {"type": "integer", "minimum": spec.min_value, "maximum": spec.max_value}


def _date(_spec: FieldSpec) -> Schema:
    return {"type": "string", "format": "date", "pattern": DATE_PATTERN}


def _instant(_spec: FieldSpec) -> Schema:
    return {"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN}


def _pattern(pattern: str) -> Callable[[FieldSpec], Schema]:
    return lambda _spec: {"type": "string", "pattern": pattern}


def _boolean(_spec: FieldSpec) -> Schema:
    return {"type": "boolean"}


def _choice(spec: FieldSpec) -> Schema:
    return {
        "enum": list(spec.option_keys()),
        "x-options": {option.key: option.label.as_dict() for option in spec.options},
    }


def _multi_choice(spec: FieldSpec) -> Schema:
    options = _choice(spec)
    return {
        "type": "array",
        "uniqueItems": True,
        "items": {"enum": options["enum"]},
        "x-options": options["x-options"],
    }


def _matrix(spec: FieldSpec) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            option.key: {
                "type": "integer",
                "minimum": 0,
                "maximum": spec.max_value,
                "title": option.label.en,
                "x-labels": option.label.as_dict(),
            }
            for option in spec.options
        },
    }


def _one_or_many(pattern: str) -> Callable[[FieldSpec], Schema]:
    def shape(spec: FieldSpec) -> Schema:
        one: Schema = {"type": "string", "pattern": pattern}
        if not spec.multiple:
            return one
        return {"type": "array", "uniqueItems": True, "maxItems": spec.max_items, "items": one}

    return shape


def _place(_spec: FieldSpec) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["lat", "lon"],
        "properties": {
            "lat": {"type": "number", "minimum": LATITUDES[0], "maximum": LATITUDES[1]},
            "lon": {"type": "number", "minimum": LONGITUDES[0], "maximum": LONGITUDES[1]},
        },
    }


def _group(spec: FieldSpec) -> Schema:
    item = _object(spec.subfields)
    item["properties"] = {"id": {"type": "string", "pattern": ITEM_ID_PATTERN}} | item["properties"]
    return {"type": "array", "maxItems": spec.max_items, "items": item}


def _media(spec: FieldSpec) -> Schema:
    """Describe what a form holds of pictures and sounds; their bytes come another way."""
    item: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["file", "kind", "bytes"],
        "properties": {
            "id": {"type": "string", "pattern": ITEM_ID_PATTERN},
            "file": {"type": "string", "pattern": LINK_PATTERN},
            "kind": {"enum": [spec.kind.value]},
            "bytes": {"type": "integer", "minimum": 1, "maximum": MAX_BYTES},
            "seconds": {"type": "integer", "minimum": 0, "maximum": MAX_SECONDS},
        },
    }
    return {"type": "array", "maxItems": spec.max_items, "items": item}


_SHAPES: dict[Kind, Callable[[FieldSpec], Schema]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _date,
    Kind.TIME: _pattern(TIME_PATTERN),
    Kind.INSTANT: _instant,
    Kind.CHOICE: _choice,
    Kind.MULTI_CHOICE: _multi_choice,
    Kind.COUNT_MATRIX: _matrix,
    Kind.UNIT: _one_or_many(UNIT_PATTERN),
    Kind.WARD: _pattern(WARD_PATTERN),
    Kind.PLACE: _place,
    Kind.LINK: _one_or_many(LINK_PATTERN),
    Kind.GROUP: _group,
    Kind.BOOLEAN: _boolean,
    Kind.PHOTO: _media,
    Kind.AUDIO: _media,
}
