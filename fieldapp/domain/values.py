"""Whether one value fits its declaration: kind by kind, with the code of what is wrong.

Laws:
  * A checker returns a problem's code and parameters, or None. It never raises and never changes
    the value.
  * What a JSON Schema can say is said there in the same sense: a value that passes the schema is
    refused here only for a reason that the schema names in ``x-rules``.
  * A value that cannot be stored as UTF-8 is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date

from fieldapp.domain.clock import instant_millis, kenya_date
from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.media import is_public_item
from fieldapp.errors import InvalidUnitError
from fieldapp.protocol.units import parse_unit

Found = tuple[str, Mapping[str, str | int]]
DATE_PATTERN = (
    r"^((19|20)[0-9]{2}-"
    r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))"
    r"|((19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$"
)
"""The days of the calendar from 1900 to 2099, the 29th of February in leap years only."""
TIME_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
INSTANT_PATTERN = DATE_PATTERN[:-1] + r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?\+03:00$"
WARD_PATTERN = r"^KE-[0-9]{3}-W[0-9]{4}$"
LINK_PATTERN = r"^[0-9a-hjkmnp-tv-z]{26}$"
SHORT_NUMBER = 6
_UNSEEN = r"\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
TEXT_PATTERN = (
    r"^[^\u0000-\u001f\u007f]*"
    rf"[^{_UNSEEN}\u0000-\u001f\u007f]"
    r"[^\u0000-\u001f\u007f]*$"
)
_LONG = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"
LONG_TEXT_PATTERN = f"^[^{_LONG}]*[^{_UNSEEN}{_LONG}][^{_LONG}]*$"
COARSE_DECIMALS = 2
LATITUDES, LONGITUDES = (-5.0, 6.0), (33.0, 43.0)
_CONTROLS = re.compile("[\u0000-\u001f\u007f]")
_LONG_CONTROLS = re.compile(f"[{_LONG}]")
_SEEN = re.compile(f"[^{_UNSEEN}{_LONG}]")


def found(code: str, **params: str | int) -> Found:
    """Name a problem."""
    return code, params


def is_empty(value: object) -> bool:
    """Tell whether a value counts as not filled in."""
    return value is None or value in ("", [], {})


def whole(value: object) -> int | None:
    """Read a whole number, 8.0 included as JSON has it, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if math.isfinite(value) and value == int(value) else None


def check_value(spec: FieldSpec, value: object, today: date) -> Found | None:
    """Check one filled-in value that is not a group.

    Args:
        spec: the field's declaration.
        value: what was filled in.
        today: the day in Kenya.
    """
    checker = _CHECKERS.get(spec.kind)
    if checker is None:
        return found("field_not_supported")
    return checker(spec, value, today)


def _check_text(spec: FieldSpec, value: object, _today: date) -> Found | None:
    if not isinstance(value, str):
        return found("not_text")
    if len(value) > spec.length_limit():
        return found("too_long", limit=spec.length_limit())
    controls = _LONG_CONTROLS if spec.kind is Kind.LONG_TEXT else _CONTROLS
    if not _SEEN.search(value) or controls.search(value) or not _is_storable(value):
        return found("not_readable_text")
    if spec.pattern is not None and re.fullmatch(spec.pattern, value) is None:
        return found("wrong_pattern")
    return None


