"""Hypothesis strategies: documents from a JSON Schema, entries of three devices, any JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from math import ceil, floor
from typing import Any

import jsonschema  # type: ignore[import-untyped]
from hypothesis import strategies as st

from fieldapp.domain.entries import Entry, Op, dot_of
from fieldapp.protocol.ids import DeviceId, RecordId, UnitId

DEVICES = tuple(DeviceId(bytes([n]) * 16) for n in (1, 2, 3))
RECORD = RecordId(b"\x07" * 16)
UNIT = UnitId("KE-005-S022")
OPS: tuple[Op, ...] = ("s", "s", "s", "a", "d")
MS = 1_700_000_000_000
PATHS = ("title", "status", "items/00000001", "items/00000001/text", "items/00000002/text", "note")

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-10, 10)
    | st.floats(allow_nan=False)
    | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def _string(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Draw a string that fits pattern, format and length."""
    if schema.get("format") == "date":
        days = st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(date.isoformat)
        return days | st.from_regex(schema["pattern"], fullmatch=True)
    if schema.get("format") == "date-time":
        moments = st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31))  # noqa: DTZ001
        return moments.map(lambda at: at.isoformat(timespec="seconds") + "+03:00")
    pattern = schema["pattern"]
    if "u007f" in pattern:
        letters = st.characters(codec="utf-8", exclude_categories=["Cc"])
        ink = st.characters(codec="utf-8", categories=["L", "N", "P", "S"])
        return st.tuples(st.text(letters, max_size=9), ink, st.text(letters, max_size=9)).map(
            "".join
        )
    return st.from_regex(pattern, fullmatch=True)


@st.composite
def _object(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    """Draw an object, then obey its if-then-else clauses."""
    names = schema["properties"]
    always = schema.get("required", [])
    chosen = [name for name in names if name in always or draw(st.integers(0, 3)) == 0]
    found = {name: draw(documents(names[name])) for name in chosen}
    for clause in schema.get("allOf", []):
        holds = jsonschema.Draft202012Validator(clause["if"]).is_valid(found)
        branch = clause.get("then" if holds else "else", {})
        for name in branch.get("required", []):
            found.setdefault(name, draw(documents(names[name])))
        for name, allowed in branch.get("properties", {}).items():
            if allowed is False:
                found.pop(name, None)
    return found


def _array(schema: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
    many = min(schema.get("maxItems", 4), 4)
    if not schema.get("uniqueItems"):
        return st.lists(documents(schema["items"]), max_size=many)
    return st.lists(documents(schema["items"]), max_size=many, unique=True)


def _number(schema: dict[str, Any]) -> st.SearchStrategy[float]:
    low, high = schema["minimum"], schema["maximum"]
    return st.floats(low, high) | st.integers(ceil(low), floor(high)) | st.just(low + 0.25)


_DRAWS: dict[str, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": lambda schema: st.integers(schema["minimum"], schema["maximum"]),
    "number": _number,
    "boolean": lambda _schema: st.booleans(),
}


def documents(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Draw documents that a schema accepts; it understands what our schemas use."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _DRAWS[schema["type"]](schema)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Entry, DeviceId]]:
    """Draw the entries that three devices wrote about one record, in no special order.

    Some name dots that they replace, some of which nobody ever wrote; some stamps collide.
    """
    written: list[tuple[Entry, DeviceId]] = []
    dots: list[str] = [dot_of(5 << 16, DEVICES[0])]
    for _ in range(draw(st.integers(1, 7))):
        device = draw(st.sampled_from(DEVICES))
        stamp = (MS + draw(st.integers(0, 5))) << 16
        op = draw(st.sampled_from(OPS))
        paths = draw(st.lists(st.sampled_from(PATHS), max_size=4, unique=True))
        values = st.none() | st.integers(0, 3) | st.sampled_from(["a", "b"])
        entry = Entry(
            record=RECORD,
            type=draw(st.sampled_from(["meeting", "concern"])),
            unit=UNIT,
            stamp=stamp,
            op=op,
            fields={path: draw(values) for path in paths},
            replaced={
                path: tuple(
                    draw(st.lists(st.sampled_from(dots), min_size=1, max_size=3, unique=True))
                )
                for path in paths
                if draw(st.booleans())
            },
            officer=draw(st.sampled_from(["", "Amina"])),
        )
        written.append((entry, device))
        dots.append(dot_of(stamp, device))
    return written
