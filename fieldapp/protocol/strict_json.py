"""JSON as the wire takes it: one reading for each text (PROTOCOL 1.5).

Refused: duplicate keys, NaN and infinities, numbers that overflow, invalid UTF-8, a byte order
mark, lone surrogates, and nesting deeper than 16.
"""

import json
import math
import re
from typing import NoReturn

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol.limits import MAX_JSON_DEPTH

_MAX_DIGITS = 40
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\[\s\S])*+"|[\[\]{}]')


def loads(raw: bytes) -> object:
    """Read one JSON value.

    Raises:
        MalformedMessageError: The bytes are not JSON in the strict sense.
        LimitExceededError: The value is nested too deeply.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedMessageError(reason="utf8") from error
    _check_bracket_depth(text)
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise MalformedMessageError(reason="json") from error
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def dumps(value: object) -> bytes:
    """Write one JSON value, compact, in UTF-8, keys in the order given.

    Raises:
        LocalProtocolError: The value cannot be written as strict JSON.
    """
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise LocalProtocolError(what="json") from error


def _check_bracket_depth(text: str) -> None:
    """Refuse deep nesting before the parser descends."""
    if text.count("[") + text.count("{") <= MAX_JSON_DEPTH:
        return
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        letter = text[match.start()]
        if letter in "[{":
            depth += 1
            if depth > MAX_JSON_DEPTH:
                raise LimitExceededError(what="json_depth", limit=MAX_JSON_DEPTH)
        elif letter in "]}":
            depth -= 1


def _refuse_lone_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise MalformedMessageError(reason="surrogate") from error


def _pairs_to_dict(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedMessageError(reason="duplicate_key")
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise MalformedMessageError(reason="not_a_number")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise MalformedMessageError(reason="number_range")
    return value


def _bounded_int(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise MalformedMessageError(reason="number_range")
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs_to_dict,
    parse_constant=_refuse_constant,
    parse_float=_finite,
    parse_int=_bounded_int,
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