def _is_storable(value: str) -> bool:
    """Tell whether a text has no half of a character pair, which UTF-8 cannot hold."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _check_number(spec: FieldSpec, value: object, _today: date) -> Found | None:
    number = whole(value)
    if number is None:
        return found("not_a_whole_number")
    if not spec.min_value <= number <= spec.max_value:
        return found("out_of_range", low=spec.min_value, high=spec.max_value)
    return None


def _check_boolean(_spec: FieldSpec, value: object, _today: date) -> Found | None:
    return None if isinstance(value, bool) else found("not_yes_or_no")


def _matches(pattern: str, value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern[1:-1], value) is not None


def _check_date(spec: FieldSpec, value: object, today: date) -> Found | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or not _matches(DATE_PATTERN, value):
        return found("not_a_date")
    if spec.latest_today and day > today:
        return found("date_in_future")
    return found("not_a_monday") if spec.week and day.weekday() else None


def _check_time(_spec: FieldSpec, value: object, _today: date) -> Found | None:
    return None if _matches(TIME_PATTERN, value) else found("not_a_time")


def _check_instant(spec: FieldSpec, value: object, today: date) -> Found | None:
    if not isinstance(value, str) or not _matches(INSTANT_PATTERN, value):
        return found("not_an_instant")
    try:
        day = kenya_date(instant_millis(value))
    except ValueError:
        return found("not_an_instant")
    return found("date_in_future") if spec.latest_today and day > today else None


def _check_choice(spec: FieldSpec, value: object, _today: date) -> Found | None:
    return None if isinstance(value, str) and spec.option(value) else found("not_a_choice")


def _check_multi_choice(spec: FieldSpec, value: object, _today: date) -> Found | None:
    if not isinstance(value, list):
        return found("not_a_list")
    if any(not isinstance(key, str) or spec.option(key) is None for key in value):
        return found("not_a_choice")
    return found("listed_twice") if len(set(value)) != len(value) else None


def _check_matrix(spec: FieldSpec, value: object, _today: date) -> Found | None:
    if not isinstance(value, dict):
        return found("not_counts")
    keys = spec.option_keys()
    for key, cell in value.items():
        if key not in keys:
            return found("unknown_count")
        number = whole(cell)
        if number is None:
            return found("not_a_whole_number")
        if not 0 <= number <= spec.max_value:
            return found("out_of_range", low=0, high=spec.max_value)
    return None


def _is_unit(spec: FieldSpec, value: object) -> bool:
    try:
        parse_unit(value if isinstance(value, str) else "")
    except InvalidUnitError:
        return False
    return spec.kind is Kind.UNIT


def _check_unit(spec: FieldSpec, value: object, today: date) -> Found | None:
    if spec.multiple:
        return _check_many(spec, value, today, _is_unit)
    return None if _is_unit(spec, value) else found("not_a_unit")


def _is_link(_spec: FieldSpec, value: object) -> bool:
    return _matches(LINK_PATTERN, value)


def _check_link(spec: FieldSpec, value: object, today: date) -> Found | None:
    if spec.multiple:
        return _check_many(spec, value, today, _is_link)
    return None if _is_link(spec, value) else found("not_a_record")


def _check_many(
    spec: FieldSpec, value: object, _today: date, is_good: Callable[[FieldSpec, object], bool]
) -> Found | None:
    if not isinstance(value, list):
        return found("not_a_list")
    if len(value) > spec.max_items:
        return found("too_many_items", limit=spec.max_items)
    if not all(is_good(spec, one) for one in value):
        return found("not_a_unit" if spec.kind is Kind.UNIT else "not_a_record")
    return found("listed_twice") if len(set(value)) != len(value) else None


def _check_ward(_spec: FieldSpec, value: object, _today: date) -> Found | None:
    return None if _matches(WARD_PATTERN, value) else found("not_a_ward")


def _check_place(spec: FieldSpec, value: object, _today: date) -> Found | None:
    if not isinstance(value, dict) or set(value) != {"lat", "lon"}:
        return found("not_a_place")
    for key, (low, high) in (("lat", LATITUDES), ("lon", LONGITUDES)):
        number = value[key]
        if isinstance(number, bool) or not isinstance(number, int | float):
            return found("not_a_place")
        if not math.isfinite(number) or not low <= number <= high:
            return found("not_a_place")
        if spec.coarse and round(number, COARSE_DECIMALS) != number:
            return found("place_too_exact", decimals=COARSE_DECIMALS)
    return None


def _check_media(spec: FieldSpec, value: object, _today: date) -> Found | None:
    if not isinstance(value, list):
        return found("not_a_list")
    if len(value) > spec.max_items:
        return found("too_many_items", limit=spec.max_items)
    if not all(is_public_item(one) and one["kind"] == spec.kind for one in value):
        return found("not_media")
    files = {one["file"] for one in value}
    return found("listed_twice") if len(files) != len(value) else None


_CHECKERS: dict[Kind, Callable[[FieldSpec, object, date], Found | None]] = {
    Kind.TEXT: _check_text,
    Kind.LONG_TEXT: _check_text,
    Kind.INTEGER: _check_number,
    Kind.MONEY: _check_number,
    Kind.BOOLEAN: _check_boolean,
    Kind.DATE: _check_date,
    Kind.TIME: _check_time,
    Kind.INSTANT: _check_instant,
    Kind.CHOICE: _check_choice,
    Kind.MULTI_CHOICE: _check_multi_choice,
    Kind.COUNT_MATRIX: _check_matrix,
    Kind.UNIT: _check_unit,
    Kind.WARD: _check_ward,
    Kind.PLACE: _check_place,
    Kind.LINK: _check_link,
    Kind.PHOTO: _check_media,
    Kind.AUDIO: _check_media,
}


def short_number(record_id: str) -> str:
    """Return the few letters of its id by which people call a record.

    >>> short_number("k9fwxn4h40a5h7savq5h6xhcv8")
    'K9FWXN'
    """
    return record_id[:SHORT_NUMBER].upper()
